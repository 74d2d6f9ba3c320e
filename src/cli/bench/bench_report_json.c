/* The object for programs. */
#include "cli/bench/bench_report.h"
#include "cli/terminal/json_output.h"
#include "cli/terminal/messages.h"

const char *bench_report_series(enum bench_series series)
{
    static const char *const names[] = {"strong", "weak", "free"};
    return names[series];
}

/* Adds a key to a plain object; a failure is kept in `json`. */
static void put(struct json_output *json, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        json->failed = true;
}

static void put_spread(struct json_output *json, json_t *object, const char *key,
                       struct spread spread)
{
    json_t *value = json_object();
    put(json, value, "median", json_output_real(spread.median));
    put(json, value, "least", json_output_real(spread.least));
    put(json, value, "greatest", json_output_real(spread.greatest));
    put(json, object, key, value);
}

static void put_phases(struct json_output *json, json_t *object, const bp_phases *phases)
{
    json_t *value = json_object();
    put(json, value, "gather", json_output_real(phases->gather));
    put(json, value, "forward", json_output_real(phases->forward));
    put(json, value, "delta", json_output_real(phases->delta));
    put(json, value, "gradient", json_output_real(phases->gradient));
    put(json, value, "reduce", json_output_real(phases->reduce));
    put(json, value, "update", json_output_real(phases->update));
    put(json, value, "waiting", json_output_real(phases->waiting));
    put(json, object, "phase_seconds", value);
}

static void put_memory(struct json_output *json, json_t *object, const bp_bench_info *info)
{
    json_t *value = json_object();
    put(json, value, "data", json_output_whole(info->data_bytes));
    put(json, value, "parameters", json_output_whole(info->parameter_bytes));
    put(json, value, "gradients", json_output_whole(info->gradient_bytes));
    put(json, value, "workspaces", json_output_whole(info->workspace_bytes));
    put(json, value, "limit", json_output_whole(info->memory_limit));
    put(json, object, "memory_bytes", value);
}

static json_t *describe_case(struct json_output *json, const struct bench_runs *runs,
                             const struct bench_case *one)
{
    const bp_bench_info *info = &one->info;
    json_t *object = json_object();
    put(json, object, "series", json_string(bench_report_series(one->series)));
    put(json, object, "auto", json_boolean(one->automatic));
    put(json, object, "threads", json_output_whole(info->threads));
    put(json, object, "threads_reason", json_string(info->threads_reason));
    put(json, object, "backend",
        json_string(bp_choice_name(BP_CHOICE_BACKEND, (int)info->backend)));
    put(json, object, "batch_size", json_output_whole(info->batch_size));
    put(json, object, "shards", json_output_whole(info->shards));
    put_spread(json, object, "samples_per_second", one->samples_per_second);
    put(json, object, "seconds_per_step",
        json_output_real((double)info->batch_size / one->samples_per_second.median));
    put_spread(json, object, "gflops", one->gflops);
    put_spread(json, object, "peak_gflops", one->peak_gflops);
    put_spread(json, object, "share_of_peak", one->share_of_peak);
    put(json, object, "base_threads", json_output_whole(runs->cases[one->base].info.threads));
    put_spread(json, object, "speed_up", one->speed_up);
    put_spread(json, object, "efficiency", one->efficiency);
    put_phases(json, object, &one->phases);
    put_memory(json, object, info);
    return object;
}

int bench_report_print_json(const struct bench_runs *runs)
{
    const struct bench_options *options = runs->options;
    const bp_bench_info *info = &runs->cases[0].info;
    struct json_output json = json_output_begin();
    json.digits = 9;
    json_t *layers = json_array(), *results = json_array();
    for (size_t l = 0; l <= options->shape.layers; l++) {
        if (json_array_append_new(layers, json_output_whole(options->shape.widths[l])) != 0)
            json.failed = true;
    }
    for (size_t k = 0; k < runs->count; k++) {
        if (json_array_append_new(results, describe_case(&json, runs, &runs->cases[k])) != 0)
            json.failed = true;
    }
    json_output_add(&json, "layers", layers);
    json_output_add(&json, "parameters", json_output_whole(info->parameters));
    json_output_add(&json, "operations_per_sample", json_output_real(info->operations));
    json_output_add(&json, "batch_size", json_output_whole(options->shape.batch_size));
    json_output_add(&json, "samples", json_output_whole(info->samples));
    json_output_add(&json, "processors", json_output_whole(bp_usable_processors()));
    json_output_add(&json, "isa", json_string(bp_choice_name(BP_CHOICE_ISA, (int)info->isa)));
    json_output_add(&json, "repetitions", json_output_whole(options->repetitions));
    json_output_add(&json, "seconds", json_output_real(options->seconds));
    json_output_add(&json, "results", results);
    json_t *best = json_null();
    if (runs->has_best) {
        best = json_object();
        put_spread(&json, best, "ratio", runs->auto_over_best);
        put(&json, best, "best_threads", json_output_whole(runs->cases[runs->best].info.threads));
    }
    json_output_add(&json, "auto_over_best", best);
    return json_output_print(&json);
}
