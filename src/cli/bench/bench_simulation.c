/*
 * A step of T threads takes the longest part of each of its regions, what the calling thread does
 * alone, and its joins. A join is measured with two threads. Beyond that the model is linear: the
 * calling thread writes one line of memory for each of the others, and reads one that each has
 * written; what these cost is measured where two threads are all there are, else a join of all.
 */
#include "cli/bench/bench_simulation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/fields/phases.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/progress_bar.h"

#define JOIN_SECONDS   0.1
#define STREAM_SECONDS 0.2

/* Losses that are together less of a step count for nothing. */
#define SMALL_LOSS 0.05

const char *const bench_loss_names[LOSS_COUNT] = {"imbalance", "joins", "alone", "reduction",
                                                  "transfers"};

#define PLANS 2

/* Those that --plan allows; returns how many. */
static size_t list_plans(const struct bench_runs *runs, bp_plan plans[PLANS])
{
    const bp_plan asked = runs->options->training.train.plan;
    plans[0] = asked == BP_PLAN_AUTO ? BP_PLAN_SAMPLES : asked;
    plans[1] = BP_PLAN_PARAMETERS;
    return asked == BP_PLAN_AUTO ? PLANS : 1;
}

/* A bench that is there for its team. */
static bp_status make_team(bp_bench **out, size_t threads, bp_error *error)
{
    bp_bench_options options = bp_bench_options_default();
    options.layers = options.widths[0] = options.widths[1] = options.batch_size = 1;
    options.samples = 1;
    options.threads = threads;
    return bp_bench_create(out, &options, error);
}

/* `further` may be NULL. */
static bp_status measure_join(size_t threads, double *join, double *further, bp_error *error)
{
    bp_bench *team = NULL;
    bp_status status = make_team(&team, threads, error);
    if (status == BP_OK)
        status = bp_bench_join(team, JOIN_SECONDS, join, error);
    if (status == BP_OK && further)
        status = bp_bench_join_further(team, JOIN_SECONDS, further, error);
    bp_bench_free(team);
    return status;
}

static bp_status measure_stream(size_t threads, double *rate, bp_error *error)
{
    bp_bench *team = NULL;
    bp_status status = make_team(&team, threads, error);
    if (status == BP_OK)
        status = bp_bench_stream(team, STREAM_SECONDS, rate, error);
    bp_bench_free(team);
    return status;
}

static bp_status measure_machine(struct bench_simulation *simulation, bp_error *error)
{
    const size_t usable = bp_usable_processors();
    const size_t most = usable < BENCH_THREADS_MAX ? usable : BENCH_THREADS_MAX;
    double all = 0.0;
    simulation->join_threads = simulation->stream_threads = most;
    bp_status status = measure_stream(most, &simulation->stream_rate, error);
    if (status == BP_OK && most > 1)
        status = measure_join(2, &simulation->join, &simulation->join_more, error);
    if (status == BP_OK && most > 2)
        status = measure_join(most, &all, NULL, error);
    if (most > 2)
        simulation->join_more = fmax(0.0, all - simulation->join) / (double)(most - 2);
    return status;
}

static double find_join(const struct bench_simulation *simulation, size_t threads)
{
    return threads < 2 ? 0.0 : simulation->join + (double)(threads - 2) * simulation->join_more;
}

static bp_status simulate(struct bench_simulation *simulation, const struct bench_runs *runs,
                          size_t threads, bp_plan plan, bp_error *error)
{
    bp_bench_simulation_options options = bp_bench_simulation_options_default();
    struct bench_simulated *one = &simulation->cases[simulation->count++];
    options.threads = threads;
    options.plan = plan;
    options.seconds = runs->options->seconds;
    one->plan = plan;
    const bp_status status = bp_bench_simulate(runs->cases[0].bench, &options, &one->parts, error);
    one->loss[LOSS_JOINS] = (double)one->parts.joins * find_join(simulation, threads);
    one->seconds = one->parts.longest + one->parts.alone + one->loss[LOSS_JOINS];
    return status;
}

/* The seconds that a thread spends adding up partial sums: its share of the parts, since the clock
 * in the phases makes these longer. */
static double find_reduction(const struct bench_simulated *one)
{
    double seconds[PHASES];
    const double sum = phases_list(&one->parts.phases, seconds);
    return sum > 0 ? one->parts.phases.reduce / sum * one->parts.mean : 0.0;
}

/* `base`: one thread. */
static void compare(const struct bench_simulation *simulation, struct bench_simulated *one,
                    const struct bench_simulated *base)
{
    const double threads = (double)one->parts.threads;
    const double apart = one->parts.mean - base->parts.mean / threads;
    one->speed_up = base->seconds / one->seconds;
    one->balance = one->parts.longest > 0 ? one->parts.mean / one->parts.longest : 1.0;
    one->loss[LOSS_IMBALANCE] = one->parts.longest - one->parts.mean;
    one->loss[LOSS_ALONE] = one->parts.alone - base->parts.alone / threads;
    one->loss[LOSS_REDUCTION] = fmax(0.0, find_reduction(one) - find_reduction(base) / threads);
    one->loss[LOSS_TRANSFERS] = apart - one->loss[LOSS_REDUCTION];
    one->bound = base->seconds * simulation->stream_rate / one->parts.bytes;
}

/* The faster of the plans with one thread, which come first. */
static const struct bench_simulated *find_base(const struct bench_simulation *simulation)
{
    const struct bench_simulated *base = &simulation->cases[0];
    for (size_t k = 1; k < simulation->count && simulation->cases[k].parts.threads == 1; k++) {
        if (simulation->cases[k].seconds < base->seconds)
            base = &simulation->cases[k];
    }
    return base;
}

static bp_status simulate_plans(struct bench_simulation *simulation, const struct bench_runs *runs,
                                size_t threads, bp_error *error)
{
    bp_plan plans[PLANS];
    const size_t count = list_plans(runs, plans);
    bp_status status = BP_OK;
    for (size_t p = 0; p < count && status == BP_OK; p++)
        status = simulate(simulation, runs, threads, plans[p], error);
    return status;
}

/* One thread first, asked for or not: others are compared with it. */
static bp_status simulate_all(struct bench_simulation *simulation, const struct bench_runs *runs,
                              struct progress_bar *bar, bp_error *error)
{
    const struct bench_threads *list = &runs->options->simulated;
    char text[64];
    bp_status status = measure_machine(simulation, error);
    if (status == BP_OK)
        status = simulate_plans(simulation, runs, 1, error);
    for (size_t k = list->count[0] == 1; k < list->counts && status == BP_OK; k++) {
        snprintf(text, sizeof text, "simulating %zu threads", list->count[k]);
        progress_bar_say(bar, text);
        status = simulate_plans(simulation, runs, list->count[k], error);
    }
    return status;
}

int bench_simulation_make(struct bench_simulation *simulation, const struct bench_runs *runs)
{
    *simulation = (struct bench_simulation){0};
    const size_t counts = runs->options->simulated.counts;
    bp_error error;
    if (counts == 0)
        return EXIT_DONE;
    simulation->cases = calloc((counts + 1) * PLANS, sizeof *simulation->cases);
    if (!simulation->cases)
        return message_no_memory();
    struct progress_bar bar = progress_bar_start();
    const bp_status status = simulate_all(simulation, runs, &bar, &error);
    progress_bar_clear(&bar);
    if (status != BP_OK)
        return message_error(&error);
    const struct bench_simulated base = *find_base(simulation);
    for (size_t k = 0; k < simulation->count; k++)
        compare(simulation, &simulation->cases[k], &base);
    return EXIT_DONE;
}

void bench_simulation_free(struct bench_simulation *simulation)
{
    free(simulation->cases);
    simulation->cases = NULL;
}

enum bench_loss bench_simulation_limit(const struct bench_simulated *one)
{
    enum bench_loss most = LOSS_IMBALANCE;
    double sum = 0.0;
    for (size_t k = 0; k < LOSS_COUNT; k++) {
        sum += one->loss[k];
        if (one->loss[k] > one->loss[most])
            most = (enum bench_loss)k;
    }
    return sum < SMALL_LOSS * one->seconds ? LOSS_COUNT : most;
}
