/* The computing of a rank is measured once for each number of ranks, for all networks, and the step
 * of one process right before: processors do not keep their speed from one second to the next. */
#include "cli/bench/bench_rank_model.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/progress_bar.h"

/* Losses that are together less of a step count for nothing. */
#define SMALL_LOSS 0.05

#define HEADING                                                                                    \
    "\nPredicted over ranks, each on a machine of its own; what a step loses, in % of its time\n"

static const char *const loss_names[RANK_LOSS_COUNT] = {"compute", "imbalance", "bandwidth",
                                                        "latency"};

static void compare(struct rank_model_case *one)
{
    const bp_rank_prediction *step = &one->step;
    one->loss[RANK_LOSS_COMPUTE] = step->compute - step->imbalance - one->base / (double)one->ranks;
    one->loss[RANK_LOSS_IMBALANCE] = step->imbalance;
    one->loss[RANK_LOSS_BANDWIDTH] = step->bandwidth;
    one->loss[RANK_LOSS_LATENCY] = step->latency;
}

static bp_status predict(struct rank_model *model, const struct bench_runs *runs, size_t ranks,
                         bp_error *error)
{
    const struct bench_links *links = &runs->options->links;
    bp_bench_options shape = runs->options->shape;
    const double seconds = runs->options->seconds;
    bp_bench_result base = {0};
    bp_rank_trace *trace = NULL;
    shape.threads = runs->cases[0].info.threads;
    bp_status status = bp_bench_run(runs->cases[0].bench, seconds, false, &base, error);
    if (status == BP_OK)
        status = bp_rank_trace_create(&trace, &shape, ranks, seconds, error);
    for (size_t k = 0; k < links->count && status == BP_OK; k++) {
        struct rank_model_case *one = &model->cases[model->count++];
        one->link = links->link[k];
        one->ranks = ranks;
        one->base = base.seconds / (double)base.steps;
        status = bp_rank_trace_predict(trace, one->link.microseconds * 1e-6,
                                       one->link.gigabits * 0.125e9, &one->step, error);
        compare(one);
    }
    bp_rank_trace_free(trace);
    return status;
}

int rank_model_make(struct rank_model *model, const struct bench_runs *runs)
{
    const struct bench_threads *list = &runs->options->simulated_ranks;
    bp_status status = BP_OK;
    bp_error error;
    char text[64];
    *model = (struct rank_model){0};
    if (list->counts == 0)
        return EXIT_DONE;
    model->cases = calloc(list->counts * runs->options->links.count, sizeof *model->cases);
    if (!model->cases)
        return message_no_memory();
    struct progress_bar bar = progress_bar_start();
    for (size_t k = 0; k < list->counts && status == BP_OK; k++) {
        snprintf(text, sizeof text, "predicting %zu ranks", list->count[k]);
        progress_bar_say(&bar, text);
        status = predict(model, runs, list->count[k], &error);
    }
    progress_bar_clear(&bar);
    return status == BP_OK ? EXIT_DONE : message_error(&error);
}

void rank_model_free(struct rank_model *model)
{
    free(model->cases);
    model->cases = NULL;
}

/* The loss that weighs most, or NULL. */
static const char *find_limit(const struct rank_model_case *one)
{
    size_t most = 0;
    double sum = 0.0;
    for (size_t k = 0; k < RANK_LOSS_COUNT; k++) {
        sum += one->loss[k];
        if (one->loss[k] > one->loss[most])
            most = k;
    }
    return sum < SMALL_LOSS * one->step.seconds ? NULL : loss_names[most];
}

double rank_model_speed_up(const struct rank_model_case *one)
{
    return one->base / one->step.seconds;
}

static void put_case(struct fields *out, const struct rank_model_case *one, size_t batch)
{
    const double speed_up = rank_model_speed_up(one);
    const char *limit = find_limit(one);
    fields_row(out);
    fields_digits(out, "gigabits_per_second", "Gbit/s", 3, one->link.gigabits);
    fields_digits(out, "latency_microseconds", "us/message", 3, one->link.microseconds);
    fields_whole(out, "ranks", "ranks", one->ranks);
    fields_real(out, "base_seconds", one->base);
    fields_real(out, "seconds_per_step", one->step.seconds);
    fields_digits(out, NULL, "us/step", 4, one->step.seconds * 1e6);
    fields_rate(out, "samples_per_second", "samples/s", (double)batch / one->step.seconds);
    fields_decimals(out, "speed_up", "speed-up", 2, speed_up);
    fields_percent(out, "efficiency", "efficiency", 0, speed_up / (double)one->ranks);
    fields_object(out, "loss_seconds");
    for (size_t k = 0; k < RANK_LOSS_COUNT; k++) {
        fields_real(out, loss_names[k], one->loss[k]);
        fields_decimals(out, NULL, loss_names[k], 1, one->loss[k] / one->step.seconds * 100);
    }
    fields_close(out);
    fields_real(out, "bytes_sent", one->step.bytes);
    fields_decimals(out, NULL, "MB sent", 2, one->step.bytes * 1e-6);
    fields_decimals(out, "messages_sent", "messages", 0, one->step.messages);
    fields_text(out, "limit", NULL, limit);
    fields_line(out, "limit", "%s", limit ? limit : "");
}

void rank_model_put(struct fields *out, const struct rank_model *model,
                    const struct bench_runs *runs)
{
    if (model->count == 0) {
        fields_null(out, "rank_simulation");
        return;
    }
    const size_t threads = runs->cases[0].info.threads;
    fields_object(out, "rank_simulation");
    fields_whole(out, "threads", NULL, threads);
    fields_table(out, "results", HEADING);
    for (size_t k = 0; k < model->count; k++)
        put_case(out, &model->cases[k], runs->cases[0].info.batch_size);
    fields_close(out);
    if (!out->json)
        fields_say(
            out,
            "speed-up over one process; %zu thread%s in each rank. A rank sends and receives "
            "at the same time, one message after the other\n"
            "not seen: what messages take of the processor, networks that are shared, slow "
            "ranks\n",
            threads, threads == 1 ? "" : "s");
    fields_close(out);
}
