/* Plots name their blocks of data, so that a block is written once. */
#include "cli/bench/bench_plot_data.h"

#include "cli/bench/bench_script.h"
#include "cli/fields/phases.h"

void bench_plot_put_series(FILE *script, const struct bench_runs *runs, enum bench_series series,
                           bool automatic, const char *name)
{
    fprintf(script, "$%s << END\n", name);
    for (size_t k = 0; k < runs->count; k++) {
        const struct bench_case *one = &runs->cases[k];
        if (one->series == series && one->automatic == automatic)
            bench_script_put_row(script, one->info.threads, &one->speed_up);
    }
    fputs("END\n", script);
}

void bench_plot_put_simulated(FILE *script, const struct bench_picture *picture, bp_plan plan)
{
    const struct bench_simulation *simulation = picture->simulation;
    const struct bench_case *base = &picture->runs->cases[0];
    const double step = (double)base->info.batch_size / base->samples_per_second.median;
    fprintf(script, "$simulated_%s << END\n", bp_choice_name(BP_CHOICE_PLAN, (int)plan));
    for (size_t k = 0; k < simulation->count; k++) {
        const struct bench_simulated *one = &simulation->cases[k];
        if (one->plan == plan)
            fprintf(script, "%zu %.6g\n", one->parts.threads, step / one->seconds);
    }
    fputs("END\n", script);
}

size_t bench_plot_put_phases(FILE *script, const struct bench_runs *runs)
{
    size_t rows = 0;
    fputs("$phases << END\n", script);
    for (size_t k = 0; k < runs->count; k++) {
        const struct bench_case *one = &runs->cases[k];
        double seconds[PHASES];
        if (one->series != runs->cases[0].series)
            continue;
        const double sum = phases_list(&one->phases, seconds);
        rows++;
        fprintf(script, one->automatic ? "\"auto: %zu\"" : "\"%zu\"", one->info.threads);
        for (size_t i = 0; i < PHASES; i++)
            fprintf(script, " %.4g", sum > 0 ? seconds[i] / sum * 100 : 0.0);
        fputc('\n', script);
    }
    fputs("END\n", script);
    return rows;
}
