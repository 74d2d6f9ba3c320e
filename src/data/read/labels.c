/* Only values that occur become classes, so that labels may be any integers. */
#include "data/read/labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/read/idx_header.h"
#include "data/read/npy_header.h"
#include "data/read/npy_order.h"
#include "data/read/readers.h"
#include "data/table/columns.h"

#define CLASSES_MAX 65536

static int compare_integers(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts the values and drops repeated ones; returns how many are left. */
static size_t sort_distinct(int64_t *values, size_t count)
{
    size_t distinct = 0;
    qsort(values, count, sizeof *values, compare_integers);
    for (size_t k = 0; k < count; k++)
        if (k == 0 || values[k] != values[k - 1])
            values[distinct++] = values[k];
    return distinct;
}

static bp_status name_classes(struct bp_column *column, const int64_t *classes, size_t count,
                              const char *path, bp_error *error)
{
    if (count > CLASSES_MAX)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the labels have more than %d different values",
                       path, CLASSES_MAX);
    if (!bp_column_set_classes(column, "label", count))
        return bp_fail_memory(error, "the names of the classes");
    for (size_t k = 0; k < count; k++)
        if (!(column->category[k] = bp_numbered_name("", classes[k])))
            return bp_fail_memory(error, "the names of the classes");
    return BP_OK;
}

/* The values become their places among the classes. */
static bp_status code_labels(struct bp_table *table, const int64_t *values, const char *path,
                             bp_error *error)
{
    int64_t *classes = bp_array_alloc(table->rows, sizeof *classes);
    uint32_t *labels = bp_array_alloc(table->rows, sizeof *labels);
    bp_status status = BP_OK;
    if (!classes || !labels || !bp_table_add_columns(table, 1)) {
        free(labels);
        status = bp_fail_memory(error, path);
        goto done;
    }
    table->labels = labels;
    memcpy(classes, values, table->rows * sizeof *classes);
    size_t count = sort_distinct(classes, table->rows);
    for (size_t x = 0; x < table->rows; x++) {
        const int64_t *found =
            bsearch(&values[x], classes, count, sizeof *classes, compare_integers);
        labels[x] = (uint32_t)(found - classes);
    }
    status = name_classes(&table->column[table->columns - 1], classes, count, path, error);
done:
    free(classes);
    return status;
}

static bp_status read_classes(struct bp_table *table, struct bp_source *source,
                              const struct bp_items *items, bp_error *error)
{
    int64_t *values = NULL;
    bp_status status = bp_items_read_integers(items, source, &values, error);
    if (status == BP_OK)
        status = code_labels(table, values, bp_source_path(source), error);
    free(values);
    return status;
}

static bp_status read_targets(struct bp_table *table, struct bp_source *source,
                              const struct bp_npy_header *header, bp_error *error)
{
    const struct bp_items *items = &header->items, in_file = bp_npy_items_in_file(header);
    const char *path = bp_source_path(source);
    bp_status status = bp_items_read_floats(&in_file, source, &table->targets, error);
    if (status == BP_OK && header->array.fortran_order)
        status = bp_npy_order_floats(header, &table->targets, error);
    if (status == BP_OK)
        status = bp_items_check_floats(items, path, table->targets, error);
    if (status != BP_OK)
        return status;
    size_t first = table->columns;
    table->target_cells = items->width;
    if (!bp_table_add_columns(table, items->width) ||
        !bp_columns_set_numbers(table, first, items->width, BP_ROLE_TARGET, "y"))
        return bp_fail_memory(error, path);
    for (size_t k = 0; k < items->width; k++)
        table->column[first + k].offset = k;
    return BP_OK;
}

static bp_status check_rows(const struct bp_table *table, const struct bp_items *items,
                            const char *path, bp_error *error)
{
    if (items->rows != table->rows)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file has %zu labels, but %s has %zu samples",
                       path, items->rows, table->path, table->rows);
    return BP_OK;
}

static bp_status read_idx(struct bp_table *table, struct bp_source *source, bp_error *error)
{
    const char *path = bp_source_path(source);
    struct bp_idx_header header;
    bp_status status = bp_idx_read_header(source, &header, error);
    if (status != BP_OK)
        return status;
    if (header.dimensions != 1)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: labels have 1 dimension, but this file has %zu; are samples and labels "
                       "swapped?",
                       path, header.dimensions);
    if (header.items.kind == BP_ITEM_FLOAT)
        return bp_fail(error, BP_ERROR_INPUT, "%s: labels are integers, but this file holds floats",
                       path);
    status = check_rows(table, &header.items, path, error);
    return status == BP_OK ? read_classes(table, source, &header.items, error) : status;
}

static bp_status read_npy(struct bp_table *table, struct bp_source *source, bp_error *error)
{
    const char *path = bp_source_path(source);
    struct bp_npy_header header;
    bp_status status = bp_npy_read_header(source, &header, error);
    if (status != BP_OK)
        return status;
    if (header.array.dimensions > 2)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: labels have 1 dimension, and targets 1 or 2, but this array has %zu; "
                       "are samples and labels swapped?",
                       path, header.array.dimensions);
    status = check_rows(table, &header.items, path, error);
    if (status != BP_OK)
        return status;
    if (header.items.kind == BP_ITEM_FLOAT)
        return read_targets(table, source, &header, error);
    if (header.items.width > 1)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: labels are one integer a row, but this array has %zu columns; save "
                       "array.astype(\"float32\") if they are numbers to predict",
                       path, header.items.width);
    return read_classes(table, source, &header.items, error);
}

bp_status bp_labels_read(struct bp_table *table, const char *path, bp_error *error)
{
    struct bp_source *source;
    bp_status status = bp_source_open(&source, path, error);
    if (status != BP_OK)
        return status;
    size_t size;
    const unsigned char *head = bp_source_head(source, &size);
    status = bp_npy_recognizes(head, size) ? read_npy(table, source, error)
                                           : read_idx(table, source, error);
    bp_source_close(source);
    return status;
}
