/* What the lines of a log hold. Keys are those of the JSON of train and eval where they mean the
 * same. */
#include "cli/run/run_log_lines.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/terminal/json_output.h"
#include "cli/terminal/metric_key.h"

static struct json_output begin_line(const char *event)
{
    struct json_output line = json_output_begin();
    json_output_add(&line, "event", json_string(event));
    return line;
}

static void add_choice(struct json_output *line, const char *key, bp_choice choice, int value)
{
    json_output_add(line, key, json_string(bp_choice_name(choice, value)));
}

/* The present time in UTC: "2025-03-14T15:09:26Z". */
static json_t *tell_time(void)
{
    char text[32] = "";
    struct tm parts;
    const time_t now = time(NULL);
    if (!gmtime_r(&now, &parts) || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return json_null();
    return json_string(text);
}

/* A path may hold bytes that are no UTF-8, which JSON cannot. */
static json_t *tell_path(const char *path)
{
    json_t *text = json_string(path);
    if (text)
        return text;
    char *copy = strdup(path);
    for (char *byte = copy; byte && *byte; byte++) {
        if ((unsigned char)*byte >= 0x80)
            *byte = '?';
    }
    text = json_string(copy);
    free(copy);
    return text;
}

static void add_network(struct json_output *line, const bp_model *model)
{
    const bp_model_info info = bp_model_get_info(model);
    json_t *layers = json_array(), *activations = json_array();
    for (size_t l = 0; l <= info.layers; l++) {
        if (json_array_append_new(layers, json_output_whole(info.widths[l])) != 0)
            line->failed = true;
    }
    for (size_t l = 0; l < info.layers; l++) {
        const char *name = bp_choice_name(BP_CHOICE_ACTIVATION, (int)info.activations[l]);
        if (json_array_append_new(activations, json_string(name)) != 0)
            line->failed = true;
    }
    json_output_add(line, "layers", layers);
    json_output_add(line, "activations", activations);
    json_output_add(line, "parameters", json_output_whole(info.parameters));
    add_choice(line, "loss", BP_CHOICE_LOSS, (int)info.loss);
    add_choice(line, "task", BP_CHOICE_TASK, (int)info.task);
    json_output_add(line, "numerics", json_integer((json_int_t)info.numerics));
}

json_t *run_log_line_head(const struct run_log_head *head, const char *event)
{
    struct json_output line = begin_line(event);
    json_output_add(&line, "version", json_string(bp_version()));
    json_output_add(&line, "time", tell_time());
    json_output_add(&line, "data", tell_path(head->data));
    json_output_add(&line, "samples", json_output_whole(head->samples));
    json_output_add(&line, "valid_samples", json_output_whole(head->valid_samples));
    add_network(&line, head->model);
    add_choice(&line, "metric", BP_CHOICE_METRIC, (int)head->train->metric);
    json_output_add(&line, "seed", json_output_whole(head->train->seed));
    json_output_add(&line, "epochs", json_output_whole(head->train->epochs));
    json_output_add(&line, "epochs_done", json_output_whole(head->epochs_done));
    json_output_add(&line, "options", head->options ? json_incref(head->options) : json_object());
    return json_output_take(&line);
}

/* The metrics that the targets have; null without a validation set. */
static json_t *pack_metrics(const bp_metrics *metrics)
{
    char key[METRIC_KEY_SIZE];
    if (!metrics)
        return json_null();
    json_t *object = json_object();
    for (int m = 0; metric_key((bp_metric)m, key); m++) {
        const double value = bp_metrics_get(metrics, (bp_metric)m);
        if (value == value && json_object_set_new(object, key, json_output_real(value)) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

/* Null where the run was not timed. */
static json_t *pack_phases(const bp_phases *p)
{
    const double sum =
        p->gather + p->forward + p->delta + p->gradient + p->reduce + p->update + p->waiting;
    if (!(sum > 0))
        return json_null();
    return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "gather", p->gather, "forward",
                     p->forward, "delta", p->delta, "gradient", p->gradient, "reduce", p->reduce,
                     "update", p->update, "waiting", p->waiting);
}

json_t *run_log_line_epoch(const bp_progress *progress)
{
    struct json_output line = begin_line("epoch");
    json_output_add(&line, "epoch", json_output_whole(progress->epoch));
    json_output_add(&line, "train_loss", json_output_real(progress->train_loss));
    json_output_add(&line, "valid_loss", json_output_real(progress->valid_loss));
    json_output_add(&line, "metric", json_output_real(progress->metric));
    json_output_add(&line, "metrics", pack_metrics(progress->valid));
    json_output_add(&line, "best_epoch", json_output_whole(progress->best_epoch));
    json_output_add(&line, "learning_rate", json_output_real(progress->learning_rate));
    json_output_add(&line, "samples_per_second", json_output_real(progress->samples_per_second));
    json_output_add(&line, "seconds", json_output_real(progress->seconds));
    json_output_add(&line, "phases", pack_phases(&progress->phases));
    return json_output_take(&line);
}

/* Row `truth` of the matrix. */
static json_t *pack_row(const bp_evaluation *valid, size_t truth, uint64_t *counts, size_t classes)
{
    json_t *row = json_array();
    if (bp_evaluation_get_confusion(valid, truth, counts, NULL) != BP_OK)
        goto fail;
    for (size_t k = 0; k < classes; k++) {
        if (json_array_append_new(row, json_output_whole(counts[k])) != 0)
            goto fail;
    }
    return row;
fail:
    json_decref(row);
    return NULL;
}

/* Names and counts; null for numbers and for too many classes. */
static json_t *pack_confusion(const bp_evaluation *valid)
{
    const size_t classes = valid ? bp_evaluation_classes(valid) : 0;
    if (classes == 0 || classes > RUN_LOG_CLASSES_MAX)
        return json_null();
    uint64_t counts[RUN_LOG_CLASSES_MAX];
    json_t *names = json_array(), *matrix = json_array();
    for (size_t k = 0; k < classes; k++) {
        bp_class_metrics class;
        if (bp_evaluation_get_class(valid, k, &class, NULL) != BP_OK ||
            json_array_append_new(names, json_string(class.name)) != 0 ||
            json_array_append_new(matrix, pack_row(valid, k, counts, classes)) != 0)
            goto fail;
    }
    return json_pack("{s:o, s:o}", "classes", names, "counts", matrix);
fail:
    json_decref(names);
    json_decref(matrix);
    return NULL;
}

json_t *run_log_line_tail(const struct run_log_tail *tail)
{
    const bp_train_result *result = tail->result;
    const bp_metrics metrics = tail->valid ? bp_evaluation_get_metrics(tail->valid) : result->valid;
    struct json_output line = begin_line("end");
    json_output_add(&line, "reason", json_string(tail->reason));
    json_output_add(&line, "epochs", json_output_whole(result->epochs));
    json_output_add(&line, "ended_early", json_boolean(result->ended_early));
    json_output_add(&line, "best_epoch", json_output_whole(result->best_epoch));
    json_output_add(&line, "train_loss", json_output_real(result->train_loss));
    json_output_add(&line, "valid_loss", json_output_real(result->valid_loss));
    json_output_add(&line, "metrics", pack_metrics(metrics.samples > 0 ? &metrics : NULL));
    json_output_add(&line, "confusion", pack_confusion(tail->valid));
    json_output_add(&line, "seconds", json_output_real(result->seconds));
    json_output_add(&line, "samples_per_second", json_output_real(result->samples_per_second));
    json_output_add(&line, "threads", json_output_whole(result->threads));
    json_output_add(&line, "threads_reason",
                    result->threads_reason ? json_string(result->threads_reason) : json_null());
    add_choice(&line, "backend", BP_CHOICE_BACKEND, (int)result->backend);
    add_choice(&line, "isa", BP_CHOICE_ISA, (int)result->isa);
    json_output_add(&line, "weights_digest", json_string(result->weights_digest));
    return json_output_take(&line);
}
