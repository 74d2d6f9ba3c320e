/* A table of the simulated numbers of threads, with what it rests on above it. */
#include "cli/bench/bench_simulation_report.h"

#define HEADING                                                                                    \
    "\nSimulated: each thread on a processor of its own; what a step loses, in % of its time\n"

static void put_losses(struct fields *out, const struct bench_simulated *one)
{
    const enum bench_loss limit = bench_simulation_limit(one);
    fields_object(out, "loss_seconds");
    for (size_t k = 0; k < LOSS_COUNT; k++) {
        fields_real(out, bench_loss_names[k], one->loss[k]);
        fields_decimals(out, NULL, bench_loss_names[k], 1, one->loss[k] / one->seconds * 100);
    }
    fields_close(out);
    fields_text(out, "limit", NULL, limit < LOSS_COUNT ? bench_loss_names[limit] : NULL);
}

static void put_case(struct fields *out, const struct bench_simulated *one, size_t batch)
{
    const double threads = (double)one->parts.threads;
    fields_row(out);
    fields_whole(out, "threads", "threads", one->parts.threads);
    fields_choice(out, "plan", "plan", BP_CHOICE_PLAN, (int)one->plan);
    fields_real(out, "seconds_per_step", one->seconds);
    fields_digits(out, NULL, "us/step", 4, one->seconds * 1e6);
    fields_rate(out, "samples_per_second", "samples/s", (double)batch / one->seconds);
    fields_decimals(out, "speed_up", "speed-up", 2, one->speed_up);
    fields_percent(out, "efficiency", "efficiency", 0, one->speed_up / threads);
    fields_percent(out, "balance", "balance", 0, one->balance);
    fields_whole(out, "joins", NULL, one->parts.joins);
    put_losses(out, one);
    fields_real(out, "bytes", one->parts.bytes);
    fields_decimals(out, "gigabytes_per_second", "GB/s", 1, one->parts.bytes / one->seconds * 1e-9);
    fields_decimals(out, "bandwidth_bound", "bound", 1, one->bound);
    const enum bench_loss limit = bench_simulation_limit(one);
    fields_line(out, "limit", "%s", limit < LOSS_COUNT ? bench_loss_names[limit] : "");
}

static void say_basis(struct fields *out, const struct bench_simulation *simulation)
{
    if (simulation->join > 0)
        fields_say(out, "a join: %.3g us with 2 threads, %.3g for each further one (%s)\n",
                   simulation->join * 1e6, simulation->join_more * 1e6,
                   simulation->join_threads > 2 ? "measured" : "two lines of memory: a model");
    else
        fields_say(out, "joins count for nothing, and threads write no caches but their own: one "
                        "processor cannot measure either\n");
    fields_say(out,
               "bound: the speed-up at which memory gives the %.1f GB/s measured with %zu "
               "thread%s, if caches keep nothing from one phase to the next\n"
               "not seen: bandwidth that threads share, other sockets, the clock of many busy "
               "processors\n",
               simulation->stream_rate * 1e-9, simulation->stream_threads,
               simulation->stream_threads == 1 ? "" : "s");
}

void bench_simulation_put(struct fields *out, const struct bench_simulation *simulation,
                          const struct bench_runs *runs)
{
    if (simulation->count == 0) {
        fields_null(out, "simulation");
        return;
    }
    fields_object(out, "simulation");
    fields_real(out, "join_seconds", simulation->join);
    fields_real(out, "join_seconds_more", simulation->join_more);
    fields_whole(out, "join_threads", NULL, simulation->join_threads);
    fields_real(out, "stream_gigabytes_per_second", simulation->stream_rate * 1e-9);
    fields_whole(out, "stream_threads", NULL, simulation->stream_threads);
    fields_table(out, "results", HEADING);
    for (size_t k = 0; k < simulation->count; k++)
        put_case(out, &simulation->cases[k], runs->cases[0].info.batch_size);
    fields_close(out);
    if (!out->json)
        say_basis(out, simulation);
    fields_close(out);
}
