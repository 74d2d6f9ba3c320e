/* Predictions as a CSV file, row by row; a stream that fails is not written to any longer. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/inspect/prediction.h"
#include "cli/terminal/csv_output.h"
#include "cli/terminal/messages.h"

#define SPREAD_DIGITS 4

/* A name of two parts. */
static int write_name(const char *prefix, const char *rest, FILE *stream)
{
    const size_t size = strlen(prefix) + strlen(rest) + 1;
    char *name = malloc(size);
    if (!name)
        return message_no_memory();
    snprintf(name, size, "%s%s", prefix, rest);
    fputc(',', stream);
    csv_output_text(stream, name);
    free(name);
    return EXIT_DONE;
}

/* "probability_setosa", or "output_setosa" where outputs are no probabilities. */
static int write_class_names(const struct prediction *prediction, FILE *stream)
{
    const char *prefix = prediction_has_probabilities(prediction) ? "probability_" : "output_";
    int code = EXIT_DONE;
    for (size_t j = 0; code == EXIT_DONE && j < prediction->width; j++)
        code = write_name(prefix, prediction->target[0].categories[j], stream);
    return code;
}

/* "spread_hwy" of each target. */
static int write_spread_names(const struct prediction *prediction, FILE *stream)
{
    int code = EXIT_DONE;
    for (size_t k = 0; code == EXIT_DONE && k < prediction->info.target_columns; k++)
        code = write_name("spread_", prediction->target[k].name, stream);
    return code;
}

/* Of every target; of classes that of the one predicted. */
static void write_spread(const struct prediction *prediction, size_t row, FILE *stream)
{
    const double *spread = prediction->spread + row * prediction->width;
    const bool classes = prediction->info.task == BP_TASK_CLASSIFY;
    const size_t first = classes ? prediction_class(prediction, row) : 0;
    const size_t count = classes ? 1 : prediction->width;
    for (size_t j = first; j < first + count; j++) {
        fputc(',', stream);
        csv_output_number(stream, spread[j], SPREAD_DIGITS);
    }
}

static int write_header(const struct prediction *prediction, FILE *stream)
{
    if (prediction->id) {
        csv_output_text(stream, prediction->id);
        fputc(',', stream);
    }
    for (size_t k = 0; k < prediction->info.target_columns; k++) {
        fputs(k > 0 ? "," : "", stream);
        csv_output_text(stream, prediction->target[k].name);
    }
    const bool classes = prediction->info.task == BP_TASK_CLASSIFY;
    int code = classes ? write_class_names(prediction, stream) : EXIT_DONE;
    if (code == EXIT_DONE && prediction->spread)
        code = classes ? write_name("spread", "", stream) : write_spread_names(prediction, stream);
    fputc('\n', stream);
    return code;
}

static void write_row(const struct prediction *prediction, size_t row, FILE *stream)
{
    const double *outputs = prediction->outputs + row * prediction->width;
    const bp_model_column *target = &prediction->target[0];
    if (prediction->id) {
        csv_output_text(stream, bp_dataset_get_id(prediction->data, row));
        fputc(',', stream);
    }
    if (prediction->info.task == BP_TASK_CLASSIFY) {
        csv_output_text(stream, target->categories[prediction_class(prediction, row)]);
        fputc(',', stream);
    }
    for (size_t j = 0; j < prediction->width; j++) {
        fputs(j > 0 ? "," : "", stream);
        csv_output_number(stream, outputs[j], prediction->digits[j]);
    }
    if (prediction->spread)
        write_spread(prediction, row, stream);
    fputc('\n', stream);
}

int prediction_write_csv(const struct prediction *prediction, FILE *stream)
{
    const int code = write_header(prediction, stream);
    for (size_t x = 0; code == EXIT_DONE && x < prediction->rows && !ferror(stream); x++) {
        if (!prediction->partial || !isnan(prediction->outputs[x * prediction->width]))
            write_row(prediction, x, stream);
    }
    return code;
}
