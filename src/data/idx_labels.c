/* Only values that occur become classes, so that labels may be any integers. */
#include "data/idx_labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/columns.h"
#include "data/idx_items.h"

#define CLASSES_MAX 65536

static bp_status check_labels(const struct bp_idx_header *header, const struct bp_table *table,
                              const char *path, bp_error *error)
{
    if (header->dimensions != 1)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: labels have 1 dimension, but this file has %zu; are samples and labels "
                       "swapped?",
                       path, header->dimensions);
    if (header->type == BP_IDX_FLOAT || header->type == BP_IDX_DOUBLE)
        return bp_fail(error, BP_ERROR_INPUT, "%s: labels are integers, but this file holds floats",
                       path);
    if (header->rows != table->rows)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file has %zu labels, but %s has %zu samples",
                       path, header->rows, table->path, table->rows);
    return BP_OK;
}

static int compare_integers(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Sorts the values and drops repeated ones; returns how many are left. */
static size_t sort_distinct(int32_t *values, size_t count)
{
    size_t distinct = 0;
    qsort(values, count, sizeof *values, compare_integers);
    for (size_t k = 0; k < count; k++)
        if (k == 0 || values[k] != values[k - 1])
            values[distinct++] = values[k];
    return distinct;
}

static bp_status name_classes(struct bp_column *column, const int32_t *classes, size_t count,
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
static bp_status code_labels(struct bp_table *table, struct bp_column *column,
                             const int32_t *values, const char *path, bp_error *error)
{
    int32_t *classes = bp_array_alloc(table->rows, sizeof *classes);
    table->labels = bp_array_alloc(table->rows, sizeof *table->labels);
    if (!classes || !table->labels) {
        free(classes);
        return bp_fail_memory(error, path);
    }
    memcpy(classes, values, table->rows * sizeof *classes);
    size_t count = sort_distinct(classes, table->rows);
    for (size_t x = 0; x < table->rows; x++) {
        const int32_t *found =
            bsearch(&values[x], classes, count, sizeof *classes, compare_integers);
        table->labels[x] = (uint32_t)(found - classes);
    }
    bp_status status = name_classes(column, classes, count, path, error);
    free(classes);
    return status;
}

bp_status bp_idx_read_labels(struct bp_table *table, struct bp_column *column, const char *path,
                             bp_error *error)
{
    struct bp_source *source;
    struct bp_idx_header header;
    int32_t *values = NULL;
    bp_status status = bp_source_open(&source, path, error);
    if (status != BP_OK)
        return status;
    if ((status = bp_idx_read_header(source, &header, error)) != BP_OK ||
        (status = check_labels(&header, table, path, error)) != BP_OK ||
        (status = bp_idx_read_integers(source, &header, &values, error)) != BP_OK)
        goto done;
    status = code_labels(table, column, values, path, error);
done:
    free(values);
    bp_source_close(source);
    return status;
}
