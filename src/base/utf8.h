/* Characters of UTF-8. */
#ifndef BP_BASE_UTF8_H
#define BP_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the well-formed character at `text`, of which `left` > 0 bytes are there: no surrogate,
 * nothing overlong, nothing above U+10FFFF. 0: there is none. */
size_t bp_utf8_measure(const char *text, size_t left);

/* Whether all of a text is such characters. */
bool bp_utf8_check(const char *text, size_t length);

#endif
