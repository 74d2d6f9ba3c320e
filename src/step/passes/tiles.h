/*
 * Tiles of parameters, and which thread has which: units of some neighbouring panels that read the
 * same inputs, so that a product over samples reads these once for all of them; or parts of units,
 * where otherwise some threads had much more than others.
 *
 *              panel 0   panel 1   panel 2      a layer of 100 inputs, 48 neurons: tiles of two
 *   bias     .---------.---------.---------.     panels
 *   inputs   |      tile 0       | tile 2  |
 *    0..63   :---------+---------+---------:
 *   64..99   |      tile 1       | tile 3  |
 *            '---------'---------'---------'
 *
 * A thread has a share of each layer: neighbours in that order, mostly whole panels, of which it
 * also computes the neurons (step/shared_passes.h), so that weights stay in its cache. Each thread
 * then reads the inputs of all samples. Where that is more than it saves, tiles are in the order of
 * bands of inputs, through all panels, and a thread reads the inputs of its band and the deltas of
 * some panels: above, of two bands, tiles 0, 2, 1, 3.
 */
#ifndef BP_STEP_PASSES_TILES_H
#define BP_STEP_PASSES_TILES_H

#include "base/status.h"
#include "step/passes/update.h"
#include "team/range.h"

#define BP_TILE_PANELS 2 /* at most */

struct bp_tile {
    const struct bp_layer *layer;
    size_t l; /* its number */
    size_t panel, panels;
    size_t first, inputs;
};

/* How large tiles are; those at the ends of a layer may be smaller. */
struct bp_tile_shape {
    size_t panels; /* 1 to BP_TILE_PANELS */
    size_t inputs; /* 16, 32 or BP_UNIT_INPUTS */
};

struct bp_tiles {
    const struct bp_network *network;
    struct bp_tile_shape shape;
    size_t threads;
    size_t bands[BP_LAYERS_MAX]; /* of the inputs of each layer */
    size_t *begin; /* layers x (threads + 1): in each layer the first tile of each thread, and the
                      number of tiles */
};

/* Keeps the network. Of each layer, each thread gets neighbouring tiles with about the same number
 * of parameters, in the bands for products over `rows` samples; 0: for sums, of which a thread
 * reads its own alone. Errors: MEMORY; then `tiles` is zeroed. */
bp_status bp_tiles_make(struct bp_tiles *tiles, const struct bp_network *network,
                        struct bp_tile_shape shape, size_t rows, size_t threads, bp_error *error);
/* The same in the largest shape of up to `most` with which the thread that takes longest does not
 * take much longer than with others. */
bp_status bp_tiles_make_even(struct bp_tiles *tiles, const struct bp_network *network,
                             struct bp_tile_shape most, size_t rows, size_t threads,
                             bp_error *error);
void bp_tiles_release(struct bp_tiles *tiles);

/* Shares only `range` of the tiles of layer l among the threads. */
void bp_tiles_restrict(struct bp_tiles *tiles, size_t l, struct bp_range range);

/* Those of layer l that thread t has. */
static inline struct bp_range bp_tiles_of(const struct bp_tiles *tiles, size_t l, size_t t)
{
    const size_t *begin = tiles->begin + l * (tiles->threads + 1);
    return (struct bp_range){begin[t], begin[t + 1]};
}

/* Tile `index` of layer l. */
struct bp_tile bp_tile_at(const struct bp_tiles *tiles, size_t l, size_t index);

/* The unit of a tile in its panel p, from 0. */
struct bp_unit bp_tile_unit(struct bp_tile tile, size_t p);

#endif
