/* Threads get tiles by their parameters, since the last one of a panel may be small. */
#include "step/passes/tiles.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "step/passes/grid.h"

/* Tiles of a layer: inputs of one panel, neighbouring panels. */
static size_t count_down(const struct bp_tiles *tiles, const struct bp_layer *layer)
{
    return bp_size_divide_up(layer->in, tiles->shape.inputs);
}

static size_t count_across(const struct bp_tiles *tiles, const struct bp_layer *layer)
{
    return bp_size_divide_up(layer->panels, tiles->shape.panels);
}

struct bp_tile bp_tile_at(const struct bp_tiles *tiles, size_t l, size_t index)
{
    const struct bp_layer *layer = &tiles->network->layer[l];
    const size_t across = count_across(tiles, layer), down = count_down(tiles, layer);
    /* Tile `index` begins in row index / across if it begins a band. */
    const size_t band = bp_range_find(down, tiles->bands[l], index / across);
    const struct bp_range rows = bp_range_of(down, tiles->bands[l], band);
    const size_t within = index - rows.begin * across, each = rows.end - rows.begin;
    const size_t panel = within / each * tiles->shape.panels;
    const size_t first = (rows.begin + within % each) * tiles->shape.inputs;
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
    return count_across(tiles, layer) * count_down(tiles, layer);
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

/* What a thread reads that others wrote, in floats, if a layer has so many bands: inputs and deltas
 * of all samples, and in the forward pass the weights that it does not update. */
static double count_reads(const struct bp_tiles *tiles, const struct bp_layer *layer, size_t rows,
                          size_t bands)
{
    const size_t threads = tiles->threads / bands; /* of a band */
    const size_t across = count_across(tiles, layer);
    const bool even = across % threads == 0 || threads % across == 0;
    const double columns = fmax((double)across / (double)threads + (even ? 0.0 : 1.0), 1.0);
    const double parts = fmax((double)threads / (double)across, 1.0); /* of a band */
    const double inputs = (double)layer->in / (double)bands / parts;
    const double deltas = columns * (double)(tiles->shape.panels * BP_LANES);
    const double weights = (double)(layer->in * layer->panels * BP_LANES / tiles->threads);
    return (double)rows * (inputs + deltas) + weights * (1.0 - 1.0 / (double)bands);
}

/* More bands are worth their costs if they save so much of what is read. */
#define WORTH_BANDS 1.05

static size_t choose_bands(const struct bp_tiles *tiles, const struct bp_layer *layer, size_t rows)
{
    const size_t most = rows == 0 ? 1 : bp_size_min(tiles->threads, count_down(tiles, layer));
    size_t best = 1;
    double least = count_reads(tiles, layer, rows, best);
    for (size_t bands = 2; bands <= most; bands++) {
        const double reads = count_reads(tiles, layer, rows, bands);
        if (tiles->threads % bands == 0 && reads * WORTH_BANDS < least) {
            best = bands;
            least = reads;
        }
    }
    return best;
}

bp_status bp_tiles_make(struct bp_tiles *tiles, const struct bp_network *network,
                        struct bp_tile_shape shape, size_t rows, size_t threads, bp_error *error)
{
    *tiles = (struct bp_tiles){.network = network, .shape = shape, .threads = threads};
    tiles->begin = bp_array_alloc(network->layers * (threads + 1), sizeof *tiles->begin);
    if (!tiles->begin)
        return bp_fail_memory(error, "the parameters of each thread");
    for (size_t l = 0; l < network->layers; l++) {
        tiles->bands[l] = choose_bands(tiles, &network->layer[l], rows);
        bp_tiles_restrict(tiles, l, (struct bp_range){0, count_tiles(tiles, l)});
    }
    return BP_OK;
}

/* Measured with 784-128-10, 64 samples, 8 threads: tiles of 16 inputs took 20 % longer than those
 * of 64, though there is as much to multiply. A pass over sums has fewer loops, and reads and
 * writes memory instead of multiplying. */
#define PRODUCT_TILE_CYCLES 250.0
#define SUM_TILE_CYCLES     50.0
#define SUM_MULTIPLIES      16.0 /* in place of a number */

/* Cycles that thread t takes, by the model of step/passes/grid.h, but for what it reads. */
static double count_cycles_of_thread(const struct bp_tiles *tiles, size_t rows, size_t t)
{
    double floats = 0.0, count = 0.0;
    for (size_t l = 0; l < tiles->network->layers; l++) {
        const struct bp_range range = bp_tiles_of(tiles, l, t);
        for (size_t k = range.begin; k < range.end; k++)
            floats += (double)count_floats(bp_tile_at(tiles, l, k));
        count += (double)(range.end - range.begin);
    }
    const double multiplies = floats * (rows > 0 ? (double)rows : SUM_MULTIPLIES);
    return bp_grid_cycles(multiplies, tiles->shape.panels, 0.0) +
           count * (rows > 0 ? PRODUCT_TILE_CYCLES : SUM_TILE_CYCLES);
}

static double count_cycles(const struct bp_tiles *tiles, size_t rows)
{
    double most = 0.0, reads = 0.0;
    for (size_t t = 0; t < tiles->threads; t++)
        most = fmax(most, count_cycles_of_thread(tiles, rows, t));
    for (size_t l = 0; rows > 0 && l < tiles->network->layers; l++)
        reads += count_reads(tiles, &tiles->network->layer[l], rows, tiles->bands[l]);
    return most + bp_grid_cycles(0.0, tiles->shape.panels, reads);
}

bp_status bp_tiles_make_even(struct bp_tiles *tiles, const struct bp_network *network,
                             struct bp_tile_shape most, size_t rows, size_t threads,
                             bp_error *error)
{
    static const struct bp_tile_shape shapes[] = {{2, 64}, {2, 32}, {1, 64},
                                                  {2, 16}, {1, 32}, {1, 16}};
    double least = 0.0;
    *tiles = (struct bp_tiles){0};
    for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
        if (shapes[k].panels > most.panels || shapes[k].inputs > most.inputs)
            continue;
        struct bp_tiles other;
        const bp_status status = bp_tiles_make(&other, network, shapes[k], rows, threads, error);
        const double cycles = status ? 0.0 : count_cycles(&other, rows);
        const bool better = !status && (!tiles->begin || cycles < least);
        if (status || better)
            bp_tiles_release(tiles);
        if (status)
            return status;
        if (better) {
            *tiles = other;
            least = cycles;
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
