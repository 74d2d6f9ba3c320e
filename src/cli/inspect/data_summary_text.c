/* A summary of data for people. */
#include "cli/inspect/data_summary.h"

#include <stdio.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/text_table.h"

/* Classes that are shown; JSON has up to 1000. */
#define CLASSES_SHOWN 20

/* Distinct numbers are counted up to here. */
#define DISTINCT_MAX 1000

static void write_class(const bp_value_count *value, char *text, size_t size)
{
    if (value->name)
        snprintf(text, size, "%s", value->name);
    else
        snprintf(text, size, "%.9g", value->number);
}

static void add_column(struct text_table *table, const struct data_summary *summary, size_t c)
{
    const bp_column_info *column = &summary->column[c];
    const char *role = data_summary_role(summary, c);
    text_table_add(table, "%zu", c + 1);
    text_table_add(table, "%s", column->name);
    text_table_add(table, "%s", data_summary_kind(column));
    text_table_add(table, "%s", role ? role : "");
    if (column->kind == BP_COLUMN_NUMBER && column->distinct > DISTINCT_MAX)
        text_table_add(table, "> %d", DISTINCT_MAX);
    else
        text_table_add(table, "%zu", column->distinct);
    if (column->role == BP_ROLE_IGNORED || column->role == BP_ROLE_ID)
        text_table_add(table, "%s", "");
    else
        text_table_add(table, "%zu", column->missing);
    const double facts[] = {column->min, column->max, column->mean, column->std};
    for (size_t k = 0; k < sizeof facts / sizeof facts[0]; k++) {
        if (column->kind == BP_COLUMN_NUMBER && column->distinct > 0)
            text_table_add(table, "%.6g", facts[k]);
        else
            text_table_add(table, "%s", "");
    }
    text_table_add(table, "%s", column->distinct == 1 ? "constant" : "");
}

static void add_columns(struct text_table *table, const struct data_summary *summary)
{
    static const char *const titles[] = {"#",        "column",    "kind",    "role",
                                         "distinct", "missing",   "minimum", "maximum",
                                         "mean",     "deviation", "note"};
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
        char name[256], rows[NUMBER_TEXT_SIZE];
        write_class(&summary->classes[k], name, sizeof name);
        size_t count = summary->classes[k].count;
        text_table_add(table, "%s", name);
        text_table_add(table, "%s", number_group((double)count, rows));
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
    char rows[NUMBER_TEXT_SIZE], memory[NUMBER_TEXT_SIZE], missing[NUMBER_TEXT_SIZE];
    const bp_dataset_info *info = &summary->info;
    size_t constants = data_summary_constants(summary);
    printf("file      %s\n", info->path);
    printf("format    %s%s\n", bp_choice_name(BP_CHOICE_FORMAT, (int)info->format),
           info->format != BP_FORMAT_CSV ? ""
           : info->has_header            ? ", first line is a header"
                                         : ", no header");
    printf("rows      %s\n", number_group((double)info->rows, rows));
    printf("columns   %zu, %zu constant\n", info->columns, constants);
    if (data_summary_missing(summary) > 0)
        printf("missing   %s cells\n",
               number_group((double)data_summary_missing(summary), missing));
    printf("memory    %s bytes", number_group((double)info->memory, memory));
    if (info->mapped > 0)
        printf(", and %s that stay in the file", number_group((double)info->mapped, memory));
    printf("\n");
    print_training(summary);
}

int data_summary_print_text(const struct data_summary *summary)
{
    struct text_table *columns = text_table_create("rlllrrrrrrl");
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
    return done ? EXIT_DONE : message_no_memory();
}
