/* Some of the rows of a dataset, and cutting them in two: views of one table. */
#ifndef BP_DATA_TABLE_SPLIT_H
#define BP_DATA_TABLE_SPLIT_H

#include "data/table/table.h"

/* The lower half of the stream of random numbers (BP_STREAM_SPLIT) that orders the rows, of which a
 * fraction takes the first. */
#define BP_SPLIT_FRACTION 0

/* The rows of the table of `dataset` with these numbers, `count` of them; takes `rows`. NULL: no
 * memory. */
bp_dataset *bp_dataset_show(const bp_dataset *dataset, uint32_t *rows, size_t count);

/* floor(fraction * rows): the rows that are split off. */
size_t bp_split_count(const bp_dataset *dataset, double fraction);

/* Whether so many can be split off. Error: ARGUMENT. */
bp_status bp_split_check_fraction(const bp_dataset *dataset, double fraction, bp_error *error);

/* The rows x with chosen[x] of 1, `count` of them, become `held_out`, the others `train`,
 * both in their order. Error: MEMORY; then both are NULL. */
bp_status bp_split_rows(const bp_dataset *dataset, const unsigned char *chosen, size_t count,
                        bp_dataset **train, bp_dataset **held_out, bp_error *error);

#endif
