/* By either plan, as a process alone does it. */
#include "step/rank_piece.h"

#include <string.h>

#include "base/sizes.h"
#include "step/parameters.h"
#include "step/passes/pieces.h"
#include "step/passes/shard.h"
#include "step/rank_transfers.h"

/* A piece of the batch, and the layer whose partial sums of threads are added up. */
struct piece_region {
    struct bp_step *step;
    struct bp_run run;
    const struct bp_rank_piece *piece;
    size_t layer;
};

static void run_shards(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct piece_region *region = arg;
    bp_run_shards(&region->run, region->step->worker[t], t);
}

static void reduce_layer(void *arg, size_t t, size_t threads)
{
    (void)threads;
    const struct piece_region *region = arg;
    const struct bp_step *step = region->step;
    const struct bp_shard_plan *plan = &region->piece->plan;
    const struct bp_reduction reduction = {plan->leaf, plan->leaves};
    const struct bp_partial_sums sums = {step->partial, NULL};
    float *const *node = step->ranks->node + region->piece->first_node;
    const struct bp_range range = bp_tiles_of(&step->tiles, region->layer, t);
    bp_stopwatch_start(&step->worker[t]->stopwatch);
    for (size_t k = range.begin; k < range.end; k++) {
        const struct bp_unit unit = bp_tile_unit(bp_tile_at(&step->tiles, region->layer, k), 0);
        float *roots[BP_NODES_MAX];
        bp_reduce(&reduction, &sums, step->kernels, unit, step->worker[t]->scratch, roots);
        for (size_t n = 0; n < plan->roots; n++)
            memcpy(node[n] + unit.offset, roots[n], unit.count * sizeof(float));
    }
    bp_stopwatch_mark(&step->worker[t]->stopwatch, BP_PHASE_REDUCE);
}

static void take_losses(struct bp_step *step, const struct bp_rank_piece *piece,
                        const struct bp_rank_plan *plan)
{
    struct bp_rank_step *ranks = step->ranks;
    const size_t rank = ranks->ranks->rank;
    double *loss =
        bp_rank_find_message(ranks, plan, rank) + 1 + (piece->first_loss - plan->shards[rank]);
    const struct bp_range run = piece->plan.run;
    memcpy(loss, step->shard_loss + run.begin, (run.end - run.begin) * sizeof *loss);
}

/* Layer l of the nodes of a piece goes to its owners. */
static void send_layer(const struct bp_step *step, const struct bp_rank_piece *piece, size_t l)
{
    for (size_t n = 0; n < piece->plan.roots; n++)
        bp_rank_send_gradients(step->ranks, l, step->ranks->node[piece->first_node + n]);
}

/* Layers are on their way while the sums of threads of those before them are added up. */
static void split_samples(struct bp_step *step, struct piece_region *region)
{
    const struct bp_rank_piece *piece = region->piece;
    const size_t shards = piece->plan.run.end - piece->plan.run.begin;
    float **gradient = step->worker[0]->gradient;
    if (bp_rank_step_leaves_nodes(step))
        step->worker[0]->gradient = step->ranks->node + piece->first_node;
    bp_step_run_workers(step, (struct bp_step_work){run_shards, region, shards > 1,
                                                    bp_size_min(step->threads, shards)});
    step->worker[0]->gradient = gradient;
    for (size_t t = 0; t < step->threads; t++) {
        const struct bp_range range = bp_shard_plan_run(&piece->plan, t);
        for (size_t s = range.begin; s < range.end; s++)
            step->shard_loss[s] = step->worker[t]->shard_loss[s - range.begin];
    }
    for (region->layer = step->network->layers; region->layer-- > 0;) {
        if (!bp_rank_step_leaves_nodes(step))
            bp_step_run_workers(step, (struct bp_step_work){reduce_layer, region,
                                                            bp_step_shares_parameters(step),
                                                            step->tiles.threads});
        send_layer(step, piece, region->layer);
    }
}

/* The gradient of some layers, and of the samples that went through the passes. */
static void run_gradient(struct bp_step *step, struct bp_parameters *parameters,
                         struct bp_range layers)
{
    parameters->layers = layers;
    bp_step_run_workers(
        step, (struct bp_step_work){bp_parameters_gradient, parameters,
                                    bp_step_shares_products(step, parameters->block->rows),
                                    step->tiles.threads});
}

/* Layers of the last nodes are on their way while those before them are computed. */
static void split_parameters(struct bp_step *step, struct piece_region *region)
{
    const size_t layers = step->network->layers;
    const struct bp_shard_plan *plan = &region->piece->plan;
    struct bp_pieces pieces;
    struct bp_parameters parameters = {
        .network = step->network,
        .kernels = step->kernels,
        .workers = step->worker,
        .samples = step->samples,
        .tiles = &step->tiles,
        .plan = plan,
        .activations = &step->store.activations,
        .block = &pieces.block,
        .progress = step->ranks->sent,
    };
    for (size_t s = plan->run.begin; s < plan->run.end; s++)
        step->shard_loss[s] = 0.0;
    bp_pieces_begin(&pieces, plan, plan->run, step->ranks->node + region->piece->first_node, true);
    while (bp_pieces_next(&pieces)) {
        bp_step_run_passes(step, &region->run, pieces.begin, pieces.block.rows);
        if (!bp_pieces_is_last(&pieces))
            run_gradient(step, &parameters, (struct bp_range){0, layers});
        for (size_t l = layers; bp_pieces_is_last(&pieces) && l-- > 0;) {
            run_gradient(step, &parameters, (struct bp_range){l, l + 1});
            send_layer(step, region->piece, l);
        }
    }
}

void bp_rank_run_piece(struct bp_step *step, const struct bp_step_batch *batch,
                       const struct bp_rank_plan *plan, const struct bp_rank_piece *piece)
{
    struct piece_region region = {
        .step = step,
        .run = {.network = step->network,
                .kernels = step->kernels,
                .samples = step->samples,
                .plan = &piece->plan,
                .order = batch->order + piece->begin,
                .batch = batch->count,
                .dropout = step->dropout,
                .number = batch->number + piece->begin},
        .piece = piece,
    };
    if (step->plan == BP_PLAN_PARAMETERS)
        split_parameters(step, &region);
    else
        split_samples(step, &region);
    take_losses(step, piece, plan);
}
