/* Predictions as one JSON object: arrays, each with an entry a row. */
#include <stdlib.h>

#include "base/json/json_write.h"
#include "cli/fields/json_output.h"
#include "cli/inspect/prediction.h"
#include "cli/terminal/messages.h"

/* The classes, or the target columns. */
static void add_names(struct json_output *json, const struct prediction *prediction, bool classes)
{
    const size_t count = classes ? prediction->width : prediction->info.target_columns;
    json_output_array(json, classes ? "classes" : "targets");
    for (size_t k = 0; k < count; k++)
        json_output_add(json, "",
                        json_string(classes ? prediction->target[0].categories[k]
                                            : prediction->target[k].name));
    json_output_close(json);
}

/* Of every row its outputs. */
static void add_outputs(struct json_output *json, const struct prediction *prediction,
                        const char *key)
{
    json_output_array(json, key);
    for (size_t x = 0; x < prediction->rows; x++) {
        json_output_array(json, "");
        for (size_t j = 0; j < prediction->width; j++)
            json_output_add(json, "",
                            json_output_real(prediction->outputs[x * prediction->width + j]));
        json_output_close(json);
    }
    json_output_close(json);
}

/* Of every row that of the class predicted, or of its targets. */
static void add_spread(struct json_output *json, const struct prediction *prediction)
{
    json_output_array(json, "spread");
    for (size_t x = 0; x < prediction->rows; x++) {
        const double *spread = prediction->spread + x * prediction->width;
        if (prediction->info.task == BP_TASK_CLASSIFY) {
            json_output_add(json, "", json_output_real(spread[prediction_class(prediction, x)]));
            continue;
        }
        json_output_array(json, "");
        for (size_t j = 0; j < prediction->width; j++)
            json_output_add(json, "", json_output_real(spread[j]));
        json_output_close(json);
    }
    json_output_close(json);
}

static void add_ids(struct json_output *json, const struct prediction *prediction)
{
    json_output_add(json, "id", json_string(prediction->id));
    json_output_array(json, "ids");
    for (size_t x = 0; x < prediction->rows; x++)
        json_output_add(json, "", json_string(bp_dataset_get_id(prediction->data, x)));
    json_output_close(json);
}

static void add_classes(struct json_output *json, const struct prediction *prediction)
{
    const bp_model_column *target = &prediction->target[0];
    json_output_add(json, "target", json_string(target->name));
    add_names(json, prediction, true);
    json_output_array(json, "predictions");
    for (size_t x = 0; x < prediction->rows; x++)
        json_output_add(json, "", json_string(target->categories[prediction_class(prediction, x)]));
    json_output_close(json);
    add_outputs(json, prediction,
                prediction_has_probabilities(prediction) ? "probabilities" : "outputs");
}

int prediction_write_json(const struct prediction *prediction, FILE *stream)
{
    struct json_output json = json_output_begin();
    json_output_add(&json, "samples", json_output_whole(prediction->rows));
    json_output_add(&json, "unknown", json_output_whole(prediction->unknown));
    json_output_choice(&json, "task", BP_CHOICE_TASK, (int)prediction->info.task);
    if (prediction->id)
        add_ids(&json, prediction);
    if (prediction->info.task == BP_TASK_CLASSIFY) {
        add_classes(&json, prediction);
    } else {
        add_names(&json, prediction, false);
        add_outputs(&json, prediction, "predictions");
    }
    if (prediction->spread)
        add_spread(&json, prediction);
    json_t *object = json_output_take(&json);
    if (!object)
        return message_no_memory();
    size_t digits = 0;
    for (size_t j = 0; j < prediction->width; j++)
        digits = (size_t)prediction->digits[j] > digits ? (size_t)prediction->digits[j] : digits;
    char *text = bp_json_write(object, JSON_REAL_PRECISION(digits) | JSON_COMPACT, NULL);
    json_decref(object);
    if (!text)
        return message_no_memory();
    /* What cannot be written is found by who closes. */
    fputs(text, stream);
    fputc('\n', stream);
    free(text);
    return EXIT_DONE;
}
