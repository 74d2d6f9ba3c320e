/*
 * A table from an NPY file. Where the file holds the cells as a table does, they stay there: a
 * mapping costs no memory of its own and no time but that of looking for what is not finite.
 * Everything else is read and converted.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/read/npy_header.h"
#include "data/read/npy_order.h"
#include "data/read/readers.h"
#include "data/table/columns.h"

static bool has_bytes(const struct bp_items *items)
{
    return items->kind == BP_ITEM_BOOL || (items->kind == BP_ITEM_UNSIGNED && items->size == 1);
}

static bool is_big_endian(void)
{
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first == 0;
}

/* Whether the numbers stand in the file as they would in memory. */
static bool suits_memory(const struct bp_npy_header *header)
{
    const struct bp_items *items = &header->items;
    if (header->array.fortran_order)
        return false;
    return has_bytes(items) ||
           (items->kind == BP_ITEM_FLOAT && items->size == sizeof(float) &&
            items->big_endian == is_big_endian() && header->size % sizeof(float) == 0);
}

/* False also for a file of a wrong size: reading will say what is wrong with it. */
static bool map_cells(struct bp_table *table, const struct bp_source *source,
                      const struct bp_npy_header *header)
{
    const struct bp_items *items = &header->items;
    size_t size, expected = header->size + items->rows * items->width * items->size;
    int file = bp_source_file(source, &size);
    if (file < 0 || !suits_memory(header) || size != expected ||
        !bp_mapping_create(&table->mapping, file, size))
        return false;
    unsigned char *cells = (unsigned char *)table->mapping.base + header->size;
    if (has_bytes(items))
        table->bytes = cells;
    else
        table->values = (float *)(void *)cells;
    return true;
}

static bp_status read_cells(struct bp_table *table, struct bp_source *source,
                            const struct bp_npy_header *header, bp_error *error)
{
    const struct bp_items inner = bp_npy_items_in_file(header);
    bool bytes = has_bytes(&inner);
    bp_status status = bytes ? bp_items_read_bytes(&inner, source, &table->bytes, error)
                             : bp_items_read_floats(&inner, source, &table->values, error);
    if (status != BP_OK || !header->array.fortran_order)
        return status;
    return bytes ? bp_npy_order_bytes(header, &table->bytes, error)
                 : bp_npy_order_floats(header, &table->values, error);
}

static bp_status fill_table(struct bp_table *table, struct bp_source *source, bp_error *error)
{
    struct bp_npy_header header;
    bp_status status = bp_npy_read_header(source, &header, error);
    if (status != BP_OK)
        return status;
    const struct bp_items *items = &header.items;
    table->rows = items->rows;
    table->cells = items->width;
    if (!map_cells(table, source, &header))
        status = read_cells(table, source, &header, error);
    if (status == BP_OK)
        status = table->bytes ? bp_items_check_bytes(items, table->path, table->bytes, error)
                              : bp_items_check_floats(items, table->path, table->values, error);
    if (status != BP_OK)
        return status;
    bool image = header.array.dimensions > 2;
    if (!bp_table_add_columns(table, image ? 1 : items->width) ||
        !(image ? bp_column_set_image(&table->column[0], items->width)
                : bp_columns_set_numbers(table, 0, items->width, BP_ROLE_INPUT, "x")))
        return bp_fail_memory(error, table->path);
    return BP_OK;
}

bp_status bp_npy_read(struct bp_table **out, struct bp_source *source, bp_error *error)
{
    *out = NULL;
    struct bp_table *table = bp_table_create(bp_source_path(source), BP_FORMAT_NPY, 0);
    if (!table)
        return bp_fail_memory(error, bp_source_path(source));
    bp_status status = fill_table(table, source, error);
    if (status != BP_OK) {
        bp_table_free(table);
        return status;
    }
    *out = table;
    return BP_OK;
}
