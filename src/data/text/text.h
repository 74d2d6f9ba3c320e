/* Text from files, as messages quote it and readers take it. */
#ifndef BP_DATA_TEXT_TEXT_H
#define BP_DATA_TEXT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* 40 characters of up to 4 bytes, two quotes, three dots and NUL. */
#define BP_EXCERPT_SIZE 168

/* Writes `text` in quotes for a message and returns `out`: at most 40 characters, then "...";
 * control characters and bytes that are not UTF-8 become '?'. */
const char *bp_text_excerpt(char out[BP_EXCERPT_SIZE], const char *text, size_t length);

/* Whether a text is one of the words that people write for a missing value, in any case: NA, N/A,
 * #N/A, NaN, null, None, missing, ?, - and the point. */
bool bp_text_looks_missing(const char *text, size_t length);

#endif
