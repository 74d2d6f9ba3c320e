/* Matching by name, where the model's names come from a file; and the choice between the two ways.
 */
#include "data/samples/match.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/schema/fit.h"
#include "data/table/cells.h"
#include "data/table/columns.h"
#include "data/text/number.h"

static bool is_of_model(const struct bp_schema *schema, const char *name)
{
    for (size_t k = 0; k < schema->input_columns + schema->target_columns; k++)
        if (strcmp(schema->column[k].name, name) == 0)
            return true;
    return false;
}

/* Whether the names may be data. */
static bool has_number_as_name(const struct bp_table *table)
{
    float ignored;
    for (size_t c = 0; table->has_header && c < table->columns; c++) {
        const char *name = table->column[c].name;
        if (bp_number_parse(name, strlen(name), &ignored) == BP_NUMBER_OK)
            return true;
    }
    return false;
}

static bp_status fail_missing(const struct bp_match_task *task, const struct bp_name_index *index,
                              const struct bp_schema_column *column, bp_error *error)
{
    const char *what = column->role == BP_ROLE_TARGET ? "target" : "input";
    const char *nearest = bp_name_index_nearest(index, column->name);
    if (nearest && !is_of_model(task->schema, nearest))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: column \"%s\" is missing, %s of the model: is it called \"%s\"?",
                       task->table->path, column->name, what, nearest);
    return bp_fail(error, BP_ERROR_INPUT, "%s: column \"%s\" is missing, %s of the model%s",
                   task->table->path, column->name, what,
                   has_number_as_name(task->table)
                       ? ": the first line was read as the names of the columns, because the model "
                         "finds them by name; if it holds data, add one with the names"
                       : "");
}

static bp_status match_inputs_by_name(const struct bp_match_task *task,
                                      const struct bp_name_index *index, bp_error *error)
{
    const struct bp_table *table = task->table;
    size_t next = 0;
    for (size_t k = 0; k < task->schema->input_columns; k++) {
        const struct bp_schema_column *column = &task->schema->column[k];
        size_t found = bp_name_index_find(index, column->name);
        if (found == SIZE_MAX ||
            (table->reader->has_roles && table->column[found].role != BP_ROLE_INPUT))
            return fail_missing(task, index, column, error);
        if (!bp_column_is_read(&table->column[found]))
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "%s: column \"%s\" is an input of the model, it cannot be %s",
                           table->path, column->name,
                           table->column[found].role == BP_ROLE_ID ? "the id" : "ignored");
        if (bp_match_is_chosen(task, found))
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "%s: column \"%s\" is an input of the model, it cannot be the target",
                           table->path, column->name);
        if (table->column[found].width != bp_schema_column_cells(column))
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: column \"%s\" has %zu cells, the model needs %zu", table->path,
                           column->name, table->column[found].width,
                           bp_schema_column_cells(column));
        for (size_t c = 0; c < table->column[found].width; c++) {
            task->match->column[next] = found;
            task->match->cell[next++] = table->column[found].offset + c;
        }
    }
    return BP_OK;
}

/* Target k of those that have no names beside named inputs, if they are as many as the model's; or
 * SIZE_MAX. */
static size_t find_unnamed_target(const struct bp_match_task *task, size_t k)
{
    const struct bp_table *table = task->table;
    size_t targets = 0, found = SIZE_MAX;
    for (size_t c = 0; c < table->columns; c++) {
        if (table->column[c].role != BP_ROLE_TARGET || !table->column[c].unnamed)
            continue;
        found = targets == k ? c : found;
        targets++;
    }
    return targets == task->schema->target_columns ? found : SIZE_MAX;
}

static bp_status match_targets_by_name(const struct bp_match_task *task,
                                       const struct bp_name_index *index, bp_error *error)
{
    const struct bp_schema_column *target = bp_schema_targets(task->schema);
    for (size_t k = 0; k < task->schema->target_columns; k++) {
        size_t found = task->chosen ? task->chosen[k] : bp_name_index_find(index, target[k].name);
        if (found == SIZE_MAX)
            found = find_unnamed_target(task, k);
        if (found == SIZE_MAX)
            return fail_missing(task, index, &target[k], error);
        if (!bp_column_is_read(&task->table->column[found]))
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "%s: column \"%s\" is a target of the model, it cannot be %s",
                           task->table->path, target[k].name,
                           task->table->column[found].role == BP_ROLE_ID ? "the id" : "ignored");
        task->match->target[k] = found;
    }
    return BP_OK;
}

static bp_status match_by_name(const struct bp_match_task *task, bp_error *error)
{
    const struct bp_table *table = task->table;
    if (table->reader->read && !table->reader->may_have_header)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: a file of this format has no names of columns, and the model finds its "
                       "columns by name (\"%s\" and so on)",
                       table->path, task->schema->column[0].name);
    if (!table->has_header)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: there is no header, and the model finds its columns by name (\"%s\" "
                       "and so on): add a first line with the names",
                       table->path, task->schema->column[0].name);
    struct bp_name_index index;
    if (!bp_table_index_names(table, 0, &index))
        return bp_fail_memory(error, "the names of columns");
    bp_status status = match_inputs_by_name(task, &index, error);
    if (!status && task->match->target)
        status = match_targets_by_name(task, &index, error);
    bp_name_index_release(&index);
    return status;
}

/* The columns that the caller names as the targets; freed with free(). */
static bp_status choose_targets(struct bp_match_task *task, const char *target, bp_error *error)
{
    const struct bp_table *table = task->table;
    size_t count;
    bp_status status = bp_table_find_list(table, target, &task->chosen, &count, error);
    if (status)
        return status;
    if (count != task->schema->target_columns)
        return bp_fail(
            error, BP_ERROR_ARGUMENT, "the model has %zu target%s, and %zu column%s named for %s",
            task->schema->target_columns, task->schema->target_columns == 1 ? "" : "s", count,
            count == 1 ? " is" : "s are", task->schema->target_columns == 1 ? "it" : "them");
    task->is_chosen = calloc(table->columns, sizeof *task->is_chosen);
    if (!task->is_chosen)
        return bp_fail_memory(error, "the columns of a model");
    for (size_t k = 0; k < count; k++)
        task->is_chosen[task->chosen[k]] = true;
    for (size_t k = 0; table->reader->has_roles && !status && k < count; k++)
        status = bp_target_check(table, task->chosen[k], error);
    return status;
}

/* Columns are counted where they have no names; then what is ignored, the id and the weights have
 * to be left out first. */
static bool list_usable(struct bp_match_task *task)
{
    const struct bp_schema *schema = task->schema;
    const struct bp_table *table = task->table;
    task->usable = bp_array_alloc(table->columns, sizeof *task->usable);
    for (size_t k = 0; task->usable && k < table->columns; k++) {
        const bool weight = schema->weight && strcmp(table->column[k].name, schema->weight) == 0;
        if (bp_column_is_read(&table->column[k]) && !weight)
            task->usable[task->columns++] = k;
    }
    return task->usable != NULL;
}

/* Indicators are cells of the network, not of a table: they are inserted after their columns. */
static bool add_indicators(struct bp_match *match, const struct bp_schema *schema)
{
    size_t indicators = 0, from = 0, to = 0;
    for (size_t k = 0; k < schema->input_columns; k++)
        indicators += schema->column[k].indicator;
    if (indicators == 0)
        return true;
    struct bp_match with = {.cells = match->cells + indicators};
    with.cell = bp_array_alloc(with.cells, sizeof *with.cell);
    with.column = bp_array_alloc(with.cells, sizeof *with.column);
    if (!with.cell || !with.column) {
        bp_match_release(&with);
        return false;
    }
    for (size_t k = 0; k < schema->input_columns; k++) {
        const struct bp_schema_column *column = &schema->column[k];
        for (size_t c = bp_schema_column_cells(column); c > 0; c--) {
            with.cell[to] = match->cell[from];
            with.column[to++] = match->column[from++];
        }
        if (!column->indicator)
            continue;
        with.cell[to] = match->cell[from - 1];
        with.column[to++] = match->column[from - 1];
    }
    free(match->cell);
    free(match->column);
    with.target = match->target;
    *match = with;
    return true;
}

static bp_status match_columns(struct bp_match_task *task, enum bp_need_targets targets,
                               bp_error *error)
{
    struct bp_match *match = task->match;
    const struct bp_schema *schema = task->schema;
    const bool required = targets != BP_TARGETS_UNUSED;
    /* Arrays in memory are in the order of the model unless they have names. */
    const bool by_name =
        schema->has_names && (task->table->reader->read || task->table->has_header);
    for (size_t k = 0; k < schema->input_columns; k++)
        match->cells += bp_schema_column_cells(&schema->column[k]);
    match->cell = bp_array_alloc(match->cells, sizeof *match->cell);
    match->column = bp_array_alloc(match->cells, sizeof *match->column);
    if (required)
        match->target = bp_array_alloc(schema->target_columns, sizeof *match->target);
    if (!match->cell || !match->column || (required && !match->target) || !list_usable(task))
        return bp_fail_memory(error, "the columns of a model");
    bp_status status = by_name ? match_by_name(task, error) : bp_match_by_order(task, error);
    if (!status && !add_indicators(match, schema))
        status = bp_fail_memory(error, "the columns of a model");
    return status;
}

bp_status bp_match_create(struct bp_match *match, const struct bp_schema *schema,
                          const struct bp_table *table, const char *target,
                          enum bp_need_targets targets, bp_error *error)
{
    *match = (struct bp_match){0};
    struct bp_match_task task = {.match = match, .schema = schema, .table = table};
    bp_status status = target ? choose_targets(&task, target, error) : BP_OK;
    if (!status)
        status = match_columns(&task, targets, error);
    free(task.chosen);
    free(task.is_chosen);
    free(task.usable);
    if (status)
        bp_match_release(match);
    return status;
}

void bp_match_release(struct bp_match *match)
{
    free(match->cell);
    free(match->column);
    free(match->target);
    *match = (struct bp_match){0};
}
