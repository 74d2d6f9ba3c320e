/* A table from an IDX file: one wide column of samples. Bytes stay bytes: floats would take four
 * times the memory. */
#include <string.h>

#include "base/memory.h"
#include "data/read/idx_header.h"
#include "data/read/readers.h"
#include "data/table/columns.h"

static bp_status read_samples(struct bp_table *table, struct bp_source *source, bp_error *error)
{
    struct bp_idx_header header;
    const struct bp_items *items = &header.items;
    bp_status status = bp_idx_read_header(source, &header, error);
    if (status != BP_OK)
        return status;
    if (!bp_column_set_image(&table->column[0], items->width))
        return bp_fail_memory(error, table->path);
    table->cells = items->width;
    table->rows = items->rows;
    if (items->kind == BP_ITEM_UNSIGNED)
        return bp_items_read_bytes(items, source, &table->bytes, error);
    status = bp_items_read_floats(items, source, &table->values, error);
    return status == BP_OK ? bp_items_check_floats(items, table->path, table->values, error)
                           : status;
}

bp_status bp_idx_read(struct bp_table **out, struct bp_source *source, bp_error *error)
{
    *out = NULL;
    const char *path = bp_source_path(source);
    struct bp_table *table = bp_table_create(path, BP_FORMAT_IDX, 1);
    if (!table)
        return bp_fail_memory(error, path);
    bp_status status = read_samples(table, source, error);
    if (status != BP_OK) {
        bp_table_free(table);
        return status;
    }
    *out = table;
    return BP_OK;
}
