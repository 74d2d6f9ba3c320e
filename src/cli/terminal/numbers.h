/* Numbers as people write and read them: strict parsing, grouped digits, durations. */
#ifndef BP_CLI_TERMINAL_NUMBERS_H
#define BP_CLI_TERMINAL_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A whole number from `low` to `high`: decimal digits and nothing else. */
bool number_parse_whole(const char *text, uint64_t low, uint64_t high, uint64_t *value);

/* A finite decimal number above `low` and below `high`: no spaces, no hexadecimal, no trailing
 * characters. */
bool number_parse_real(const char *text, double low, double high, double *value);

#define NUMBER_TEXT_SIZE 48

/* 1234567.8 as "1,234,568"; `text` holds NUMBER_TEXT_SIZE bytes. Returns `text`. */
char *number_group(double value, char *text);

/* Seconds as "0.042 s", "4.2 s", "3:07" (minutes) or "2:03:07" (hours). Returns `text`. */
char *number_duration(double seconds, char *text);

#endif
