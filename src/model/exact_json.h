/* Numbers as JSON texts, since a JSON number keeps neither 64 bits nor an infinity. */
#ifndef BP_MODEL_EXACT_JSON_H
#define BP_MODEL_EXACT_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* "18446744073709551615". NULL if there is no memory; the caller owns the reference. */
json_t *bp_json_from_whole(uint64_t value);
/* Digits alone, at most 2^64 - 1; false if `json` is anything else, NULL too. */
bool bp_json_to_whole(const json_t *json, uint64_t *value);

/* The bits of a binary64 as 16 hexadecimal digits. */
json_t *bp_json_from_bits(double value);
bool bp_json_to_bits(const json_t *json, double *value);

#endif
