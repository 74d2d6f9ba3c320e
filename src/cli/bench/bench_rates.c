/* A rate is the work of a phase for the whole batch, over the time that the threads are in it. */
#include "cli/bench/bench_rates.h"

#include <math.h>

#include "cli/fields/phases.h"

/* The work of each phase in the order of phase_names, but for waiting. */
static void list_work(const bp_bench_work *work, double list[PHASES])
{
    const double values[PHASES] = {work->gather_bytes,     work->forward_operations,
                                   work->delta_operations, work->gradient_operations,
                                   work->reduce_bytes,     work->update_bytes};
    for (size_t i = 0; i < PHASES; i++)
        list[i] = values[i];
}

static bool is_product(size_t phase)
{
    return phase >= 1 && phase <= 3;
}

/* A share above 1 is none: the peak was not measured well. */
static void put_share(struct fields *out, double rate, double peak)
{
    const double share = rate <= peak ? rate / peak : (double)NAN;
    fields_percent(out, "share_of_peak", "of peak", 1, share);
}

static void put_product(struct fields *out, const char *name, double rate, double peak)
{
    fields_object(out, name);
    fields_real(out, "gflops", rate * 1e-9);
    fields_decimals(out, NULL, name, 1, rate * 1e-9);
    put_share(out, rate, peak);
    fields_close(out);
}

static void put_pass(struct fields *out, const char *name, double rate)
{
    fields_object(out, name);
    fields_real(out, "gigabytes_per_second", rate * 1e-9);
    fields_decimals(out, NULL, name, 1, rate * 1e-9);
    fields_close(out);
}

/* A phase that the step does not have. */
static void put_nothing(struct fields *out, size_t phase)
{
    fields_null(out, phase_names[phase]);
    fields_line(out, phase_names[phase], "%s", "");
    if (is_product(phase))
        fields_line(out, "of peak", "%s", "");
}

void bench_rates_put(struct fields *out, const struct bench_runs *runs,
                     const struct bench_case *one)
{
    /* Products first: they are counted alike. */
    static const size_t order[] = {1, 2, 3, 0, 4, 5};
    double work[PHASES], seconds[PHASES];
    (void)runs;
    list_work(&one->work, work);
    phases_list(&one->phases, seconds);
    fields_whole(out, NULL, "batch", one->info.batch_size);
    fields_object(out, "phase_rates");
    for (size_t k = 0; k < sizeof order / sizeof order[0]; k++) {
        const size_t phase = order[k];
        const double rate = work[phase] / seconds[phase];
        if (work[phase] <= 0 || seconds[phase] <= 0)
            put_nothing(out, phase);
        else if (is_product(phase))
            put_product(out, phase_names[phase], rate, one->phases_peak);
        else
            put_pass(out, phase_names[phase], rate);
    }
    fields_close(out);
}
