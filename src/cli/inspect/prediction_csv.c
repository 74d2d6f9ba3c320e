/* Predictions as a CSV file; rows are made text by several threads. */
#include <math.h>
#include <stdlib.h>

#include "cli/fields/csv_output.h"
#include "cli/inspect/prediction.h"
#include "cli/terminal/messages.h"

#define SPREAD_DIGITS 4

/* "probability_setosa", or "output_setosa" where outputs are no probabilities. */
static void write_class_names(const struct prediction *prediction, struct csv_output *csv)
{
    const char *prefix = prediction_has_probabilities(prediction) ? "probability_" : "output_";
    for (size_t j = 0; j < prediction->width; j++) {
        csv_output_comma(csv);
        csv_output_joined(csv, prefix, prediction->target[0].categories[j]);
    }
}

/* "spread_hwy" of each target; of classes that of the one predicted. */
static void write_spread_names(const struct prediction *prediction, struct csv_output *csv)
{
    const bool classes = prediction->info.task == BP_TASK_CLASSIFY;
    for (size_t k = 0; k < prediction->info.target_columns; k++) {
        csv_output_comma(csv);
        csv_output_joined(csv, classes ? "spread" : "spread_",
                          classes ? "" : prediction->target[k].name);
    }
}

static void write_header(const struct prediction *prediction, struct csv_output *csv)
{
    if (prediction->id) {
        csv_output_text(csv, prediction->id);
        csv_output_comma(csv);
    }
    for (size_t k = 0; k < prediction->info.target_columns; k++) {
        if (k > 0)
            csv_output_comma(csv);
        csv_output_text(csv, prediction->target[k].name);
    }
    if (prediction->info.task == BP_TASK_CLASSIFY)
        write_class_names(prediction, csv);
    if (prediction->spread)
        write_spread_names(prediction, csv);
    csv_output_line(csv);
}

/* Of every target; of classes that of the one predicted. */
static void write_spread(const struct prediction *prediction, size_t row, struct csv_output *csv)
{
    const double *spread = prediction->spread + row * prediction->width;
    const bool classes = prediction->info.task == BP_TASK_CLASSIFY;
    const size_t first = classes ? prediction_class(prediction, row) : 0;
    const size_t count = classes ? 1 : prediction->width;
    for (size_t j = first; j < first + count; j++) {
        csv_output_comma(csv);
        csv_output_number(csv, spread[j], SPREAD_DIGITS);
    }
}

static void write_row(const struct prediction *prediction, size_t row, struct csv_output *csv)
{
    const double *outputs = prediction->outputs + row * prediction->width;
    const bp_model_column *target = &prediction->target[0];
    if (prediction->id) {
        csv_output_text(csv, bp_dataset_get_id(prediction->data, row));
        csv_output_comma(csv);
    }
    if (prediction->info.task == BP_TASK_CLASSIFY) {
        csv_output_text(csv, target->categories[prediction_class(prediction, row)]);
        csv_output_comma(csv);
    }
    for (size_t j = 0; j < prediction->width; j++) {
        if (j > 0)
            csv_output_comma(csv);
        csv_output_number(csv, outputs[j], prediction->digits[j]);
    }
    if (prediction->spread)
        write_spread(prediction, row, csv);
    csv_output_line(csv);
}

struct writing {
    const struct prediction *prediction;
    FILE *stream;
};

/* A text of no rows is one, too. */
static char *format_rows(void *user, size_t begin, size_t end, size_t *size)
{
    const struct prediction *prediction = ((const struct writing *)user)->prediction;
    struct csv_output csv = {.spreadsheet = prediction->spreadsheet};
    csv_output_reserve(&csv);
    for (size_t x = begin; x < end; x++) {
        if (!prediction->partial || !isnan(prediction->outputs[x * prediction->width]))
            write_row(prediction, x, &csv);
    }
    *size = csv.size;
    if (csv.failed) {
        free(csv.text);
        return NULL;
    }
    return csv.text;
}

/* A stream that fails is not written to any longer. */
static bool write_text(void *user, const char *text, size_t size)
{
    FILE *stream = ((const struct writing *)user)->stream;
    return fwrite(text, 1, size, stream) == size;
}

int prediction_write_csv(const struct prediction *prediction, const bp_run_options *options,
                         FILE *stream)
{
    struct writing writing = {prediction, stream};
    struct csv_output header = {.spreadsheet = prediction->spreadsheet};
    bp_error error;
    write_header(prediction, &header);
    const bool failed = header.failed;
    if (!failed)
        write_text(&writing, header.text, header.size);
    free(header.text);
    if (failed)
        return message_no_memory();
    const bp_status status =
        bp_format_rows(prediction->rows, options, format_rows, write_text, &writing, &error);
    return status == BP_OK || status == BP_STOPPED ? EXIT_DONE : message_error(&error);
}
