/* A sweep as CSV: a line for each combination, the best first. */
#include <math.h>
#include <stdio.h>

#include "cli/terminal/csv_output.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/metric_key.h"
#include "cli/terminal/output.h"
#include "cli/trials/sweep_report.h"

static void write_heading(const struct sweep *sweep, FILE *stream)
{
    char key[METRIC_KEY_SIZE];
    for (size_t a = 0; a < sweep->grid->count; a++) {
        csv_output_text(stream, sweep->grid->axis[a].option->name);
        fputc(',', stream);
    }
    fputs("models,failed,unknown", stream);
    for (int metric = 0; metric_key((bp_metric)metric, key); metric++)
        fprintf(stream, ",%s_mean,%s_std", key, key);
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
    fprintf(stream, "%zu,%zu,%zu", entry->info.models, entry->info.failed, entry->unknown);
    char key[METRIC_KEY_SIZE];
    for (int metric = 0; metric_key((bp_metric)metric, key); metric++) {
        const bp_metric_summary summary =
            bp_cross_validation_summarize(entry->validation, (bp_metric)metric);
        write_number(stream, summary.mean);
        write_number(stream, summary.std);
    }
    fputc('\n', stream);
}

int sweep_csv_write(const struct sweep *sweep, const char *path)
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
