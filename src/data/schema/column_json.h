/* One column of a schema as JSON. */
#ifndef BP_DATA_SCHEMA_COLUMN_JSON_H
#define BP_DATA_SCHEMA_COLUMN_JSON_H

#include "data/schema/schema.h"

/* `with_fill`: with what missing cells count as. NULL if there is no memory. The caller owns the
 * reference. */
json_t *bp_column_to_json(const struct bp_schema_column *column, bool with_fill);

/* Which column is read, for messages. */
struct bp_column_place {
    const char *path;
    size_t column; /* from 0 */
    bp_error *error;
};

/* Fills a zeroed column whose role is set. Errors: INPUT, MEMORY; bp_schema_free() frees what is
 * there then. */
bp_status bp_column_from_json(const struct bp_column_place *place, const json_t *json,
                              struct bp_schema_column *column);

/* INPUT with "path: column 3 of the model: " and a sentence. */
bp_status bp_column_fail(const struct bp_column_place *place, const char *format, ...)
    BP_PRINTF(2, 3);

#endif
