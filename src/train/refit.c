/* What a refit is made of; it takes no threads of its own. */
#include "train/refit.h"

#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"

bp_status bp_refit_make(struct bp_refit *refit, const struct bp_training_setup *setup,
                        struct bp_network *network, const bp_train_options *options,
                        bp_error *error)
{
    const struct bp_training_setup_options second = {
        .batch_size = refit->batch_size,
        .shard_size = bp_size_min(options->shard_size, refit->batch_size),
        .ranks = options->ranks,
        .train = options,
    };
    const bp_status status =
        bp_training_setup_add(&refit->step, setup, network, &refit->samples, &second, error);
    if (status)
        return status;
    refit->start_weights = bp_aligned_alloc(network->floats, sizeof *refit->start_weights);
    if (!refit->start_weights)
        return bp_fail_memory(error, "the first weights");
    memcpy(refit->start_weights, network->values, network->floats * sizeof *network->values);
    return BP_OK;
}

void bp_refit_release(struct bp_refit *refit)
{
    bp_step_free(refit->step);
    bp_samples_release(&refit->samples);
    bp_aligned_free(refit->start_weights);
    *refit = (struct bp_refit){.batch_size = 0};
}
