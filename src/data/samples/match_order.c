/*
 * Matching by position, where the model has no names from a file. A column is a run of cells then,
 * so that an image of 784 pixels and 784 columns of a text file are the same to a model.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "data/samples/match.h"
#include "data/table/columns.h"

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* The next cells of a sample, from *taken on, are those of a table column. There is room for them:
 * the caller has counted. */
static void take_column(const struct bp_match_task *task, size_t column, size_t *taken)
{
    const struct bp_column *source = &task->table->column[column];
    for (size_t c = 0; c < source->width; c++) {
        task->match->column[*taken] = column;
        task->match->cell[(*taken)++] = source->offset + c;
    }
}

/* IDX, NPY, FANN and arrays with another number of targets than the model: by their synthetic
 * names. */
static bp_status match_some_targets(const struct bp_match_task *task, size_t first, bp_error *error)
{
    const struct bp_table *table = task->table;
    const struct bp_schema *schema = task->schema;
    size_t targets = table->columns - first;
    struct bp_name_index index;
    if (!bp_table_index_names(table, first, &index))
        return bp_fail_memory(error, "the names of columns");
    bp_status status = BP_OK;
    for (size_t k = 0; !status && k < schema->target_columns; k++) {
        size_t found = bp_name_index_find(&index, bp_schema_targets(schema)[k].name);
        task->match->target[k] = found;
        if (found == SIZE_MAX)
            status =
                bp_fail(error, BP_ERROR_INPUT, "%s: a sample has %zu target%s, the model has %zu",
                        table->path, targets, plural(targets), schema->target_columns);
    }
    bp_name_index_release(&index);
    return status;
}

static bp_status match_fixed_targets(const struct bp_match_task *task, size_t first,
                                     bp_error *error)
{
    const struct bp_table *table = task->table;
    if (first == table->columns)
        return bp_fail(error, BP_ERROR_INPUT,
                       table->reader->takes_labels
                           ? "%s: there are no targets: give the file of labels (--labels)"
                           : "%s: there are no targets",
                       table->path);
    for (size_t k = 0; task->chosen && k < task->schema->target_columns; k++)
        task->match->target[k] = task->chosen[k];
    if (task->chosen)
        return BP_OK;
    if (table->columns - first != task->schema->target_columns)
        return match_some_targets(task, first, error);
    for (size_t k = 0; k < task->schema->target_columns; k++)
        task->match->target[k] = first + k;
    return BP_OK;
}

/* Formats that say what is an input and what a target; the inputs come first. */
static bp_status match_fixed_roles(const struct bp_match_task *task, bp_error *error)
{
    const struct bp_table *table = task->table;
    size_t inputs = 0, first = 0, taken = 0;
    for (; first < table->columns && table->column[first].role == BP_ROLE_INPUT; first++)
        inputs += table->column[first].width;
    if (inputs != task->match->cells)
        return bp_fail(error, BP_ERROR_INPUT, "%s: a sample has %zu input%s, the model needs %zu",
                       table->path, inputs, plural(inputs), task->match->cells);
    for (size_t k = 0; k < first; k++)
        take_column(task, k, &taken);
    while (first < table->columns && table->column[first].role == BP_ROLE_WEIGHT)
        first++;
    return task->match->target ? match_fixed_targets(task, first, error) : BP_OK;
}

/* Every column but the targets that the caller named is an input, in order. */
static void match_around(const struct bp_match_task *task)
{
    size_t taken = 0;
    for (size_t k = 0; k < task->columns; k++) {
        if (!bp_match_is_chosen(task, task->usable[k]))
            take_column(task, task->usable[k], &taken);
    }
    for (size_t k = 0; task->match->target && k < task->schema->target_columns; k++)
        task->match->target[k] = task->chosen[k];
}

struct rank {
    size_t position; /* in the training file */
    size_t index;    /* in the schema */
};

static int compare_ranks(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* All columns of the training file are there: each takes its place. */
static bp_status match_as_trained(const struct bp_match_task *task, bp_error *error)
{
    const struct bp_schema *schema = task->schema;
    size_t columns = schema->input_columns + schema->target_columns;
    struct rank *rank = bp_array_alloc(columns, sizeof *rank);
    size_t *first = bp_array_alloc(columns, sizeof *first);
    if (!rank || !first) {
        free(rank);
        free(first);
        return bp_fail_memory(error, "the columns of a model");
    }
    size_t cells = 0, next = 0;
    for (size_t k = 0; k < columns; k++) {
        rank[k] = (struct rank){.position = schema->column[k].position, .index = k};
        first[k] = cells;
        cells += k < schema->input_columns ? bp_schema_column_cells(&schema->column[k]) : 0;
    }
    qsort(rank, columns, sizeof *rank, compare_ranks);
    for (size_t r = 0; r < columns; r++) {
        size_t k = rank[r].index;
        if (k >= schema->input_columns) {
            if (task->match->target)
                task->match->target[k - schema->input_columns] = task->usable[next];
            next++;
            continue;
        }
        size_t taken = first[k];
        for (size_t c = bp_schema_column_cells(&schema->column[k]); c > 0; c--)
            take_column(task, task->usable[next++], &taken);
    }
    free(rank);
    free(first);
    return BP_OK;
}

bp_status bp_match_by_order(const struct bp_match_task *task, bp_error *error)
{
    if (task->table->reader->has_roles)
        return match_fixed_roles(task, error);
    size_t columns = task->columns;
    size_t inputs = task->match->cells, targets = task->schema->target_columns;
    if (task->chosen && columns == inputs + targets) {
        match_around(task);
        return BP_OK;
    }
    if (columns == inputs + targets)
        return match_as_trained(task, error);
    if (columns == inputs && !task->match->target && !task->chosen) {
        match_around(task);
        return BP_OK;
    }
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: there %s %zu column%s; the model, which was trained without names of "
                   "columns, needs %zu input%s and %zu target%s",
                   task->table->path, columns == 1 ? "is" : "are", columns, plural(columns), inputs,
                   plural(inputs), targets, plural(targets));
}
