/* Few, large, aligned blocks for each thread. */
#include "step/worker.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"

/* The most that any of the plans needs. */
struct needs {
    size_t run;      /* shards of a thread */
    size_t rows;     /* samples of these */
    size_t capacity; /* samples computed in one go */
    size_t buffers;
    size_t depth;
};

static struct needs find_needs(const struct bp_plan *plans, size_t count, size_t t)
{
    struct needs needs = {0};
    for (size_t k = 0; k < count; k++) {
        const struct bp_range run = bp_plan_run(&plans[k], t);
        const struct bp_shards shards = plans[k].shards;
        const size_t end = bp_size_min(run.end * shards.size, shards.rows);
        const size_t rows = run.begin == run.end ? 0 : end - run.begin * shards.size;
        needs.run = bp_size_max(needs.run, run.end - run.begin);
        needs.rows = bp_size_max(needs.rows, rows);
        needs.capacity = bp_size_max(needs.capacity, plans[k].capacity);
        needs.buffers = bp_size_max(needs.buffers, bp_plan_buffers(&plans[k], t));
        needs.depth = bp_size_max(needs.depth, plans[k].depth);
    }
    return needs;
}

bp_status bp_worker_create(struct bp_worker **out, const struct bp_network *network,
                           const struct bp_plan *plans, size_t count, size_t t, bp_error *error)
{
    *out = NULL;
    struct bp_worker *worker = bp_aligned_alloc(1, sizeof *worker);
    if (!worker)
        return bp_fail_memory(error, "the workspace of a thread");
    const struct needs needs = find_needs(plans, count, t);
    const size_t capacity = bp_size_min(needs.capacity, bp_size_round_up(needs.rows, BP_LANES));
    worker->depth = needs.depth;
    worker->shards = needs.run;
    worker->sample_loss = bp_aligned_alloc(capacity, sizeof(double));
    worker->shard_loss = bp_aligned_alloc(needs.run, sizeof(double));
    worker->gradient = bp_aligned_alloc(needs.buffers, sizeof *worker->gradient);
    worker->scratch = bp_aligned_alloc(worker->depth, BP_SCRATCH_FLOATS * sizeof(float));
    bp_status status = bp_activations_make(&worker->activations, network, capacity, true, error);
    if (status)
        goto fail;
    status = BP_ERROR_MEMORY;
    if (!worker->sample_loss || !worker->shard_loss || !worker->gradient || !worker->scratch)
        goto fail;
    for (; worker->buffers < needs.buffers; worker->buffers++) {
        float *gradient = bp_aligned_alloc(network->floats, sizeof(float));
        if (!gradient)
            goto fail;
        worker->gradient[worker->buffers] = gradient;
    }
    *out = worker;
    return BP_OK;

fail:
    bp_worker_free(worker);
    return status == BP_ERROR_MEMORY ? bp_fail_memory(error, "the partial gradients of a thread")
                                     : status;
}

size_t bp_worker_bytes(const struct bp_worker *worker)
{
    return sizeof *worker + worker->activations.floats * sizeof(float) +
           (worker->activations.capacity + worker->shards) * sizeof(double) +
           worker->depth * BP_SCRATCH_FLOATS * sizeof(float);
}

void bp_worker_free(struct bp_worker *worker)
{
    if (!worker)
        return;
    for (size_t k = 0; k < worker->buffers; k++)
        bp_aligned_free(worker->gradient[k]);
    bp_aligned_free(worker->gradient);
    bp_aligned_free(worker->scratch);
    bp_aligned_free(worker->shard_loss);
    bp_aligned_free(worker->sample_loss);
    bp_activations_release(&worker->activations);
    bp_aligned_free(worker);
}
