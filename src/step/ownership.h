/*
 * Which rank owns which parameters: it merges their gradient, keeps the state of the optimizer for
 * them and updates them for all. Every rank has a part of each layer, so that all of them send and
 * receive while one layer after the other is done:
 *
 *              layer 0          layer 1     layer 2        in network->values
 *            .----.----.----.  .--.--.--.  .-.-.-.
 *            | r0 | r1 | r2 |  |r0|r1|r2|  |0|1|2|
 *            '----'----'----'  '--'--'--'  '-'-'-'
 *
 *   compact  .----.--.-.       what rank 0 has of its own arrays: "shift" floats less in each layer
 *    of r0   | l0 |l1|2|
 *            '----'--'-'
 */
#ifndef BP_STEP_OWNERSHIP_H
#define BP_STEP_OWNERSHIP_H

#include "step/passes/tiles.h"

struct bp_ownership {
    size_t ranks;
    size_t layers;
    struct bp_tile_shape shape; /* its tiles have one panel */
    size_t *tile;               /* layers x (ranks + 1): the first tile of each rank */
    size_t *offset;             /* the same, in floats of network->values */
    size_t *shift;              /* layers x ranks: from the place in network->values to that in
                                   a compact array */
    size_t *floats;             /* of each rank */
};

/* The same on every rank. `whole_units`: no tile is a part of a unit. Errors: MEMORY; then
 * `ownership` is zeroed. */
bp_status bp_ownership_make(struct bp_ownership *ownership, const struct bp_network *network,
                            size_t ranks, bool whole_units, bp_error *error);
void bp_ownership_release(struct bp_ownership *ownership);

/* What rank r has of layer l: floats of network->values. */
static inline struct bp_range bp_ownership_floats(const struct bp_ownership *ownership, size_t l,
                                                  size_t r)
{
    const size_t *offset = ownership->offset + l * (ownership->ranks + 1);
    return (struct bp_range){offset[r], offset[r + 1]};
}

static inline size_t bp_ownership_shift(const struct bp_ownership *ownership, size_t l, size_t r)
{
    return ownership->shift[l * ownership->ranks + r];
}

/* The tiles of rank r for the threads of its team. Errors: MEMORY. */
bp_status bp_ownership_tiles(const struct bp_ownership *ownership, struct bp_tiles *tiles,
                             const struct bp_network *network, size_t r, size_t threads,
                             bp_error *error);

#endif
