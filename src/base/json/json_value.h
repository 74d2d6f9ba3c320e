/* What is read out of values of jansson. Nothing of it takes memory, as what jansson has for
 * this does. */
#ifndef BP_BASE_JSON_JSON_VALUE_H
#define BP_BASE_JSON_JSON_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The whole number of `key` in `object`, from `low` to `high`; false: there is nothing like it. */
bool bp_json_get_whole(const json_t *object, const char *key, int64_t low, int64_t high,
                       int64_t *value);

/* The text of `key`, which `object` owns; NULL: there is none. */
const char *bp_json_get_text(const json_t *object, const char *key);

/* A value for people in `size` bytes, cut off where it is longer: a text without quotes, a number
 * in the fewest digits, of lists and objects that they are one; "nothing" for NULL. Returns
 * `text`. */
const char *bp_json_show(const json_t *value, char *text, size_t size);

#endif
