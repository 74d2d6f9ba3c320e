/* Cross-validation for programs. */
#include "cli/terminal/json_output.h"
#include "cli/terminal/metric_key.h"
#include "cli/trials/cv_report.h"
#include "cli/trials/trials_spread.h"

static json_t *net_to_json(const struct trial_place *place, const bp_trial_result *result)
{
    const bool failed = result->error.status != BP_OK;
    json_t *net = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "repeat",
        json_output_whole(place->repeat + 1), "fold", json_output_whole(place->fold + 1), "seed",
        json_output_whole(place->seed), "rows", json_output_whole(result->metrics.samples),
        "trained_rows", json_output_whole(result->train.samples), "epochs",
        json_output_whole(result->train.epochs), "best_epoch",
        json_output_whole(result->train.best_epoch), "train_loss",
        json_output_real(result->train.train_loss), "seconds",
        json_output_real(result->train.seconds));
    char key[METRIC_KEY_SIZE];
    bool filled = net != NULL;
    for (int metric = 0; filled && !failed && metric_key((bp_metric)metric, key); metric++) {
        json_t *value = json_output_real(bp_metrics_get(&result->metrics, (bp_metric)metric));
        if (json_is_null(value))
            continue;
        filled = json_object_set_new(net, key, value) == 0;
    }
    if (filled)
        filled = json_object_set_new(net, failed ? "error" : "weights_digest",
                                     json_string(failed ? result->error.message
                                                        : result->train.weights_digest)) == 0;
    if (filled)
        return net;
    json_decref(net);
    return NULL;
}

static json_t *nets_to_json(const struct trials_options *options, const struct trials_set *set)
{
    json_t *nets = json_array();
    for (size_t k = 0; nets && k < set->count; k++) {
        const struct trial_place place = trials_options_place(options, k);
        if (json_array_append_new(nets, net_to_json(&place, &set->result[k])) != 0) {
            json_decref(nets);
            return NULL;
        }
    }
    return nets;
}

int cv_report_print_json(const struct trials_options *options, const struct trials_set *set,
                         const bp_dataset *dataset)
{
    struct json_output json = json_output_begin();
    size_t first;
    const bp_task task = trials_task(set->result, set->count);
    json_output_add(&json, "samples", json_output_whole(bp_dataset_get_info(dataset).rows));
    json_output_add(&json, "task", json_string(bp_choice_name(BP_CHOICE_TASK, (int)task)));
    if (options->holdout > 0)
        json_output_add(&json, "holdout", json_output_real(options->holdout));
    else
        json_output_add(&json, "folds", json_output_whole(options->folds));
    json_output_add(&json, "repeats", json_output_whole(options->repeats));
    json_output_add(&json, "seeds", json_output_whole(options->seeds));
    json_output_add(&json, "threads", json_output_whole(set->threads));
    json_output_add(&json, "seconds", json_output_real(set->seconds));
    json_output_add(&json, "failed",
                    json_output_whole(trials_count_failed(set->result, set->count, &first)));
    json_output_add(&json, "metrics", trials_spreads_to_json(set->result, set->count));
    json_output_add(&json, "nets", nets_to_json(options, set));
    return json_output_print(&json);
}
