/* Threads get tiles by their parameters, since the last one of a panel may be small. */
#include "step/tiles.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"

size_t bp_tiles_count(const struct bp_layer *layer, size_t panels)
{
    return bp_size_divide_up(layer->panels, panels) * bp_units_in_panel(layer);
}

struct bp_tile bp_tile_at(const struct bp_tiles *tiles, size_t l, size_t index)
{
    const struct bp_layer *layer = &tiles->network->layer[l];
    const size_t each = bp_units_in_panel(layer);
    const size_t panel = index / each * tiles->panels;
    const struct bp_unit unit = bp_unit_make(layer, panel, index % each);
    return (struct bp_tile){
        .layer = layer,
        .l = l,
        .panel = panel,
        .panels = bp_size_min(tiles->panels, layer->panels - panel),
        .index = index % each,
        .first = unit.first,
        .inputs = unit.inputs,
    };
}

struct bp_unit bp_tile_unit(struct bp_tile tile, size_t p)
{
    return bp_unit_make(tile.layer, tile.panel + p, tile.index);
}

/* A tile belongs to the thread in whose share of the parameters of the layer it begins. */
static void share_layer(const struct bp_tiles *tiles, size_t l)
{
    const struct bp_layer *layer = &tiles->network->layer[l];
    const size_t count = bp_tiles_count(layer, tiles->panels), threads = tiles->threads;
    const size_t all = layer->panels * (layer->in + 1) * BP_LANES;
    size_t *begin = tiles->begin + l * (threads + 1);
    size_t floats = 0, t = 0;
    for (size_t k = 0; k < count; k++) {
        const struct bp_tile tile = bp_tile_at(tiles, l, k);
        const double share = (double)floats / (double)all * (double)threads;
        while (t < threads && (double)t <= share)
            begin[t++] = k;
        floats += bp_tile_unit(tile, 0).count * tile.panels;
    }
    while (t <= threads)
        begin[t++] = count;
}

bp_status bp_tiles_make(struct bp_tiles *tiles, const struct bp_network *network, size_t panels,
                        size_t threads, bp_error *error)
{
    *tiles = (struct bp_tiles){.network = network, .panels = panels, .threads = threads};
    tiles->begin = bp_array_alloc(network->layers * (threads + 1), sizeof *tiles->begin);
    if (!tiles->begin)
        return bp_fail_memory(error, "the parameters of each thread");
    for (size_t l = 0; l < network->layers; l++)
        share_layer(tiles, l);
    return BP_OK;
}

void bp_tiles_release(struct bp_tiles *tiles)
{
    free(tiles->begin);
    *tiles = (struct bp_tiles){0};
}
