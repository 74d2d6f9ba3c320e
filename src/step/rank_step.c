/* Computation, transfers and updates, layer by layer. */
#include "step/rank_step.h"

#include <string.h>

#include "base/sizes.h"
#include "step/parameters.h"
#include "step/rank_piece.h"
#include "step/rank_transfers.h"

static void finish(struct bp_step *step, struct bp_exchange *exchange)
{
    const double start = step->measures ? bp_clock_seconds() : 0.0;
    bp_exchange_finish(exchange);
    if (step->measures)
        step->transfer += bp_clock_seconds() - start;
}

static const struct bp_rank_plan *find_plan(const struct bp_rank_step *ranks, size_t rows)
{
    return &ranks->plan[rows != ranks->plan[0].chunks.rows];
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
        memcpy(&word, bp_rank_find_message(ranks, plan, q), sizeof word);
        ranks->heard |= word;
    }
    const struct bp_cut *cut = bp_cuts_find(&step->cuts, plan->chunks.rows);
    for (size_t begin = 0; begin < plan->chunks.rows; begin += plan->chunks.size) {
        const size_t rows = bp_size_min(plan->chunks.rows - begin, plan->chunks.size);
        const size_t count = bp_cut_plan(cut, rows)->shards.count;
        for (size_t s = 0; s < count; s++, shard++) {
            while (shard >= plan->shards[r + 1])
                r++;
            step->shard_loss[s] = bp_rank_find_message(ranks, plan, r)[1 + shard - plan->shards[r]];
        }
        loss += bp_shards_sum(step->shard_loss, count);
    }
    return loss;
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

/* The own parameters get their new values, which are on their way when this returns. */
static void update_owned(struct bp_step *step, const struct bp_rank_plan *plan, float rate)
{
    struct bp_rank_step *ranks = step->ranks;
    struct bp_parameters parameters = prepare_update(step, plan);
    parameters.update = bp_optimizer_next(parameters.optimizer, rate, 0.0);
    for (size_t l = ranks->layers; l-- > 0;) {
        finish(step, ranks->gradient[l]);
        run_parameters(step, &parameters, bp_parameters_gradient, l);
        if (!step->squares)
            bp_rank_exchange_values(ranks, l, step->network->values);
    }
    if (!step->squares)
        return;
    bp_rank_exchange_squares(ranks, step->squares); /* of all units, in their order */
    finish(step, ranks->squares);
    const double norm = bp_parameters_norm(&parameters, step->units);
    parameters.update = bp_optimizer_next(parameters.optimizer, rate, norm);
    for (size_t l = ranks->layers; l-- > 0;) {
        run_parameters(step, &parameters, bp_parameters_update, l);
        bp_rank_exchange_values(ranks, l, step->network->values);
    }
}

static void repack(struct bp_step *step, const struct bp_rank_plan *plan)
{
    struct bp_parameters parameters = prepare_update(step, plan);
    parameters.tiles = &step->tiles;
    for (size_t l = step->network->layers; l-- > 0;) {
        finish(step, step->ranks->values[l]);
        run_parameters(step, &parameters, bp_parameters_repack, l);
    }
}

double bp_rank_step_run(struct bp_step *step, const struct bp_step_batch *batch, float rate)
{
    struct bp_rank_step *ranks = step->ranks;
    const struct bp_rank_plan *plan = find_plan(ranks, batch->count);
    const double start = step->measures ? bp_clock_seconds() : 0.0;
    bp_rank_receive_gradients(ranks, plan);
    for (size_t p = 0; p < plan->pieces; p++)
        bp_rank_run_piece(step, batch, plan, &plan->piece[p]);
    bp_rank_exchange_losses(ranks, plan);
    update_owned(step, plan, rate);
    repack(step, plan);
    finish(step, ranks->losses);
    finish(step, ranks->sent);
    const double loss = add_losses(step, ranks, plan);
    if (step->measures)
        step->seconds += bp_clock_seconds() - start;
    return loss;
}

void bp_rank_step_say(struct bp_rank_step *ranks, uint64_t word)
{
    ranks->word = word;
}

uint64_t bp_rank_step_heard(const struct bp_rank_step *ranks)
{
    return ranks->heard;
}

size_t bp_rank_step_idle(const struct bp_rank_step *ranks)
{
    const size_t *shards = ranks->plan[0].shards;
    size_t idle = 0;
    for (size_t r = 0; r < ranks->ranks->count; r++)
        idle += shards[r] == shards[r + 1];
    return idle;
}
