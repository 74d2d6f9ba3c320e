/* A dataset of blocks: inputs stay where they are or are copied; targets and weights are copied. */
#include "data/memory/memory.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/table/cells.h"

const struct bp_reader bp_memory_format = {
    .format = BP_FORMAT_AUTO, .has_roles = true, .names_columns = true, .row_word = "row"};

bp_status bp_memory_fail(const struct bp_table *table, size_t row, size_t column, bp_error *error,
                         const char *format, ...)
{
    const struct bp_cell cell = {table, row, column};
    va_list arguments;
    va_start(arguments, format);
    const bp_status status = bp_cell_fail_as(BP_ERROR_ARGUMENT, &cell, error, format, arguments);
    va_end(arguments);
    return status;
}

static bool are_bytes(const struct bp_block_list *list)
{
    for (size_t k = 0; k < list->count; k++) {
        if (list->block[k].role == BP_ROLE_INPUT && list->block[k].type != BP_CELL_BYTE)
            return false;
    }
    return true;
}

/* Whether a table can have its inputs where the caller has them. */
static bool can_keep(const struct bp_block_list *list)
{
    const struct bp_block *block = &list->block[0];
    if (!list->keep || block->columns != list->inputs || !bp_block_is_tight(block) ||
        block->row_stride <= 0)
        return false;
    if (block->type == BP_CELL_BYTE)
        return true;
    return block->type == BP_CELL_FLOAT && (uintptr_t)block->data % sizeof(float) == 0 &&
           (size_t)block->row_stride % sizeof(float) == 0;
}

static void keep_inputs(struct bp_table *table, const struct bp_block *block)
{
    /* Nobody writes to what is kept. */
    void *cells = (void *)(uintptr_t)block->data;
    table->kept = true;
    table->stride = (size_t)block->row_stride / bp_cell_size(block->type);
    if (block->type == BP_CELL_BYTE)
        table->bytes = cells;
    else
        table->values = cells;
}

static bool has_classes(const struct bp_block_list *list)
{
    const struct bp_block *last = &list->block[list->count - 1];
    return last->role == BP_ROLE_TARGET && bp_block_has_categories(last);
}

/* False: no memory. */
static bool make_inputs(struct bp_table *table, const struct bp_block_list *list)
{
    size_t cells;
    table->cells = list->inputs;
    if (can_keep(list)) {
        keep_inputs(table, &list->block[0]);
        return true;
    }
    if (!bp_size_mul(list->rows, list->inputs, &cells))
        return false;
    if (are_bytes(list))
        table->bytes = bp_array_alloc(cells, sizeof *table->bytes);
    else
        table->values = bp_array_alloc(cells, sizeof *table->values);
    return table->bytes || table->values;
}

static bool make_cells(struct bp_table *table, const struct bp_block_list *list)
{
    const bool classes = has_classes(list);
    size_t cells;
    if (!make_inputs(table, list))
        return false;
    if (classes && !(table->labels = bp_array_alloc(list->rows, sizeof *table->labels)))
        return false;
    table->target_cells = list->weights + (classes ? 0 : list->targets);
    if (table->target_cells == 0)
        return true;
    if (bp_size_mul(list->rows, table->target_cells, &cells))
        table->targets = bp_array_alloc(cells, sizeof *table->targets);
    return table->targets != NULL;
}

bp_status bp_memory_create(bp_dataset **out, const struct bp_block_list *list, bp_error *error)
{
    struct bp_table *table =
        bp_table_create("memory", &bp_memory_format, list->inputs + list->weights + list->targets);
    if (!table)
        return bp_fail_memory(error, "the samples");
    table->rows = list->rows;
    bp_status status = bp_memory_name_columns(table, list, error);
    if (!status && !make_cells(table, list))
        status = bp_fail_memory(error, "the samples");
    if (!status)
        status = bp_memory_fill_numbers(table, list, error);
    if (!status)
        status = bp_memory_fill_categories(table, list, error);
    if (!status)
        return bp_dataset_wrap(out, table, error);
    bp_table_free(table);
    return status;
}

bp_status bp_dataset_from_blocks(bp_dataset **out, const bp_blocks *blocks, bp_error *error)
{
    struct bp_block_list list;
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(blocks, error);
    bp_status status = bp_block_list_read(&list, blocks, error);
    if (!status)
        status = bp_memory_create(out, &list, error);
    bp_block_list_release(&list);
    return status;
}
