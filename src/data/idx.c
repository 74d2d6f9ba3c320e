/* A table from an IDX file: one wide column of samples, and one of classes if there are labels. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/idx_items.h"
#include "data/idx_labels.h"
#include "data/readers.h"

/* Bytes stay bytes: floats would take four times the memory. */
static bp_status read_samples(struct bp_table *table, struct bp_source *source, bp_error *error)
{
    struct bp_idx_header header;
    struct bp_column *column = &table->column[0];
    bp_status status = bp_idx_read_header(source, &header, error);
    if (status != BP_OK)
        return status;
    column->name = bp_text_copy("image", strlen("image"));
    if (!column->name)
        return bp_fail_memory(error, table->path);
    column->role = BP_ROLE_INPUT;
    column->width = header.width;
    table->cells = header.width;
    table->rows = header.rows;
    if (header.type == BP_IDX_UNSIGNED_BYTE)
        return bp_idx_read_bytes(source, &header, &table->bytes, error);
    return bp_idx_read_floats(source, &header, &table->values, error);
}

bp_status bp_idx_read(struct bp_table **out, struct bp_source *source,
                      const bp_read_options *options, bp_error *error)
{
    *out = NULL;
    const char *path = bp_source_path(source);
    struct bp_table *table = bp_table_create(path, BP_FORMAT_IDX, options->labels ? 2 : 1);
    if (!table)
        return bp_fail_memory(error, path);
    bp_status status = read_samples(table, source, error);
    if (status == BP_OK && options->labels)
        status = bp_idx_read_labels(table, &table->column[1], options->labels, error);
    if (status != BP_OK) {
        bp_table_free(table);
        return status;
    }
    *out = table;
    return BP_OK;
}
