/* batchprop bench: how fast training is, how close to the processors' limit, how it scales. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bench/bench_options.h"
#include "cli/bench/bench_plot.h"
#include "cli/bench/bench_rank_model_plot.h"
#include "cli/bench/bench_ranks.h"
#include "cli/bench/bench_ranks_plot.h"
#include "cli/bench/bench_ranks_report.h"
#include "cli/bench/bench_report.h"
#include "cli/bench/bench_runs.h"
#include "cli/bench/bench_simulation.h"
#include "cli/bench/bench_summary.h"
#include "cli/commands.h"
#include "cli/terminal/escape.h"
#include "cli/terminal/gnuplot.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/ranks.h"
#include "cli/terminal/results.h"

static int print_plot(const char *path)
{
    char *shown = malloc(ESCAPE_FACTOR * strlen(path) + 1);
    if (!shown)
        return message_no_memory();
    fprintf(results(), "\nplot      %s\n", escape_write(shown, path, false));
    free(shown);
    return EXIT_DONE;
}

/* After the report: a picture that fails loses no figures. `code` is how drawing ended. */
static int say_drawn(const struct bench_options *options, int code)
{
    return code == EXIT_DONE && !options->json ? print_plot(options->plot) : code;
}

static int draw(const struct bench_runs *runs, const struct bench_simulation *simulation,
                const struct rank_model *model)
{
    const struct bench_options *options = runs->options;
    if (!options->plot)
        return EXIT_DONE;
    fflush(results());
    return say_drawn(options, model->count > 0 ? rank_model_plot_write(model, runs)
                                               : bench_plot_write(runs, simulation));
}

static int measure(const struct bench_options *options)
{
    struct bench_runs runs;
    struct bench_simulation simulation = {0};
    struct rank_model model = {0};
    int code = bench_runs_make(&runs, options);
    if (code == EXIT_DONE)
        code = bench_summary_make(&runs);
    if (code == EXIT_DONE)
        code = bench_simulation_make(&simulation, &runs);
    if (code == EXIT_DONE)
        code = rank_model_make(&model, &runs);
    if (code == EXIT_DONE) {
        code = bench_report_print(&runs, &simulation, &model);
        const int drawn = draw(&runs, &simulation, &model);
        code = drawn > code ? drawn : code;
    }
    rank_model_free(&model);
    bench_simulation_free(&simulation);
    bench_runs_free(&runs);
    return code;
}

/* Rank 0 alone prints and draws. */
static int measure_ranks(const struct bench_options *options)
{
    struct rank_runs runs;
    int code = rank_runs_make(&runs, options);
    if (code == EXIT_DONE && ranks_leads()) {
        code = rank_report_print(&runs);
        fflush(results());
        const int drawn = options->plot ? say_drawn(options, rank_plot_write(&runs)) : EXIT_DONE;
        code = drawn > code ? drawn : code;
    }
    rank_runs_free(&runs);
    return code;
}

int command_bench(int argc, char **argv)
{
    struct bench_options options;
    struct arguments *arguments = NULL;
    int code = bench_options_parse(&options, &arguments, argc, argv);
    if (code != ARGUMENTS_GO_ON)
        return code;
    code = ranks_compare((unsigned)options.scaling | (unsigned)options.repetitions << 2);
    if (code == EXIT_DONE)
        code = ranks_settle(options.plot && ranks_leads() ? gnuplot_check("--plot") : EXIT_DONE);
    if (code == EXIT_DONE)
        code = bp_ranks_count(ranks_get()) > 1 ? measure_ranks(&options) : measure(&options);
    arguments_free(arguments);
    return code;
}
