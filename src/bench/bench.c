/* Training steps against the clock, on the same setup as the trainer's. */
#include "bench/bench.h"

#include <math.h>

#include "base/clock.h"
#include "bench/join.h"
#include "bench/link.h"
#include "bench/peak.h"
#include "bench/stream.h"
#include "ranks/agree.h"

/* Between looks at the clock this share of the time passes: a look costs as much as a tiny step. */
#define LOOKS 64

double bp_bench_steps(struct bp_bench *bench, struct bp_step *step, size_t count)
{
    const size_t batch = bench->options.batch_size;
    double loss = 0.0;
    for (size_t k = 0; k < count; k++) {
        if (bench->next + batch > bench->options.samples)
            bench->next = 0;
        const struct bp_step_batch next = {.order = bench->order + bench->next,
                                           .count = batch,
                                           .upcoming = bench->options.samples - bench->next - batch,
                                           .number = bench->number};
        loss += bp_step_run(step, &next, bench->train.learning_rate);
        bench->next += batch;
        bench->number += batch;
    }
    return loss;
}

static bp_status check_seconds(double seconds, bp_error *error)
{
    if (!isfinite(seconds) || seconds <= 0.0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%g seconds: give a number above 0", seconds);
    return BP_OK;
}

bp_status bp_bench_check_run(const struct bp_bench *bench, double seconds, bp_error *error)
{
    const bp_status status = check_seconds(seconds, error);
    return status ? status : bp_team_check(bench->setup.engine.team, error);
}

/* Steps until the next look at the clock, 0 at the end: as rank 0 has it, for all. */
static size_t agree_count(const struct bp_bench *bench, size_t count)
{
    uint64_t agreed = count;
    bp_ranks_send_all(bench->train.ranks, &agreed, sizeof agreed, 0);
    return (size_t)agreed;
}

/* What this rank has sent since `before`, in a step. */
static void count_sent(const struct bp_bench *bench, struct bp_sent before, bp_bench_result *result)
{
    const struct bp_sent after = bp_ranks_sent(bench->train.ranks);
    result->bytes_sent = (double)(after.bytes - before.bytes) / (double)result->steps;
    result->messages_sent = (double)(after.messages - before.messages) / (double)result->steps;
}

bp_status bp_bench_run(bp_bench *bench, double seconds, bool phases, bp_bench_result *result,
                       bp_error *error)
{
    BP_REQUIRE(bench, error);
    bp_status status =
        result ? bp_bench_check_run(bench, seconds, error) : bp_fail_null(error, "result");
    status = bp_ranks_agree(bench->train.ranks, status, error);
    if (status)
        return status;
    *result = (bp_bench_result){0};
    bp_step_measure_phases(bench->setup.step, phases);
    const struct bp_sent sent = bp_ranks_sent(bench->train.ranks);
    const double start = bp_clock_seconds();
    for (size_t count = 1; count > 0;) {
        if (!isfinite(bp_bench_steps(bench, bench->setup.step, count)))
            return bp_fail(error, BP_ERROR_NOT_FINITE, "the loss is not finite");
        result->steps += count;
        const double passed = bp_clock_seconds() - start;
        if (passed - result->seconds < seconds / LOOKS)
            count *= 2;
        result->seconds = passed;
        count = agree_count(bench, passed < seconds ? count : 0);
    }
    result->samples_per_second =
        (double)(result->steps * bench->options.batch_size) / result->seconds;
    if (phases)
        result->phases = bp_step_phases(bench->setup.step);
    result->transfer = bp_step_transfer(bench->setup.step);
    count_sent(bench, sent, result);
    return BP_OK;
}

bp_status bp_bench_peak(bp_bench *bench, double seconds, double *rate, bp_error *error)
{
    BP_REQUIRE(bench, error);
    BP_REQUIRE(rate, error);
    const bp_status status = bp_bench_check_run(bench, seconds, error);
    return status ? status : bp_peak_measure(&bench->setup.engine, seconds, rate, error);
}

bp_status bp_bench_join(bp_bench *bench, double seconds, double *join, bp_error *error)
{
    BP_REQUIRE(bench, error);
    BP_REQUIRE(join, error);
    const bp_status status = bp_bench_check_run(bench, seconds, error);
    if (!status)
        *join = bp_join_measure(bench->setup.engine.team, seconds);
    return status;
}

bp_status bp_bench_join_further(bp_bench *bench, double seconds, double *further, bp_error *error)
{
    BP_REQUIRE(bench, error);
    BP_REQUIRE(further, error);
    const bp_status status = bp_bench_check_run(bench, seconds, error);
    return status ? status
                  : bp_join_measure_further(bench->setup.engine.team, seconds, further, error);
}

static bp_status check_link(double seconds, const double *latency, const double *bandwidth,
                            bp_error *error)
{
    BP_REQUIRE(latency, error);
    BP_REQUIRE(bandwidth, error);
    return check_seconds(seconds, error);
}

bp_status bp_bench_link(bp_ranks *ranks, double seconds, double *latency, double *bandwidth,
                        bp_error *error)
{
    if (latency)
        *latency = 0.0;
    if (bandwidth)
        *bandwidth = 0.0;
    const bp_status status =
        bp_ranks_agree(ranks, check_link(seconds, latency, bandwidth, error), error);
    return status || !bp_ranks_several(ranks)
               ? status
               : bp_link_measure(ranks, seconds, latency, bandwidth, error);
}

bp_status bp_bench_stream(bp_bench *bench, double seconds, double *rate, bp_error *error)
{
    BP_REQUIRE(bench, error);
    BP_REQUIRE(rate, error);
    const bp_status status = bp_bench_check_run(bench, seconds, error);
    return status ? status : bp_stream_measure(&bench->setup.engine, seconds, rate, error);
}
