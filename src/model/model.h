/* A model inside: the network, or several, and what their inputs and outputs mean. */
#ifndef BP_MODEL_MODEL_H
#define BP_MODEL_MODEL_H

#include "data/schema/schema.h"
#include "net/network.h"

/* The version of the numeric contract (docs/numerics.md): it changes when trained bits change. */
#define BP_NUMERICS_VERSION 4

struct bp_member;

struct bp_model {
    struct bp_network *network; /* NULL: several, those of `member` */
    struct bp_schema *schema;   /* which members share */
    uint64_t seed;              /* of the initial parameters */
    unsigned numerics;          /* version of the contract that its parameters come from */
    struct json_t *recipe;      /* as in recipe.h; NULL: an older version made it */
    double *factor;             /* of each class, as in decision.h, or NULL */
    struct bp_member *member;   /* `members` of them, or NULL */
    size_t members;
};

/* One of several networks whose outputs are averaged. */
struct bp_member {
    struct bp_model *model; /* of one network */
    double weight;          /* above 0; those of all members add up to 1 */
};

/* The networks of a model, and number k of them with what belongs to it. */
static inline size_t bp_model_networks(const struct bp_model *model)
{
    return model->member ? model->members : 1;
}

static inline const struct bp_model *bp_model_at(const struct bp_model *model, size_t k)
{
    return model->member ? model->member[k].model : model;
}

/* A network whose outputs, and loss, are like those of every other one. */
static inline const struct bp_network *bp_model_first(const struct bp_model *model)
{
    return bp_model_at(model, 0)->network;
}

/* What needs one network refuses several: `what` is a phrase such as "a trainer". Error:
 * ARGUMENT. */
bp_status bp_model_check_single(const struct bp_model *model, const char *what, bp_error *error);

/* The value of output neuron j, a number, in the user's units; with the Poisson loss it is the rate
 * already. */
static inline double bp_model_output(const struct bp_model *model, size_t j, float value)
{
    const struct bp_schema *schema = model->schema;
    const struct bp_schema_column *target = &schema->column[schema->input_columns + j];
    return target->origin + ((double)value / (double)target->scale + (double)target->shift);
}

#endif
