/*
 * The pass over the parameters after the join: reduce, update, repack. Parameters are cut into
 * units, up to 64 inputs of one panel (the first unit of a panel holds the bias too), which are
 * assigned to the threads in tiles. Race-free: a unit is written by one thread, in both layouts.
 */
#ifndef BP_STEP_PASSES_UPDATE_H
#define BP_STEP_PASSES_UPDATE_H

#include "kernels/kernels.h"
#include "net/network.h"

/* With 16 lanes 4 KiB: what is read and written stays in the first-level cache. */
#define BP_UNIT_INPUTS    64
#define BP_SCRATCH_FLOATS ((BP_UNIT_INPUTS + 1) * BP_LANES) /* of a unit, with the bias */

struct bp_unit {
    const struct bp_layer *layer;
    size_t panel;
    size_t first; /* its first input */
    size_t inputs;
    size_t offset; /* in network->values */
    size_t count;  /* floats, at most BP_SCRATCH_FLOATS */
};

/* How many units a network has, or a panel of a layer. They are numbered as in memory. */
size_t bp_units_count(const struct bp_network *network);
size_t bp_units_in_panel(const struct bp_layer *layer);

/* The inputs first ... of a panel, up to `inputs` of them: a unit where both are multiples of
 * BP_UNIT_INPUTS, or a part of one, in multiples of 16. */
struct bp_unit bp_unit_make(const struct bp_layer *layer, size_t panel, size_t first,
                            size_t inputs);

/* Copies the weights of a unit from network->values to network->transposed. */
void bp_unit_transpose(struct bp_network *network, const struct bp_kernels *kernels,
                       struct bp_unit unit);

#endif
