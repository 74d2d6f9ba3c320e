/*
 * Blocks of columns in the caller's memory, checked once: what they hold is read through these.
 *
 *   data + r * row_stride + c * column_stride    the cell of row r and column c, on any address
 */
#ifndef BP_DATA_MEMORY_BLOCK_H
#define BP_DATA_MEMORY_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/status.h"

/* As a bp_column_block, whose names and categories it borrows. */
struct bp_block {
    bp_column_role role;
    bp_cell_type type;
    const unsigned char *data;
    size_t columns;
    ptrdiff_t row_stride; /* of what has one row or column only: as without gaps */
    ptrdiff_t column_stride;
    const char *const *names; /* or NULL */
    const char *const *categories;
    size_t category_count;
    bool all_categories;
    bool missing;
    size_t first; /* its first column among those of its role */
};

struct bp_block_list {
    size_t rows; /* from 1 */
    bool keep;
    struct bp_block *block; /* those of inputs, then of weights, then of targets */
    size_t count;
    size_t inputs; /* columns */
    size_t weights;
    size_t targets;
    bool named; /* every input has a name */
};

/* Whether cells are categories. */
static inline bool bp_block_has_categories(const struct bp_block *block)
{
    return block->type == BP_CELL_CODE || block->type == BP_CELL_TEXT;
}

static inline const unsigned char *bp_block_cell(const struct bp_block *block, size_t row,
                                                 size_t column)
{
    return block->data + (ptrdiff_t)row * block->row_stride +
           (ptrdiff_t)column * block->column_stride;
}

static inline int32_t bp_block_code(const struct bp_block *block, size_t row, size_t column)
{
    int32_t code;
    memcpy(&code, bp_block_cell(block, row, column), sizeof code);
    return code;
}

static inline const char *bp_block_text(const struct bp_block *block, size_t row, size_t column)
{
    const char *text;
    memcpy(&text, bp_block_cell(block, row, column), sizeof text);
    return text;
}

/* Bytes of a cell. */
size_t bp_cell_size(bp_cell_type type);

/* Whether the columns of a row follow one another without gaps. */
static inline bool bp_block_is_tight(const struct bp_block *block)
{
    return block->column_stride == (ptrdiff_t)bp_cell_size(block->type);
}

/* `count` numbers from a cell on, `stride` bytes apart, of a block without categories. */
void bp_block_load(const struct bp_block *block, const unsigned char *cell, ptrdiff_t stride,
                   size_t count, double *to);

/* The same of one cell. */
double bp_block_number(const struct bp_block *block, size_t row, size_t column);

/* Copies what a caller says of blocks and checks it, but no cell. bp_block_list_release() frees the
 * list; on failure it is zeroed. Errors: ARGUMENT, MEMORY. */
bp_status bp_block_list_read(struct bp_block_list *list, const bp_blocks *blocks, bp_error *error);
void bp_block_list_release(struct bp_block_list *list);

#endif
