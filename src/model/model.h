/* A model inside: the network and what its inputs and outputs mean. */
#ifndef BP_MODEL_MODEL_H
#define BP_MODEL_MODEL_H

#include "data/schema/schema.h"
#include "net/network.h"

/* The version of the numeric contract (docs/numerics.md): it changes when trained bits change. */
#define BP_NUMERICS_VERSION 3

struct bp_model {
    struct bp_network *network;
    struct bp_schema *schema;
    uint64_t seed;         /* of the initial parameters */
    unsigned numerics;     /* version of the contract that its parameters come from */
    struct json_t *recipe; /* as in recipe.h; NULL: an older version made it */
};

/* The value of output neuron j, a number, in the user's units; with the Poisson loss it is the rate
 * already. */
static inline double bp_model_output(const struct bp_model *model, size_t j, float value)
{
    const struct bp_schema *schema = model->schema;
    const struct bp_schema_column *target = &schema->column[schema->input_columns + j];
    return target->origin + ((double)value / (double)target->scale + (double)target->shift);
}

#endif
