/* A step is made for one size of batch, with all its memory: callers seldom change the size. */
#include "train/setup/single_batch.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/batch.h"

static void release_step(struct bp_single_batch *batch)
{
    bp_step_free(batch->step);
    free(batch->order);
    batch->step = NULL;
    batch->order = NULL;
}

bp_status bp_single_batch_prepare(struct bp_single_batch *batch,
                                  const struct bp_training_setup *setup, struct bp_network *network,
                                  const bp_train_options *train, bp_error *error)
{
    const size_t rows = batch->samples.count;
    if (batch->step && batch->rows == rows)
        return BP_OK;
    const struct bp_training_setup_options options = {
        .batch_size = rows,
        .shard_size = train ? bp_size_min(train->shard_size, rows) : 0,
        .train = train,
    };
    release_step(batch);
    batch->rows = rows;
    batch->order = bp_array_alloc(rows, sizeof *batch->order);
    if (!batch->order)
        return bp_fail_memory(error, "the order of a batch");
    bp_batch_number(batch->order, rows);
    return bp_training_setup_add(&batch->step, setup, network, &batch->samples, &options, error);
}

void bp_single_batch_release(struct bp_single_batch *batch)
{
    release_step(batch);
    bp_samples_release(&batch->samples);
}
