/* Fits a schema to a training set: chooses roles and task, then looks at every column. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/cells.h"
#include "data/fit.h"

/* What BP_TASK_AUTO takes for classes. */
#define AUTO_CLASSES_MAX 100

struct work {
    const bp_dataset *dataset;
    const struct bp_schema_options *options;
    bp_column_role *role;       /* of each column of the table */
    struct bp_measure *measure; /* likewise */
    struct bp_schema *schema;
};

static const struct bp_column *get_column(const struct work *work,
                                          const struct bp_schema_column *column)
{
    return &work->dataset->table->column[column->position];
}

/* The columns of the schema, inputs first, each with name and position. */
static bp_status list_columns(struct work *work, bp_error *error)
{
    const struct bp_table *table = work->dataset->table;
    bp_status status = bp_roles_choose(table, work->options->target, work->role, error);
    if (status)
        return status;
    size_t inputs = 0, targets = 0;
    for (size_t k = 0; k < table->columns; k++) {
        inputs += work->role[k] == BP_ROLE_INPUT;
        targets += work->role[k] == BP_ROLE_TARGET;
    }
    work->schema = bp_schema_create(inputs, targets);
    if (!work->schema)
        return bp_fail_memory(error, "the columns of a model");
    struct bp_schema_column *input = work->schema->column, *target = input + inputs;
    for (size_t k = 0; k < table->columns; k++) {
        if (work->role[k] == BP_ROLE_UNKNOWN)
            continue;
        struct bp_schema_column *column = work->role[k] == BP_ROLE_INPUT ? input++ : target++;
        column->position = k;
        column->name = bp_text_copy(table->column[k].name, strlen(table->column[k].name));
        if (!column->name)
            return bp_fail_memory(error, "the names of columns");
    }
    work->schema->scale = work->options->scale;
    work->schema->has_names = table->format == BP_FORMAT_CSV && table->has_header;
    return BP_OK;
}

/* Whether the integers of a CSV column are few enough to be meant as classes. */
static bp_status looks_like_classes(const struct work *work, size_t column, bool *classes,
                                    bp_error *error)
{
    *classes = false;
    if (work->dataset->table->format != BP_FORMAT_CSV || !work->measure[column].integral)
        return BP_OK;
    float *values;
    size_t count;
    bp_status status = bp_column_distinct(work->dataset, column, &values, &count, error);
    if (status)
        return status;
    free(values);
    *classes = count <= AUTO_CLASSES_MAX;
    return BP_OK;
}

static bp_status choose_task(struct work *work, bp_error *error)
{
    struct bp_schema *schema = work->schema;
    const struct bp_schema_column *target = &schema->column[schema->input_columns];
    const char *path = work->dataset->table->path;
    bp_task wanted = work->options->task;
    if (schema->target_columns > 1 && wanted == BP_TASK_CLASSIFY)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: classes are read from one column, and there are %zu targets: name one "
                       "(--target) or let them be numbers",
                       path, schema->target_columns);
    if (get_column(work, target)->kind == BP_COLUMN_CATEGORY) {
        if (wanted == BP_TASK_REGRESS)
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: column \"%s\" holds categories, not numbers to predict", path,
                           target->name);
        wanted = BP_TASK_CLASSIFY;
    }
    schema->task = wanted;
    if (wanted != BP_TASK_AUTO)
        return BP_OK;
    bool classes = false;
    bp_status status = schema->target_columns > 1
                           ? BP_OK
                           : looks_like_classes(work, target->position, &classes, error);
    schema->task = classes ? BP_TASK_CLASSIFY : BP_TASK_REGRESS;
    return status;
}

static struct bp_fit look_at(const struct work *work, const struct bp_schema_column *column)
{
    return (struct bp_fit){.dataset = work->dataset,
                           .column = column->position,
                           .measure = work->measure[column->position]};
}

static bp_status fit_input(const struct work *work, struct bp_schema_column *column,
                           bp_error *error)
{
    const struct bp_fit fit = look_at(work, column);
    if (get_column(work, column)->kind == BP_COLUMN_CATEGORY)
        return bp_fit_categories(&fit, column, error);
    return bp_fit_scaling(&fit, work->options->scale, column, error);
}

static bp_status fit_classes(const struct work *work, struct bp_schema_column *column,
                             bp_error *error)
{
    const struct bp_fit fit = look_at(work, column);
    const char *path = work->dataset->table->path;
    bp_status status = get_column(work, column)->kind == BP_COLUMN_CATEGORY
                           ? bp_fit_categories(&fit, column, error)
                           : bp_fit_integers(&fit, column, error);
    if (status)
        return status;
    if (column->neurons < 2)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: column \"%s\" holds the single class \"%s\": there is nothing to learn",
                       path, column->name, column->category[0]);
    if (column->neurons > BP_CLASSES_MAX)
        return bp_fail(
            error, BP_ERROR_INPUT,
            "%s: column \"%s\" has %zu distinct values, more than the %d classes allowed", path,
            column->name, column->neurons, BP_CLASSES_MAX);
    return BP_OK;
}

static bp_status fit_number(const struct work *work, struct bp_schema_column *column,
                            bp_error *error)
{
    const struct bp_schema_options *options = work->options;
    const struct bp_fit fit = look_at(work, column);
    if (options->bounded)
        return bp_fit_range(&fit, options->low, options->high, column, error);
    return bp_fit_scaling(&fit, BP_SCALE_STANDARD, column, error);
}

/* At least one target must vary. */
static bp_status check_targets_vary(const struct work *work, bp_error *error)
{
    const struct bp_schema *schema = work->schema;
    const struct bp_schema_column *target = &schema->column[schema->input_columns];
    for (size_t k = 0; k < schema->target_columns; k++) {
        const struct bp_measure *measure = &work->measure[target[k].position];
        if (measure->minimum != measure->maximum)
            return BP_OK;
    }
    return bp_fail(
        error, BP_ERROR_INPUT, "%s: column \"%s\" is constant (%g): there is nothing to learn",
        work->dataset->table->path, target->name, work->measure[target->position].minimum);
}

static bp_status fit_targets(const struct work *work, bp_error *error)
{
    struct bp_schema *schema = work->schema;
    struct bp_schema_column *target = &schema->column[schema->input_columns];
    if (schema->task == BP_TASK_CLASSIFY)
        return fit_classes(work, target, error);
    bp_status status = check_targets_vary(work, error);
    for (size_t k = 0; !status && k < schema->target_columns; k++)
        status = fit_number(work, &target[k], error);
    return status;
}

static bp_status fit_schema(struct work *work, bp_error *error)
{
    const struct bp_table *table = work->dataset->table;
    work->role = calloc(table->columns, sizeof *work->role);
    work->measure = bp_array_alloc(table->columns, sizeof *work->measure);
    if (!work->role || !work->measure)
        return bp_fail_memory(error, "the columns of a model");
    bp_status status = list_columns(work, error);
    if (status)
        return status;
    bp_columns_measure(work->dataset, 0, table->columns, work->measure);
    if ((status = choose_task(work, error)))
        return status;
    for (size_t k = 0; k < work->schema->input_columns; k++) {
        if ((status = fit_input(work, &work->schema->column[k], error)))
            return status;
    }
    if ((status = fit_targets(work, error)))
        return status;
    return bp_schema_number(work->schema, table->path, error);
}

bp_status bp_schema_fit(struct bp_schema **out, const bp_dataset *dataset,
                        const struct bp_schema_options *options, bp_error *error)
{
    struct work work = {.dataset = dataset, .options = options};
    bp_status status = fit_schema(&work, error);
    free(work.role);
    free(work.measure);
    if (status) {
        bp_schema_free(work.schema);
        work.schema = NULL;
    }
    *out = work.schema;
    return status;
}
