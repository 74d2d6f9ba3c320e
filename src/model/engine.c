/* The choice of kernels and of the number of threads. */
#include "model/engine.h"

#include "base/sizes.h"

static size_t choose_threads(const struct bp_engine_options *options)
{
    if (options->threads)
        return options->threads;
    if (options->backend == BP_BACKEND_SERIAL)
        return 1;
    /* Asking the system would take longer than a small prediction. */
    const double worth = options->operations / BP_MIN_OPERATIONS;
    if (worth < 2.0 || options->shares < 2)
        return 1;
    const size_t threads =
        bp_size_min(bp_size_min(bp_usable_processors(), BP_THREADS_MAX), options->shares);
    return worth < (double)threads ? bp_size_max(1, (size_t)worth) : threads;
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
    return bp_team_create_numa(&engine->team, options->backend, choose_threads(options),
                               options->numa, error);
}

void bp_engine_release(struct bp_engine *engine)
{
    bp_team_free(engine->team);
    *engine = (struct bp_engine){0};
}
