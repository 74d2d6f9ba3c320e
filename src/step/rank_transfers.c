/* Every rank says what it expects before it needs it. */
#include "step/rank_transfers.h"

#include <string.h>

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

/* Floats of layer l that rank r owns, and where they lie. */
static size_t count_owned(const struct bp_rank_step *ranks, size_t l, size_t r)
{
    const struct bp_range range = bp_ownership_floats(&ranks->ownership, l, r);
    return range.end - range.begin;
}

void bp_rank_receive_gradients(struct bp_rank_step *ranks, const struct bp_rank_plan *plan)
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

void bp_rank_send_gradients(struct bp_rank_step *ranks, size_t l, const float *node)
{
    for (size_t r = 0; r < ranks->ranks->count; r++) {
        if (r != ranks->ranks->rank)
            bp_exchange_send(ranks->sent, node + bp_ownership_floats(&ranks->ownership, l, r).begin,
                             count_owned(ranks, l, r) * sizeof(float), r, gradient_tag(l));
    }
}

void bp_rank_exchange_values(struct bp_rank_step *ranks, size_t l, float *values)
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
double *bp_rank_find_message(const struct bp_rank_step *ranks, const struct bp_rank_plan *plan,
                             size_t r)
{
    return ranks->message + r + plan->shards[r];
}

static size_t message_bytes(const struct bp_rank_plan *plan, size_t r)
{
    return (1 + plan->shards[r + 1] - plan->shards[r]) * sizeof(double);
}

void bp_rank_exchange_losses(struct bp_rank_step *ranks, const struct bp_rank_plan *plan)
{
    const size_t rank = ranks->ranks->rank;
    double *own = bp_rank_find_message(ranks, plan, rank);
    memcpy(own, &ranks->word, sizeof ranks->word);
    for (size_t r = 0; r < ranks->ranks->count; r++) {
        if (r == rank)
            continue;
        bp_exchange_receive(ranks->losses, bp_rank_find_message(ranks, plan, r),
                            message_bytes(plan, r), r, TAG_LOSS);
        bp_exchange_send(ranks->losses, own, message_bytes(plan, rank), r, TAG_LOSS);
    }
}

/* A unit is a tile. */
void bp_rank_exchange_squares(struct bp_rank_step *ranks, double *squares)
{
    const size_t rank = ranks->ranks->rank, count = ranks->ranks->count;
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
}
