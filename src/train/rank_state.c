/* Layer by layer: what a rank owns of a layer lies together. */
#include "train/rank_state.h"

#include <string.h>

#include "base/memory.h"
#include "ranks/agree.h"

#define TAG_STATE 0

static struct bp_ranks *find_ranks(const struct bp_trainer *trainer)
{
    return trainer->options.ranks;
}

bp_status bp_whole_state_make(struct bp_whole_state *whole, const struct bp_trainer *trainer,
                              bp_status status, bp_error *error)
{
    struct bp_ranks *ranks = find_ranks(trainer);
    const struct bp_optimizer_state *optimizer = bp_step_optimizer(trainer->setup.step);
    *whole = (struct bp_whole_state){.made = bp_ranks_several(ranks)};
    for (size_t s = 0; s < optimizer->states && !status; s++) {
        if (!whole->made)
            whole->state[s] = optimizer->state[s];
        else if (bp_ranks_rank(ranks) == 0)
            whole->state[s] = bp_aligned_alloc(trainer->model->network->floats, sizeof(float));
        if (!whole->state[s] && bp_ranks_rank(ranks) == 0)
            status = bp_fail_memory(error, "the state of the optimizer");
    }
    status = bp_ranks_agree(ranks, status, error);
    if (status)
        bp_whole_state_release(whole);
    return status;
}

void bp_whole_state_release(struct bp_whole_state *whole)
{
    for (size_t s = 0; whole->made && s < BP_OPTIMIZER_STATES; s++)
        bp_aligned_free(whole->state[s]);
    *whole = (struct bp_whole_state){.made = false};
}

/* Where the arrays go. */
enum direction { TO_WHOLE, TO_OWNERS };

/* The floats that rank r owns of a layer: `whole` has them at rank 0, `own` at rank r. */
static void move(struct bp_ranks *ranks, float *whole, float *own, size_t bytes, size_t r,
                 enum direction direction)
{
    float *from = direction == TO_OWNERS ? whole : own, *to = direction == TO_OWNERS ? own : whole;
    const size_t sender = direction == TO_OWNERS ? 0 : r, receiver = r - sender;
    if (r == 0)
        memcpy(to, from, bytes);
    else if (ranks->rank == sender)
        bp_ranks_send(ranks, from, bytes, receiver, TAG_STATE);
    else
        bp_ranks_receive(ranks, to, bytes, sender, TAG_STATE);
}

static void move_state(const struct bp_whole_state *whole, const struct bp_trainer *trainer,
                       size_t s, enum direction direction)
{
    struct bp_ranks *ranks = find_ranks(trainer);
    const struct bp_optimizer_state *optimizer = bp_step_optimizer(trainer->setup.step);
    const struct bp_ownership *owned = optimizer->owned;
    for (size_t l = 0; l < owned->layers; l++) {
        for (size_t r = 0; r < ranks->count; r++) {
            const struct bp_range range = bp_ownership_floats(owned, l, r);
            float *there = ranks->rank == 0 ? whole->state[s] + range.begin : NULL;
            float *here = r == ranks->rank
                              ? optimizer->state[s] + range.begin - bp_ownership_shift(owned, l, r)
                              : NULL;
            if (ranks->rank == 0 || r == ranks->rank)
                move(ranks, there, here, (range.end - range.begin) * sizeof(float), r, direction);
        }
    }
}

static void move_states(const struct bp_whole_state *whole, const struct bp_trainer *trainer,
                        enum direction direction)
{
    const size_t states = bp_step_optimizer(trainer->setup.step)->states;
    for (size_t s = 0; whole->made && s < states; s++)
        move_state(whole, trainer, s, direction);
}

void bp_whole_state_collect(struct bp_whole_state *whole, const struct bp_trainer *trainer)
{
    move_states(whole, trainer, TO_WHOLE);
}

/* Collective. */
static void spread(const struct bp_whole_state *whole, struct bp_trainer *trainer)
{
    struct bp_ranks *ranks = find_ranks(trainer);
    if (!bp_ranks_several(ranks))
        return;
    struct bp_network *network = trainer->model->network;
    const size_t bytes = network->floats * sizeof *network->values;
    uint64_t *steps = &bp_step_optimizer(trainer->setup.step)->steps;
    bp_ranks_broadcast(ranks, &trainer->position, sizeof trainer->position);
    trainer->holds_best = false;
    bp_ranks_broadcast(ranks, steps, sizeof *steps);
    bp_ranks_broadcast(ranks, network->values, bytes);
    bp_ranks_broadcast(ranks, trainer->epoch_weights, bytes);
    if (trainer->best_weights)
        bp_ranks_broadcast(ranks, trainer->best_weights, bytes);
    if (trainer->options.refit)
        bp_ranks_broadcast(ranks, trainer->refit.start_weights, bytes);
    move_states(whole, trainer, TO_OWNERS);
    bp_network_transpose(network);
    bp_trainer_order(trainer);
}

bp_status bp_whole_state_adopt(struct bp_whole_state *whole, struct bp_trainer *trainer,
                               bp_status status, bp_error *error)
{
    status = bp_ranks_agree(find_ranks(trainer), status, error);
    if (!status)
        spread(whole, trainer);
    bp_whole_state_release(whole);
    return status;
}
