/* A summary of data as a list of fields. */
#include <math.h>

#include "cli/inspect/data_summary.h"
#include "cli/terminal/fields.h"
#include "cli/terminal/numbers.h"

/* Classes that people see; JSON has up to 1000. */
#define CLASSES_SHOWN 20

/* Distinct numbers are counted up to here. */
#define DISTINCT_MAX 1000

static void put_training(struct fields *out, const struct data_summary *summary)
{
    size_t targets = 0, last = 0;
    for (size_t c = 0; c < summary->info.columns; c++) {
        targets += summary->target[c];
        last = summary->target[c] ? c : last;
    }
    const char *name = summary->column[last].name;
    if (!summary->trainable)
        fields_line(out, "training", "would refuse it: %s", summary->problem);
    else if (summary->task == BP_TASK_CLASSIFY)
        fields_line(out, "training", "would learn the classes of \"%s\"", name);
    else if (targets == 1)
        fields_line(out, "training", "would learn the numbers of \"%s\"", name);
    else
        fields_line(out, "training", "would learn the numbers of %zu columns", targets);
}

static void put_facts(struct fields *out, const struct data_summary *summary)
{
    char bytes[NUMBER_TEXT_SIZE];
    const bp_dataset_info *info = &summary->info;
    const size_t constants = data_summary_constants(summary);
    const size_t missing = data_summary_missing(summary);
    fields_text(out, NULL, "file", info->path);
    fields_choice(out, "format", "format", BP_CHOICE_FORMAT, (int)info->format);
    if (info->may_have_header)
        fields_more(out, info->has_header ? ", first line is a header" : ", no header");
    fields_flag(out, "has_header", info->has_header);
    fields_count(out, "rows", "rows", info->rows);
    fields_line(out, "columns", "%zu, %zu constant", info->columns, constants);
    fields_whole(out, "constant_columns", NULL, constants);
    fields_count(out, "missing_cells", missing > 0 ? "missing" : NULL, missing);
    if (missing > 0)
        fields_more(out, " cells");
    fields_line(out, "memory", "%s bytes", number_group((double)info->memory, bytes));
    if (info->mapped > 0)
        fields_more(out, ", and %s that stay in the file",
                    number_group((double)info->mapped, bytes));
    fields_text(out, "task", NULL,
                summary->trainable ? bp_choice_name(BP_CHOICE_TASK, (int)summary->task) : NULL);
    fields_text(out, "problem", NULL, summary->trainable ? NULL : summary->problem);
    put_training(out, summary);
}

static void put_column(struct fields *out, const struct data_summary *summary, size_t c)
{
    const bp_column_info *column = &summary->column[c];
    const bool numbers = column->kind == BP_COLUMN_NUMBER && column->distinct > 0;
    const bool is_read = column->role != BP_ROLE_IGNORED && column->role != BP_ROLE_ID;
    fields_row(out);
    fields_whole(out, NULL, "#", c + 1);
    fields_text(out, "name", "column", column->name);
    fields_text(out, "kind", "kind", data_summary_kind(column));
    fields_text(out, "role", "role", data_summary_role(summary, c));
    if (!out->json && numbers && column->distinct > DISTINCT_MAX)
        fields_line(out, "distinct", "> %d", DISTINCT_MAX);
    else
        fields_whole(out, "distinct", "distinct", column->distinct);
    if (out->json || is_read)
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

static void put_class(struct fields *out, const bp_value_count *value, size_t rows)
{
    char number[NUMBER_TEXT_SIZE];
    snprintf(number, sizeof number, "%.9g", value->number);
    fields_row(out);
    fields_text(out, "name", "class", value->name ? value->name : number);
    fields_count(out, "count", "rows", value->count);
    fields_percent(out, NULL, "share", 1, (double)value->count / (double)rows);
}

int data_summary_print(const struct data_summary *summary, bool json)
{
    struct fields out = fields_begin(json, 10);
    out.output.digits = 9;
    out.none = "";
    put_facts(&out, summary);
    fields_table(&out, "columns", "\n");
    for (size_t c = 0; c < summary->info.columns; c++)
        put_column(&out, summary, c);
    fields_close(&out);
    fields_table(&out, "classes", "\n");
    for (size_t k = 0; k < summary->class_count && (json || k < CLASSES_SHOWN); k++)
        put_class(&out, &summary->classes[k], summary->info.rows);
    fields_close(&out);
    if (summary->class_count > CLASSES_SHOWN)
        fields_say(&out, "... and %zu more\n", summary->class_count - CLASSES_SHOWN);
    return fields_end(&out);
}
