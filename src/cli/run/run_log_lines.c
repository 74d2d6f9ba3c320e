/* What the lines of a log hold. Keys are those of the JSON of train and eval where they mean the
 * same. */
#include "cli/run/run_log_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/number_text.h"
#include "cli/fields/json_output.h"
#include "cli/fields/metric_key.h"
#include "cli/fields/phases.h"
#include "cli/fields/rank_fields.h"
#include "cli/options/option_library.h"

#define NUMBER_SIZE 64
#define WIDTHS_SIZE (BP_LAYERS_MAX * 8)

static struct json_output begin_line(const char *event)
{
    struct json_output line = json_output_begin();
    json_output_add(&line, "event", json_string(event));
    return line;
}

/* The present time in UTC: "2025-03-14T15:09:26Z". */
static json_t *pack_time(void)
{
    char text[32] = "";
    struct tm parts;
    const time_t now = time(NULL);
    if (!gmtime_r(&now, &parts) || strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return json_null();
    return json_string(text);
}

/* Adds the fields of a report to the line; takes `fields`. */
static void add_fields(struct json_output *line, struct fields *fields)
{
    json_t *object = json_output_take(&fields->output);
    if (!object || json_object_update(line->open[0], object) != 0)
        line->failed = true;
    json_decref(object);
}

static void add_target(struct json_output *line, const struct target_facts *facts)
{
    struct fields target = fields_begin(true, 0);
    target_fields_put(&target, facts);
    add_fields(line, &target);
}

static void add_ranks(struct json_output *line)
{
    struct fields ranks = fields_begin(true, 0);
    rank_fields_put(&ranks, 0, 0);
    add_fields(line, &ranks);
}

static void add_quality(struct json_output *line, const struct quality_report *report)
{
    static const struct quality_report none = {.measured = false};
    struct fields quality = fields_begin(true, 0);
    quality_fields_put(&quality, report ? report : &none);
    advice_fields_put(&quality, report ? report : &none);
    add_fields(line, &quality);
}

static void add_network(struct json_output *line, const bp_model *model)
{
    const bp_model_info info = bp_model_get_info(model);
    json_output_array(line, "layers");
    for (size_t l = 0; l <= info.layers; l++)
        json_output_add(line, "", json_output_whole(info.widths[l]));
    json_output_close(line);
    json_output_array(line, "activations");
    for (size_t l = 0; l < info.layers; l++)
        json_output_choice(line, "", BP_CHOICE_ACTIVATION, (int)info.activations[l]);
    json_output_close(line);
    json_output_add(line, "parameters", json_output_whole(info.parameters));
    json_output_choice(line, "loss", BP_CHOICE_LOSS, (int)info.loss);
    json_output_choice(line, "task", BP_CHOICE_TASK, (int)info.task);
    json_output_add(line, "numerics", json_integer((json_int_t)info.numerics));
}

/* Numbers of the training that "auto" stood for. What is still auto has no number. */
static void add_chosen_numbers(struct json_output *line, const struct run_log_head *head)
{
    bp_option_info info;
    char text[NUMBER_SIZE];
    uint64_t whole;
    double real;
    for (size_t i = 0; bp_option_get(i, &info, NULL) == BP_OK; i++) {
        if (info.owner != BP_OPTION_OF_TRAINING || !option_is_read(&info, head->train) ||
            bp_train_options_get(head->train, info.name, text, sizeof text, NULL) != BP_OK ||
            strcmp(text, "auto") != 0 ||
            bp_train_options_get(head->chosen, info.name, text, sizeof text, NULL) != BP_OK)
            continue;
        if (info.kind == BP_OPTION_WHOLE && bp_whole_parse(text, 0, UINT64_MAX, &whole))
            json_output_add(line, info.name, json_output_whole(whole));
        else if (info.kind == BP_OPTION_REAL && bp_real_parse(text, &real))
            json_output_add(line, info.name, json_real(real));
    }
}

static bool is_auto(const struct run_log_head *head, const char *name)
{
    const char *given = json_string_value(json_object_get(head->options, name));
    return given && strcmp(given, "auto") == 0;
}

/* As --hidden takes them. */
static void add_chosen_hidden(struct json_output *line, const struct run_log_head *head)
{
    const bp_model_info info = bp_model_get_info(head->model);
    bp_model_options model = bp_model_options_default();
    char text[WIDTHS_SIZE];
    model.hidden_count = info.layers - 1;
    memcpy(model.hidden, info.widths + 1, model.hidden_count * sizeof *model.hidden);
    if (is_auto(head, "hidden") &&
        bp_model_options_get(&model, "hidden", text, sizeof text, NULL) == BP_OK)
        json_output_add(line, "hidden", json_string(text));
}

/* Names that "auto" stood for. */
static void add_chosen_names(struct json_output *line, const struct run_log_head *head)
{
    const bp_model_info info = bp_model_get_info(head->model);
    const struct {
        const char *name;
        bp_choice choice;
        int value;
    } names[] = {
        {"output-activation", BP_CHOICE_ACTIVATION, (int)info.activations[info.layers - 1]},
        {"loss", BP_CHOICE_LOSS, (int)info.loss},
        {"task", BP_CHOICE_TASK, (int)info.task},
        {"metric", BP_CHOICE_METRIC, (int)bp_metric_resolve(BP_METRIC_AUTO, head->model)}};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        if (is_auto(head, names[k].name))
            json_output_choice(line, names[k].name, names[k].choice, names[k].value);
    }
}

json_t *run_log_line_head(const struct run_log_head *head, const char *event)
{
    struct json_output line = begin_line(event);
    json_output_add(&line, "version", json_string(bp_version()));
    json_output_add(&line, "time", pack_time());
    json_output_add(&line, "data", json_output_string(head->data));
    json_output_add(&line, "samples", json_output_whole(head->samples));
    json_output_add(&line, "valid_samples", json_output_whole(head->valid_samples));
    add_network(&line, head->model);
    if (head->target)
        add_target(&line, head->target);
    json_output_choice(&line, "metric", BP_CHOICE_METRIC,
                       (int)bp_metric_resolve(head->train->metric, head->model));
    json_output_add(&line, "seed", json_output_whole(head->train->seed));
    json_output_add(&line, "epochs", json_output_whole(head->chosen->epochs));
    json_output_add(&line, "epochs_done", json_output_whole(head->epochs_done));
    add_ranks(&line);
    json_output_add(&line, "options", head->options ? json_incref(head->options) : json_object());
    json_output_object(&line, "effective");
    add_chosen_numbers(&line, head);
    add_chosen_hidden(&line, head);
    add_chosen_names(&line, head);
    json_output_close(&line);
    return json_output_take(&line);
}

/* The metrics that the targets have; null without a validation set. */
static void add_metrics(struct json_output *line, const bp_metrics *metrics)
{
    char key[METRIC_KEY_SIZE];
    if (!metrics) {
        json_output_add(line, "metrics", json_null());
        return;
    }
    json_output_object(line, "metrics");
    for (int m = 0; metric_key((bp_metric)m, key); m++) {
        const double value = bp_metrics_get(metrics, (bp_metric)m);
        if (!isnan(value))
            json_output_add(line, key, json_output_real(value));
    }
    json_output_close(line);
}

/* Null where the run was not timed. */
static void add_phases(struct json_output *line, const bp_phases *phases)
{
    double seconds[PHASES];
    if (!(phases_list(phases, seconds) > 0)) {
        json_output_add(line, "phases", json_null());
        return;
    }
    json_output_object(line, "phases");
    for (size_t i = 0; i < PHASES; i++)
        json_output_add(line, phase_names[i], json_output_real(seconds[i]));
    json_output_close(line);
}

/* An epoch of a refit has no figures of validation, and counts from 1 again. */
static json_t *pack_refit(const bp_progress *progress)
{
    struct json_output line = begin_line("refit");
    json_output_add(&line, "epoch", json_output_whole(progress->epoch));
    json_output_add(&line, "epochs", json_output_whole(progress->epochs));
    json_output_add(&line, "samples", json_output_whole(progress->samples_total));
    json_output_add(&line, "train_loss", json_output_real(progress->train_loss));
    json_output_add(&line, "learning_rate", json_output_real(progress->learning_rate));
    json_output_add(&line, "samples_per_second", json_output_real(progress->samples_per_second));
    json_output_add(&line, "seconds", json_output_real(progress->seconds));
    add_phases(&line, &progress->phases);
    return json_output_take(&line);
}

json_t *run_log_line_epoch(const bp_progress *progress)
{
    if (progress->refit)
        return pack_refit(progress);
    struct json_output line = begin_line("epoch");
    json_output_add(&line, "epoch", json_output_whole(progress->epoch));
    json_output_add(&line, "train_loss", json_output_real(progress->train_loss));
    json_output_add(&line, "valid_loss", json_output_real(progress->valid_loss));
    json_output_add(&line, "metric", json_output_real(progress->metric));
    add_metrics(&line, progress->valid);
    json_output_add(&line, "best_epoch", json_output_whole(progress->best_epoch));
    json_output_add(&line, "learning_rate", json_output_real(progress->learning_rate));
    json_output_add(&line, "samples_per_second", json_output_real(progress->samples_per_second));
    json_output_add(&line, "seconds", json_output_real(progress->seconds));
    add_phases(&line, &progress->phases);
    return json_output_take(&line);
}

/* Names and counts; null for numbers and for too many classes. */
static void add_confusion(struct json_output *line, const bp_evaluation *valid)
{
    const size_t classes = valid ? bp_evaluation_classes(valid) : 0;
    uint64_t counts[RUN_LOG_CLASSES_MAX];
    bp_class_metrics class = {.name = ""};
    if (classes == 0 || classes > RUN_LOG_CLASSES_MAX) {
        json_output_add(line, "confusion", json_null());
        return;
    }
    json_output_object(line, "confusion");
    json_output_array(line, "classes");
    for (size_t k = 0; bp_evaluation_get_class(valid, k, &class, NULL) == BP_OK; k++)
        json_output_add(line, "", json_string(class.name));
    json_output_close(line);
    json_output_array(line, "counts");
    for (size_t k = 0; bp_evaluation_get_confusion(valid, k, counts, NULL) == BP_OK; k++) {
        json_output_array(line, "");
        for (size_t answer = 0; answer < classes; answer++)
            json_output_add(line, "", json_output_whole(counts[answer]));
        json_output_close(line);
    }
    json_output_close(line);
    json_output_close(line);
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
    json_output_add(&line, "best_metric", json_output_real(result->best_metric));
    json_output_add(&line, "refit_epochs", json_output_whole(result->refit_epochs));
    json_output_add(&line, "refit_samples", json_output_whole(result->refit_samples));
    json_output_add(&line, "train_loss", json_output_real(result->train_loss));
    json_output_add(&line, "valid_loss", json_output_real(result->valid_loss));
    json_output_add(&line, "valid_unknown", json_output_whole(result->valid.unknown));
    add_metrics(&line, metrics.samples > 0 ? &metrics : NULL);
    add_confusion(&line, tail->valid);
    add_quality(&line, tail->quality);
    json_output_add(&line, "seconds", json_output_real(result->seconds));
    json_output_add(&line, "samples_per_second", json_output_real(result->samples_per_second));
    add_ranks(&line);
    json_output_add(&line, "all_threads", json_output_whole(result->all_threads));
    json_output_add(&line, "threads", json_output_whole(result->threads));
    json_output_add(&line, "threads_reason",
                    json_output_string(result->threads_reason[0] ? result->threads_reason : NULL));
    json_output_choice(&line, "plan", BP_CHOICE_PLAN, (int)result->plan);
    json_output_choice(&line, "backend", BP_CHOICE_BACKEND, (int)result->backend);
    json_output_choice(&line, "isa", BP_CHOICE_ISA, (int)result->isa);
    json_output_add(&line, "weights_digest", json_string(result->weights_digest));
    return json_output_take(&line);
}
