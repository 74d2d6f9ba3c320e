/* The optimizers as the numbers that their kernels take, and the arrays that these change. */
#include "step/optimizer.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/power.h"
#include "step/worker.h"

static const char *const state_names[][BP_OPTIMIZER_STATES] = {
    [BP_OPTIMIZER_SGD] = {NULL, NULL},
    [BP_OPTIMIZER_MOMENTUM] = {"momentum", NULL},
    [BP_OPTIMIZER_NESTEROV] = {"momentum", NULL},
    [BP_OPTIMIZER_RMSPROP] = {"square", NULL},
    [BP_OPTIMIZER_ADAM] = {"mean", "square"},
    [BP_OPTIMIZER_ADAMW] = {"mean", "square"},
    [BP_OPTIMIZER_IRPROP] = {"slope", "step"},
};

const char *bp_optimizer_state_name(bp_optimizer kind, size_t s)
{
    return state_names[kind][s];
}

bp_status bp_optimizer_create(struct bp_optimizer_state **out, const struct bp_network *network,
                              const bp_train_options *options, bp_error *error)
{
    *out = NULL;
    struct bp_optimizer_state *optimizer = calloc(1, sizeof *optimizer);
    if (!optimizer)
        goto fail;
    *optimizer = (struct bp_optimizer_state){
        .kind = options->optimizer,
        .momentum = options->momentum,
        .beta1 = options->beta1,
        .beta2 = options->beta2,
        .rho = options->rho,
        .epsilon = options->epsilon,
        .weight_decay = options->weight_decay,
        .clip_norm = options->clip_norm,
        .floats = network->floats,
    };
    for (size_t s = 0; s < BP_OPTIMIZER_STATES && state_names[options->optimizer][s]; s++) {
        optimizer->state[s] = bp_aligned_alloc(network->floats, sizeof(float));
        if (!optimizer->state[s])
            goto fail;
        optimizer->states++;
    }
    *out = optimizer;
    return BP_OK;

fail:
    bp_optimizer_free(optimizer);
    return bp_fail_memory(error, "the state of the optimizer");
}

void bp_optimizer_free(struct bp_optimizer_state *optimizer)
{
    if (!optimizer)
        return;
    for (size_t s = 0; s < optimizer->states; s++)
        bp_aligned_free(optimizer->state[s]);
    free(optimizer);
}

/* Kingma and Ba 2015: means that began at 0 are divided by 1 - beta^t, here in rate and root. */
static void correct_bias(const struct bp_optimizer_state *optimizer, struct bp_update_args *args,
                         float learning_rate)
{
    const uint64_t t = optimizer->steps + 1;
    args->rate = (float)((double)learning_rate / (1.0 - bp_power(optimizer->beta1, t)));
    args->root = (float)(1.0 / sqrt(1.0 - bp_power(optimizer->beta2, t)));
    args->take = (float)(1.0 - optimizer->beta1);
    args->keep_square = (float)optimizer->beta2;
    args->take_square = (float)(1.0 - optimizer->beta2);
}

struct bp_update bp_optimizer_next(const struct bp_optimizer_state *optimizer, float learning_rate,
                                   double norm)
{
    struct bp_update update = {
        .args = {.rate = learning_rate, .epsilon = optimizer->epsilon},
        .scale = 1.0f,
        .begins = optimizer->steps == 0,
    };
    const double clip = (double)optimizer->clip_norm;
    if (clip > 0.0 && norm > clip)
        update.scale = (float)(clip / norm);
    if (optimizer->kind == BP_OPTIMIZER_ADAMW)
        update.shrink = (float)((double)learning_rate * (double)optimizer->weight_decay);
    else
        update.decay = optimizer->weight_decay;
    switch (optimizer->kind) {
    case BP_OPTIMIZER_MOMENTUM:
    case BP_OPTIMIZER_NESTEROV:
        update.args.keep = optimizer->momentum;
        break;
    case BP_OPTIMIZER_RMSPROP:
        update.args.keep = (float)optimizer->rho;
        update.args.take = (float)(1.0 - optimizer->rho);
        break;
    case BP_OPTIMIZER_ADAM:
    case BP_OPTIMIZER_ADAMW:
        correct_bias(optimizer, &update.args, learning_rate);
        break;
    case BP_OPTIMIZER_SGD:
    case BP_OPTIMIZER_IRPROP:
        break;
    }
    return update;
}

static void run_kernel(bp_optimizer kind, const struct bp_kernels *kernels,
                       const struct bp_update_args *args)
{
    switch (kind) {
    case BP_OPTIMIZER_SGD:
        kernels->sgd(args->weight, args->gradient, args->count, args->rate);
        break;
    case BP_OPTIMIZER_MOMENTUM:
        kernels->momentum(args);
        break;
    case BP_OPTIMIZER_NESTEROV:
        kernels->nesterov(args);
        break;
    case BP_OPTIMIZER_RMSPROP:
        kernels->rmsprop(args);
        break;
    case BP_OPTIMIZER_ADAM:
    case BP_OPTIMIZER_ADAMW:
        kernels->adam(args);
        break;
    case BP_OPTIMIZER_IRPROP:
        kernels->irprop(args);
        break;
    }
}

/* The first update of iRPROP-: every step is the learning rate. */
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
    for (size_t s = 0; s < optimizer->states; s++)
        args.state[s] = optimizer->state[s] + unit.offset;
    if (update->begins && optimizer->kind == BP_OPTIMIZER_IRPROP)
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
    run_kernel(optimizer->kind, kernels, &args);
}
