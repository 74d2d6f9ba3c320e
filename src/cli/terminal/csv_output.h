/* Cells of a CSV file (RFC 4180). */
#ifndef BP_CLI_TERMINAL_CSV_OUTPUT_H
#define BP_CLI_TERMINAL_CSV_OUTPUT_H

#include <stdio.h>

/* Text, in quotes where it must be. */
void csv_output_text(FILE *stream, const char *text);

/* A number with so many digits. */
void csv_output_number(FILE *stream, double value, int digits);

#endif
