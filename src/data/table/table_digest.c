/* Columns one after the other, then the arrays of cells, each row by row. */
#include "data/table/table_digest.h"

#include <string.h>

#include "base/digest.h"

static void add_whole(struct bp_digest *digest, uint64_t value)
{
    bp_digest_update(digest, &value, sizeof value);
}

static void add_text(struct bp_digest *digest, const char *text)
{
    bp_digest_update(digest, text ? text : "", text ? strlen(text) + 1 : 1);
}

static void add_column(struct bp_digest *digest, const struct bp_column *column)
{
    add_text(digest, column->name);
    add_whole(digest, (uint64_t)column->kind);
    add_whole(digest, (uint64_t)column->role);
    add_whole(digest, column->width);
    bp_digest_update(digest, &column->origin, sizeof column->origin);
    add_whole(digest, column->categories);
    for (size_t k = 0; k < column->categories; k++)
        add_text(digest, column->category[k]);
}

/* `bytes` of each row that is shown, `stride` bytes apart; nothing where there is no array. */
static void add_spaced_rows(struct bp_digest *digest, const bp_dataset *dataset, const void *array,
                            size_t bytes, size_t stride)
{
    if (!array)
        return;
    if (!dataset->rows && bytes == stride) {
        bp_digest_update(digest, array, dataset->count * bytes);
        return;
    }
    for (size_t x = 0; x < dataset->count; x++)
        bp_digest_update(digest, (const char *)array + bp_dataset_row(dataset, x) * stride, bytes);
}

static void add_rows(struct bp_digest *digest, const bp_dataset *dataset, const void *array,
                     size_t bytes)
{
    add_spaced_rows(digest, dataset, array, bytes, bytes);
}

static void add_cells(struct bp_digest *digest, const bp_dataset *dataset, const void *array,
                      size_t size)
{
    const struct bp_table *table = dataset->table;
    add_spaced_rows(digest, dataset, array, table->cells * size, bp_table_stride(table) * size);
}

void bp_dataset_digest(const bp_dataset *dataset, char digest[BP_DIGEST_SIZE])
{
    const struct bp_table *table = dataset->table;
    struct bp_digest stream;
    bp_digest_begin(&stream);
    add_whole(&stream, dataset->count);
    add_whole(&stream, table->columns);
    for (size_t c = 0; c < table->columns; c++) {
        add_column(&stream, &table->column[c]);
        add_rows(&stream, dataset, table->column[c].integers, sizeof *table->column[c].integers);
    }
    add_cells(&stream, dataset, table->values, sizeof *table->values);
    add_cells(&stream, dataset, table->bytes, sizeof *table->bytes);
    add_rows(&stream, dataset, table->labels, sizeof *table->labels);
    add_rows(&stream, dataset, table->targets, table->target_cells * sizeof *table->targets);
    bp_digest_finish(&stream, digest);
}
