/* Numbers in text: decimal to binary32, strict, the same in every locale. */
#ifndef BP_DATA_TEXT_NUMBER_H
#define BP_DATA_TEXT_NUMBER_H

#include <stddef.h>

enum bp_number {
    BP_NUMBER_OK,
    BP_NUMBER_BLANK,      /* nothing but blanks */
    BP_NUMBER_TEXT,       /* not a number */
    BP_NUMBER_NOT_FINITE, /* "nan", "inf" or "infinity" in any case, with or without a sign */
    BP_NUMBER_TOO_LARGE   /* rounds to infinity */
};

/*
 * Reads the longest [+-]digits[.digits][e[+-]digits] that `text` begins with and returns where it
 * ends, at most `end`. The digits before or after the point may be left out, not both. *value
 * is the binary32 nearest to the decimal number, ties to even: subnormal or zero where that is
 * nearest, infinite where the number is too large. NULL if `text` does not begin with a number, or
 * an e has no digits after it.
 */
const char *bp_number_read(const char *text, const char *end, float *value);

/* Characters of a number with a comma for its point; a longer one is not a number. */
#define BP_NUMBER_COMMA_MAX 1024

/* The same where `point`, a dot or a comma, stands for the dot. */
const char *bp_number_read_with(const char *text, const char *end, char point, float *value);

/* The same as bp_number_read_with(), to the nearest binary64. */
const char *bp_number_read_double(const char *text, const char *end, char point, double *value);

/* What is missing in `value`, the number that `text` begins with, read as above. */
float bp_number_rest(const char *text, const char *end, char point, float value);

/* Reads the whole of `text`, of which blanks (spaces and tabs) at both ends are left out, as above.
 * *value is written for BP_NUMBER_OK only. */
enum bp_number bp_number_parse_with(const char *text, size_t length, char point, float *value);

/* The same with a dot. */
static inline enum bp_number bp_number_parse(const char *text, size_t length, float *value)
{
    return bp_number_parse_with(text, length, '.', value);
}

/* "is not a number" and so on: the rest of a sentence about a cell that is not BP_NUMBER_OK. */
const char *bp_number_complaint(enum bp_number result);

#endif
