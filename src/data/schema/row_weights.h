/* What rows count: a column of numbers from 0 on. A row of weight 0 is as if it were not there. */
#ifndef BP_DATA_SCHEMA_ROW_WEIGHTS_H
#define BP_DATA_SCHEMA_ROW_WEIGHTS_H

#include "data/table/table.h"

#define BP_NO_WEIGHTS SIZE_MAX

struct bp_row_weights {
    bp_dataset view; /* the rows whose weight is above 0; borrows the table of the dataset, and its
                        rows if none is left out */
    float *weight;   /* of each row of the view; NULL: all 1 */
    uint32_t *owned; /* view.rows if some are left out, else NULL */
};

/* The column of the weights: that of a name or number, or else the one whose role says so;
 * BP_NO_WEIGHTS if there is none. Error: ARGUMENT (no such column). */
bp_status bp_row_weights_find(const struct bp_table *table, const char *name, size_t *column,
                              bp_error *error);

/* Reads column `column` of the table, or none where that is BP_NO_WEIGHTS. Errors: INPUT with the
 * cell (no number, below 0, empty), or if all are 0; MEMORY. bp_row_weights_release() frees what is
 * there then. */
bp_status bp_row_weights_read(struct bp_row_weights *out, const bp_dataset *dataset, size_t column,
                              bp_error *error);
void bp_row_weights_release(struct bp_row_weights *weights);

#endif
