/*
 * The cut of a batch into chunks and shards, and the fixed binary tree over them. All of it depends
 * on the size of the batch (and an option) alone, never on the number of threads.
 *
 * A large batch is worked on in chunks of about a thousand samples, one after the other, whose sums
 * are added in order: so threads hold the partial sums of a chunk only. The shards of a chunk are
 * added pairwise:
 *
 *   5 shards:   0   1   2   3   4        a node (first, level) covers the shards
 *                \ /     \ /    |        first ... first + 2^level - 1, as far as they exist;
 *   level 1       .       .     |        `first` is a multiple of 2^level
 *                  \     /      |
 *   level 2           .         .        one without a neighbour passes through
 *                       \      /
 *   level 3                 .            the sum over the chunk
 */
#ifndef BP_STEP_PASSES_SHARDS_H
#define BP_STEP_PASSES_SHARDS_H

#include <stdbool.h>
#include <stddef.h>

struct bp_chunks {
    size_t rows;  /* samples of the batch, from 1 */
    size_t size;  /* samples of a chunk; the last may have fewer */
    size_t count; /* chunks */
};

/* As few chunks of at most 1024 samples as hold them, equal but for the last one and rounded up to
 * whole shards; with shards of `shard_size` samples (0: chosen) at least 32 of these. */
struct bp_chunks bp_chunks_cut(size_t rows, size_t shard_size);

struct bp_shards {
    size_t rows;  /* samples of the chunk, from 1 */
    size_t size;  /* samples of a shard; the last may have fewer */
    size_t count; /* shards */
};

/* The shards of a chunk, or of a whole dataset that is evaluated. size 0 chooses 16 for up to 32
 * samples, else 32, and beyond 1024 samples rows / 32, rounded up to a multiple of 8. */
struct bp_shards bp_shards_cut(size_t rows, size_t size);

/* Shards that threads can work on at the same time in a batch: those of its first chunk. */
size_t bp_shards_at_once(size_t rows, size_t shard_size);

/* Shards of all chunks of a batch. */
size_t bp_shards_of_batch(size_t rows, size_t shard_size);

struct bp_node {
    size_t first;
    size_t level;
};

/* The samples of a node: [*begin, *end). */
void bp_node_rows(struct bp_node node, struct bp_shards shards, size_t *begin, size_t *end);

/* Of the run of shards first ... end - 1, the node that begins at `first`: the largest one that
 * stays in the run and is not above `level`. At the end of the chunk a node may reach beyond it. */
struct bp_node bp_node_next(size_t first, size_t end, size_t level, struct bp_shards shards);

/* A run of 2^k shards leaves at most 2k + 1 nodes; sizes are below 2^64. */
#define BP_NODES_MAX 129

/* Nodes in order whose right neighbours have not come yet. */
struct bp_nodes {
    size_t count;
    struct bp_node node[BP_NODES_MAX];
};

/* Appends the node that begins where the last one ends, and replaces pairs of siblings by their
 * parent as long as there are any. Returns how many nodes were taken off for it. */
size_t bp_nodes_push(struct bp_nodes *nodes, struct bp_node node, struct bp_shards shards);

/* The sum over `values` (one a shard, overwritten) along the tree. */
double bp_shards_sum(double *values, size_t count);

#endif
