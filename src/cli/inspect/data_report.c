/* Data as a list of fields. What training would do is found by creating the smallest model. */
#include "cli/inspect/data_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fields/fields.h"
#include "cli/fields/hint_fields.h"
#include "cli/fields/target_text.h"
#include "cli/terminal/numbers.h"

/* Classes that people see. */
#define CLASSES_SHOWN 20

/* As many values of a column as the library lists. */
#define VALUES_MAX 1000

struct summary {
    bp_dataset_info info;
    bp_column_info *column; /* info.columns */
    const char **role;      /* the same: what training would use it as; NULL: it refuses the file */
    size_t constants;       /* columns with one value only */
    size_t missing;         /* cells */
    bool trainable;
    bp_task task;                        /* if trainable */
    size_t targets, target;              /* how many columns, and the last of them */
    char taken[TARGET_TEXT_SIZE];        /* what training would take the target for */
    char problem[BP_ERROR_MESSAGE_SIZE]; /* why training would refuse the file */
    bp_model *model;                     /* the smallest one, or NULL */
    bp_dataset *seen;                    /* the rows that it was made for, or NULL */
};

static bool is_read(const bp_column_info *column)
{
    return column->role != BP_ROLE_IGNORED && column->role != BP_ROLE_ID;
}

static int describe_columns(struct summary *summary, const bp_dataset *dataset)
{
    summary->info = bp_dataset_get_info(dataset);
    summary->column = calloc(summary->info.columns, sizeof *summary->column);
    summary->role = calloc(summary->info.columns, sizeof *summary->role);
    if (!summary->column || !summary->role)
        return message_no_memory();
    for (size_t c = 0; c < summary->info.columns; c++) {
        bp_column_info *column = &summary->column[c];
        bp_error error;
        if (bp_dataset_describe(dataset, c, column, &error) != BP_OK)
            return message_error(&error);
        summary->constants += column->distinct == 1;
        summary->missing += column->missing;
        if (!is_read(column))
            summary->role[c] = column->role == BP_ROLE_ID ? "id" : "ignored";
    }
    return EXIT_DONE;
}

/* Whether column k of the model is called `name`. */
static bool is_called(const bp_model *model, size_t k, const char *name)
{
    bp_model_column column;
    return bp_model_get_column(model, k, &column, NULL) == BP_OK && strcmp(column.name, name) == 0;
}

/* Names are unique, and inputs as well as targets of the model are in the order of the file: the
 * next of either is all that a column can be. */
static void mark_roles(struct summary *summary, const bp_model *model)
{
    const bp_model_info info = bp_model_get_info(model);
    size_t input = 0, target = info.input_columns;
    summary->trainable = true;
    summary->task = info.task;
    summary->targets = info.target_columns;
    for (size_t c = 0; c < summary->info.columns; c++) {
        const char *name = summary->column[c].name;
        if (input < info.input_columns && is_called(model, input, name)) {
            summary->role[c] = "input";
            input++;
        } else if (is_called(model, target, name)) {
            summary->role[c] = "target";
            summary->target = c;
            target++;
        } else if (is_read(&summary->column[c])) {
            summary->role[c] = summary->info.has_roles ? "unused" : "weight";
        }
    }
}

static int try_training(struct summary *summary, const bp_dataset *dataset,
                        const bp_model_options *options)
{
    /* With one hidden neuron there are as many weights as inputs and outputs; without, as many as
     * their product. */
    bp_model_options smallest = *options;
    smallest.hidden_count = 1;
    smallest.hidden[0] = 1;
    bp_error error;
    bp_status status = bp_dataset_weighted(&summary->seen, dataset, options->weight, &error);
    if (status == BP_OK)
        status = bp_model_create(&summary->model, summary->seen, &smallest, &error);
    if (status == BP_OK) {
        mark_roles(summary, summary->model);
        if (!target_text_write(summary->taken, summary->model, summary->seen,
                               options->task != BP_TASK_AUTO))
            return message_no_memory();
    } else if (status == BP_ERROR_INPUT) {
        memcpy(summary->problem, error.message, sizeof summary->problem);
    } else {
        return message_error(&error);
    }
    return EXIT_DONE;
}

static void put_training(struct fields *out, const struct summary *summary)
{
    const char *name = summary->column[summary->target].name;
    fields_text(out, "task", NULL,
                summary->trainable ? bp_choice_name(BP_CHOICE_TASK, (int)summary->task) : NULL);
    fields_text(out, "problem", NULL, summary->trainable ? NULL : summary->problem);
    if (!summary->trainable)
        fields_line(out, "training", "would refuse it: %s", summary->problem);
    else if (summary->task == BP_TASK_CLASSIFY)
        fields_line(out, "training", "would learn the classes of \"%s\": %s", name, summary->taken);
    else if (summary->targets == 1)
        fields_line(out, "training", "would learn the numbers of \"%s\": %s", name, summary->taken);
    else
        fields_line(out, "training", "would learn the numbers of %zu columns", summary->targets);
}

static void put_facts(struct fields *out, const struct summary *summary)
{
    char bytes[NUMBER_TEXT_SIZE];
    const bp_dataset_info *info = &summary->info;
    fields_text(out, NULL, "file", info->path);
    fields_choice(out, "format", "format", BP_CHOICE_FORMAT, (int)info->format);
    if (info->may_have_header)
        fields_more(out, info->has_header ? ", first line is a header" : ", no header");
    fields_flag(out, "has_header", info->has_header);
    fields_count(out, "rows", "rows", info->rows);
    fields_line(out, "columns", "%zu, %zu constant", info->columns, summary->constants);
    fields_whole(out, "constant_columns", NULL, summary->constants);
    fields_count(out, "missing_cells", summary->missing > 0 ? "missing" : NULL, summary->missing);
    if (summary->missing > 0)
        fields_more(out, " cells");
    fields_line(out, "memory", "%s bytes", number_group((double)info->memory, bytes));
    if (info->mapped > 0)
        fields_more(out, ", and %s that stay in the file",
                    number_group((double)info->mapped, bytes));
    put_training(out, summary);
}

static void put_column(struct fields *out, const struct summary *summary, size_t c)
{
    const bp_column_info *column = &summary->column[c];
    const bool numbers = column->kind == BP_COLUMN_NUMBER && column->distinct > 0;
    fields_row(out);
    fields_whole(out, NULL, "#", c + 1);
    fields_text(out, "name", "column", column->name);
    fields_text(out, "kind", "kind",
                !is_read(column)                     ? ""
                : column->kind == BP_COLUMN_CATEGORY ? "category"
                : column->integral                   ? "integer"
                                                     : "number");
    fields_text(out, "role", "role", summary->role[c]);
    if (!out->json && numbers && column->distinct > VALUES_MAX)
        fields_line(out, "distinct", "> %d", VALUES_MAX);
    else
        fields_whole(out, "distinct", "distinct", column->distinct);
    if (out->json || is_read(column))
        fields_whole(out, "missing", "missing", column->missing);
    else
        fields_line(out, "missing", "%s", "");
    fields_flag(out, "constant", column->distinct == 1);
    fields_digits(out, "min", "min", 6, numbers ? column->min : (double)NAN);
    fields_digits(out, "max", "max", 6, numbers ? column->max : (double)NAN);
    fields_digits(out, "mean", "mean", 6, numbers ? column->mean : (double)NAN);
    fields_digits(out, "std", "std", 6, numbers ? column->std : (double)NAN);
    fields_text(out, NULL, "note", column->distinct == 1 ? "constant" : "");
}

/* Those of a target of classes; people see the first ones. */
static void put_classes(struct fields *out, const struct summary *summary,
                        const bp_dataset *dataset)
{
    bp_value_count *classes = calloc(VALUES_MAX, sizeof *classes);
    size_t count = 0;
    if (!classes)
        out->output.failed = true;
    else if (summary->trainable && summary->task == BP_TASK_CLASSIFY)
        count = bp_dataset_value_counts(dataset, summary->target, classes, VALUES_MAX);
    if (summary->trainable && summary->task == BP_TASK_CLASSIFY && count == 0)
        out->output.failed = true; /* no memory: a target has classes */
    fields_table(out, "classes", "\n");
    for (size_t k = 0; k < count && (out->json || k < CLASSES_SHOWN); k++) {
        char number[NUMBER_TEXT_SIZE];
        snprintf(number, sizeof number, "%" PRId64, classes[k].integer);
        fields_row(out);
        fields_text(out, "name", "class", classes[k].name ? classes[k].name : number);
        fields_count(out, "count", "rows", classes[k].count);
        fields_percent(out, NULL, "share", 1,
                       (double)classes[k].count / (double)summary->info.rows);
    }
    fields_close(out);
    if (count > CLASSES_SHOWN)
        fields_say(out, "... and %zu more\n", count - CLASSES_SHOWN);
    free(classes);
}

static int print_summary(const struct summary *summary, const bp_dataset *dataset, bool json)
{
    struct fields out = fields_begin(json, 10);
    out.output.digits = 9;
    out.none = "";
    put_facts(&out, summary);
    hint_fields_put(&out, summary->model, summary->seen);
    fields_table(&out, "columns", "\n");
    for (size_t c = 0; c < summary->info.columns; c++)
        put_column(&out, summary, c);
    fields_close(&out);
    put_classes(&out, summary, dataset);
    return fields_end(&out);
}

int data_report_print(const bp_dataset *dataset, const bp_model_options *options, bool json)
{
    struct summary summary = {0};
    int code = describe_columns(&summary, dataset);
    if (code == EXIT_DONE)
        code = try_training(&summary, dataset, options);
    if (code == EXIT_DONE)
        code = print_summary(&summary, dataset, json);
    bp_model_free(summary.model);
    bp_dataset_free(summary.seen);
    free(summary.column);
    free(summary.role);
    return code;
}
