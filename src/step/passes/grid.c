/* A few grids are compared: columns of 1, 2, 4, ... panels. */
#include "step/passes/grid.h"

#include "base/sizes.h"

/* Cycles of a processor with 32 lanes of fused multiply-adds that are fed in each of them; a rough
 * model is enough, since grids near the best are alike. */
#define MULTIPLIES_A_CYCLE 32.0
#define SUMS_IN_FLIGHT     8.0   /* vectors; fewer independent ones leave cycles unused */
#define BYTES_A_CYCLE      8.0   /* of what other threads wrote */
#define JOIN_CYCLES        500.0 /* for each thread */
#define ONE_PANEL          1.15  /* as much longer takes a tile of one panel */

double bp_grid_cycles(double multiplies, size_t panels, double reads)
{
    return multiplies / MULTIPLIES_A_CYCLE * (panels == 1 ? ONE_PANEL : 1.0) +
           reads * sizeof(float) / BYTES_A_CYCLE;
}

static double count_cycles(const struct bp_grid_pass *pass, const struct bp_grid *grid)
{
    const double threads = (double)pass->threads;
    const size_t parts = bp_size_divide_up(grid->groups * grid->columns, pass->threads);
    const size_t group = bp_size_divide_up(pass->rows, grid->groups);
    const size_t width = grid->groups == 1 ? parts * grid->width : grid->width; /* of a part */
    const double sums = (double)(group * bp_size_min(width, 2));
    double multiplies = (double)(parts * group * grid->width * BP_LANES) * (double)pass->inputs;
    if (sums < SUMS_IN_FLIGHT)
        multiplies *= SUMS_IN_FLIGHT / sums;
    const double samples = (double)bp_size_min(parts * group, pass->rows) * (1.0 - 1.0 / threads);
    const double others = pass->owned ? 1.0 - 1.0 / (double)grid->groups : 1.0 - 1.0 / threads;
    const double weights =
        (double)(bp_size_divide_up(parts, grid->groups) * grid->width * BP_LANES) * others;
    return bp_grid_cycles(multiplies, width, (samples + weights) * (double)pass->inputs);
}

struct bp_grid bp_grid_choose(const struct bp_grid_pass *pass)
{
    struct bp_grid best = {.by_samples = true,
                           .groups = bp_size_min(pass->rows, pass->threads),
                           .columns = 1,
                           .width = pass->panels};
    if (pass->threads == 1)
        return best;
    double least = count_cycles(pass, &best);
    for (size_t width = 1; width < pass->panels; width *= 2) {
        struct bp_grid grid = {.columns = bp_size_divide_up(pass->panels, width), .width = width};
        const size_t fewest = bp_size_divide_up(pass->threads, grid.columns);
        for (size_t k = 1; k <= 3; k++) { /* more groups may give more equal shares */
            grid.groups = bp_size_min(pass->rows, fewest * k);
            const double cycles = count_cycles(pass, &grid) + JOIN_CYCLES * (double)pass->threads;
            if (cycles < least) {
                least = cycles;
                best = grid;
            }
        }
    }
    return best;
}

struct bp_grid_part bp_grid_next(const struct bp_grid *grid, const struct bp_grid_pass *pass,
                                 size_t *k, size_t end)
{
    const size_t first = *k, group = first % grid->groups;
    const size_t stop = grid->groups == 1 ? end : first + 1;
    *k = stop;
    return (struct bp_grid_part){
        .rows = bp_range_of(pass->rows, grid->groups, group),
        .panels = {first / grid->groups * grid->width,
                   bp_size_min(pass->panels, ((stop - 1) / grid->groups + 1) * grid->width)}};
}
