/* One block of activations for all threads; gradients only where a chunk has several blocks. */
#include "step/store.h"

#include "base/memory.h"
#include "base/sizes.h"

/* Gradients that are kept from block to block. */
static size_t count_buffers(const struct bp_shard_plan *plan)
{
    return plan->shards.rows <= plan->capacity ? 0 : bp_shard_plan_buffers(plan, 0);
}

bp_status bp_store_make(struct bp_store *store, const struct bp_network *network,
                        const struct bp_shard_plan *plans, size_t count, bp_error *error)
{
    size_t rows = 0, buffers = 0;
    for (size_t k = 0; k < count; k++) {
        rows = bp_size_max(rows, bp_size_min(plans[k].shards.rows, plans[k].capacity));
        buffers = bp_size_max(buffers, count_buffers(&plans[k]));
    }
    store->piece = bp_activations_capacity(network);
    const bp_status status = bp_activations_make_shared(&store->activations, network, rows, error);
    if (status)
        return status;
    store->gradient = bp_aligned_alloc(buffers, sizeof *store->gradient);
    for (; store->gradient && store->buffers < buffers; store->buffers++) {
        float *gradient = bp_aligned_reserve(network->floats, sizeof *gradient);
        if (!gradient)
            break;
        store->gradient[store->buffers] = gradient;
    }
    return store->gradient && store->buffers == buffers
               ? BP_OK
               : bp_fail_memory(error, "the gradients of blocks of samples");
}

void bp_store_release(struct bp_store *store)
{
    for (size_t k = 0; k < store->buffers; k++)
        bp_aligned_free(store->gradient[k]);
    bp_aligned_free(store->gradient);
    bp_activations_release(&store->activations);
    *store = (struct bp_store){0};
}

void bp_store_clear(const struct bp_store *store, const struct bp_network *network, size_t t,
                    size_t threads)
{
    const struct bp_range rows = bp_store_rows(store->activations.capacity, threads, t);
    bp_activations_clear(&store->activations, network, rows.begin, rows.end);
}

void bp_store_choose_grids(struct bp_store *store, const struct bp_tiles *tiles, size_t rows)
{
    const struct bp_network *network = tiles->network;
    if (store->grid_rows == rows)
        return;
    store->grid_rows = rows;
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        struct bp_grid_pass pass = {.rows = rows,
                                    .inputs = layer->in,
                                    .panels = layer->panels,
                                    .threads = tiles->threads,
                                    .owned = tiles->bands[l] == 1};
        store->grid[l].forward = bp_grid_choose(&pass);
        pass.inputs = l + 1 < network->layers ? network->layer[l + 1].out : 0;
        pass.owned = false;
        store->grid[l].delta = bp_grid_choose(&pass);
    }
}

size_t bp_store_bytes(const struct bp_store *store)
{
    return store->activations.floats * sizeof(float);
}
