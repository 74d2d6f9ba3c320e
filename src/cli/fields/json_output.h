/* JSON as the result of a run: one object. */
#ifndef BP_CLI_FIELDS_JSON_OUTPUT_H
#define BP_CLI_FIELDS_JSON_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batchprop/batchprop.h"

/* In every object that the command writes; raised when a key changes its meaning or goes. */
#define JSON_SCHEMA_VERSION 1

#define JSON_DEPTH 8 /* of objects and arrays in one another */

/* An object that grows value by value; a failure to get memory is kept until it is printed. */
struct json_output {
    json_t
        *open[JSON_DEPTH]; /* the object, and what values go into at present, the innermost last */
    size_t depth;
    bool failed;
    size_t digits; /* of its real numbers; 0: as many as a binary64 needs, 9 suit a binary32 */
};

/* Begins an object with its schema_version. */
struct json_output json_output_begin(void);

/* Adds a value to the innermost object or array, which has no use for the key. Takes the reference
 * to `value`, which is NULL if there was no memory for it. */
void json_output_add(struct json_output *output, const char *key, json_t *value);

/* Adds an object or an array, into which values go until it is closed. */
void json_output_object(struct json_output *output, const char *key);
void json_output_array(struct json_output *output, const char *key);
void json_output_close(struct json_output *output);

/* Adds the name of a choice. */
void json_output_choice(struct json_output *output, const char *key, bp_choice choice, int value);

/* A text; null for NULL. A path may hold bytes that are no UTF-8, which JSON cannot: each byte that
 * is no ASCII is then a question mark. */
json_t *json_output_string(const char *text);

/* A number, or null for an infinity or a NaN. */
json_t *json_output_real(double value);

/* A number; text where it is beyond 2^63 - 1, which readers of JSON would round. */
json_t *json_output_whole(uint64_t value);

/* The text, by flags of jansson, with the fewest digits of a number that is read as the same
 * values. Freed with free(); NULL if there is no memory. */
char *json_output_text(const json_t *root, size_t flags);

/* The object, which the caller owns; NULL if anything failed. */
json_t *json_output_take(struct json_output *output);

/* Prints the object to results() and frees it. Returns an exit code; results_finish() finds out
 * whether it was written. */
int json_output_print(struct json_output *output);

#endif
