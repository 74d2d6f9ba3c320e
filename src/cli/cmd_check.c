/* batchprop check: what is in a data file. */
#include <inttypes.h>
#include <stdio.h>

#include "arguments.h"
#include "commands.h"
#include "data_options.h"
#include "data_summary.h"
#include "json_output.h"
#include "numbers.h"
#include "report.h"
#include "text_table.h"

/* Classes that people are shown; --json has up to 1000. */
#define CLASSES_SHOWN 20

/* Distinct numbers are counted up to here. */
#define DISTINCT_MAX 1000

static const char *const operands[] = {"DATA", NULL};

static const struct command_help help = {
    .name = "check",
    .summary = "Reads DATA as training would and shows its rows, columns, types, ranges, constant\n"
               "columns and classes, and what training would predict.",
    .usage = "DATA [OPTION...]",
    .operands = operands,
    .example = "  batchprop check iris.csv\n"
               "  batchprop check houses.csv --target price --task regress\n",
};

static const char *name_kind(const bp_column_info *column)
{
    if (column->kind == BP_COLUMN_CATEGORY)
        return "category";
    return column->integral ? "integer" : "number";
}

static const char *name_role(const struct data_summary *summary, size_t c)
{
    if (summary->target[c])
        return "target";
    return summary->trainable ? "input" : NULL;
}

static json_t *pack_column(const struct data_summary *summary, size_t c)
{
    const bp_column_info *column = &summary->column[c];
    bool numbers = column->kind == BP_COLUMN_NUMBER;
    return json_pack("{s:s, s:s, s:s?, s:o, s:b, s:o, s:o, s:o, s:o}", "name", column->name,
                     "kind", name_kind(column), "role", name_role(summary, c), "distinct",
                     json_output_whole(column->distinct), "constant", column->distinct == 1,
                     "minimum", numbers ? json_output_real(column->minimum) : json_null(),
                     "maximum", numbers ? json_output_real(column->maximum) : json_null(), "mean",
                     numbers ? json_output_real(column->mean) : json_null(), "deviation",
                     numbers ? json_output_real(column->deviation) : json_null());
}

static json_t *pack_columns(const struct data_summary *summary)
{
    json_t *columns = json_array();
    for (size_t c = 0; c < summary->info.columns; c++) {
        if (json_array_append_new(columns, pack_column(summary, c)) != 0) {
            json_decref(columns);
            return NULL;
        }
    }
    return columns;
}

static void write_class(const bp_value_count *value, char *text, size_t size)
{
    if (value->name)
        snprintf(text, size, "%s", value->name);
    else
        snprintf(text, size, "%.9g", value->number);
}

static json_t *pack_classes(const struct data_summary *summary)
{
    json_t *classes = json_array();
    for (size_t k = 0; k < summary->class_count; k++) {
        const bp_value_count *value = &summary->classes[k];
        char number[NUMBER_TEXT_SIZE];
        snprintf(number, sizeof number, "%.9g", value->number);
        json_t *item = json_pack("{s:s, s:o}", "name", value->name ? value->name : number, "count",
                                 json_output_whole(value->count));
        if (json_array_append_new(classes, item) != 0) {
            json_decref(classes);
            return NULL;
        }
    }
    return classes;
}

static int print_json(const struct data_summary *summary)
{
    struct json_output json = json_output_begin();
    json.digits = 9;
    const char *format = bp_choice_name(BP_CHOICE_FORMAT, (int)summary->info.format);
    const char *task = bp_choice_name(BP_CHOICE_TASK, (int)summary->task);
    json_output_add(&json, "format", json_string(format));
    json_output_add(&json, "has_header", json_boolean(summary->info.has_header));
    json_output_add(&json, "rows", json_output_whole(summary->info.rows));
    json_output_add(&json, "columns", pack_columns(summary));
    json_output_add(&json, "constant_columns",
                    json_output_whole(data_summary_constants(summary)));
    json_output_add(&json, "task", summary->trainable ? json_string(task) : json_null());
    json_output_add(&json, "classes", pack_classes(summary));
    json_output_add(&json, "problem",
                    summary->trainable ? json_null() : json_string(summary->problem));
    return json_output_print(&json);
}

static void add_column(struct text_table *table, const struct data_summary *summary, size_t c)
{
    const bp_column_info *column = &summary->column[c];
    const char *role = name_role(summary, c);
    text_table_add(table, "%zu", c + 1);
    text_table_add(table, "%s", column->name);
    text_table_add(table, "%s", name_kind(column));
    text_table_add(table, "%s", role ? role : "");
    if (column->kind == BP_COLUMN_NUMBER && column->distinct > DISTINCT_MAX)
        text_table_add(table, "> %d", DISTINCT_MAX);
    else
        text_table_add(table, "%zu", column->distinct);
    const double facts[] = {column->minimum, column->maximum, column->mean, column->deviation};
    for (size_t k = 0; k < sizeof facts / sizeof facts[0]; k++) {
        if (column->kind == BP_COLUMN_NUMBER)
            text_table_add(table, "%.6g", facts[k]);
        else
            text_table_add(table, "%s", "");
    }
    text_table_add(table, "%s", column->distinct == 1 ? "constant" : "");
}

static void add_columns(struct text_table *table, const struct data_summary *summary)
{
    static const char *const titles[] = {"#",       "column",  "kind", "role",      "distinct",
                                         "minimum", "maximum", "mean", "deviation", "note"};
    for (size_t k = 0; k < sizeof titles / sizeof titles[0]; k++)
        text_table_add(table, "%s", titles[k]);
    for (size_t c = 0; c < summary->info.columns; c++)
        add_column(table, summary, c);
}

static void add_classes(struct text_table *table, const struct data_summary *summary)
{
    text_table_add(table, "class");
    text_table_add(table, "rows");
    text_table_add(table, "share");
    for (size_t k = 0; k < summary->class_count && k < CLASSES_SHOWN; k++) {
        char name[256];
        write_class(&summary->classes[k], name, sizeof name);
        size_t count = summary->classes[k].count;
        text_table_add(table, "%s", name);
        text_table_add(table, "%zu", count);
        text_table_add(table, "%.1f %%", 100 * (double)count / (double)summary->info.rows);
    }
}

static void print_training(const struct data_summary *summary)
{
    size_t targets = 0, last = 0;
    for (size_t c = 0; c < summary->info.columns; c++) {
        targets += summary->target[c];
        last = summary->target[c] ? c : last;
    }
    if (!summary->trainable)
        printf("training  would refuse it: %s\n\n", summary->problem);
    else if (summary->task == BP_TASK_CLASSIFY)
        printf("training  would learn the classes of \"%s\"\n\n", summary->column[last].name);
    else if (targets == 1)
        printf("training  would learn the numbers of \"%s\"\n\n", summary->column[last].name);
    else
        printf("training  would learn the numbers of %zu columns\n\n", targets);
}

static void print_facts(const struct data_summary *summary)
{
    char rows[NUMBER_TEXT_SIZE], memory[NUMBER_TEXT_SIZE];
    const bp_dataset_info *info = &summary->info;
    size_t constants = data_summary_constants(summary);
    printf("file      %s\n", info->path);
    printf("format    %s%s\n", bp_choice_name(BP_CHOICE_FORMAT, (int)info->format),
           info->format != BP_FORMAT_CSV ? ""
           : info->has_header            ? ", first line is a header"
                                         : ", no header");
    printf("rows      %s\n", number_group((double)info->rows, rows));
    printf("columns   %zu, %zu constant\n", info->columns, constants);
    printf("memory    %s bytes\n", number_group((double)info->memory, memory));
    print_training(summary);
}

static int print_text(const struct data_summary *summary)
{
    struct text_table *columns = text_table_create("rlllrrrrrl");
    struct text_table *classes = text_table_create("lrr");
    bool done = columns && classes;
    if (done) {
        add_columns(columns, summary);
        add_classes(classes, summary);
        print_facts(summary);
        done = text_table_print(columns);
    }
    if (done && summary->class_count > 0) {
        putchar('\n');
        done = text_table_print(classes);
        if (summary->class_count > CLASSES_SHOWN)
            printf("... and %zu more\n", summary->class_count - CLASSES_SHOWN);
    }
    text_table_free(columns);
    text_table_free(classes);
    return done ? EXIT_DONE : report_no_memory();
}

struct check_options {
    const char *target;
    int task;
    bool json;
    struct data_options data;
};

static int check(const struct check_options *options, const char *path)
{
    bp_dataset *dataset = NULL;
    int code = data_options_read(&options->data, path, options->data.read.labels, &dataset);
    if (code != EXIT_DONE)
        return code;
    bp_model_options model = bp_model_options_default();
    model.target = options->target;
    model.task = (bp_task)options->task;
    struct data_summary summary;
    code = data_summary_make(&summary, dataset, &model);
    if (code == EXIT_DONE)
        code = options->json ? print_json(&summary) : print_text(&summary);
    data_summary_free(&summary);
    bp_dataset_free(dataset);
    return code;
}

int command_check(int argc, char **argv)
{
    struct check_options options = {.task = (int)bp_model_options_default().task};
    data_options_init(&options.data);
    struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "target",
         .value = &options.target,
         .argument = "COLUMN",
         .help = "CSV: the column to predict, by name or number from 1 (default: the last)"},
        {.kind = OPTION_CHOICE,
         .name = "task",
         .value = &options.task,
         .argument = "NAME",
         .choice = BP_CHOICE_TASK,
         .help = "whether the target holds classes or numbers"},
        {.kind = OPTION_FLAG,
         .name = "json",
         .value = &options.json,
         .help = "print the result as one JSON object"},
        {.kind = OPTION_END},
    };
    const struct option_group groups[] = {
        {"Checking:", table}, {"Reading the data:", options.data.table}, {NULL, NULL}};
    struct arguments *arguments = NULL;
    int code = arguments_parse(&arguments, &help, groups, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    code = check(&options, arguments_operand(arguments, 0));
    arguments_free(arguments);
    return code;
}
