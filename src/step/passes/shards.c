/* The shard tree; see the picture in shards.h. */
#include "step/passes/shards.h"

#include <assert.h>

#include "base/sizes.h"

/* Each shard but the first costs a pass of additions over the gradient: with 32 samples a shard
 * some hundredths of a step (docs/numerics.md has figures). A batch of up to 32 samples is cut in
 * two all the same, for a second thread. */
#define SMALL_BATCH 32
#define SMALL_SIZE  16
#define USUAL_SIZE  32

/* Shards of a chunk: more would keep more than 32 threads busy, but each doubling takes one more
 * partial gradient in a thread. */
#define MAX_SHARDS 32
#define SIZE_STEP  8 /* samples that the gradient takes without a branch */
#define CHUNK_ROWS 1024

struct bp_chunks bp_chunks_cut(size_t rows, size_t shard_size)
{
    const size_t step = shard_size ? shard_size : USUAL_SIZE;
    size_t most, size;
    if (!bp_size_mul(bp_size_max(MAX_SHARDS, CHUNK_ROWS / step), step, &most))
        most = rows;
    const size_t each = bp_size_divide_up(rows, bp_size_divide_up(rows, most));
    if (!bp_size_mul(bp_size_divide_up(each, step), step, &size))
        size = rows;
    return (struct bp_chunks){rows, size, bp_size_divide_up(rows, size)};
}

struct bp_shards bp_shards_cut(size_t rows, size_t size)
{
    if (size == 0)
        size = bp_size_max(rows <= SMALL_BATCH ? SMALL_SIZE : USUAL_SIZE,
                           bp_size_divide_up(bp_size_divide_up(rows, MAX_SHARDS), SIZE_STEP) *
                               SIZE_STEP);
    return (struct bp_shards){rows, size, bp_size_divide_up(rows, size)};
}

size_t bp_shards_at_once(size_t rows, size_t shard_size)
{
    const size_t chunk = bp_size_min(rows, bp_chunks_cut(rows, shard_size).size);
    return bp_shards_cut(chunk, shard_size).count;
}

size_t bp_shards_of_batch(size_t rows, size_t shard_size)
{
    const size_t chunk = bp_chunks_cut(rows, shard_size).size, rest = rows % chunk;
    return rows / chunk * bp_shards_cut(chunk, shard_size).count +
           (rest ? bp_shards_cut(rest, shard_size).count : 0);
}

static size_t node_shards(struct bp_node node, struct bp_shards shards)
{
    return bp_size_min((size_t)1 << node.level, shards.count - node.first);
}

void bp_node_rows(struct bp_node node, struct bp_shards shards, size_t *begin, size_t *end)
{
    *begin = node.first * shards.size;
    *end = node.first + node_shards(node, shards) == shards.count
               ? shards.rows
               : *begin + node_shards(node, shards) * shards.size;
}

static bool is_right(struct bp_node node)
{
    return (node.first >> node.level & 1) != 0;
}

struct bp_node bp_node_next(size_t first, size_t end, size_t level, struct bp_shards shards)
{
    struct bp_node node = {first, 0};
    while (node.level < level && !is_right(node) &&
           (end == shards.count || end - first >= (size_t)2 << node.level))
        node.level++;
    return node;
}

/* A node without a right neighbour is its own parent. */
static struct bp_node pass_through(struct bp_node node, struct bp_shards shards)
{
    while (node.first != 0 && !is_right(node) &&
           node_shards(node, shards) == shards.count - node.first)
        node.level++;
    return node;
}

size_t bp_nodes_push(struct bp_nodes *nodes, struct bp_node node, struct bp_shards shards)
{
    size_t taken = 0;
    for (;;) {
        node = pass_through(node, shards);
        const struct bp_node *left = nodes->count ? &nodes->node[nodes->count - 1] : NULL;
        if (!left || !is_right(node) || left->level != node.level ||
            left->first + ((size_t)1 << left->level) != node.first)
            break;
        node = (struct bp_node){left->first, left->level + 1};
        nodes->count--;
        taken++;
    }
    assert(nodes->count < BP_NODES_MAX);
    nodes->node[nodes->count++] = node;
    return taken;
}

double bp_shards_sum(double *values, size_t count)
{
    while (count > 1) {
        const size_t pairs = count / 2;
        for (size_t k = 0; k < pairs; k++)
            values[k] = values[2 * k] + values[2 * k + 1];
        if (count % 2)
            values[pairs] = values[count - 1];
        count = pairs + count % 2;
    }
    return values[0];
}
