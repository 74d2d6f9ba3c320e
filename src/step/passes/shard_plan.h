/*
 * Who does what in a chunk of one size: each thread takes a run of shards, computes the gradients
 * of blocks of them and keeps the nodes that its run leaves; the reduction adds the nodes of all
 * threads along the tree.
 */
#ifndef BP_STEP_PASSES_SHARD_PLAN_H
#define BP_STEP_PASSES_SHARD_PLAN_H

#include "step/passes/shards.h"

#include "base/status.h"
#include "team/range.h"

/* One step of the reduction: take up a gradient of a thread, then add `adds` pairs. */
struct bp_shard_plan_leaf {
    size_t thread;
    size_t buffer; /* of that thread */
    size_t adds;
};

struct bp_shard_plan {
    struct bp_shards shards;
    struct bp_range run; /* the shards that are worked on: all of them, or those of one rank */
    size_t roots;        /* gradients that the reduction ends with, in order: 1, or the nodes that
                            such a run leaves */
    size_t threads;
    size_t capacity;    /* samples computed in one go */
    size_t granule;     /* shards that stay together: a power of two */
    size_t block_level; /* nodes of this level are computed in one go */
    size_t depth;       /* gradients that wait in the reduction, at most */
    size_t leaves;
    struct bp_shard_plan_leaf *leaf;
};

/* A plan for chunks of `rows` samples in shards of `shard_size` (0: chosen), `capacity` samples in
 * one go. Errors: MEMORY; then `plan` is zeroed. */
bp_status bp_shard_plan_make(struct bp_shard_plan *plan, size_t rows, size_t shard_size,
                             size_t threads, size_t capacity, bp_error *error);
/* The same chunk where only the shards of `run` are worked on, at least one. Errors: MEMORY. */
bp_status bp_shard_plan_make_run(struct bp_shard_plan *plan, const struct bp_shard_plan *whole,
                                 struct bp_range run, size_t threads, bp_error *error);

/* The shards of thread t. */
struct bp_range bp_shard_plan_run(const struct bp_shard_plan *plan, size_t t);

/* Gradients that thread t holds at the same time, at most. */
size_t bp_shard_plan_buffers(const struct bp_shard_plan *plan, size_t t);

void bp_shard_plan_release(struct bp_shard_plan *plan);

#endif
