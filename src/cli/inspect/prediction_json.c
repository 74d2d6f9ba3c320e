/* Predictions as one JSON object: arrays, each with an entry a row. */
#include "cli/inspect/prediction.h"
#include "cli/terminal/json_output.h"
#include "cli/terminal/messages.h"

static json_t *pack_names(const struct prediction *prediction)
{
    const bool classes = prediction->info.task == BP_TASK_CLASSIFY;
    const size_t count = classes ? prediction->width : prediction->info.target_columns;
    json_t *names = json_array();
    for (size_t k = 0; k < count; k++) {
        const char *name =
            classes ? prediction->target[0].categories[k] : prediction->target[k].name;
        if (json_array_append_new(names, json_string(name)) != 0) {
            json_decref(names);
            return NULL;
        }
    }
    return names;
}

static json_t *pack_ids(const struct prediction *prediction)
{
    json_t *ids = json_array();
    for (size_t x = 0; x < prediction->rows; x++) {
        if (json_array_append_new(ids, json_string(bp_dataset_get_id(prediction->data, x))) != 0) {
            json_decref(ids);
            return NULL;
        }
    }
    return ids;
}

static json_t *pack_classes(const struct prediction *prediction)
{
    json_t *classes = json_array();
    for (size_t x = 0; x < prediction->rows; x++) {
        const char *name = prediction->target[0].categories[prediction_class(prediction, x)];
        if (json_array_append_new(classes, json_string(name)) != 0) {
            json_decref(classes);
            return NULL;
        }
    }
    return classes;
}

static json_t *pack_outputs(const struct prediction *prediction)
{
    json_t *rows = json_array();
    for (size_t x = 0; x < prediction->rows; x++) {
        json_t *row = json_array();
        bool failed = false;
        for (size_t j = 0; j < prediction->width; j++) {
            const float output = prediction->outputs[x * prediction->width + j];
            failed |= json_array_append_new(row, json_output_real((double)output)) != 0;
        }
        if (json_array_append_new(rows, row) != 0 || failed) {
            json_decref(rows);
            return NULL;
        }
    }
    return rows;
}

int prediction_write_json(const struct prediction *prediction, FILE *stream)
{
    const bool classes = prediction->info.task == BP_TASK_CLASSIFY;
    struct json_output json = json_output_begin();
    json_output_add(&json, "samples", json_output_whole(prediction->rows));
    json_output_add(&json, "task",
                    json_string(bp_choice_name(BP_CHOICE_TASK, (int)prediction->info.task)));
    if (prediction->id) {
        json_output_add(&json, "id", json_string(prediction->id));
        json_output_add(&json, "ids", pack_ids(prediction));
    }
    if (classes) {
        json_output_add(&json, "target", json_string(prediction->target[0].name));
        json_output_add(&json, "classes", pack_names(prediction));
        json_output_add(&json, "predictions", pack_classes(prediction));
        json_output_add(&json,
                        prediction_has_probabilities(prediction) ? "probabilities" : "outputs",
                        pack_outputs(prediction));
    } else {
        json_output_add(&json, "targets", pack_names(prediction));
        json_output_add(&json, "predictions", pack_outputs(prediction));
    }
    json_t *object = json_output_take(&json);
    if (!object)
        return message_no_memory();
    /* Nine digits give every binary32 back; what cannot be written is found by who closes. */
    json_dumpf(object, stream, JSON_REAL_PRECISION(9) | JSON_COMPACT);
    fputc('\n', stream);
    json_decref(object);
    return EXIT_DONE;
}
