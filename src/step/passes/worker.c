/* Few, large, aligned blocks for each thread. */
#include "step/passes/worker.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"

void bp_worker_needs_add(struct bp_worker_needs *needs, const struct bp_shard_plan *plan, size_t t)
{
    const struct bp_range run = bp_shard_plan_run(plan, t);
    const struct bp_shards shards = plan->shards;
    const size_t end = bp_size_min(run.end * shards.size, shards.rows);
    const size_t rows = run.begin == run.end ? 0 : end - run.begin * shards.size;
    const size_t capacity = bp_size_min(plan->capacity, bp_size_round_up(rows, BP_LANES));
    needs->shards = bp_size_max(needs->shards, run.end - run.begin);
    needs->capacity = bp_size_max(needs->capacity, capacity);
    needs->buffers = bp_size_max(needs->buffers, bp_shard_plan_buffers(plan, t));
    needs->depth = bp_size_max(needs->depth, plan->depth);
}

struct bp_worker_needs bp_worker_needs_of_run(const struct bp_shard_plan *plans, size_t count,
                                              size_t t)
{
    struct bp_worker_needs needs = {0};
    for (size_t k = 0; k < count; k++)
        bp_worker_needs_add(&needs, &plans[k], t);
    return needs;
}

struct bp_worker_needs bp_worker_needs_of_rows(size_t rows)
{
    return (struct bp_worker_needs){.views = true, .capacity = rows, .depth = BP_TILE_PANELS};
}

bp_status bp_worker_create(struct bp_worker **out, const struct bp_network *network,
                           const struct bp_worker_needs *needs, bp_error *error)
{
    *out = NULL;
    struct bp_worker *worker = bp_aligned_alloc(1, sizeof *worker);
    if (!worker)
        return bp_fail_memory(error, "the workspace of a thread");
    worker->depth = needs->depth;
    worker->shards = needs->shards;
    worker->sample_loss = bp_aligned_alloc(needs->capacity, sizeof(double));
    worker->shard_loss = bp_aligned_alloc(needs->shards, sizeof(double));
    worker->gradient = bp_aligned_alloc(needs->buffers, sizeof *worker->gradient);
    worker->scratch = bp_aligned_alloc(worker->depth, BP_SCRATCH_FLOATS * sizeof(float));
    struct bp_activations *activations = &worker->activations;
    bp_status status =
        needs->views ? bp_activations_make_view(activations, needs->capacity, error)
                     : bp_activations_make(activations, network, needs->capacity, true, error);
    if (status)
        goto fail;
    status = BP_ERROR_MEMORY;
    if (!worker->sample_loss || !worker->shard_loss || !worker->gradient || !worker->scratch)
        goto fail;
    for (; worker->buffers < needs->buffers; worker->buffers++) {
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
