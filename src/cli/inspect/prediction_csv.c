/* Predictions as a CSV file, row by row; a stream that fails is not written to any longer. */
#include <stdlib.h>
#include <string.h>

#include "cli/inspect/prediction.h"
#include "cli/terminal/csv_output.h"
#include "cli/terminal/messages.h"

/* "probability_setosa", or "output_setosa" where outputs are no probabilities. */
static int write_class_names(const struct prediction *prediction, FILE *stream)
{
    const char *prefix = prediction_has_probabilities(prediction) ? "probability_" : "output_";
    const bp_model_column *target = &prediction->target[0];
    for (size_t j = 0; j < prediction->width; j++) {
        const size_t size = strlen(prefix) + strlen(target->categories[j]) + 1;
        char *name = malloc(size);
        if (!name)
            return message_no_memory();
        snprintf(name, size, "%s%s", prefix, target->categories[j]);
        fputc(',', stream);
        csv_output_text(stream, name);
        free(name);
    }
    return EXIT_DONE;
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
    const int code = classes ? write_class_names(prediction, stream) : EXIT_DONE;
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
    fputc('\n', stream);
}

int prediction_write_csv(const struct prediction *prediction, FILE *stream)
{
    const int code = write_header(prediction, stream);
    for (size_t x = 0; code == EXIT_DONE && x < prediction->rows && !ferror(stream); x++)
        write_row(prediction, x, stream);
    return code;
}
