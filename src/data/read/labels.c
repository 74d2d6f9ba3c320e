/* Only values that occur become classes, so that labels may be any integers. */
#include "data/read/labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/read/sent_file.h"
#include "data/table/columns.h"

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
    if (count > BP_CLASSES_MAX)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the labels have more than %d different values",
                       path, BP_CLASSES_MAX);
    if (!bp_column_set_classes(column, "label", count))
        return bp_fail_memory(error, "the names of the classes");
    for (size_t k = 0; k < count; k++)
        if (!(column->category[k] = bp_numbered_name("", classes[k])))
            return bp_fail_memory(error, "the names of the classes");
    return BP_OK;
}

/* The values become the indices of their classes. */
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

bp_status bp_labels_check_rows(const struct bp_table *table, const struct bp_items *items,
                               const char *path, bp_error *error)
{
    if (items->rows != table->rows)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file has %zu labels, but %s has %zu samples",
                       path, items->rows, table->path, table->rows);
    return BP_OK;
}

bp_status bp_labels_read_classes(struct bp_table *table, struct bp_source *source,
                                 const struct bp_items *items, bp_error *error)
{
    void *values;
    bp_status status = bp_items_read(items, source, BP_AS_INTEGERS, &values, error);
    if (status == BP_OK)
        status = code_labels(table, values, bp_source_path(source), error);
    free(values);
    return status;
}

/* The first format of labels where none recognizes the file: it knows what is wrong with it. */
static const struct bp_reader *find_reader(const struct bp_readers *readers,
                                           const struct bp_source *source)
{
    const struct bp_reader *first = NULL;
    size_t size;
    const unsigned char *head = bp_source_head(source, &size);
    for (size_t k = 0; k < readers->count; k++) {
        const struct bp_reader *reader = readers->row[k];
        if (!reader->read_labels)
            continue;
        if (reader->recognizes(bp_source_path(source), head, size))
            return reader;
        first = first ? first : reader;
    }
    return first;
}

bp_status bp_labels_read(struct bp_table *table, const struct bp_readers *readers,
                         const bp_read_options *options, bp_error *error)
{
    struct bp_source *source;
    struct bp_sent_file sent;
    bp_status status = bp_sent_file_open(&source, &sent, options->ranks, options->labels, error);
    if (status == BP_OK)
        status = find_reader(readers, source)->read_labels(table, source, error);
    bp_source_close(source);
    bp_sent_file_release(&sent);
    return status;
}
