/*
 * The memory that the threads of a step share where parameters are split: what all samples of a
 * block leave in every layer, and gradients that wait for blocks to come. Race-free: between two
 * joins a number is written by one thread, or read.
 */
#ifndef BP_STEP_STORE_H
#define BP_STEP_STORE_H

#include "step/passes/activations.h"
#include "step/passes/grid.h"
#include "step/passes/shard_plan.h"
#include "step/passes/tiles.h"

struct bp_store {
    struct bp_activations activations;
    size_t grid_rows; /* samples of the block that the grids are for */
    struct {
        struct bp_grid forward, delta; /* of layer l */
    } grid[BP_LAYERS_MAX];
    size_t piece;     /* samples that a thread computes in one go */
    size_t buffers;   /* none where a chunk is one block */
    float **gradient; /* as in struct bp_worker */
};

/* For `count` plans of one thread. The activations are not zeroed: bp_store_clear(). Errors:
 * MEMORY; what was made is then freed with bp_store_release() all the same. */
bp_status bp_store_make(struct bp_store *store, const struct bp_network *network,
                        const struct bp_shard_plan *plans, size_t count, bp_error *error);
void bp_store_release(struct bp_store *store);

/* Chooses the grids for blocks of `rows` samples and threads that have these tiles, if they are for
 * others; to be called between two regions. */
void bp_store_choose_grids(struct bp_store *store, const struct bp_tiles *tiles, size_t rows);

/* The samples of thread t in a block of `rows`. */
static inline struct bp_range bp_store_rows(size_t rows, size_t threads, size_t t)
{
    return bp_range_of(rows, threads, t);
}

/* Zeroes the samples of thread t, called on that thread, so that they lie near it. */
void bp_store_clear(const struct bp_store *store, const struct bp_network *network, size_t t,
                    size_t threads);

/* Bytes of the activations. */
size_t bp_store_bytes(const struct bp_store *store);

#endif
