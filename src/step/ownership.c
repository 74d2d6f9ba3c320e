/* Ranks get tiles as threads do. */
#include "step/ownership.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"

/* Where tile `index` of a layer begins, or the layer ends. */
static size_t find_offset(const struct bp_tiles *tiles, size_t l, size_t index)
{
    const size_t count = bp_tiles_of(tiles, l, tiles->threads - 1).end;
    if (index < count)
        return bp_tile_unit(bp_tile_at(tiles, l, index), 0).offset;
    const struct bp_layer *layer = &tiles->network->layer[l];
    return bp_layer_panel(layer, layer->panels);
}

static void fill(struct bp_ownership *ownership, const struct bp_tiles *tiles)
{
    const size_t ranks = ownership->ranks;
    for (size_t r = 0; r < ranks; r++)
        ownership->floats[r] = 0;
    for (size_t l = 0; l < ownership->layers; l++) {
        size_t *tile = ownership->tile + l * (ranks + 1);
        size_t *offset = ownership->offset + l * (ranks + 1);
        for (size_t r = 0; r <= ranks; r++) {
            tile[r] = tiles->begin[l * (ranks + 1) + r];
            offset[r] = find_offset(tiles, l, tile[r]);
        }
        for (size_t r = 0; r < ranks; r++) {
            ownership->shift[l * ranks + r] = offset[r] - ownership->floats[r];
            ownership->floats[r] += offset[r + 1] - offset[r];
        }
    }
}

bp_status bp_ownership_make(struct bp_ownership *ownership, const struct bp_network *network,
                            size_t ranks, bool whole_units, bp_error *error)
{
    *ownership = (struct bp_ownership){.ranks = ranks, .layers = network->layers};
    const struct bp_tile_shape shape = {.panels = 1, .inputs = BP_UNIT_INPUTS};
    struct bp_tiles tiles;
    const bp_status status = whole_units
                                 ? bp_tiles_make(&tiles, network, shape, 0, ranks, error)
                                 : bp_tiles_make_even(&tiles, network, shape, 0, ranks, error);
    if (status)
        return status;
    const size_t count = network->layers * (ranks + 1);
    ownership->shape = tiles.shape;
    ownership->tile = bp_array_alloc(count, sizeof(size_t));
    ownership->offset = bp_array_alloc(count, sizeof(size_t));
    ownership->shift = bp_array_alloc(count, sizeof(size_t));
    ownership->floats = bp_array_alloc(ranks, sizeof(size_t));
    const bool made = ownership->tile && ownership->offset && ownership->shift && ownership->floats;
    if (made)
        fill(ownership, &tiles);
    else
        bp_ownership_release(ownership);
    bp_tiles_release(&tiles);
    return made ? BP_OK : bp_fail_memory(error, "the parameters of each rank");
}

void bp_ownership_release(struct bp_ownership *ownership)
{
    free(ownership->tile);
    free(ownership->offset);
    free(ownership->shift);
    free(ownership->floats);
    *ownership = (struct bp_ownership){0};
}

bp_status bp_ownership_tiles(const struct bp_ownership *ownership, struct bp_tiles *tiles,
                             const struct bp_network *network, size_t r, size_t threads,
                             bp_error *error)
{
    const bp_status status = bp_tiles_make(tiles, network, ownership->shape, 0, threads, error);
    for (size_t l = 0; l < network->layers && !status; l++) {
        const size_t *tile = ownership->tile + l * (ownership->ranks + 1);
        bp_tiles_restrict(tiles, l, (struct bp_range){tile[r], tile[r + 1]});
    }
    return status;
}
