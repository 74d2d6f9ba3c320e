/*
 * Numbers go from blocks to rows in tiles: whichever way the cells of a block lie, a tile of it and
 * the same tile of the table fit the nearest caches.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/memory/memory.h"
#include "data/table/cells.h"
#include "data/table/exact.h"
#include "data/table/origin.h"

#define TILE 64

/* A block, and where its cells go. */
struct filling {
    const struct bp_block *block;
    size_t rows;
    struct bp_column *column; /* of column 0 */
    float *to;                /* cell (0, 0); NULL: the cells stay where they are */
    size_t stride;            /* cells between rows */
    bool found;               /* a cell that cannot be; the first one, row by row: */
    size_t bad_row, bad_column;
};

static void note_bad(struct filling *filling, size_t row, size_t column)
{
    if (filling->found &&
        (row > filling->bad_row || (row == filling->bad_row && column >= filling->bad_column)))
        return;
    filling->found = true;
    filling->bad_row = row;
    filling->bad_column = column;
}

/* A cell that is no finite number. */
static void note_cell(struct filling *filling, size_t row, size_t column, float cell)
{
    if (isnan(cell) && filling->block->missing)
        filling->column[column].missing++;
    else if (!isfinite(cell))
        note_bad(filling, row, column);
}

/* Without a branch, so that compilers vectorize it. */
static bool are_finite(const float *cell, size_t count)
{
    uint32_t beyond = 0;
    for (size_t k = 0; k < count; k++)
        beyond |= fabsf(cell[k]) <= FLT_MAX ? 0 : 1;
    return beyond == 0;
}

static void note_row(struct filling *filling, size_t row, const float *cell)
{
    if (are_finite(cell, filling->block->columns))
        return;
    for (size_t c = 0; c < filling->block->columns; c++)
        note_cell(filling, row, c, cell[c]);
}

/* Rows of floats without gaps. */
static void fill_rows(struct filling *filling)
{
    const struct bp_block *block = filling->block;
    for (size_t r = 0; r < filling->rows; r++) {
        const unsigned char *from = bp_block_cell(block, r, 0);
        if (!filling->to) {
            note_row(filling, r, (const float *)(const void *)from);
            continue;
        }
        float *to = filling->to + r * filling->stride;
        memcpy(to, from, block->columns * sizeof *to);
        note_row(filling, r, to);
    }
}

static void store(struct filling *filling, size_t row, size_t column, double number)
{
    const float cell = (float)(number - filling->column[column].origin);
    filling->to[row * filling->stride + column] = cell;
    if (!isfinite(cell))
        note_cell(filling, row, column, cell);
}

/* Rows x columns cells from (row, column) on, along the shorter stride. */
static void fill_tile(struct filling *filling, size_t row, size_t column, size_t rows,
                      size_t columns)
{
    const struct bp_block *block = filling->block;
    double number[TILE];
    if (llabs(block->row_stride) < llabs(block->column_stride)) {
        for (size_t c = column; c < column + columns; c++) {
            bp_block_load(block, bp_block_cell(block, row, c), block->row_stride, rows, number);
            for (size_t r = 0; r < rows; r++)
                store(filling, row + r, c, number[r]);
        }
        return;
    }
    for (size_t r = row; r < row + rows; r++) {
        bp_block_load(block, bp_block_cell(block, r, column), block->column_stride, columns,
                      number);
        for (size_t c = 0; c < columns; c++)
            store(filling, r, column + c, number[c]);
    }
}

static void fill_tiles(struct filling *filling)
{
    const size_t columns = filling->block->columns;
    for (size_t r = 0; r < filling->rows; r += TILE) {
        for (size_t c = 0; c < columns; c += TILE)
            fill_tile(filling, r, c, bp_size_min(TILE, filling->rows - r),
                      bp_size_min(TILE, columns - c));
    }
}

/* The origin of column c of a block of doubles or integers. What the first rows rule out needs no
 * look at the others. */
static double find_origin(const struct bp_block *block, size_t rows, size_t c)
{
    struct bp_column_range range = bp_column_range_begin();
    double number[TILE];
    for (size_t r = 0; r < rows; r += TILE) {
        const size_t count = bp_size_min(TILE, rows - r);
        bp_block_load(block, bp_block_cell(block, r, c), block->row_stride, count, number);
        for (size_t k = 0; k < count; k++) {
            if (!isnan(number[k]))
                bp_column_range_add(&range, number[k]);
        }
        if (!bp_column_range_is_narrow(&range))
            return 0.0;
    }
    return bp_column_range_origin(&range);
}

static bp_status fail_bad(const struct filling *filling, const struct bp_table *table, size_t first,
                          bp_error *error)
{
    const size_t row = filling->bad_row, column = filling->bad_column;
    const double number = bp_block_number(filling->block, row, column);
    const bool input = filling->block->role == BP_ROLE_INPUT;
    if (isfinite(number))
        return bp_memory_fail(table, row, first + column, error,
                              "%g is too large for single precision", number);
    return bp_memory_fail(table, row, first + column, error, "%g is not a finite number%s", number,
                          isnan(number) && input ? BP_MEMORY_ADVICE : "");
}

/* Numbers below 0, before they are rounded or less an origin. */
static bp_status check_weights(const struct bp_table *table, const struct bp_block *block,
                               size_t first, bp_error *error)
{
    for (size_t r = 0; r < table->rows; r++) {
        const double weight = bp_block_number(block, r, 0);
        if (weight < 0)
            return bp_memory_fail(table, r, first, error,
                                  "%g is no weight of a row: give a number from 0 on", weight);
    }
    return BP_OK;
}

/* What floats do not hold of large numbers, where targets may turn out to be classes. */
static bp_status fill_exact(struct bp_table *table, const struct filling *filling, size_t first,
                            bp_error *error)
{
    const struct bp_block *block = filling->block;
    struct bp_exact exact = {0};
    bool done = true;
    for (size_t c = 0; done && c < block->columns; c++) {
        for (size_t r = 0; done && r < filling->rows; r++) {
            if (bp_exact_is_decided(&exact, c))
                break;
            if (block->type == BP_CELL_DOUBLE) {
                done = bp_exact_add_double(&exact, r, c, bp_block_number(block, r, c));
                continue;
            }
            int64_t integer;
            memcpy(&integer, bp_block_cell(block, r, c), sizeof integer);
            done = bp_exact_add_integer(&exact, r, c, integer);
        }
    }
    done = done && bp_exact_finish(&exact, table, first);
    bp_exact_release(&exact);
    return done ? BP_OK : bp_fail_memory(error, "the targets");
}

/* Bytes to bytes. */
static void copy_bytes(uint8_t *to, size_t stride, const struct bp_block *block, size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        if (bp_block_is_tight(block)) {
            memcpy(to + r * stride, bp_block_cell(block, r, 0), block->columns);
            continue;
        }
        for (size_t c = 0; c < block->columns; c++)
            to[r * stride + c] = *bp_block_cell(block, r, c);
    }
}

static bp_status fill_block(struct bp_table *table, const struct bp_block_list *list,
                            const struct bp_block *block, bp_error *error)
{
    const bool input = block->role == BP_ROLE_INPUT;
    const bool wide = block->type == BP_CELL_DOUBLE || block->type == BP_CELL_INTEGER;
    const size_t first = bp_block_column(list, block);
    struct filling filling = {
        .block = block,
        .rows = list->rows,
        .column = &table->column[first],
        .stride = input ? table->cells : table->target_cells,
    };
    const size_t at = filling.column->offset;
    if (input && table->bytes) {
        if (!table->kept)
            copy_bytes(table->bytes + at, table->cells, block, list->rows);
        return BP_OK;
    }
    if (!input || !table->kept)
        filling.to = (input ? table->values : table->targets) + at;
    for (size_t c = 0; wide && c < block->columns; c++)
        filling.column[c].origin = find_origin(block, list->rows, c);
    if (block->type == BP_CELL_FLOAT && bp_block_is_tight(block))
        fill_rows(&filling);
    else
        fill_tiles(&filling);
    if (filling.found)
        return fail_bad(&filling, table, first, error);
    if (block->role == BP_ROLE_WEIGHT)
        return check_weights(table, block, first, error);
    return wide && block->role == BP_ROLE_TARGET ? fill_exact(table, &filling, first, error)
                                                 : BP_OK;
}

bp_status bp_memory_fill_numbers(struct bp_table *table, const struct bp_block_list *list,
                                 bp_error *error)
{
    bp_status status = BP_OK;
    for (size_t k = 0; !status && k < list->count; k++) {
        if (!bp_block_has_categories(&list->block[k]))
            status = fill_block(table, list, &list->block[k], error);
    }
    return status;
}
