/* The parts of bp_samples_bind(): inputs, targets; and categories as a model knows them. */
#ifndef BP_DATA_SAMPLES_BIND_H
#define BP_DATA_SAMPLES_BIND_H

#include "data/samples/match.h"
#include "data/samples/samples.h"
#include "data/samples/unknown.h"

/* What both read, and the samples that they fill. */
struct bp_bind {
    struct bp_samples *samples;
    const struct bp_schema *schema;
    const bp_dataset *dataset; /* the rows that count */
    const struct bp_bind_options *options;
    struct bp_match match;
};

/* Errors: INPUT with the cell, MEMORY; bp_samples_release() frees what is there then. Fills
 * samples->unknown. */
bp_status bp_bind_inputs(const struct bp_bind *bind, bp_error *error);

#define BP_UNKNOWN_CODE UINT32_MAX

/* codes[x] becomes the place, in `known`, of the category that sample x of the dataset has in table
 * column `column`: by its name, which for an integer is decimal; or BP_UNKNOWN_CODE, which is noted
 * in `unknown`. Errors: INPUT if names cannot be told apart as numbers; MEMORY. */
bp_status bp_column_recode(const bp_dataset *dataset, size_t column,
                           const struct bp_schema_column *known, uint32_t *codes,
                           struct bp_unknown_values *unknown, bp_error *error);

/* Whether a category of a column is a number that is written in another way than by bp_key_write():
 * numbers do not tell "007" from "7". */
bool bp_categories_have_other_numerals(const struct bp_schema_column *known);

/* The failure of numbers in such a column: INPUT; `path` is that of the data. */
bp_status bp_fail_numerals(const char *path, const struct bp_schema_column *known, bp_error *error);

/* The unknown categories of the input columns of a bound dataset, without binding it further.
 * Errors: as of bp_bind_inputs(). */
bp_status bp_bind_count_unknown(const struct bp_bind *bind, struct bp_unknown_values *unknown,
                                bp_error *error);

/* The failure of a column that holds categories where the model knows numbers: INPUT. */
bp_status bp_fail_not_number(const bp_dataset *dataset, size_t column,
                             const struct bp_schema_column *known, bp_error *error);

/* The failure of a cell (sample x, table column `column`) that overflows in the scale of the model
 * column `name`: INPUT. */
bp_status bp_bind_fail_reach(const struct bp_bind *bind, size_t x, size_t column, float number,
                             const char *name, bp_error *error);

#endif
