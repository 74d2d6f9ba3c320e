/* Threads get tiles by their parameters, since the last one of a panel may be small. */
#include "step/tiles.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"

static size_t tiles_in_panel(const struct bp_tiles *tiles, const struct bp_layer *layer)
{
    return bp_size_divide_up(layer->in, tiles->shape.inputs);
}

struct bp_tile bp_tile_at(const struct bp_tiles *tiles, size_t l, size_t index)
{
    const struct bp_layer *layer = &tiles->network->layer[l];
    const size_t each = tiles_in_panel(tiles, layer);
    const size_t panel = index / each * tiles->shape.panels;
    const size_t first = index % each * tiles->shape.inputs;
    return (struct bp_tile){
        .layer = layer,
        .l = l,
        .panel = panel,
        .panels = bp_size_min(tiles->shape.panels, layer->panels - panel),
        .first = first,
        .inputs = bp_size_min(tiles->shape.inputs, layer->in - first),
    };
}

struct bp_unit bp_tile_unit(struct bp_tile tile, size_t p)
{
    return bp_unit_make(tile.layer, tile.panel + p, tile.first, tile.inputs);
}

static size_t count_floats(struct bp_tile tile)
{
    return (tile.inputs + (tile.first == 0)) * tile.panels * BP_LANES;
}

static size_t count_tiles(const struct bp_tiles *tiles, size_t l)
{
    const struct bp_layer *layer = &tiles->network->layer[l];
    return bp_size_divide_up(layer->panels, tiles->shape.panels) * tiles_in_panel(tiles, layer);
}

/* A tile belongs to the thread in whose share of the parameters it begins. */
void bp_tiles_restrict(struct bp_tiles *tiles, size_t l, struct bp_range range)
{
    const size_t threads = tiles->threads;
    size_t all = 0;
    for (size_t k = range.begin; k < range.end; k++)
        all += count_floats(bp_tile_at(tiles, l, k));
    size_t *begin = tiles->begin + l * (threads + 1);
    size_t floats = 0, t = 0;
    for (size_t k = range.begin; k < range.end; k++) {
        const double share = (double)floats / (double)all * (double)threads;
        while (t < threads && (double)t <= share)
            begin[t++] = k;
        floats += count_floats(bp_tile_at(tiles, l, k));
    }
    while (t <= threads)
        begin[t++] = range.end;
}

bp_status bp_tiles_make(struct bp_tiles *tiles, const struct bp_network *network,
                        struct bp_tile_shape shape, size_t threads, bp_error *error)
{
    *tiles = (struct bp_tiles){.network = network, .shape = shape, .threads = threads};
    tiles->begin = bp_array_alloc(network->layers * (threads + 1), sizeof *tiles->begin);
    if (!tiles->begin)
        return bp_fail_memory(error, "the parameters of each thread");
    for (size_t l = 0; l < network->layers; l++)
        bp_tiles_restrict(tiles, l, (struct bp_range){0, count_tiles(tiles, l)});
    return BP_OK;
}

static size_t count_of_thread(const struct bp_tiles *tiles, size_t t)
{
    size_t floats = 0;
    for (size_t l = 0; l < tiles->network->layers; l++) {
        const struct bp_range range = bp_tiles_of(tiles, l, t);
        for (size_t k = range.begin; k < range.end; k++)
            floats += count_floats(bp_tile_at(tiles, l, k));
    }
    return floats;
}

/* What the thread with the most has, over an equal share. */
static double find_excess(const struct bp_tiles *tiles)
{
    size_t most = 0;
    for (size_t t = 0; t < tiles->threads; t++)
        most = bp_size_max(most, count_of_thread(tiles, t));
    return (double)most * (double)tiles->threads / (double)tiles->network->floats;
}

/* A smaller shape is worth its costs if it saves so much of the time. */
#define WORTH 1.03

bp_status bp_tiles_make_even(struct bp_tiles *tiles, const struct bp_network *network,
                             struct bp_tile_shape most, size_t threads, bp_error *error)
{
    static const struct bp_tile_shape shapes[] = {{2, 64}, {2, 32}, {1, 64},
                                                  {2, 16}, {1, 32}, {1, 16}};
    double excess = 0.0;
    *tiles = (struct bp_tiles){0};
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
        if (shapes[k].panels > most.panels || shapes[k].inputs > most.inputs ||
            (tiles->begin && excess <= WORTH))
            continue;
        struct bp_tiles other;
        const bp_status status = bp_tiles_make(&other, network, shapes[k], threads, error);
        const double other_excess = status ? 0.0 : find_excess(&other);
        const bool better = !status && (!tiles->begin || other_excess * WORTH < excess);
        if (status || better)
            bp_tiles_release(tiles);
        if (status)
            return status;
        if (better) {
            *tiles = other;
            excess = other_excess;
        } else {
            bp_tiles_release(&other);
        }
    }
    return BP_OK;
}

void bp_tiles_release(struct bp_tiles *tiles)
{
    free(tiles->begin);
    *tiles = (struct bp_tiles){0};
}
