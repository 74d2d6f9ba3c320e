/*
 * A step of rank 0, which has the most shards, among ranks that are not there: what it computes
 * between its transfers is measured, the transfers follow from a model. Each rank has one link,
 * which sends and receives at the same time, one message after the other in the order in which the
 * step begins them: a message takes `latency` and its bytes. All ranks begin theirs when rank 0
 * does, so that as much comes in as it is told to expect.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/doubles.h"
#include "base/memory.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "bench/bench.h"
#include "bench/pretended_ranks.h"
#include "step/rank_step_inside.h"
#include "step/step_inside.h"

#define STEPS_WARM 2
#define STEPS_MIN  5
#define STEPS_MAX  64

struct bp_rank_trace {
    struct bp_rank_event *event;
    size_t events;
    int tags;
    double balance; /* shards of a rank on the average / those of rank 0 */
};

/* What has happened to the messages of one tag. */
struct channel {
    double sends, receives; /* of a step */
    double received_bytes;
    double sent, arrived; /* when the last one was */
};

static void count_messages(const struct bp_rank_trace *trace, struct channel *channel)
{
    memset(channel, 0, (size_t)trace->tags * sizeof *channel);
    for (size_t k = 0; k < trace->events; k++) {
        const struct bp_rank_event *event = &trace->event[k];
        if (event->kind == BP_RANK_SEND)
            channel[event->tag].sends++;
        if (event->kind != BP_RANK_RECEIVE)
            continue;
        channel[event->tag].receives++;
        channel[event->tag].received_bytes += event->bytes;
    }
}

struct replay {
    const struct bp_rank_trace *trace;
    struct channel *channel;
    double latency, bandwidth; /* bytes a second */
    double now, out_free, in_free;
};

/* Of what comes in with a tag, `share` begins to. */
static void let_arrive(struct replay *replay, struct channel *channel, double share)
{
    replay->in_free =
        fmax(replay->in_free, replay->now) +
        share * (channel->receives * replay->latency + channel->received_bytes / replay->bandwidth);
    channel->arrived = replay->in_free;
}

static void replay_send(struct replay *replay, const struct bp_rank_event *event)
{
    struct channel *channel = &replay->channel[event->tag];
    replay->out_free =
        fmax(replay->out_free, replay->now) + replay->latency + event->bytes / replay->bandwidth;
    channel->sent = replay->out_free;
    let_arrive(replay, channel, 1.0 / channel->sends);
}

/* Until all transfers of the exchange that were begun before are done. */
static void replay_finish(struct replay *replay, size_t end)
{
    const struct bp_exchange *exchange = replay->trace->event[end].exchange;
    double done = replay->now;
    for (size_t k = 0; k < end; k++) {
        const struct bp_rank_event *event = &replay->trace->event[k];
        if (event->exchange != exchange || event->kind == BP_RANK_FINISH)
            continue;
        struct channel *channel = &replay->channel[event->tag];
        if (event->kind == BP_RANK_RECEIVE && channel->sends == 0 && channel->arrived == 0.0)
            let_arrive(replay, channel, 1.0);
        done = fmax(done, event->kind == BP_RANK_SEND ? channel->sent : channel->arrived);
    }
    replay->now = done;
}

static double replay_step(const struct bp_rank_trace *trace, struct channel *channel,
                          double latency, double bandwidth)
{
    struct replay replay = {
        .trace = trace, .channel = channel, .latency = latency, .bandwidth = bandwidth};
    count_messages(trace, channel);
    for (size_t k = 0; k < trace->events; k++) {
        replay.now += trace->event[k].gap;
        if (trace->event[k].kind == BP_RANK_SEND)
            replay_send(&replay, &trace->event[k]);
        else if (trace->event[k].kind == BP_RANK_FINISH)
            replay_finish(&replay, k);
    }
    return replay.now;
}

/* What is computed before the first wait goes by the shards. */
static double find_imbalance(const struct bp_rank_trace *trace)
{
    double seconds = 0.0;
    for (size_t k = 0; k < trace->events; k++) {
        seconds += trace->event[k].gap;
        if (trace->event[k].kind == BP_RANK_FINISH)
            break;
    }
    return seconds * (1.0 - trace->balance);
}

bp_status bp_rank_trace_predict(const bp_rank_trace *trace, double latency, double bandwidth,
                                bp_rank_prediction *prediction, bp_error *error)
{
    BP_REQUIRE(trace, error);
    BP_REQUIRE(prediction, error);
    *prediction = (bp_rank_prediction){0};
    if (!isfinite(latency) || latency < 0.0 || !isfinite(bandwidth) || bandwidth <= 0.0)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "messages of %g s and %g bytes/s: give numbers from 0, and above 0", latency,
                       bandwidth);
    struct channel *channel = calloc((size_t)trace->tags, sizeof *channel);
    if (!channel)
        return bp_fail_memory(error, "messages between ranks");
    for (size_t k = 0; k < trace->events; k++) {
        prediction->compute += trace->event[k].gap;
        prediction->messages += trace->event[k].kind == BP_RANK_SEND;
        prediction->bytes += trace->event[k].kind == BP_RANK_SEND ? trace->event[k].bytes : 0.0;
    }
    prediction->seconds = replay_step(trace, channel, latency, bandwidth);
    prediction->bandwidth =
        fmax(0.0, replay_step(trace, channel, 0.0, bandwidth) - prediction->compute);
    prediction->latency =
        fmax(0.0, prediction->seconds - prediction->compute - prediction->bandwidth);
    prediction->imbalance = find_imbalance(trace);
    free(channel);
    return BP_OK;
}

/* Steps until `seconds` are over; of each gap the median. */
static bp_status measure(struct bp_rank_trace *trace, struct bp_bench *bench,
                         struct bp_pretended_ranks *ranks, double seconds, bp_error *error)
{
    double *gap = NULL;
    size_t steps = 0;
    double loss = 0.0;
    const double start = bp_clock_seconds();
    for (size_t k = 0; k < STEPS_WARM + STEPS_MAX && !ranks->failed; k++) {
        bp_pretended_begin(ranks);
        loss += bp_bench_steps(bench, bench->setup.step, 1);
        bp_pretended_end(ranks);
        if (k + 1 == STEPS_WARM) {
            gap = bp_array_alloc(ranks->events * STEPS_MAX, sizeof *gap);
            ranks->failed = ranks->failed || !gap;
        }
        for (size_t e = 0; k >= STEPS_WARM && e < ranks->events; e++)
            gap[e * STEPS_MAX + steps] = ranks->event[e].gap;
        steps += k >= STEPS_WARM;
        if (steps >= STEPS_MIN && bp_clock_seconds() - start >= seconds)
            break;
    }
    trace->event = ranks->failed ? NULL : bp_array_alloc(ranks->events, sizeof *trace->event);
    for (size_t e = 0; trace->event && e < ranks->events; e++) {
        bp_doubles_sort(gap + e * STEPS_MAX, steps);
        trace->event[e] = ranks->event[e];
        trace->event[e].gap = gap[e * STEPS_MAX + steps / 2];
        trace->tags = ranks->event[e].tag >= trace->tags ? ranks->event[e].tag + 1 : trace->tags;
    }
    trace->events = ranks->events;
    free(gap);
    if (!trace->event)
        return bp_fail_memory(error, "the events of a step");
    return isfinite(loss) ? BP_OK : bp_fail(error, BP_ERROR_NOT_FINITE, "the loss is not finite");
}

static bp_status trace_step(struct bp_rank_trace *trace, const bp_bench_options *options,
                            size_t ranks, double seconds, bp_error *error)
{
    struct bp_pretended_ranks *group = NULL;
    struct bp_bench *bench = NULL;
    bp_bench_options full = bp_bench_options_default();
    bp_train_options train = bp_train_options_default();
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_bench_options", error);
    if (!status)
        status = bp_sized_copy(&train, sizeof train, full.train, "bp_train_options", error);
    if (!status)
        status = bp_pretended_create(&group, ranks, error);
    if (!status) {
        train.ranks = &group->ranks;
        full.train = &train;
        status = bp_bench_create(&bench, &full, error);
    }
    if (!status)
        status = bp_bench_check_run(bench, seconds, error);
    if (!status) {
        const size_t *shards = bench->setup.step->ranks->plan[0].shards;
        trace->balance = (double)shards[ranks] / ((double)ranks * (double)shards[1]);
        status = measure(trace, bench, group, seconds, error);
    }
    bp_bench_free(bench);
    if (group)
        bp_ranks_close(&group->ranks);
    return status;
}

bp_status bp_rank_trace_create(bp_rank_trace **out, const bp_bench_options *options, size_t ranks,
                               double seconds, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    if (ranks < 2 || ranks > BP_TRACE_RANKS_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu ranks: give a number from 2 to %d", ranks,
                       BP_TRACE_RANKS_MAX);
    struct bp_rank_trace *trace = calloc(1, sizeof *trace);
    if (!trace)
        return bp_fail_memory(error, "a step over ranks");
    const bp_status status = trace_step(trace, options, ranks, seconds, error);
    if (!status)
        *out = trace;
    else
        bp_rank_trace_free(trace);
    return status;
}

void bp_rank_trace_free(bp_rank_trace *trace)
{
    if (!trace)
        return;
    free(trace->event);
    free(trace);
}
