/* The optimizers as the numbers that their kernels take, and the arrays that these change. */
#include "step/optimizer.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/flush.h"
#include "base/memory.h"
#include "base/power.h"
#include "ranks/ranks.h"
#include "step/passes/worker.h"

#define USUAL_EPSILON 1e-8f

/* Where the mean of squares is already 0 and the gradient, or its mean, is not yet, a quotient of
 * the two is then no more than it was before. */
#define LEAST_EPSILON 0x1p-62f

/* Numbers that the kernel takes besides the learning rate and epsilon. */
typedef void prepare_fn(const struct bp_optimizer_state *optimizer, struct bp_update_args *args);

static void keep_momentum(const struct bp_optimizer_state *optimizer, struct bp_update_args *args)
{
    args->keep = bp_flush(optimizer->options.momentum);
}

/*
 * The smallest mean of squares b, and gradient g, with which fma(take, g g, keep b) makes no
 * subnormal number: keep b is 2^-125 at least, and take g g twice the smallest b.
 */
static void set_least_square(struct bp_update_args *args, float *keep, float take)
{
    if (*keep < 0x1p-25f)
        *keep = 0.0f;
    const double factor = *keep > 0.0f ? (double)*keep : 1.0;
    args->least_square = (float)(0x1p-125 / factor);
    args->least = (float)(0x1p-62 / sqrt(factor * (double)take));
}

static void keep_mean_square(const struct bp_optimizer_state *optimizer,
                             struct bp_update_args *args)
{
    args->keep = (float)optimizer->options.rho;
    args->take = (float)(1.0 - optimizer->options.rho);
    set_least_square(args, &args->keep, args->take);
}

/* Kingma and Ba 2015: means that began at 0 are divided by 1 - beta^t, here in rate and root. */
static void correct_bias(const struct bp_optimizer_state *optimizer, struct bp_update_args *args)
{
    const uint64_t t = optimizer->steps + 1;
    args->rate = (float)((double)args->rate / (1.0 - bp_power(optimizer->options.beta1, t)));
    args->root = (float)(1.0 / sqrt(1.0 - bp_power(optimizer->options.beta2, t)));
    args->take = (float)(1.0 - optimizer->options.beta1);
    args->keep_square = (float)optimizer->options.beta2;
    args->take_square = (float)(1.0 - optimizer->options.beta2);
    set_least_square(args, &args->keep_square, args->take_square);
}

/* Its kernel stands in kernels/update.inc.h, under the same value of bp_optimizer. */
static const struct row {
    float rate;                             /* the learning rate where none is given */
    float epsilon;                          /* the same of epsilon; 0: USUAL_EPSILON */
    const char *state[BP_OPTIMIZER_STATES]; /* what its arrays hold, in a word each */
    prepare_fn *prepare;                    /* or NULL */
    bool decays_apart;   /* weights decay by themselves, not through the gradient */
    bool begins_at_rate; /* state[1] holds steps: the learning rate before the first update */
} rows[] = {
    [BP_OPTIMIZER_SGD] = {.rate = 1.0f},
    [BP_OPTIMIZER_MOMENTUM] = {.rate = 0.01f, .state = {"momentum"}, .prepare = keep_momentum},
    [BP_OPTIMIZER_NESTEROV] = {.rate = 0.01f, .state = {"momentum"}, .prepare = keep_momentum},
    [BP_OPTIMIZER_RMSPROP] = {.rate = 0.01f, .state = {"square"}, .prepare = keep_mean_square},
    /* Five times that of Kingma and Ba: auto takes few updates. */
    [BP_OPTIMIZER_ADAM] = {.rate = 0.005f, .state = {"mean", "square"}, .prepare = correct_bias},
    [BP_OPTIMIZER_ADAMW] = {.rate = 0.005f,
                            .state = {"mean", "square"},
                            .prepare = correct_bias,
                            .decays_apart = true},
    [BP_OPTIMIZER_IRPROP] = {.rate = 0.0125f, .state = {"slope", "step"}, .begins_at_rate = true},
    [BP_OPTIMIZER_ADAGRAD] = {.rate = 0.01f, .epsilon = 1e-10f, .state = {"square_sum"}},
};

float bp_optimizer_learning_rate(bp_optimizer optimizer)
{
    const size_t index = (size_t)optimizer;
    return rows[index < sizeof rows / sizeof rows[0] ? index : 0].rate;
}

float bp_optimizer_epsilon(bp_optimizer optimizer)
{
    const size_t index = (size_t)optimizer;
    const bool own = index < sizeof rows / sizeof rows[0] && rows[index].epsilon > 0.0f;
    return own ? rows[index].epsilon : USUAL_EPSILON;
}

const char *bp_optimizer_state_name(bp_optimizer kind, size_t s)
{
    return rows[kind].state[s];
}

static void free_states(float *state[BP_OPTIMIZER_STATES])
{
    for (size_t s = 0; s < BP_OPTIMIZER_STATES; s++)
        bp_aligned_free(state[s]);
}

/* Zeroed arrays; false, and none, without memory. */
static bool make_states(const struct bp_optimizer_state *optimizer, size_t floats,
                        float *state[BP_OPTIMIZER_STATES])
{
    for (size_t s = 0; s < optimizer->states; s++) {
        state[s] = bp_aligned_alloc(floats, sizeof(float));
        if (!state[s]) {
            free_states(state);
            memset(state, 0, BP_OPTIMIZER_STATES * sizeof *state);
            return false;
        }
    }
    return true;
}

bp_status bp_optimizer_create(struct bp_optimizer_state **out, const struct bp_network *network,
                              const bp_train_options *options, const struct bp_ranks *ranks,
                              bp_error *error)
{
    *out = NULL;
    struct bp_optimizer_state *optimizer = calloc(1, sizeof *optimizer);
    if (!optimizer)
        goto fail;
    *optimizer = (struct bp_optimizer_state){.options = *options, .floats = network->floats};
    if (!(options->epsilon > 0.0f))
        optimizer->options.epsilon = bp_optimizer_epsilon(options->optimizer);
    while (optimizer->states < BP_OPTIMIZER_STATES &&
           rows[options->optimizer].state[optimizer->states])
        optimizer->states++;
    if (!bp_ranks_several(ranks) && !make_states(optimizer, network->floats, optimizer->state))
        goto fail;
    *out = optimizer;
    return BP_OK;

fail:
    bp_optimizer_free(optimizer);
    return bp_fail_memory(error, "the state of the optimizer");
}

bp_status bp_optimizer_share(struct bp_optimizer_state *optimizer, const struct bp_network *network,
                             const struct bp_ownership *owned, size_t rank, bp_error *error)
{
    const size_t floats = owned ? owned->floats[rank] : network->floats;
    float *state[BP_OPTIMIZER_STATES] = {NULL};
    if (!make_states(optimizer, floats, state))
        return bp_fail_memory(error, "the state of the optimizer");
    free_states(optimizer->state);
    memcpy(optimizer->state, state, sizeof state);
    optimizer->floats = floats;
    optimizer->owned = owned;
    optimizer->rank = rank;
    optimizer->steps = 0;
    return BP_OK;
}

void bp_optimizer_reset(struct bp_optimizer_state *optimizer)
{
    for (size_t s = 0; s < optimizer->states; s++)
        memset(optimizer->state[s], 0, optimizer->floats * sizeof *optimizer->state[s]);
    optimizer->steps = 0;
}

void bp_optimizer_free(struct bp_optimizer_state *optimizer)
{
    if (!optimizer)
        return;
    free_states(optimizer->state);
    free(optimizer);
}

struct bp_update bp_optimizer_next(const struct bp_optimizer_state *optimizer, float learning_rate,
                                   double norm)
{
    const struct row *row = &rows[optimizer->options.optimizer];
    struct bp_update update = {
        .args = {.rate = bp_flush(learning_rate),
                 .epsilon = fmaxf(optimizer->options.epsilon, LEAST_EPSILON),
                 .least = BP_FLUSH_BELOW},
        .scale = 1.0f,
        .begins = optimizer->steps == 0,
    };
    const double clip = (double)optimizer->options.clip_norm;
    if (clip > 0.0 && norm > clip)
        update.scale = (float)(clip / norm);
    if (row->decays_apart)
        update.shrink =
            bp_flush((float)((double)learning_rate * (double)optimizer->options.weight_decay));
    else
        update.decay = bp_flush(optimizer->options.weight_decay);
    if (row->prepare)
        row->prepare(optimizer, &update.args);
    return update;
}

static void fill_steps(float *step, size_t count, float learning_rate)
{
    for (size_t k = 0; k < count; k++)
        step[k] = learning_rate;
}

void bp_optimizer_update(const struct bp_optimizer_state *optimizer,
                         const struct bp_kernels *kernels, const struct bp_update *update,
                         struct bp_network *network, struct bp_unit unit, const float *gradient)
{
    _Alignas(BP_ALIGNMENT) float shaped[BP_SCRATCH_FLOATS];
    struct bp_update_args args = update->args;
    args.count = unit.count;
    args.weight = network->values + unit.offset;
    args.gradient = gradient;
    const size_t l = (size_t)(unit.layer - network->layer);
    const size_t shift =
        optimizer->owned ? bp_ownership_shift(optimizer->owned, l, optimizer->rank) : 0;
    for (size_t s = 0; s < optimizer->states; s++)
        args.state[s] = optimizer->state[s] + (unit.offset - shift);
    if (update->begins && rows[optimizer->options.optimizer].begins_at_rate)
        fill_steps(args.state[1], unit.count, update->args.rate);

    const size_t biases = unit.first == 0 ? BP_LANES : 0;
    float *weights = args.weight + biases;
    if (update->scale != 1.0f || update->decay > 0.0f) {
        kernels->shape(shaped, gradient, args.weight, biases, update->scale, 0.0f);
        kernels->shape(shaped + biases, gradient + biases, weights, unit.count - biases,
                       update->scale, update->decay);
        args.gradient = shaped;
    }
    if (update->shrink > 0.0f)
        kernels->shape(weights, weights, weights, unit.count - biases, 1.0f, -update->shrink);
    kernels->update[optimizer->options.optimizer](&args);
}
