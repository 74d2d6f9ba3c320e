/*
 * A random network with random samples, twice: as the trainer holds them and as a reference
 * network. The samples of the batch stand in another order than in memory.
 */
#ifndef BP_TESTS_TRIAL_H
#define BP_TESTS_TRIAL_H

#include <stdbool.h>

#include "data/samples/samples.h"
#include "kernels/list.h"
#include "net/network.h"
#include "support/reference.h"

struct trial {
    struct bp_network *network;
    struct bp_samples samples;
    uint32_t *order; /* the batch: all samples */
    float *input;    /* samples x inputs in the order of the batch */
    float *target;   /* samples x outputs, the same */
    struct reference *reference;
};

/* Weights uniform in +-3/sqrt(inputs), thresholds in +-1 (0 if spec->reduced), inputs in +-1;
 * targets in 0 ... 1, or labels. A pure function of its arguments. */
struct trial *trial_create(const struct bp_network_spec *spec, size_t samples, bool labels,
                           uint64_t seed);
void trial_free(struct trial *trial);

/* Takes over the parameters of both networks from arrays of layer l. */
void trial_set(struct trial *trial, size_t l, const float *weights, const float *thresholds);

/* bp_step_gradient() over the batch; `gradient` as network->values. Returns the sum of the losses.
 */
double trial_gradient(const struct trial *trial, bp_isa isa, size_t threads, float *gradient);

/* `steps` times bp_step_run() over the batch. Returns the sum of the losses of the last one. */
double trial_train(const struct trial *trial, bp_isa isa, size_t threads, float rate, size_t steps);

/* Zeroed room for one gradient, or a copy of the parameters; freed with trial_values_free(). */
float *trial_values_alloc(const struct trial *trial);
void trial_values_free(float *values);

/* Asserts that `values` (laid out as network->values) are as near to the sums of the reference (or
 * its weights and negated thresholds) as they must be. Returns the largest share of a bound used
 * up. */
double trial_expect_sums(const struct trial *trial, const float *values);
double trial_expect_parameters(const struct trial *trial, const float *values);

#endif
