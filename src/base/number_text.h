/* Numbers as people type them: strict decimal, the same in every locale. */
#ifndef BP_BASE_NUMBER_TEXT_H
#define BP_BASE_NUMBER_TEXT_H

#include "batchprop/batchprop.h"

/* A whole number from `low` to `high`: decimal digits and nothing else. */
bool bp_whole_parse(const char *text, uint64_t low, uint64_t high, uint64_t *value);

/* [+-]digits[.digits][e[+-]digits]: no blanks, no hexadecimal, at most 100 characters. The nearest
 * binary64, which may be infinite. */
bool bp_real_parse(const char *text, double *value);

/* The same of a text that is known to have this form, of any length. */
double bp_real_convert(const char *text, size_t length);

/* From `low` (with `from_low`) or above it, to below `high`, which may be INFINITY. */
struct bp_range {
    double low, high;
    bool from_low;
};

bool bp_range_holds(const struct bp_range *range, double value);

#define BP_RANGE_WORDS_SIZE 80

/* "a number above 0 and below 1". Returns `words`. */
const char *bp_range_words(const struct bp_range *range, char words[BP_RANGE_WORDS_SIZE]);

/* Reads a whole number from `low` to `high`, or `word` (or NULL), which is 0. Error: ARGUMENT, a
 * sentence that quotes `text` and says what is allowed. */
bp_status bp_whole_take(const char *text, uint64_t low, uint64_t high, const char *word,
                        uint64_t *value, bp_error *error);

/* The same for a number in a range. `narrow`: it is taken as a binary32, in which it must not be 0
 * or `high` by rounding alone. */
bp_status bp_real_take(const char *text, const struct bp_range *range, bool narrow,
                       const char *word, double *value, bp_error *error);

#define BP_REAL_TEXT_SIZE 40

/* The fewest digits that are read as the same binary64, or, with `narrow`, binary32. Returns
 * `text`. */
const char *bp_real_write(double value, bool narrow, char text[BP_REAL_TEXT_SIZE]);

#endif
