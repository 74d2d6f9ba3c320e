/* Cells of a file as the numbers of the categories that a model knows. */
#ifndef BP_DATA_SAMPLES_RECODE_H
#define BP_DATA_SAMPLES_RECODE_H

#include "data/schema/schema.h"

/* codes[x] becomes the place, in `known`, of the category that sample x of the dataset has in table
 * column `column`: by its name, which for an integer is decimal. Errors: INPUT with the cell of a
 * category that is not known; MEMORY. */
bp_status bp_column_recode(const bp_dataset *dataset, size_t column,
                           const struct bp_schema_column *known, uint32_t *codes, bp_error *error);

/* The failure of a column that holds categories where the model knows numbers: INPUT. */
bp_status bp_fail_not_number(const bp_dataset *dataset, size_t column,
                             const struct bp_schema_column *known, bp_error *error);

#endif
