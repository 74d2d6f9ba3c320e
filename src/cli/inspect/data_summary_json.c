/* A summary of data as JSON. */
#include "cli/inspect/data_summary.h"

#include <stdio.h>

#include "cli/terminal/json_output.h"
#include "cli/terminal/numbers.h"

static json_t *pack_column(const struct data_summary *summary, size_t c)
{
    const bp_column_info *column = &summary->column[c];
    bool numbers = column->kind == BP_COLUMN_NUMBER && column->distinct > 0;
    return json_pack("{s:s, s:s, s:s?, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "name", column->name,
                     "kind", data_summary_kind(column), "role", data_summary_role(summary, c),
                     "distinct", json_output_whole(column->distinct), "missing",
                     json_output_whole(column->missing), "constant", column->distinct == 1,
                     "minimum", numbers ? json_output_real(column->min) : json_null(), "maximum",
                     numbers ? json_output_real(column->max) : json_null(), "mean",
                     numbers ? json_output_real(column->mean) : json_null(), "deviation",
                     numbers ? json_output_real(column->std) : json_null());
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

int data_summary_print_json(const struct data_summary *summary)
{
    struct json_output json = json_output_begin();
    json.digits = 9;
    const char *format = bp_choice_name(BP_CHOICE_FORMAT, (int)summary->info.format);
    const char *task = bp_choice_name(BP_CHOICE_TASK, (int)summary->task);
    json_output_add(&json, "format", json_string(format));
    json_output_add(&json, "has_header", json_boolean(summary->info.has_header));
    json_output_add(&json, "rows", json_output_whole(summary->info.rows));
    json_output_add(&json, "columns", pack_columns(summary));
    json_output_add(&json, "constant_columns", json_output_whole(data_summary_constants(summary)));
    json_output_add(&json, "missing_cells", json_output_whole(data_summary_missing(summary)));
    json_output_add(&json, "task", summary->trainable ? json_string(task) : json_null());
    json_output_add(&json, "classes", pack_classes(summary));
    json_output_add(&json, "problem",
                    summary->trainable ? json_null() : json_string(summary->problem));
    return json_output_print(&json);
}
