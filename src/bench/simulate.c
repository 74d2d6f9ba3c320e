/*
 * A step with a probe (step/probe.h), whose worker is one thread after the other. Of each region
 * the usual time counts, a mean over steps, then the longest over the threads: what the others wait
 * for.
 */
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/doubles.h"
#include "base/memory.h"
#include "base/sized.h"
#include "bench/bench.h"
#include "team/processors.h"

#define PROBES     16 /* threads that are timed, at most */
#define STEPS_WARM 2  /* before the first one that counts, of each */
#define STEPS_MIN  3  /* that count */
#define STEPS_MAX  400

#define OUTLIER 1.3

/* The seconds of a region in the steps of one thread, and of what lies between the regions. */
struct times {
    size_t steps;
    double region[BP_PROBE_REGIONS][STEPS_MAX];
    double between[STEPS_MAX];
};

struct simulation {
    struct bp_bench *bench;
    struct bp_engine engine; /* of two threads, or one */
    struct bp_probe probe;
    struct bp_step *step;
    struct times *times;
    double longest[BP_PROBE_REGIONS], sum[BP_PROBE_REGIONS];
    double between;
    double loss;
    bp_bench_simulation *result;
};

void bp_bench_simulation_options_init(bp_bench_simulation_options *options, size_t size)
{
    static const bp_bench_simulation_options defaults = {
        .threads = 1, .plan = BP_PLAN_SAMPLES, .seconds = 0.5};
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

/* The mean of those that are at most OUTLIER times the lower quartile: what is longer was
 * interrupted. */
static double find_usual(double *values, size_t count)
{
    double sum = 0.0;
    size_t usual = 0;
    bp_doubles_sort(values, count);
    while (usual < count && values[usual] <= OUTLIER * values[count / 4])
        sum += values[usual++];
    return sum / (double)usual;
}

static double run_step(struct simulation *simulation, size_t worker)
{
    bp_probe_begin(&simulation->probe, worker);
    const double start = bp_clock_seconds();
    simulation->loss += bp_bench_steps(simulation->bench, simulation->step, 1);
    return bp_clock_seconds() - start;
}

/* Steps with the clock in the phases say how a thread divides its time. */
static void add_phases(struct simulation *simulation, size_t worker)
{
    bp_step_measure_phases(simulation->step, true);
    run_step(simulation, worker);
    const bp_phases phases = bp_step_phases(simulation->step);
    bp_step_measure_phases(simulation->step, false);
    bp_phases *sum = &simulation->result->phases;
    sum->gather += phases.gather;
    sum->forward += phases.forward;
    sum->delta += phases.delta;
    sum->gradient += phases.gradient;
    sum->reduce += phases.reduce;
    sum->update += phases.update;
}

static void time_worker(struct simulation *simulation, size_t worker, double seconds)
{
    const struct bp_probe *probe = &simulation->probe;
    struct times *times = simulation->times;
    for (size_t k = 0; k < STEPS_WARM; k++)
        run_step(simulation, worker);
    const double start = bp_clock_seconds();
    for (times->steps = 0; times->steps < STEPS_MAX;) {
        const double elapsed = run_step(simulation, worker);
        for (size_t r = 0; r < BP_PROBE_REGIONS; r++)
            times->region[r][times->steps] = probe->region[r].seconds;
        times->between[times->steps++] = elapsed - probe->elapsed;
        if (times->steps >= STEPS_MIN && bp_clock_seconds() - start >= seconds)
            break;
    }
    for (size_t r = 0; r < BP_PROBE_REGIONS; r++) {
        const double usual = find_usual(times->region[r], times->steps);
        simulation->longest[r] = fmax(simulation->longest[r], usual);
        simulation->sum[r] += usual;
    }
    simulation->between += find_usual(times->between, times->steps);
    add_phases(simulation, worker);
}

/* Ranges of work are longest first, so that thread 0 has as much as any. */
static void time_workers(struct simulation *simulation, double seconds)
{
    bp_bench_simulation *result = simulation->result;
    const size_t count = bp_size_min(result->threads, PROBES);
    for (size_t k = 0; k < count; k++)
        time_worker(simulation, k * result->threads / count, seconds / (double)count);
    const double probes = (double)count;
    result->probes = count;
    result->joins = simulation->probe.joins;
    result->alone = simulation->between / probes;
    for (size_t r = 0; r < BP_PROBE_REGIONS; r++) {
        if (simulation->probe.region[r].shared) {
            result->longest += simulation->longest[r];
            result->mean += simulation->sum[r] / probes;
        } else {
            result->alone += simulation->sum[r] / probes;
        }
    }
    double *const phases[] = {&result->phases.gather, &result->phases.forward,
                              &result->phases.delta,  &result->phases.gradient,
                              &result->phases.reduce, &result->phases.update};
    for (size_t k = 0; k < sizeof phases / sizeof phases[0]; k++)
        *phases[k] /= probes * (double)result->threads;
}

/* As bp_bench_simulation says. */
static double count_bytes(const struct simulation *simulation)
{
    const struct bp_network *network = simulation->bench->model->network;
    const bp_bench_work work = bp_bench_get_work(simulation->bench);
    const double floats = (double)(network->floats + network->transposed_floats);
    const double sums = (double)bp_step_partial_sums(simulation->step);
    return work.gather_bytes + work.update_bytes +
           sizeof(float) * (floats + 2.0 * sums * (double)network->floats);
}

static bp_status make(struct simulation *simulation, const bp_bench_simulation_options *options,
                      bp_error *error)
{
    const struct bp_bench *bench = simulation->bench;
    const bp_bench_options *shape = &bench->options;
    const size_t processors = bp_usable_processors();
    const struct bp_engine_options engine = {
        .threads = options->threads > 1 && processors > 1 ? 2 : 1,
        .isa = bench->setup.engine.kernels->isa,
    };
    simulation->times = malloc(sizeof *simulation->times);
    if (!simulation->times)
        return bp_fail_memory(error, "times of steps");
    bp_status status = bp_engine_make(&simulation->engine, &engine, error);
    if (status)
        return status;
    simulation->probe.workers = options->threads;
    const struct bp_step_options step = {
        .kernels = simulation->engine.kernels,
        .team = simulation->engine.team,
        .batch_size = shape->batch_size,
        .shard_size = bp_size_min(shape->shard_size, shape->batch_size),
        .plan = options->plan,
        .optimizer = bench->setup.optimizer,
        .dropout = bench->train.dropout,
        .seed = bench->train.seed,
        .probe = &simulation->probe,
    };
    return bp_step_create(&simulation->step, bench->model->network, &bench->samples, &step, error);
}

static bp_status check(const struct bp_bench *bench, const bp_bench_simulation_options *options,
                       bp_error *error)
{
    if (options->threads < 1 || options->threads > BP_THREADS_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu threads: give a number from 1 to %d",
                       options->threads, BP_THREADS_MAX);
    if (!bp_choice_name(BP_CHOICE_PLAN, (int)options->plan))
        return bp_fail(error, BP_ERROR_ARGUMENT, "plan %d does not exist", (int)options->plan);
    return bp_bench_check_run(bench, options->seconds, error);
}

bp_status bp_bench_simulate(bp_bench *bench, const bp_bench_simulation_options *options,
                            bp_bench_simulation *simulation, bp_error *error)
{
    BP_REQUIRE(bench, error);
    BP_REQUIRE(simulation, error);
    bp_bench_simulation_options full = bp_bench_simulation_options_default();
    *simulation = (bp_bench_simulation){0};
    bp_status status =
        bp_sized_copy(&full, sizeof full, options, "bp_bench_simulation_options", error);
    if (!status)
        status = check(bench, &full, error);
    if (status)
        return status;
    struct simulation work = {.bench = bench, .result = simulation};
    status = make(&work, &full, error);
    if (!status) {
        simulation->threads = full.threads;
        simulation->others = bp_team_threads(work.engine.team) - 1;
        time_workers(&work, full.seconds);
        simulation->bytes = count_bytes(&work);
        if (!isfinite(work.loss))
            status = bp_fail(error, BP_ERROR_NOT_FINITE, "the loss is not finite");
    }
    bp_step_free(work.step);
    bp_engine_release(&work.engine);
    free(work.times);
    return status;
}
