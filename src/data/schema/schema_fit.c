/* Fits a schema to a training set: chooses roles and task, then looks at every column. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/schema/fit.h"
#include "data/schema/given_scaling.h"
#include "data/schema/row_weights.h"
#include "data/table/cells.h"
#include "data/table/classes.h"

struct work {
    const bp_dataset *dataset;
    struct bp_row_weights rows;       /* of the dataset: those that count */
    struct bp_row_weights vocabulary; /* the rows whose classes count */
    const struct bp_schema_options *options;
    bp_column_role *role;                    /* of each column of the table */
    struct bp_column_statistics *statistics; /* likewise */
    struct bp_given_scaling *given;          /* likewise */
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
    const struct bp_role_names names = {work->options->target, work->options->weight};
    bp_status status = bp_roles_choose(table, &names, work->role, error);
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
    return BP_OK;
}

/* What a schema has besides its columns, and the rows that count. */
static bp_status fill_frame(struct work *work, bp_error *error)
{
    const struct bp_table *table = work->dataset->table;
    struct bp_schema *schema = work->schema;
    schema->scale = work->options->scale;
    schema->missing = work->options->missing;
    schema->has_names = table->has_header;
    schema->file_columns = table->columns;
    size_t column;
    bp_status status = bp_row_weights_find(table, work->options->weight, &column, error);
    if (status)
        return status;
    if (work->options->weight) {
        const char *name = table->column[column].name;
        schema->weight = bp_text_copy(name, strlen(name));
        if (!schema->weight)
            return bp_fail_memory(error, "the names of columns");
    }
    const bp_dataset vocabulary = bp_dataset_vocabulary(work->dataset);
    status = bp_row_weights_read(&work->rows, work->dataset, column, error);
    if (!status)
        status = bp_row_weights_read(&work->vocabulary, &vocabulary, column, error);
    return status ? status : bp_reading_copy(&schema->reading, &table->reading, error);
}

/* Missing targets, and missing inputs if that is an error. */
static bp_status refuse_missing(const struct work *work, bp_error *error)
{
    const struct bp_schema *schema = work->schema;
    const bool inputs = schema->missing == BP_MISSING_ERROR;
    const size_t first = inputs ? 0 : schema->input_columns;
    const size_t count = schema->input_columns + schema->target_columns - first;
    size_t *columns = bp_array_alloc(count, sizeof *columns);
    if (!columns)
        return bp_fail_memory(error, "the columns of a model");
    for (size_t k = 0; k < count; k++)
        columns[k] = schema->column[first + k].position;
    bp_status status =
        bp_columns_refuse_missing(&work->rows.view, columns + (inputs ? schema->input_columns : 0),
                                  schema->target_columns, BP_MISSING_TARGET, error);
    if (!status && inputs)
        status = bp_columns_refuse_missing(&work->rows.view, columns, schema->input_columns,
                                           BP_MISSING_INPUT, error);
    free(columns);
    return status;
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
    const bool classes = schema->target_columns == 1 && !work->options->counts &&
                         bp_column_is_classes(&work->vocabulary.view, target->position);
    schema->task = classes ? BP_TASK_CLASSIFY : BP_TASK_REGRESS;
    return BP_OK;
}

static struct bp_fit describe(const struct work *work, const struct bp_schema_column *column)
{
    return (struct bp_fit){.dataset = &work->rows.view,
                           .weight = work->rows.weight,
                           .column = column->position,
                           .statistics = work->statistics[column->position]};
}

/* The same of a column whose names are to be known. */
static struct bp_fit describe_names(const struct work *work, const struct bp_schema_column *column)
{
    struct bp_fit fit = {.dataset = &work->vocabulary.view, .column = column->position};
    bp_columns_get_statistics(fit.dataset, NULL, fit.column, 1, &fit.statistics);
    return fit;
}

static bp_status fit_input(const struct work *work, struct bp_schema_column *column,
                           bp_error *error)
{
    const struct bp_fit fit = describe(work, column);
    if (get_column(work, column)->kind == BP_COLUMN_CATEGORY) {
        const bp_status status = bp_fit_categories(&fit, column, error);
        return status ? status : bp_fit_most_frequent(&fit, column, error);
    }
    const struct bp_given_scaling *given = &work->given[column->position];
    bp_status status = given->given ? bp_fit_given(&fit, given, column, error)
                                    : bp_fit_scaling(&fit, work->options->scale, column, error);
    if (!status && work->schema->missing != BP_MISSING_ERROR)
        status = bp_fit_fill(&fit, work->schema->missing, column, error);
    return status;
}

static bp_status fit_classes(const struct work *work, struct bp_schema_column *column,
                             bp_error *error)
{
    const struct bp_fit fit = describe_names(work, column);
    const char *path = work->dataset->table->path;
    if (work->given[column->position].given)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "scaling: column \"%s\" holds classes, not numbers", column->name);
    bp_status status = get_column(work, column)->kind == BP_COLUMN_CATEGORY
                           ? bp_fit_categories(&fit, column, error)
                           : bp_fit_integers(&fit, column, error);
    if (status)
        return status;
    if (column->neurons > BP_CLASSES_MAX)
        return bp_fail(
            error, BP_ERROR_INPUT,
            "%s: column \"%s\" has %zu distinct values, more than the %d classes allowed", path,
            column->name, column->neurons, BP_CLASSES_MAX);
    return BP_OK;
}

/* Numbers that are not below 0 and keep their scale. */
static bp_status fit_counts(const struct bp_fit *fit, struct bp_schema_column *column,
                            bp_error *error)
{
    if (fit->statistics.origin + fit->statistics.min < 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: column \"%s\" goes down to %g: the Poisson loss is for counts from 0",
                       fit->dataset->table->path, column->name,
                       fit->statistics.origin + fit->statistics.min);
    return bp_fit_scaling(fit, BP_SCALE_NONE, column, error);
}

/* What targets stay, or are scaled to as the user says, may be nothing for the loss. */
static bp_status check_shares(const struct bp_fit *fit, const struct bp_schema_column *column,
                              bp_error *error)
{
    const double ends[] = {fit->statistics.origin + fit->statistics.min,
                           fit->statistics.origin + fit->statistics.max};
    for (size_t k = 0; k < 2; k++) {
        const double neuron =
            (ends[k] - column->origin - (double)column->shift) * (double)column->scale;
        if (neuron < 0 || neuron > 1)
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: column \"%s\" has %g, a neuron value of %g: binary cross-entropy "
                           "is for values from 0 to 1",
                           fit->dataset->table->path, column->name, ends[k], neuron);
    }
    return BP_OK;
}

/* Scaling that does not follow from the rows. */
static bp_status fit_fixed(const struct work *work, const struct bp_fit *fit,
                           struct bp_schema_column *column, bp_error *error)
{
    const struct bp_given_scaling *given = &work->given[column->position];
    const bp_status status = given->given ? bp_fit_given(fit, given, column, error)
                                          : bp_fit_scaling(fit, BP_SCALE_NONE, column, error);
    return status || !work->options->shares ? status : check_shares(fit, column, error);
}

static bp_status fit_number(const struct work *work, struct bp_schema_column *column,
                            bp_error *error)
{
    const struct bp_schema_options *options = work->options;
    const double middle = ((double)options->low + (double)options->high) / 2;
    const struct bp_fit fit = describe(work, column);
    const bool given = work->given[column->position].given;
    if (options->counts && given)
        return bp_fail(
            error, BP_ERROR_ARGUMENT,
            "scaling: column \"%s\" is a target of the Poisson loss, which is not scaled",
            column->name);
    if (options->counts)
        return fit_counts(&fit, column, error);
    if (given || options->raw)
        return fit_fixed(work, &fit, column, error);
    if (options->shares && fit.statistics.origin + fit.statistics.min >= 0 &&
        fit.statistics.origin + fit.statistics.max <= 1)
        return bp_fit_scaling(&fit, BP_SCALE_NONE, column, error);
    if (fit.statistics.min == fit.statistics.max)
        return bp_fit_constant(&fit, options->bounded ? middle : 0, column, error);
    if (options->bounded)
        return bp_fit_range(&fit, options->low, options->high, column, error);
    return bp_fit_scaling(&fit, BP_SCALE_STANDARD, column, error);
}

static bp_status fit_targets(const struct work *work, bp_error *error)
{
    struct bp_schema *schema = work->schema;
    struct bp_schema_column *target = &schema->column[schema->input_columns];
    if (schema->task == BP_TASK_CLASSIFY)
        return fit_classes(work, target, error);
    bp_status status = BP_OK;
    for (size_t k = 0; !status && k < schema->target_columns; k++)
        status = fit_number(work, &target[k], error);
    return status;
}

static bp_status fit_schema(struct work *work, bp_error *error)
{
    const struct bp_table *table = work->dataset->table;
    work->role = calloc(table->columns, sizeof *work->role);
    work->statistics = bp_array_alloc(table->columns, sizeof *work->statistics);
    work->given = calloc(table->columns, sizeof *work->given);
    if (!work->role || !work->statistics || !work->given)
        return bp_fail_memory(error, "the columns of a model");
    bp_status status = list_columns(work, error);
    if (!status && work->options->scaling)
        status =
            bp_given_scaling_read(work->given, table, work->role, work->options->scaling, error);
    if (!status)
        status = fill_frame(work, error);
    if (!status)
        status = refuse_missing(work, error);
    if (status)
        return status;
    bp_columns_get_statistics(&work->rows.view, work->rows.weight, 0, table->columns,
                              work->statistics);
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
    bp_row_weights_release(&work.rows);
    bp_row_weights_release(&work.vocabulary);
    free(work.role);
    free(work.statistics);
    free(work.given);
    if (status) {
        bp_schema_free(work.schema);
        work.schema = NULL;
    }
    *out = work.schema;
    return status;
}
