/*
 * Rows of the caller's blocks as a network takes them, gathered where they are: what
 * bp_samples_bind() makes of a dataset, without the dataset. The first cell that cannot be taken is
 * noted.
 */
#ifndef BP_DATA_SAMPLES_BLOCK_ROWS_H
#define BP_DATA_SAMPLES_BLOCK_ROWS_H

#include "data/samples/block_inputs.h"

struct bp_block_rows;

/* Keeps the schema and the list. `unknown`: AUTO is ERROR. Errors: as bp_block_inputs_match(). */
bp_status bp_block_rows_create(struct bp_block_rows **out, const struct bp_schema *schema,
                               const struct bp_block_list *list, bp_unknown unknown,
                               bp_error *error);
void bp_block_rows_free(struct bp_block_rows *rows);

/* The inputs of rows order[0 ... count - 1], as bp_batch_gather(); on any threads at once. */
void bp_block_rows_gather(const struct bp_block_rows *rows, const uint32_t *order, size_t count,
                          float *out, size_t stride);

/* INPUT with the first cell, row by row, of those gathered so far that could not be taken; BP_OK if
 * all could. */
bp_status bp_block_rows_check(const struct bp_block_rows *rows, bp_error *error);

#endif
