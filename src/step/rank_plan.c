/* Ranks get granules: subtrees that stay together, so that few nodes are sent. */
#include "step/rank_plan.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"

/* The chunks of a batch in granules. */
struct grain {
    const struct bp_cut *cut;
    size_t granule;
    size_t ranks;
};

static size_t count_granules(const struct grain *grain, size_t chunk)
{
    const size_t begin = chunk * grain->cut->chunks.size;
    const size_t rows = bp_size_min(grain->cut->chunks.rows - begin, grain->cut->chunks.size);
    return bp_size_divide_up(bp_cut_plan(grain->cut, rows)->shards.count, grain->granule);
}

static size_t count_all_granules(const struct grain *grain)
{
    size_t count = 0;
    for (size_t c = 0; c < grain->cut->chunks.count; c++)
        count += count_granules(grain, c);
    return count;
}

/* The shards of the rank that has the most, at most. */
static size_t find_longest(const struct grain *grain)
{
    return bp_size_divide_up(count_all_granules(grain), grain->ranks) * grain->granule;
}

/* The largest granule with which no rank has much more than its share. */
static size_t choose_granule(const struct bp_cut *cut, size_t ranks)
{
    struct grain grain = {cut, 1, ranks};
    const size_t fair = find_longest(&grain);
    size_t granule = 1;
    while (granule < cut->plan[0]->shards.count) {
        grain.granule = granule * 2;
        if (find_longest(&grain) > fair + fair / 8)
            break;
        granule = grain.granule;
    }
    return granule;
}

/* Where the granules of chunk c that rank r has lie in it: shards. `first` is the number of the
 * first granule of the chunk. */
static struct bp_range find_run(const struct grain *grain, size_t all, size_t first, size_t c,
                                size_t r)
{
    const size_t count = count_granules(grain, c);
    const struct bp_range range = bp_range_of(all, grain->ranks, r);
    const size_t begin = bp_size_min(bp_size_max(range.begin, first) - first, count);
    const size_t end = bp_size_min(bp_size_max(range.end, first) - first, count);
    const size_t start = c * grain->cut->chunks.size;
    const size_t rows = bp_size_min(grain->cut->chunks.rows - start, grain->cut->chunks.size);
    const size_t shards = bp_cut_plan(grain->cut, rows)->shards.count;
    return (struct bp_range){bp_size_min(begin * grain->granule, shards),
                             bp_size_min(end * grain->granule, shards)};
}

/* What is added up on the way through a batch. */
struct walk {
    struct bp_rank_plan *plan;
    const struct bp_shard_plan *chunk;
    struct bp_nodes waiting; /* of the chunk */
    size_t c;
    size_t rank;
    size_t first_loss; /* of the chunk */
    size_t threads;
};

/* The nodes of a run become leaves of the reduction. */
static void add_leaves(struct walk *walk, struct bp_range run, size_t r)
{
    struct bp_rank_plan *plan = walk->plan;
    const struct bp_shards shards = walk->chunk->shards;
    struct bp_nodes left = {.count = 0};
    for (size_t s = run.begin; s < run.end; s++)
        bp_nodes_push(&left, (struct bp_node){s, 0}, shards);
    for (size_t k = 0; k < left.count; k++) {
        plan->depth = bp_size_max(plan->depth, (walk->c > 0) + walk->waiting.count + 1);
        size_t adds = bp_nodes_push(&walk->waiting, left.node[k], shards);
        if (walk->c > 0 && run.end == shards.count && k + 1 == left.count)
            adds++; /* to the sum of the chunks before */
        plan->leaf[plan->leaves++] = (struct bp_shard_plan_leaf){r, plan->nodes[r]++, adds};
    }
}

static bp_status add_piece(struct walk *walk, struct bp_range run, bp_error *error)
{
    struct bp_rank_plan *plan = walk->plan;
    struct bp_rank_piece *piece = &plan->piece[plan->pieces];
    *piece = (struct bp_rank_piece){
        .begin = walk->c * plan->chunks.size,
        .first_node = plan->nodes[walk->rank],
        .first_loss = walk->first_loss + run.begin,
    };
    const bp_status status =
        bp_shard_plan_make_run(&piece->plan, walk->chunk, run, walk->threads, error);
    plan->pieces += !status;
    return status;
}

static bp_status add_chunk(struct walk *walk, const struct grain *grain, size_t all, size_t first,
                           bp_error *error)
{
    const size_t rows = bp_size_min(grain->cut->chunks.rows - walk->c * grain->cut->chunks.size,
                                    grain->cut->chunks.size);
    walk->chunk = bp_cut_plan(grain->cut, rows);
    walk->waiting.count = 0;
    for (size_t r = 0; r < grain->ranks; r++) {
        const struct bp_range run = find_run(grain, all, first, walk->c, r);
        if (run.begin == run.end)
            continue;
        walk->plan->shards[r + 1] = walk->first_loss + run.end;
        const bp_status status = r == walk->rank ? add_piece(walk, run, error) : BP_OK;
        if (status)
            return status;
        add_leaves(walk, run, r);
    }
    walk->first_loss += walk->chunk->shards.count;
    return BP_OK;
}

static bp_status fill(struct walk *walk, const struct grain *grain, bp_error *error)
{
    const size_t all = count_all_granules(grain);
    bp_status status = BP_OK;
    for (size_t first = 0; walk->c < grain->cut->chunks.count && !status; walk->c++) {
        status = add_chunk(walk, grain, all, first, error);
        first += count_granules(grain, walk->c);
    }
    for (size_t r = 0; r < grain->ranks; r++) /* ranks without any */
        walk->plan->shards[r + 1] = bp_size_max(walk->plan->shards[r + 1], walk->plan->shards[r]);
    return status;
}

static bp_status allocate(struct bp_rank_plan *plan, size_t shards, bp_error *error)
{
    const size_t runs = plan->ranks + plan->chunks.count; /* at most */
    const size_t most = runs > SIZE_MAX / BP_NODES_MAX ? shards : runs * BP_NODES_MAX;
    plan->piece = bp_array_alloc(plan->chunks.count, sizeof *plan->piece);
    plan->nodes = calloc(plan->ranks, sizeof *plan->nodes);
    plan->shards = calloc(plan->ranks + 1, sizeof *plan->shards);
    plan->leaf = bp_array_alloc(bp_size_min(shards, most), sizeof *plan->leaf);
    return plan->piece && plan->nodes && plan->shards && plan->leaf
               ? BP_OK
               : bp_fail_memory(error, "the plan of a batch over ranks");
}

bp_status bp_rank_plan_make(struct bp_rank_plan *plan, const struct bp_cut *cut, size_t ranks,
                            size_t rank, size_t threads, bp_error *error)
{
    *plan = (struct bp_rank_plan){.chunks = cut->chunks, .ranks = ranks};
    const struct grain grain = {cut, choose_granule(cut, ranks), ranks};
    struct grain single = grain;
    single.granule = 1;
    bp_status status = allocate(plan, count_all_granules(&single), error);
    struct walk walk = {.plan = plan, .rank = rank, .threads = threads};
    if (!status)
        status = fill(&walk, &grain, error);
    if (status)
        bp_rank_plan_release(plan);
    return status;
}

void bp_rank_plan_release(struct bp_rank_plan *plan)
{
    for (size_t k = 0; k < plan->pieces; k++)
        bp_shard_plan_release(&plan->piece[k].plan);
    free(plan->piece);
    free(plan->nodes);
    free(plan->shards);
    free(plan->leaf);
    *plan = (struct bp_rank_plan){0};
}
