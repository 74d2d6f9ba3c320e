/* Tiles of parameters, and which thread has which. */
#include <criterion/criterion.h>

#include "base/memory.h"
#include "step/passes/tiles.h"
#include "support/problem.h"

static const struct problem shape = {.layers = 3, .widths = {100, 130, 70, 5}, .count = 1};

static const struct bp_tile_shape whole = {BP_TILE_PANELS, BP_UNIT_INPUTS};

/* How often each parameter is in a unit of a tile of some thread. */
static unsigned char *count_units(const struct bp_tiles *tiles)
{
    const struct bp_network *network = tiles->network;
    unsigned char *times = bp_aligned_alloc(network->floats, 1);
    cr_assert_not_null(times);
    for (size_t l = 0; l < network->layers; l++) {
        for (size_t t = 0; t < tiles->threads; t++) {
            const struct bp_range range = bp_tiles_of(tiles, l, t);
            for (size_t k = range.begin; k < range.end; k++) {
                const struct bp_tile tile = bp_tile_at(tiles, l, k);
                cr_assert(tile.panels >= 1 && tile.panels <= tiles->shape.panels);
                for (size_t p = 0; p < tile.panels; p++) {
                    const struct bp_unit unit = bp_tile_unit(tile, p);
                    cr_assert_leq(unit.count, BP_SCRATCH_FLOATS);
                    for (size_t f = 0; f < unit.count; f++)
                        times[unit.offset + f]++;
                }
            }
        }
    }
    return times;
}

static void expect_each_once(const struct bp_network *network, struct bp_tile_shape shape_of,
                             size_t rows, size_t threads)
{
    struct bp_tiles tiles;
    cr_assert_eq(bp_tiles_make(&tiles, network, shape_of, rows, threads, NULL), BP_OK);
    unsigned char *times = count_units(&tiles);
    for (size_t f = 0; f < network->floats; f++)
        cr_assert_eq(times[f], 1, "number %zu, %zu panels, %zu inputs, %zu threads: %d times", f,
                     shape_of.panels, shape_of.inputs, threads, times[f]);
    bp_aligned_free(times);
    bp_tiles_release(&tiles);
}

Test(step_tiles, every_parameter_belongs_to_one_thread)
{
    struct bp_network *network = problem_network(&shape);
    for (size_t threads = 1; threads <= 40; threads++) {
        for (size_t panels = 1; panels <= BP_TILE_PANELS; panels++) {
            for (size_t inputs = 16; inputs <= BP_UNIT_INPUTS; inputs *= 2) {
                const struct bp_tile_shape tile = {panels, inputs};
                expect_each_once(network, tile, 0, threads);
                expect_each_once(network, tile, 1000, threads);
            }
        }
    }
    bp_network_free(network);
}

static size_t count_parameters(const struct bp_tiles *tiles, size_t l, size_t t)
{
    const struct bp_range range = bp_tiles_of(tiles, l, t);
    size_t count = 0;
    for (size_t k = range.begin; k < range.end; k++) {
        const struct bp_tile tile = bp_tile_at(tiles, l, k);
        for (size_t p = 0; p < tile.panels; p++)
            count += bp_tile_unit(tile, p).count;
    }
    return count;
}

/* The largest tile has 2 panels of 65 rows of 16. */
Test(step_tiles, threads_have_the_same_share_of_each_layer_but_for_a_tile)
{
    struct bp_network *network = problem_network(&shape);
    for (size_t threads = 1; threads <= 9; threads++) {
        struct bp_tiles tiles;
        cr_assert_eq(bp_tiles_make(&tiles, network, whole, 1000, threads, NULL), BP_OK);
        for (size_t l = 0; l < network->layers; l++) {
            const struct bp_layer *layer = &network->layer[l];
            const size_t fair = layer->panels * (layer->in + 1) * BP_LANES / threads;
            for (size_t t = 0; t < threads; t++) {
                const size_t share = count_parameters(&tiles, l, t);
                cr_assert(
                    share <= fair + 2 * BP_SCRATCH_FLOATS && fair <= share + 2 * BP_SCRATCH_FLOATS,
                    "layer %zu, thread %zu of %zu: %zu of about %zu", l, t, threads, share, fair);
            }
        }
        bp_tiles_release(&tiles);
    }
    bp_network_free(network);
}

/* 2 x 7 tiles of whole units, of which the last one of a panel is small, are uneven for 3. */
Test(step_tiles, tiles_are_smaller_where_shares_would_be_uneven)
{
    struct bp_network *network =
        problem_network(&(struct problem){.layers = 1, .widths = {400, 64}, .count = 1});
    struct bp_tiles tiles;
    cr_assert_eq(bp_tiles_make_even(&tiles, network, whole, 0, 3, NULL), BP_OK);
    cr_assert(tiles.shape.panels * tiles.shape.inputs < whole.panels * whole.inputs);
    for (size_t t = 0; t < 3; t++) {
        const double share = (double)count_parameters(&tiles, 0, t) / (double)network->floats;
        cr_assert(share < 0.37 && share > 0.29, "thread %zu has %g", t, share);
    }
    bp_tiles_release(&tiles);
    cr_assert_eq(bp_tiles_make_even(&tiles, network, whole, 0, 2, NULL), BP_OK);
    cr_assert_eq(tiles.shape.panels, whole.panels, "even shares of the largest tiles");
    cr_assert_eq(tiles.shape.inputs, whole.inputs);
    bp_tiles_release(&tiles);
    bp_network_free(network);
}

/* Then weights stay with the thread that computes the neurons. */
Test(step_tiles, threads_that_divide_the_panels_have_whole_ones)
{
    struct bp_network *network =
        problem_network(&(struct problem){.layers = 1, .widths = {100, 128}, .count = 1});
    struct bp_tiles tiles;
    cr_assert_eq(bp_tiles_make(&tiles, network, whole, 0, 4, NULL), BP_OK);
    for (size_t t = 0; t < 4; t++) {
        const struct bp_range range = bp_tiles_of(&tiles, 0, t);
        cr_assert_eq(range.end - range.begin, 2);
        cr_assert_eq(bp_tile_at(&tiles, 0, range.begin).panel, 2 * t);
        cr_assert_eq(bp_tile_at(&tiles, 0, range.begin).first, 0);
    }
    bp_tiles_release(&tiles);
    bp_network_free(network);
}

/* How many of the inputs of layer 0, in parts of 16, and of its panels a thread has in tiles. */
static size_t count_parts(const struct bp_tiles *tiles, size_t t)
{
    bool input[64] = {false}, panel[64] = {false};
    const struct bp_range range = bp_tiles_of(tiles, 0, t);
    size_t count = 0;
    for (size_t k = range.begin; k < range.end; k++) {
        const struct bp_tile tile = bp_tile_at(tiles, 0, k);
        for (size_t i = 0; i < tile.inputs; i += BP_LANES)
            input[(tile.first + i) / BP_LANES] = true;
        for (size_t p = 0; p < tile.panels; p++)
            panel[tile.panel + p] = true;
    }
    for (size_t k = 0; k < 64; k++)
        count += (size_t)input[k] + (size_t)panel[k];
    return count;
}

/* 64 threads with a panel each would read all inputs of all samples; in 8 bands each reads an
 * eighth of the inputs, and an eighth of the deltas. Two read the same either way. */
Test(step_tiles, many_threads_have_bands_of_inputs_and_few_have_none)
{
    struct bp_network *network =
        problem_network(&(struct problem){.layers = 1, .widths = {1024, 1024}, .count = 1});
    struct bp_tiles tiles;
    cr_assert_eq(bp_tiles_make_even(&tiles, network, whole, 1024, 64, NULL), BP_OK);
    cr_assert_eq(tiles.bands[0], 8);
    for (size_t t = 0; t < 64; t++)
        cr_assert_eq(count_parts(&tiles, t), 16, "thread %zu", t);
    bp_tiles_release(&tiles);
    cr_assert_eq(bp_tiles_make_even(&tiles, network, whole, 1024, 2, NULL), BP_OK);
    cr_assert_eq(tiles.bands[0], 1);
    bp_tiles_release(&tiles);
    cr_assert_eq(bp_tiles_make_even(&tiles, network, whole, 0, 64, NULL), BP_OK);
    cr_assert_eq(tiles.bands[0], 1, "sums are read by one thread alone");
    bp_tiles_release(&tiles);
    bp_network_free(network);
}

static size_t count_gradients(const struct problem *problem, size_t shard_size, bp_plan plan)
{
    struct bp_samples *samples = problem_samples(problem);
    struct bp_network *network = problem_network(problem);
    struct bp_step_options options = {.kernels = bp_kernels_select(BP_ISA_AUTO),
                                      .batch_size = problem->count,
                                      .shard_size = shard_size,
                                      .plan = plan};
    struct bp_step *step;
    cr_assert_eq(bp_team_create(&options.team, BP_BACKEND_AUTO, 3, NULL), BP_OK);
    cr_assert_eq(bp_step_create(&step, network, samples, &options, NULL), BP_OK);
    const size_t count = bp_step_gradient_bytes(step) / network->floats / sizeof(float);
    bp_step_free(step);
    bp_team_free(options.team);
    bp_network_free(network);
    problem_samples_free(samples);
    return count;
}

Test(step_tiles, no_partial_gradients_are_held_where_parameters_are_split)
{
    struct problem problem = shape;
    problem.count = 96;
    cr_assert_eq(count_gradients(&problem, 0, BP_PLAN_SAMPLES), 3);
    cr_assert_eq(count_gradients(&problem, 0, BP_PLAN_PARAMETERS), 0);
    problem.count = 2000;
    cr_assert_eq(count_gradients(&problem, 0, BP_PLAN_PARAMETERS), 1, "the sum over two chunks");
    cr_assert_eq(count_gradients(&problem, 2000, BP_PLAN_PARAMETERS), 1, "a shard of two blocks");
}
