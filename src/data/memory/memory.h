/* A table from blocks: which columns it has, and its cells. */
#ifndef BP_DATA_MEMORY_MEMORY_H
#define BP_DATA_MEMORY_MEMORY_H

#include "data/memory/block.h"
#include "data/table/table.h"

/* Of bp_dataset_from_blocks() and bp_dataset_from_arrays(). */
extern const struct bp_reader bp_memory_format;

/* The column of the table that holds column 0 of a block: inputs come first, then weights, then
 * targets. */
static inline size_t bp_block_column(const struct bp_block_list *list, const struct bp_block *block)
{
    return block->first + (block->role == BP_ROLE_INPUT    ? 0
                           : block->role == BP_ROLE_WEIGHT ? list->inputs
                                                           : list->inputs + list->weights);
}

/* Names, roles, kinds and places of all columns. Errors: ARGUMENT (two of one name), MEMORY. */
bp_status bp_memory_name_columns(struct bp_table *table, const struct bp_block_list *list,
                                 bp_error *error);

/* Fills the cells of numbers: those of inputs in table->values, or in table->bytes if all are
 * bytes, others in table->targets; each array is there. Numbers of columns that need one are less
 * their origin; missing cells are counted. Errors: ARGUMENT (with row and column), MEMORY. */
bp_status bp_memory_fill_numbers(struct bp_table *table, const struct bp_block_list *list,
                                 bp_error *error);

/* The same of columns of categories: codes in table->values or table->labels, and names. */
bp_status bp_memory_fill_categories(struct bp_table *table, const struct bp_block_list *list,
                                    bp_error *error);

/* ARGUMENT with row and column of a cell, and a sentence about it. */
bp_status bp_memory_fail(const struct bp_table *table, size_t row, size_t column, bp_error *error,
                         const char *format, ...) BP_PRINTF(5, 6);

/* What follows after the sentence about a missing cell. */
#define BP_MEMORY_ADVICE                                                                           \
    "; if inputs may be missing, say so (bp_column_block.missing) and what the model does with "   \
    "them"

/* How bp_block_list is made a dataset. Errors: as bp_dataset_from_blocks(). */
bp_status bp_memory_create(bp_dataset **out, const struct bp_block_list *list, bp_error *error);

#endif
