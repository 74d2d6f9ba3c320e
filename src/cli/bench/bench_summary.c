/* Ratios are formed within each repetition, then summarized. */
#include "cli/bench/bench_summary.h"

#include <math.h>
#include <stdlib.h>

#include "base/doubles.h"
#include "cli/terminal/messages.h"

/* Order statistics: a machine that does other work now and then does not move them. */
struct summary summary_of(double *values, size_t count)
{
    if (count == 0)
        return (struct summary){NAN, NAN, NAN};
    bp_doubles_sort(values, count);
    return (struct summary){.median = (values[(count - 1) / 2] + values[count / 2]) / 2,
                            .min = values[0],
                            .max = values[count - 1]};
}

struct summary summary_of_ratio(double scale, const double *over, const double *under, size_t count,
                                double *scratch)
{
    for (size_t r = 0; r < count; r++)
        scratch[r] = scale * over[r] / (under ? under[r] : 1);
    return summary_of(scratch, count);
}

void summary_put(struct fields *out, const char *key, struct summary summary)
{
    fields_object(out, key);
    fields_real(out, "median", summary.median);
    fields_real(out, "min", summary.min);
    fields_real(out, "max", summary.max);
    fields_close(out);
}

/* Of the repetitions whose peak was measured well: the peak, or the share of it. Returns how many
 * these are: no step does more than the processors can. */
static size_t collect_peaks(const struct bench_case *one, size_t count, bool share, double *values)
{
    size_t good = 0;
    for (size_t r = 0; r < count; r++) {
        const double done = one->info.operations * one->speed[r];
        if (done <= one->peak[r])
            values[good++] = share ? done / one->peak[r] : one->peak[r] * 1e-9;
    }
    return good;
}

static void summarize_peak(const struct bench_runs *runs, struct bench_case *one, double *scratch)
{
    const size_t count = runs->options->repetitions;
    const size_t good = collect_peaks(one, count, false, scratch);
    one->peak_failed = count - good;
    one->peak_gflops = summary_of(scratch, good);
    one->share_of_peak = summary_of(scratch, collect_peaks(one, count, true, scratch));
}

static void summarize_case(struct bench_runs *runs, struct bench_case *one, double *scratch)
{
    const struct bench_case *base = &runs->cases[one->base];
    const size_t count = runs->options->repetitions;
    const double operations = one->info.operations;
    const double threads = (double)one->info.threads / (double)base->info.threads;
    one->samples_per_second = summary_of_ratio(1, one->speed, NULL, count, scratch);
    one->gflops = summary_of_ratio(operations * 1e-9, one->speed, NULL, count, scratch);
    summarize_peak(runs, one, scratch);
    one->speed_up = summary_of_ratio(1, one->speed, base->speed, count, scratch);
    one->efficiency = summary_of_ratio(1 / threads, one->speed, base->speed, count, scratch);
}

/* How the number of threads that the library chose does against the best fixed one. */
static void compare_automatic(struct bench_runs *runs, double *scratch)
{
    const size_t counts = runs->options->threads.counts;
    const size_t count = runs->options->repetitions;
    if (!runs->options->threads.automatic || counts == 0 ||
        !(runs->options->scaling & BENCH_STRONG))
        return;
    for (size_t k = 1; k < counts; k++) {
        if (runs->cases[k].samples_per_second.median >
            runs->cases[runs->best].samples_per_second.median)
            runs->best = k;
    }
    runs->has_best = true;
    runs->auto_over_best = summary_of_ratio(1, runs->cases[counts].speed,
                                            runs->cases[runs->best].speed, count, scratch);
}

int bench_summary_make(struct bench_runs *runs)
{
    double *scratch = calloc(runs->options->repetitions, sizeof *scratch);
    if (!scratch)
        return message_no_memory();
    for (size_t k = 0; k < runs->count; k++)
        summarize_case(runs, &runs->cases[k], scratch);
    compare_automatic(runs, scratch);
    free(scratch);
    return EXIT_DONE;
}
