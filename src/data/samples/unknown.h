/* Categories of a dataset that a model does not know: counted, and the first ones kept by name. */
#ifndef BP_DATA_SAMPLES_UNKNOWN_H
#define BP_DATA_SAMPLES_UNKNOWN_H

#include "data/schema/schema.h"
#include "data/text/text.h"

/* Values that a message shows. */
#define BP_UNKNOWN_SHOWN 5

struct bp_unknown_value {
    char word[BP_EXCERPT_SIZE];
    const struct bp_schema_column *known; /* the column of the schema */
    size_t rows;
};

/* All zeros but for the dataset: none yet. */
struct bp_unknown_values {
    const bp_dataset *dataset;
    size_t rows;           /* that have one or more */
    unsigned char *marked; /* which ones; NULL: none yet */
    size_t first;          /* the first of them, and of its cells the first in the schema: */
    size_t column;         /* of the table */
    char word[BP_EXCERPT_SIZE];
    bool empty; /* the cell is */
    const struct bp_schema_column *known;
    size_t shown;
    bool more; /* values than these */
    struct bp_unknown_value value[BP_UNKNOWN_SHOWN];
};

/* Notes that the cell of row x in table column `column` is `name`, which `known` has not. False: no
 * memory. */
bool bp_unknown_add(struct bp_unknown_values *unknown, size_t x, size_t column, const char *name,
                    const struct bp_schema_column *known);

/* "\"x\" of column \"color\" (2 rows), \"y\" of column \"size\" (1 row), ..." */
void bp_unknown_write(const struct bp_unknown_values *unknown, char *text, size_t size);

/* INPUT with the first cell, and what else there is; `hint` follows, or is "". */
bp_status bp_unknown_fail(const struct bp_unknown_values *unknown, const char *hint,
                          bp_error *error);

/* Frees what bp_unknown_add() allocated. */
void bp_unknown_release(struct bp_unknown_values *unknown);

#endif
