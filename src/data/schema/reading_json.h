/* How the training data were read, as JSON. */
#ifndef BP_DATA_SCHEMA_READING_JSON_H
#define BP_DATA_SCHEMA_READING_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "data/table/reading.h"

/* Adds "reading" to `json`, an object with the choices that were made, if any was: "header",
 * "separator" and "decimal" (texts of one sign), "missing_values", "categorical", "ignore" (texts
 * of lists) and "id". False if there is no memory. */
bool bp_reading_put(json_t *json, const struct bp_reading *reading);

/* The opposite; `json` is NULL for a model that has nothing of it. Errors: INPUT, a sentence that
 * begins with `path`; MEMORY. bp_reading_release() frees what is there then. */
bp_status bp_reading_from_json(struct bp_reading *reading, const json_t *json, const char *path,
                               bp_error *error);

#endif
