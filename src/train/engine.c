/* The choice of kernels and of the number of threads. */
#include "train/engine.h"

#include <stdio.h>

/* Between two joins, about 40 microseconds on one core with AVX2: below that, waiting for one
 * another costs threads more than they save, the more so when other programs use the processors. */
#define LEAST_OPERATIONS 2e6

static size_t choose_threads(const struct bp_engine_options *options, char reason[BP_REASON_SIZE])
{
    if (options->threads) {
        snprintf(reason, BP_REASON_SIZE, "as asked");
        return options->threads;
    }
    if (options->backend == BP_BACKEND_SERIAL) {
        snprintf(reason, BP_REASON_SIZE, "the serial backend has one");
        return 1;
    }
    const size_t usable = bp_usable_processors();
    size_t threads = usable < BP_THREADS_MAX ? usable : BP_THREADS_MAX;
    snprintf(reason, BP_REASON_SIZE,
             usable == 1 ? "one usable processor" : "all usable processors");
    if (options->shares < threads) {
        threads = options->shares;
        snprintf(reason, BP_REASON_SIZE, "a batch has %zu shard%s; %zu processors are usable",
                 options->shares, options->shares == 1 ? "" : "s", usable);
    }
    if (options->operations < LEAST_OPERATIONS * (double)threads && threads > 1) {
        const double worth = options->operations / LEAST_OPERATIONS;
        threads = worth < 1.0 ? 1 : (size_t)worth;
        snprintf(reason, BP_REASON_SIZE, "a step is too small for more; %zu processors are usable",
                 usable);
    }
    return threads;
}

bp_status bp_engine_make(struct bp_engine *engine, const struct bp_engine_options *options,
                         bp_error *error)
{
    *engine = (struct bp_engine){0};
    if (!bp_choice_name(BP_CHOICE_ISA, (int)options->isa) ||
        !bp_choice_name(BP_CHOICE_BACKEND, (int)options->backend))
        return bp_fail(error, BP_ERROR_ARGUMENT, "unknown instruction set or backend");
    engine->kernels = bp_kernels_select(options->isa);
    if (!engine->kernels)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "this processor or build has no %s: choose auto (here %s) or portable",
                       bp_choice_name(BP_CHOICE_ISA, (int)options->isa),
                       bp_choice_name(BP_CHOICE_ISA, (int)bp_best_isa()));
    return bp_team_create(&engine->team, options->backend, choose_threads(options, engine->reason),
                          error);
}

void bp_engine_release(struct bp_engine *engine)
{
    bp_team_free(engine->team);
    *engine = (struct bp_engine){0};
}
