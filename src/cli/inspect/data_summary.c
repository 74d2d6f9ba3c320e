/* The library itself is asked what training would do, by creating the smallest model it allows. */
#include "cli/inspect/data_summary.h"

#include <stdlib.h>
#include <string.h>

#include "cli/terminal/messages.h"

/* As many values of a column as the library counts. */
#define VALUES_MAX 1000

void data_summary_free(struct data_summary *summary)
{
    free(summary->classes);
    free(summary->target);
    free(summary->input);
    free(summary->column);
}

static int describe_columns(struct data_summary *summary, const bp_dataset *dataset)
{
    summary->info = bp_dataset_get_info(dataset);
    size_t columns = summary->info.columns;
    summary->column = calloc(columns, sizeof *summary->column);
    summary->target = calloc(columns, sizeof *summary->target);
    summary->input = calloc(columns, sizeof *summary->input);
    if (!summary->column || !summary->target || !summary->input)
        return message_no_memory();
    for (size_t c = 0; c < columns; c++) {
        bp_error error;
        if (bp_dataset_describe(dataset, c, &summary->column[c], &error) != BP_OK)
            return message_error(&error);
    }
    return EXIT_DONE;
}

/* Takes over what the model reads and predicts; names of columns are unique. */
static void mark_parts(struct data_summary *summary, const bp_model *model)
{
    bp_model_info info = bp_model_get_info(model);
    summary->trainable = true;
    summary->task = info.task;
    for (size_t k = 0; k < info.input_columns + info.target_columns; k++) {
        bool *part = k < info.input_columns ? summary->input : summary->target;
        bp_model_column column;
        if (bp_model_get_column(model, k, &column, NULL) != BP_OK)
            continue;
        for (size_t c = 0; c < summary->info.columns; c++)
            part[c] |= strcmp(summary->column[c].name, column.name) == 0;
    }
}

static int ask_training(struct data_summary *summary, const bp_dataset *dataset,
                        const bp_model_options *options)
{
    bp_model_options smallest = *options;
    smallest.hidden_count = 0;
    bp_model *model = NULL;
    bp_error error;
    bp_status status = bp_model_create(&model, dataset, &smallest, &error);
    if (status == BP_ERROR_INPUT) {
        memcpy(summary->problem, error.message, sizeof summary->problem);
        return EXIT_DONE;
    }
    if (status != BP_OK)
        return message_error(&error);
    mark_parts(summary, model);
    bp_model_free(model);
    return EXIT_DONE;
}

static int count_classes(struct data_summary *summary, const bp_dataset *dataset)
{
    size_t column = 0;
    while (column < summary->info.columns && !summary->target[column])
        column++;
    if (!summary->trainable || summary->task != BP_TASK_CLASSIFY || column == summary->info.columns)
        return EXIT_DONE;
    summary->classes = calloc(VALUES_MAX, sizeof *summary->classes);
    if (!summary->classes)
        return message_no_memory();
    summary->class_count = bp_dataset_value_counts(dataset, column, summary->classes, VALUES_MAX);
    return EXIT_DONE;
}

int data_summary_make(struct data_summary *summary, const bp_dataset *dataset,
                      const bp_model_options *options)
{
    *summary = (struct data_summary){0};
    int code = describe_columns(summary, dataset);
    if (code == EXIT_DONE)
        code = ask_training(summary, dataset, options);
    if (code == EXIT_DONE)
        code = count_classes(summary, dataset);
    return code;
}

size_t data_summary_constants(const struct data_summary *summary)
{
    size_t count = 0;
    for (size_t c = 0; c < summary->info.columns; c++)
        count += summary->column[c].distinct == 1;
    return count;
}

const char *data_summary_kind(const bp_column_info *column)
{
    if (column->role == BP_ROLE_IGNORED || column->role == BP_ROLE_ID)
        return "";
    if (column->kind == BP_COLUMN_CATEGORY)
        return "category";
    return column->integral ? "integer" : "number";
}

const char *data_summary_role(const struct data_summary *summary, size_t c)
{
    if (summary->column[c].role == BP_ROLE_IGNORED)
        return "ignored";
    if (summary->column[c].role == BP_ROLE_ID)
        return "id";
    if (summary->target[c])
        return "target";
    if (summary->input[c])
        return "input";
    if (!summary->trainable)
        return NULL;
    return summary->info.has_roles ? "unused" : "weight";
}

size_t data_summary_missing(const struct data_summary *summary)
{
    size_t count = 0;
    for (size_t c = 0; c < summary->info.columns; c++)
        count += summary->column[c].missing;
    return count;
}
