/* What a step over ranks needs for all batches: nothing is allocated later. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "step/rank_step.h"
#include "step/rank_step_inside.h"

static size_t count_others(const struct bp_rank_step *ranks)
{
    return ranks->ranks->count - 1;
}

/* Buffers that a thread fills, or a rank sends: as many as any piece needs. */
static size_t count_buffers(const struct bp_step *step, const struct bp_rank_plan *plan)
{
    size_t most = plan->nodes[step->ranks->ranks->rank];
    for (size_t p = 0; p < plan->pieces && bp_rank_step_leaves_nodes(step); p++)
        most = bp_size_max(most, plan->piece[p].first_node +
                                     bp_shard_plan_buffers(&plan->piece[p].plan, 0));
    return most;
}

/* `count` arrays of `floats`; what was made is freed with free_buffers(). */
static bool make_buffers(float ***out, size_t count, size_t floats)
{
    *out = calloc(count + 1, sizeof **out);
    for (size_t k = 0; *out && k < count; k++) {
        (*out)[k] = bp_aligned_alloc(floats, sizeof(float));
        if (!(*out)[k])
            return false;
    }
    return *out != NULL;
}

static void free_buffers(float **buffers)
{
    for (size_t k = 0; buffers && buffers[k]; k++)
        bp_aligned_free(buffers[k]);
    free(buffers);
}

static bool make_sums(const struct bp_step *step, struct bp_rank_step *ranks)
{
    const size_t count = ranks->ranks->count, rank = ranks->ranks->rank;
    ranks->partial = calloc(count, sizeof *ranks->partial);
    ranks->shift = calloc(ranks->layers * count, sizeof *ranks->shift);
    size_t own = 0, shards = 0;
    for (size_t k = 0; k < ranks->plans; k++) {
        own = bp_size_max(own, count_buffers(step, &ranks->plan[k]));
        shards = bp_size_max(shards, ranks->plan[k].shards[count]);
    }
    ranks->message = bp_aligned_alloc(count + shards, sizeof *ranks->message);
    if (!ranks->partial || !ranks->shift || !ranks->message ||
        !make_buffers(&ranks->node, own, ranks->floats))
        return false;
    ranks->nodes = own;
    for (size_t r = 0; r < count; r++) {
        size_t nodes = 0;
        for (size_t k = 0; k < ranks->plans; k++)
            nodes = bp_size_max(nodes, ranks->plan[k].nodes[r]);
        if (r == rank)
            continue;
        if (!make_buffers(&ranks->partial[r], nodes, ranks->ownership.floats[rank]))
            return false;
        for (size_t l = 0; l < ranks->layers; l++)
            ranks->shift[l * count + r] = bp_ownership_shift(&ranks->ownership, l, rank);
    }
    ranks->partial[rank] = ranks->node;
    return true;
}

static bp_status make_exchanges(struct bp_rank_step *ranks, bp_error *error)
{
    size_t come = 0, go = 0;
    for (size_t k = 0; k < ranks->plans; k++) {
        const struct bp_rank_plan *plan = &ranks->plan[k];
        size_t all = 0;
        for (size_t r = 0; r < plan->ranks; r++)
            all += plan->nodes[r];
        go = bp_size_max(go, plan->nodes[ranks->ranks->rank]);
        come = bp_size_max(come, all);
    }
    const size_t others = count_others(ranks);
    bp_status status =
        bp_exchange_create(&ranks->sent, ranks->ranks, others * go * ranks->layers, error);
    if (!status)
        status = bp_exchange_create(&ranks->losses, ranks->ranks, 2 * others, error);
    if (!status)
        status =
            bp_exchange_create(&ranks->squares, ranks->ranks, 2 * others * ranks->layers, error);
    ranks->gradient = calloc(ranks->layers, sizeof(struct bp_exchange *));
    ranks->values = calloc(ranks->layers, sizeof(struct bp_exchange *));
    if (!status && (!ranks->gradient || !ranks->values))
        return bp_fail_memory(error, "the transfers between ranks");
    for (size_t l = 0; l < ranks->layers && !status; l++) {
        status = bp_exchange_create(&ranks->gradient[l], ranks->ranks, come, error);
        if (!status)
            status = bp_exchange_create(&ranks->values[l], ranks->ranks, 2 * others, error);
    }
    return status;
}

static bp_status make_plans(const struct bp_step *step, struct bp_rank_step *ranks, bp_error *error)
{
    const size_t threads = step->plan == BP_PLAN_PARAMETERS ? 1 : step->threads;
    bp_status status = BP_OK;
    for (size_t k = 0; k < 2 && !status && step->cuts.cut[k].plan[0]; k++) {
        status = bp_rank_plan_make(&ranks->plan[k], &step->cuts.cut[k], ranks->ranks->count,
                                   ranks->ranks->rank, threads, error);
        ranks->plans += !status;
    }
    return status;
}

bp_status bp_rank_step_create(struct bp_step *step, struct bp_ranks *group, bp_error *error)
{
    struct bp_rank_step *ranks = calloc(1, sizeof *ranks);
    if (!ranks)
        return bp_fail_memory(error, "a step over ranks");
    step->ranks = ranks;
    ranks->ranks = group;
    ranks->layers = step->network->layers;
    ranks->floats = step->network->floats;
    const bool clips = step->optimizer && step->optimizer->options.clip_norm > 0.0f;
    bp_status status =
        bp_ownership_make(&ranks->ownership, step->network, group->count, clips, error);
    if (!status)
        status = bp_ownership_tiles(&ranks->ownership, &ranks->own, step->network, group->rank,
                                    step->threads, error);
    if (!status)
        status = make_plans(step, ranks, error);
    if (!status && !make_sums(step, ranks))
        status = bp_fail_memory(error, "the gradients of ranks");
    if (!status)
        status = make_exchanges(ranks, error);
    if (!status && step->optimizer)
        status = bp_optimizer_share(step->optimizer, step->network, &ranks->ownership, group->rank,
                                    error);
    return status;
}

void bp_rank_step_free(struct bp_rank_step *ranks)
{
    if (!ranks)
        return;
    for (size_t l = 0; l < ranks->layers; l++) {
        if (ranks->gradient)
            bp_exchange_free(ranks->gradient[l]);
        if (ranks->values)
            bp_exchange_free(ranks->values[l]);
    }
    free(ranks->gradient);
    free(ranks->values);
    bp_exchange_free(ranks->sent);
    bp_exchange_free(ranks->losses);
    bp_exchange_free(ranks->squares);
    for (size_t r = 0; ranks->partial && r < ranks->ranks->count; r++) {
        if (r != ranks->ranks->rank)
            free_buffers(ranks->partial[r]);
    }
    free(ranks->partial);
    free_buffers(ranks->node);
    free(ranks->shift);
    bp_aligned_free(ranks->message);
    for (size_t k = 0; k < ranks->plans; k++)
        bp_rank_plan_release(&ranks->plan[k]);
    bp_tiles_release(&ranks->own);
    bp_ownership_release(&ranks->ownership);
    free(ranks);
}

size_t bp_rank_step_depth(const struct bp_rank_step *ranks)
{
    size_t depth = 0;
    for (size_t k = 0; k < ranks->plans; k++)
        depth = bp_size_max(depth, ranks->plan[k].depth);
    return depth;
}

struct bp_worker_needs bp_rank_step_needs(const struct bp_rank_step *ranks, size_t t)
{
    struct bp_worker_needs needs = {0};
    for (size_t k = 0; k < ranks->plans; k++) {
        for (size_t p = 0; p < ranks->plan[k].pieces; p++)
            bp_worker_needs_add(&needs, &ranks->plan[k].piece[p].plan, t);
    }
    if (ranks->own.threads == 1)
        needs.buffers = 0; /* its sums stand in ranks->node */
    return needs;
}

size_t bp_rank_step_bytes(const struct bp_rank_step *ranks)
{
    size_t floats = ranks->nodes * ranks->floats;
    for (size_t r = 0; r < ranks->ranks->count; r++) {
        for (size_t k = 0; r != ranks->ranks->rank && ranks->partial[r][k]; k++)
            floats += ranks->ownership.floats[ranks->ranks->rank];
    }
    return floats * sizeof(float);
}
