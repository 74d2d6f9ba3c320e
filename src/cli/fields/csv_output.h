/* Text of a CSV file (RFC 4180) in memory. */
#ifndef BP_CLI_FIELDS_CSV_OUTPUT_H
#define BP_CLI_FIELDS_CSV_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* Zero at first. Once there is no memory, nothing more is added. With `spreadsheet` all cells of
 * text are in quotes, and those that a spreadsheet would take for a formula begin with an
 * apostrophe: those that begin with = + - @, a tab or an end of line and are no numbers. */
struct csv_output {
    char *text; /* `size` bytes without NUL, from malloc() */
    size_t size, capacity;
    bool failed;
    bool spreadsheet;
};

/* Makes that there is a `text`, if one of nothing. */
void csv_output_reserve(struct csv_output *output);

/* A cell of text, in quotes where it must be. */
void csv_output_text(struct csv_output *output, const char *text);

/* The same of two texts joined. */
void csv_output_joined(struct csv_output *output, const char *first, const char *second);

/* A number with so many digits, at most 20. */
void csv_output_number(struct csv_output *output, double value, int digits);

void csv_output_whole(struct csv_output *output, size_t value);

/* After a cell that is not the last of its line, and after the last. */
void csv_output_comma(struct csv_output *output);
void csv_output_line(struct csv_output *output);

#endif
