/* Transfers and regions of a step over ranks. */
#include "step/rank_step.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "step/parameters.h"
#include "step/pieces.h"
#include "step/rank_plan.h"
#include "step/shard.h"

/* What is sent; of each layer in order, so that layers do not wait for each other. */
enum { TAG_LOSS, TAG_SQUARES, TAG_LAYERS };
static int gradient_tag(size_t l)
{
    return TAG_LAYERS + 2 * (int)l;
}
static int values_tag(size_t l)
{
    return TAG_LAYERS + 2 * (int)l + 1;
}

struct bp_rank_step {
    struct bp_ranks *ranks;
    struct bp_ownership ownership;
    struct bp_tiles own;         /* tiles of the own parameters */
    struct bp_rank_plan plan[2]; /* of full batches, and of the last one if that is smaller */
    size_t plans;
    size_t layers;
    size_t floats;    /* of the network */
    size_t nodes;     /* buffers in node[] */
    float **node;     /* sums of this rank, laid out as network->values */
    float ***partial; /* ranks: the nodes of each; those of others hold the own parameters */
    size_t *shift;    /* layers x ranks: of these from the layout of network->values */
    double *message;  /* of each rank: its word, and the losses of its shards */
    uint64_t word, heard;
    struct bp_exchange **gradient; /* one a layer: nodes that come */
    struct bp_exchange **values;   /* one a layer: new values, both ways */
    struct bp_exchange *sent;      /* nodes that go */
    struct bp_exchange *losses;    /* both ways */
    struct bp_exchange *squares;   /* the same */
};

static size_t count_others(const struct bp_rank_step *ranks)
{
    return ranks->ranks->count - 1;
}

static const struct bp_rank_plan *find_plan(const struct bp_rank_step *ranks, size_t rows)
{
    return &ranks->plan[rows != ranks->plan[0].chunks.rows];
}

/* Floats of layer l that rank r owns, and where they lie. */
static size_t count_owned(const struct bp_rank_step *ranks, size_t l, size_t r)
{
    const struct bp_range range = bp_ownership_floats(&ranks->ownership, l, r);
    return range.end - range.begin;
}

static void receive_gradients(struct bp_rank_step *ranks, const struct bp_rank_plan *plan)
{
    const size_t rank = ranks->ranks->rank;
    for (size_t l = ranks->layers; l-- > 0;) {
        const size_t bytes = count_owned(ranks, l, rank) * sizeof(float);
        const size_t place = bp_ownership_floats(&ranks->ownership, l, rank).begin -
                             bp_ownership_shift(&ranks->ownership, l, rank);
        for (size_t r = 0; r < ranks->ranks->count; r++) {
            for (size_t k = 0; r != rank && k < plan->nodes[r]; k++)
                bp_exchange_receive(ranks->gradient[l], ranks->partial[r][k] + place, bytes, r,
                                    gradient_tag(l));
        }
    }
}

static void send_gradients(struct bp_rank_step *ranks, size_t l, const float *node)
{
    for (size_t r = 0; r < ranks->ranks->count; r++) {
        if (r != ranks->ranks->rank)
            bp_exchange_send(ranks->sent, node + bp_ownership_floats(&ranks->ownership, l, r).begin,
                             count_owned(ranks, l, r) * sizeof(float), r, gradient_tag(l));
    }
}

static void exchange_values(struct bp_rank_step *ranks, size_t l, float *values)
{
    const size_t rank = ranks->ranks->rank;
    for (size_t r = 0; r < ranks->ranks->count; r++) {
        if (r == rank)
            continue;
        bp_exchange_receive(ranks->values[l],
                            values + bp_ownership_floats(&ranks->ownership, l, r).begin,
                            count_owned(ranks, l, r) * sizeof(float), r, values_tag(l));
        bp_exchange_send(ranks->values[l],
                         values + bp_ownership_floats(&ranks->ownership, l, rank).begin,
                         count_owned(ranks, l, rank) * sizeof(float), r, values_tag(l));
    }
}

/* The word and the losses of rank r in ranks->message. */
static double *find_message(const struct bp_rank_step *ranks, const struct bp_rank_plan *plan,
                            size_t r)
{
    return ranks->message + r + plan->shards[r];
}

static size_t message_bytes(const struct bp_rank_plan *plan, size_t r)
{
    return (1 + plan->shards[r + 1] - plan->shards[r]) * sizeof(double);
}

static void exchange_losses(struct bp_rank_step *ranks, const struct bp_rank_plan *plan)
{
    const size_t rank = ranks->ranks->rank;
    double *own = find_message(ranks, plan, rank);
    memcpy(own, &ranks->word, sizeof ranks->word);
    for (size_t r = 0; r < ranks->ranks->count; r++) {
        if (r == rank)
            continue;
        bp_exchange_receive(ranks->losses, find_message(ranks, plan, r), message_bytes(plan, r), r,
                            TAG_LOSS);
        bp_exchange_send(ranks->losses, own, message_bytes(plan, rank), r, TAG_LOSS);
    }
}

/* The losses of all shards, chunk by chunk; notes the words. */
static double add_losses(struct bp_step *step, struct bp_rank_step *ranks,
                         const struct bp_rank_plan *plan)
{
    double loss = 0.0;
    size_t shard = 0, r = 0;
    ranks->heard = 0;
    for (size_t q = 0; q < ranks->ranks->count; q++) {
        uint64_t word;
        memcpy(&word, find_message(ranks, plan, q), sizeof word);
        ranks->heard |= word;
    }
    const struct bp_cut *cut = bp_cuts_find(&step->cuts, plan->chunks.rows);
    for (size_t begin = 0; begin < plan->chunks.rows; begin += plan->chunks.size) {
        const size_t rows = bp_size_min(plan->chunks.rows - begin, plan->chunks.size);
        const size_t count = bp_cut_plan(cut, rows)->shards.count;
        for (size_t s = 0; s < count; s++, shard++) {
            while (shard >= plan->shards[r + 1])
                r++;
            step->shard_loss[s] = find_message(ranks, plan, r)[1 + shard - plan->shards[r]];
        }
        loss += bp_shards_sum(step->shard_loss, count);
    }
    return loss;
}

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
    double *loss = find_message(ranks, plan, rank) + 1 + (piece->first_loss - plan->shards[rank]);
    const struct bp_range run = piece->plan.run;
    memcpy(loss, step->shard_loss + run.begin, (run.end - run.begin) * sizeof *loss);
}

/* A single thread, or threads that split parameters, leave sums where they are sent from. */
static bool leaves_nodes(const struct bp_step *step)
{
    return step->threads == 1 || step->plan == BP_PLAN_PARAMETERS;
}

static void split_samples(struct bp_step *step, struct piece_region *region)
{
    const struct bp_rank_piece *piece = region->piece;
    const size_t shards = piece->plan.run.end - piece->plan.run.begin;
    float **gradient = step->worker[0]->gradient;
    if (leaves_nodes(step))
        step->worker[0]->gradient = step->ranks->node + piece->first_node;
    bp_step_run_workers(step, (struct bp_step_work){run_shards, region, shards > 1,
                                                    bp_size_min(step->threads, shards)});
    step->worker[0]->gradient = gradient;
    for (size_t t = 0; t < step->threads; t++) {
        const struct bp_range range = bp_shard_plan_run(&piece->plan, t);
        for (size_t s = range.begin; s < range.end; s++)
            step->shard_loss[s] = step->worker[t]->shard_loss[s - range.begin];
    }
}

static void split_parameters(struct bp_step *step, struct piece_region *region)
{
    const struct bp_shard_plan *plan = &region->piece->plan;
    struct bp_pieces pieces;
    struct bp_parameters parameters = {
        .network = step->network,
        .kernels = step->kernels,
        .workers = step->worker,
        .samples = step->samples,
        .tiles = &step->tiles,
        .layers = {0, step->network->layers},
        .plan = plan,
        .activations = &step->store.activations,
        .block = &pieces.block,
    };
    for (size_t s = plan->run.begin; s < plan->run.end; s++)
        step->shard_loss[s] = 0.0;
    bp_pieces_begin(&pieces, plan, plan->run, step->ranks->node + region->piece->first_node, true);
    while (bp_pieces_next(&pieces)) {
        const size_t rows = pieces.block.rows;
        bp_step_run_passes(step, &region->run, pieces.begin, rows);
        bp_step_run_workers(step, (struct bp_step_work){bp_parameters_gradient, &parameters,
                                                        bp_step_shares_products(step, rows),
                                                        step->tiles.threads});
    }
}

static void run_piece(struct bp_step *step, const struct bp_step_batch *batch,
                      const struct bp_rank_plan *plan, const struct bp_rank_piece *piece)
{
    struct bp_rank_step *ranks = step->ranks;
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
    for (region.layer = step->network->layers; region.layer-- > 0;) {
        if (!leaves_nodes(step))
            bp_step_run_workers(step, (struct bp_step_work){reduce_layer, &region,
                                                            bp_step_shares_parameters(step),
                                                            step->tiles.threads});
        for (size_t n = 0; n < piece->plan.roots; n++)
            send_gradients(ranks, region.layer, ranks->node[piece->first_node + n]);
    }
}

static struct bp_parameters prepare_update(struct bp_step *step, const struct bp_rank_plan *plan)
{
    static const struct bp_optimizer_state plain_descent = {.options.optimizer = BP_OPTIMIZER_SGD};
    return (struct bp_parameters){
        .network = step->network,
        .kernels = step->kernels,
        .workers = step->worker,
        .samples = step->samples,
        .tiles = &step->ranks->own,
        .plan = &step->cuts.plan[0],
        .reduction = {plan->leaf, plan->leaves},
        .first = true,
        .last = true,
        .total = step->total,
        .squares = step->squares,
        .optimizer = step->optimizer ? step->optimizer : &plain_descent,
        .repacks_later = true,
    };
}

static void run_parameters(struct bp_step *step, struct bp_parameters *parameters, bp_team_fn *pass,
                           size_t l)
{
    parameters->layers = (struct bp_range){l, l + 1};
    parameters->sums =
        (struct bp_partial_sums){.gradient = (float *const *const *)step->ranks->partial,
                                 .shift = step->ranks->shift + l * step->ranks->ranks->count};
    bp_step_run_workers(step,
                        (struct bp_step_work){pass, parameters, bp_step_shares_parameters(step),
                                              parameters->tiles->threads});
}

/* The norm needs the squares of all units, in their order: a unit is a tile. */
static double exchange_squares(struct bp_step *step, const struct bp_parameters *parameters)
{
    struct bp_rank_step *ranks = step->ranks;
    const size_t rank = ranks->ranks->rank, count = ranks->ranks->count;
    double *squares = step->squares;
    for (size_t l = 0; l < ranks->layers; l++) {
        const size_t *tile = ranks->ownership.tile + l * (count + 1);
        for (size_t r = 0; r < count; r++) {
            if (r == rank)
                continue;
            bp_exchange_receive(ranks->squares, squares + tile[r],
                                (tile[r + 1] - tile[r]) * sizeof *squares, r, TAG_SQUARES);
            bp_exchange_send(ranks->squares, squares + tile[rank],
                             (tile[rank + 1] - tile[rank]) * sizeof *squares, r, TAG_SQUARES);
        }
        squares += tile[count];
    }
    bp_exchange_finish(ranks->squares);
    return bp_parameters_norm(parameters, step->units);
}

/* The own parameters get their new values, which are on their way when this returns. */
static void update_owned(struct bp_step *step, const struct bp_rank_plan *plan, float rate)
{
    struct bp_rank_step *ranks = step->ranks;
    struct bp_parameters parameters = prepare_update(step, plan);
    parameters.update = bp_optimizer_next(parameters.optimizer, rate, 0.0);
    for (size_t l = ranks->layers; l-- > 0;) {
        bp_exchange_finish(ranks->gradient[l]);
        run_parameters(step, &parameters, bp_parameters_gradient, l);
        if (!step->squares)
            exchange_values(ranks, l, step->network->values);
    }
    if (!step->squares)
        return;
    const double norm = exchange_squares(step, &parameters);
    parameters.update = bp_optimizer_next(parameters.optimizer, rate, norm);
    for (size_t l = ranks->layers; l-- > 0;) {
        run_parameters(step, &parameters, bp_parameters_update, l);
        exchange_values(ranks, l, step->network->values);
    }
}

static void repack(struct bp_step *step, const struct bp_rank_plan *plan)
{
    struct bp_parameters parameters = prepare_update(step, plan);
    parameters.tiles = &step->tiles;
    for (size_t l = step->network->layers; l-- > 0;) {
        bp_exchange_finish(step->ranks->values[l]);
        run_parameters(step, &parameters, bp_parameters_repack, l);
    }
}

double bp_rank_step_run(struct bp_step *step, const struct bp_step_batch *batch, float rate)
{
    struct bp_rank_step *ranks = step->ranks;
    const struct bp_rank_plan *plan = find_plan(ranks, batch->count);
    const double start = step->measures ? bp_clock_seconds() : 0.0;
    receive_gradients(ranks, plan);
    for (size_t p = 0; p < plan->pieces; p++)
        run_piece(step, batch, plan, &plan->piece[p]);
    exchange_losses(ranks, plan);
    update_owned(step, plan, rate);
    repack(step, plan);
    bp_exchange_finish(ranks->losses);
    bp_exchange_finish(ranks->sent);
    const double loss = add_losses(step, ranks, plan);
    if (step->measures)
        step->seconds += bp_clock_seconds() - start;
    return loss;
}

/* Buffers that a thread fills, or a rank sends: as many as any piece needs. */
static size_t count_buffers(const struct bp_step *step, const struct bp_rank_plan *plan)
{
    size_t most = plan->nodes[step->ranks->ranks->rank];
    for (size_t p = 0; p < plan->pieces && leaves_nodes(step); p++)
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

void bp_rank_step_say(struct bp_rank_step *ranks, uint64_t word)
{
    ranks->word = word;
}

uint64_t bp_rank_step_heard(const struct bp_rank_step *ranks)
{
    return ranks->heard;
}
