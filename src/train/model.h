/* A model inside: the network and what its inputs and outputs mean. */
#ifndef BP_TRAIN_MODEL_H
#define BP_TRAIN_MODEL_H

#include "data/schema.h"
#include "net/network.h"

/* The version of the numeric contract (docs/numerics.md): it changes when trained bits change. */
#define BP_NUMERICS_VERSION 2

struct bp_model {
    struct bp_network *network;
    struct bp_schema *schema;
    uint64_t seed;     /* of the initial parameters */
    unsigned numerics; /* version of the contract that its parameters come from */
};

/* The value of an output neuron of a number target in the user's units. */
static inline float bp_model_output(const struct bp_schema_column *target, float value)
{
    return (float)((double)value / (double)target->scale + (double)target->shift);
}

#endif
