/* Ranks may have different numbers of threads: all hear of each. */
#include "ensemble/member_threads.h"

#include "base/sizes.h"
#include "options/auto_rule.h"
#include "ranks/ranks.h"
#include "train/setup/training_setup.h"
#include "train/train_options.h"

static size_t count_own(const bp_ensemble_options *options)
{
    const bool serial = options->backend == BP_BACKEND_SERIAL && options->threads == 0;
    const size_t asked = options->threads ? options->threads : bp_rank_processors(options->ranks);
    return serial ? 1 : bp_size_min(asked, BP_THREADS_MAX);
}

struct bp_member_threads bp_member_threads_count(const bp_ensemble_options *options)
{
    const size_t own = count_own(options);
    struct bp_member_threads threads = {.own = own, .least = own};
    for (size_t r = 0; r < bp_ranks_count(options->ranks); r++) {
        size_t theirs = own;
        bp_ranks_send_all(options->ranks, &theirs, sizeof theirs, r);
        threads.least = bp_size_min(threads.least, theirs);
        threads.all += theirs;
    }
    return threads;
}

size_t bp_member_threads_choose(const struct bp_ensemble *ensemble, size_t m, size_t samples,
                                size_t threads)
{
    const size_t batch = ensemble->kind[ensemble->member[m].kind].train.batch_size;
    const size_t rows = bp_size_min(batch ? batch : BP_AUTO_BATCH, samples);
    const double operations =
        6.0 * (double)ensemble->network[m]->network->parameters * (double)rows;
    const double worth = operations / BP_MIN_OPERATIONS;
    return worth < (double)threads ? bp_size_max(1, (size_t)worth) : threads;
}
