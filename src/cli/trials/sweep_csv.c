/* A sweep as CSV: a line for each combination, the best first. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/fields/csv_output.h"
#include "cli/fields/metric_key.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"
#include "cli/trials/sweep_report.h"

#define DIGITS 9

static void write_heading(const struct sweep *sweep, struct csv_output *csv)
{
    char key[METRIC_KEY_SIZE];
    for (size_t a = 0; a < sweep->grid->count; a++) {
        csv_output_text(csv, sweep->grid->axis[a].option->name);
        csv_output_comma(csv);
    }
    csv_output_text(csv, "models");
    csv_output_comma(csv);
    csv_output_text(csv, "failed");
    csv_output_comma(csv);
    csv_output_text(csv, "unknown");
    for (int metric = 0; metric_key((bp_metric)metric, key); metric++) {
        csv_output_comma(csv);
        csv_output_joined(csv, key, "_mean");
        csv_output_comma(csv);
        csv_output_joined(csv, key, "_std");
    }
    csv_output_line(csv);
}

/* Nothing for one that there is not. */
static void write_number(struct csv_output *csv, double value)
{
    csv_output_comma(csv);
    if (isfinite(value))
        csv_output_number(csv, value, DIGITS);
}

static void write_entry(const struct sweep *sweep, const struct sweep_entry *entry,
                        struct csv_output *csv)
{
    for (size_t a = 0; a < sweep->grid->count; a++) {
        csv_output_text(csv, sweep_grid_value(sweep->grid, entry->number, a));
        csv_output_comma(csv);
    }
    csv_output_whole(csv, entry->info.models);
    csv_output_comma(csv);
    csv_output_whole(csv, entry->info.failed);
    csv_output_comma(csv);
    csv_output_whole(csv, entry->unknown);
    char key[METRIC_KEY_SIZE];
    for (int metric = 0; metric_key((bp_metric)metric, key); metric++) {
        const bp_metric_summary summary =
            bp_cross_validation_summarize(entry->validation, (bp_metric)metric);
        write_number(csv, summary.mean);
        write_number(csv, summary.std);
    }
    csv_output_line(csv);
}

int sweep_csv_write(const struct sweep *sweep, const char *path)
{
    struct output output;
    struct csv_output csv = {0};
    int code = output_open(&output, path);
    write_heading(sweep, &csv);
    for (size_t k = 0; k < sweep->grid->combinations; k++)
        write_entry(sweep, &sweep->entry[k], &csv);
    if (code == EXIT_DONE && csv.failed)
        code = message_no_memory();
    if (code == EXIT_DONE)
        fwrite(csv.text, 1, csv.size, output.stream);
    free(csv.text);
    return output_close(&output, code);
}
