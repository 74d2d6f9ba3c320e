/* Where training diverged, and what may help. */
#include "train/diverged.h"

#include <math.h>
#include <stdio.h>

/* The largest magnitude among the parameters of a layer; infinity if one of them is not finite. */
static float find_magnitude(const struct bp_network *network, size_t l)
{
    const struct bp_layer *layer = &network->layer[l];
    const float *value = network->values + layer->offset;
    const size_t count = layer->panels * (layer->in + 1) * BP_LANES;
    float largest = 0.0f;
    for (size_t k = 0; k < count; k++) {
        if (!isfinite(value[k]))
            return INFINITY;
        largest = fmaxf(largest, fabsf(value[k]));
    }
    return largest;
}

/* The first layer with the largest magnitude: it blew up first, or most. */
static size_t find_layer(const struct bp_network *network, float *magnitude)
{
    size_t worst = 0;
    *magnitude = find_magnitude(network, 0);
    for (size_t l = 1; l < network->layers; l++) {
        const float next = find_magnitude(network, l);
        if (next > *magnitude) {
            *magnitude = next;
            worst = l;
        }
    }
    return worst;
}

/* Options that calm training down and are not in use, by comma. */
static const char *find_advice(const bp_train_options *options)
{
    if (options->clip_norm > 0.0f)
        return "";
    return options->warmup_epochs > 0 ? ", or clip the gradient to a norm of 1"
                                      : ", a warm-up, or clip the gradient to a norm of 1";
}

bp_status bp_diverged_fail(const struct bp_trainer *trainer, size_t batch, bp_error *error)
{
    const struct bp_network *network = trainer->model->network;
    const bp_train_options *options = &trainer->options;
    float magnitude;
    const size_t l = find_layer(network, &magnitude);
    char state[80];
    if (isfinite(magnitude))
        snprintf(state, sizeof state, "with parameters up to %.2g", (double)magnitude);
    else
        snprintf(state, sizeof state, "with parameters that are not finite");
    return bp_fail(error, BP_ERROR_NOT_FINITE,
                   "training diverged in epoch %zu%s, batch %zu: the loss or a parameter is not "
                   "finite; layer %zu of %zu is the first suspect, %s; try a smaller learning rate "
                   "than %g%s",
                   trainer->position.epochs + 1, trainer->position.refitting ? " of the refit" : "",
                   batch, l + 1, network->layers, state, (double)options->learning_rate,
                   find_advice(options));
}
