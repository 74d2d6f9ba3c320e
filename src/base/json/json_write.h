/* Values of jansson to text. jansson leaves a key out of what it writes where memory runs out, and
 * says nothing: no other file writes JSON. */
#ifndef BP_BASE_JSON_JSON_WRITE_H
#define BP_BASE_JSON_JSON_WRITE_H

#include <jansson.h>

/* The text of any value, by flags of jansson (JSON_INDENT, ...), with NUL after it; freed with
 * free(). NULL: there is no memory, also where `json` is NULL for want of it. `length`, which may
 * be NULL, gets its bytes without the NUL. */
char *bp_json_write(const json_t *json, size_t flags, size_t *length);

/* The fewest digits, from 15 to 17, in which every real number in `json` is read as the same; for
 * JSON_REAL_PRECISION(). */
size_t bp_json_digits(const json_t *json);

#endif
