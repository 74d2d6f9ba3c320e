/*
 * The network once more, in binary64 and without regard to speed: what the gradient of the trainer
 * is held against. Written from the text, sample by sample.
 */
#ifndef BP_CHECK_BINARY64_H
#define BP_CHECK_BINARY64_H

#include "data/samples/samples.h"
#include "net/network.h"

struct bp_binary64 {
    const struct bp_network *network;
    const struct bp_samples *samples;
    size_t rows;   /* the first so many samples */
    float *inputs; /* in panels, as the trainer gathers them */
    size_t stride;
    size_t weights;                   /* of all layers, with a threshold for each neuron */
    double *weight[BP_LAYERS_MAX];    /* of layer l: out rows of in + 1, the threshold last */
    double *number[BP_LAYERS_MAX];    /* of one sample: n of layer l */
    double *value[BP_LAYERS_MAX + 1]; /* of one sample: [0] inputs, [l + 1] o of layer l */
    double log_sum;                   /* of one sample: ln of the sum of a softmax */
    double largest;                   /* |n| of all layers and samples so far */
    uint64_t sides;                   /* changes when a number passes to the other side of a kink */
    double *memory;
};

/* Copies the parameters. Keeps `network` and `samples`. Errors: MEMORY. */
bp_status bp_binary64_make(struct bp_binary64 *net, const struct bp_network *network,
                           const struct bp_samples *samples, size_t rows, bp_error *error);
void bp_binary64_release(struct bp_binary64 *net);

/* Fills net->number, net->value and net->log_sum for sample x. With the Poisson loss, outputs are
 * ln of the rate here. */
void bp_binary64_forward(struct bp_binary64 *net, size_t x);

/* w(x), 1 where there are no weights. */
double bp_binary64_weight(const struct bp_binary64 *net, size_t x);

/* E = (1/n) sum_x w(x) E(x) with the present weights, and net->sides of all samples. */
double bp_binary64_loss(struct bp_binary64 *net);

#endif
