/* Matching by name, where the model's names come from a file; and the choice between the two ways.
 */
#include "data/match.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/cells.h"
#include "data/fit.h"
#include "data/names.h"

static bool is_of_model(const struct bp_schema *schema, const char *name)
{
    for (size_t k = 0; k < schema->input_columns + schema->target_columns; k++)
        if (strcmp(schema->column[k].name, name) == 0)
            return true;
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
    return bp_fail(error, BP_ERROR_INPUT, "%s: column \"%s\" is missing, %s of the model",
                   task->table->path, column->name, what);
}

static bp_status match_inputs_by_name(const struct bp_match_task *task,
                                      const struct bp_name_index *index, bp_error *error)
{
    const struct bp_table *table = task->table;
    size_t next = 0;
    for (size_t k = 0; k < task->schema->input_columns; k++) {
        const struct bp_schema_column *column = &task->schema->column[k];
        size_t found = bp_name_index_find(index, column->name);
        if (found == SIZE_MAX)
            return fail_missing(task, index, column, error);
        if (found == task->chosen)
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

static bp_status match_targets_by_name(const struct bp_match_task *task,
                                       const struct bp_name_index *index, bp_error *error)
{
    const struct bp_schema_column *target = bp_schema_targets(task->schema);
    for (size_t k = 0; k < task->schema->target_columns; k++) {
        size_t found =
            task->chosen != SIZE_MAX ? task->chosen : bp_name_index_find(index, target[k].name);
        if (found == SIZE_MAX)
            return fail_missing(task, index, &target[k], error);
        task->match->target[k] = found;
    }
    return BP_OK;
}

static bp_status match_by_name(const struct bp_match_task *task, bp_error *error)
{
    const struct bp_table *table = task->table;
    if (bp_format_takes_labels(table->format) || table->format == BP_FORMAT_FANN)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: a file of this format has no names of columns, and the model finds its "
                       "columns by name (\"%s\" and so on)",
                       table->path, task->schema->column[0].name);
    if (table->format != BP_FORMAT_CSV || !table->has_header)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: there is no header, and the model finds its columns by name (\"%s\" "
                       "and so on): add a first line with the names",
                       table->path, task->schema->column[0].name);
    struct bp_name_index index;
    if (!bp_name_index_create(&index, table->columns))
        return bp_fail_memory(error, "the names of columns");
    for (size_t k = 0; k < table->columns; k++)
        bp_name_index_add(&index, table->column[k].name, k);
    bp_name_index_sort(&index);
    bp_status status = match_inputs_by_name(task, &index, error);
    if (!status && task->match->target)
        status = match_targets_by_name(task, &index, error);
    bp_name_index_release(&index);
    return status;
}

/* The column that the caller names as the target. */
static bp_status choose_target(const struct bp_schema *schema, const struct bp_table *table,
                               const char *target, size_t *chosen, bp_error *error)
{
    bp_status status = bp_table_find(table, target, chosen, error);
    if (status)
        return status;
    if (schema->target_columns != 1)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "the model has %zu targets, so that no single column can be named as the "
                       "target",
                       schema->target_columns);
    if (bp_table_has_roles(table) && table->column[*chosen].role != BP_ROLE_TARGET)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: column \"%s\" is an input, it cannot be the target", table->path,
                       table->column[*chosen].name);
    return BP_OK;
}

bp_status bp_match_create(struct bp_match *match, const struct bp_schema *schema,
                          const struct bp_table *table, const char *target,
                          enum bp_need_targets targets, bp_error *error)
{
    *match = (struct bp_match){0};
    struct bp_match_task task = {match, schema, table, SIZE_MAX};
    bp_status status = BP_OK;
    if (target) {
        if ((status = choose_target(schema, table, target, &task.chosen, error)))
            return status;
    }
    for (size_t k = 0; k < schema->input_columns; k++)
        match->cells += bp_schema_column_cells(&schema->column[k]);
    match->cell = bp_array_alloc(match->cells, sizeof *match->cell);
    match->column = bp_array_alloc(match->cells, sizeof *match->column);
    if (targets == BP_TARGETS_REQUIRED)
        match->target = bp_array_alloc(schema->target_columns, sizeof *match->target);
    if (!match->cell || !match->column || (targets == BP_TARGETS_REQUIRED && !match->target))
        status = bp_fail_memory(error, "the columns of a model");
    else if (schema->has_names)
        status = match_by_name(&task, error);
    else
        status = bp_match_by_order(&task, error);
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
