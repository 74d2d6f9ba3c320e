/* A sweep for programs, as JSON and as CSV. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/terminal/csv_output.h"
#include "cli/terminal/json_output.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/metric_key.h"
#include "cli/terminal/output.h"
#include "cli/trials/sweep_report.h"

static json_t *values_to_json(const struct sweep *sweep, size_t number)
{
    json_t *object = json_object();
    for (size_t a = 0; object && a < sweep->grid->count; a++) {
        if (json_object_set_new(object, sweep->grid->axis[a].option->name,
                                json_string(sweep_grid_value(sweep->grid, number, a))) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *entry_to_json(const struct sweep *sweep, const struct sweep_entry *entry)
{
    json_t *json = json_pack("{s:o, s:o, s:o}", "options", values_to_json(sweep, entry->number),
                             "metrics", trials_spreads_to_json(entry->results, sweep->each),
                             "failed", json_output_whole(entry->failed));
    if (json && entry->message &&
        json_object_set_new(json, "error", json_string(entry->message)) != 0) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static json_t *entries_to_json(const struct sweep *sweep)
{
    json_t *entries = json_array();
    for (size_t k = 0; entries && k < sweep->grid->combinations; k++) {
        if (json_array_append_new(entries, entry_to_json(sweep, &sweep->entry[k])) != 0) {
            json_decref(entries);
            return NULL;
        }
    }
    return entries;
}

int sweep_report_print_json(const struct sweep *sweep)
{
    const struct trials_options *options = sweep->grid->options;
    struct json_output json = json_output_begin();
    json_output_add(&json, "samples", json_output_whole(bp_dataset_get_info(sweep->dataset).rows));
    json_output_add(&json, "task", json_string(bp_choice_name(BP_CHOICE_TASK, (int)sweep->task)));
    json_output_add(&json, "metric",
                    json_string(bp_choice_name(BP_CHOICE_METRIC, (int)sweep->metric)));
    if (options->holdout > 0)
        json_output_add(&json, "holdout", json_output_real(options->holdout));
    else
        json_output_add(&json, "folds", json_output_whole(options->folds));
    json_output_add(&json, "repeats", json_output_whole(options->repeats));
    json_output_add(&json, "seeds", json_output_whole(options->seeds));
    json_output_add(&json, "threads", json_output_whole(sweep->set->threads));
    json_output_add(&json, "seconds", json_output_real(sweep->set->seconds));
    json_output_add(&json, "combinations", entries_to_json(sweep));
    if (sweep->entry[0].failed) {
        json_output_add(&json, "best", json_null());
    } else {
        char *command = sweep_command(sweep, sweep->entry[0].number);
        json_output_add(&json, "best", command ? json_string(command) : NULL);
        free(command);
    }
    return json_output_print(&json);
}

static void write_heading(const struct sweep *sweep, FILE *stream)
{
    char key[METRIC_KEY_SIZE];
    for (size_t a = 0; a < sweep->grid->count; a++) {
        csv_output_text(stream, sweep->grid->axis[a].option->name);
        fputc(',', stream);
    }
    fputs("nets,failed", stream);
    for (int metric = 0; metric_key((bp_metric)metric, key); metric++)
        fprintf(stream, ",%s_mean,%s_deviation", key, key);
    fputc('\n', stream);
}

static void write_number(FILE *stream, double value)
{
    fputc(',', stream);
    if (isfinite(value))
        fprintf(stream, "%.9g", value);
}

static void write_entry(const struct sweep *sweep, const struct sweep_entry *entry, FILE *stream)
{
    for (size_t a = 0; a < sweep->grid->count; a++) {
        csv_output_text(stream, sweep_grid_value(sweep->grid, entry->number, a));
        fputc(',', stream);
    }
    fprintf(stream, "%zu,%zu", sweep->each, entry->failed);
    for (int metric = 0; bp_choice_name(BP_CHOICE_METRIC, metric); metric++) {
        const struct trials_spread spread =
            trials_spread_of(entry->results, sweep->each, (bp_metric)metric);
        write_number(stream, spread.mean);
        write_number(stream, spread.deviation);
    }
    fputc('\n', stream);
}

int sweep_report_write_csv(const struct sweep *sweep, const char *path)
{
    struct output output;
    int code = output_open(&output, path);
    if (code == EXIT_DONE) {
        write_heading(sweep, output.stream);
        for (size_t k = 0; k < sweep->grid->combinations; k++)
            write_entry(sweep, &sweep->entry[k], output.stream);
    }
    return output_close(&output, code);
}
