/*
 * How the neurons of a layer, for all samples of a block, are cut into parts for the threads where
 * parameters are split: groups of samples times columns of panels.
 *
 *               column 0   column 1   column 2     part k is of column k / groups and of group
 *   group 0   |  part 0  |  part 2  |  part 4  |   k % groups; a thread has neighbouring parts
 *   group 1   |  part 1  |  part 3  |  part 5  |
 */
#ifndef BP_STEP_PASSES_GRID_H
#define BP_STEP_PASSES_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/lanes.h"
#include "team/range.h"

/* A pass over a layer. */
struct bp_grid_pass {
    size_t rows;   /* samples */
    size_t inputs; /* numbers that a neuron reads */
    size_t panels; /* of neurons */
    size_t threads;
    bool owned; /* a thread has itself updated the weights of the neurons that it has tiles of */
};

struct bp_grid {
    bool by_samples; /* each thread has samples, of which it computes the whole layer */
    size_t groups;   /* of samples, as equal as can be */
    size_t columns;
    size_t width; /* panels of a column */
};

/* Cycles for so many multiply-adds in tiles of `panels` panels, and to read so many floats that
 * other threads wrote: a rough model of a processor with 512-bit vectors. */
double bp_grid_cycles(double multiplies, size_t panels, double reads);

/* The grid with the shortest time, by a model: multiplications, and what a thread reads that others
 * wrote; by samples neighbouring passes need no join in between. */
struct bp_grid bp_grid_choose(const struct bp_grid_pass *pass);

/* A part of a layer. */
struct bp_grid_part {
    struct bp_range rows;
    struct bp_range panels;
};

/* The part of a thread that begins with part *k of the grid, which is set to the next one, up to
 * `end`: all columns that it has at once, if there is one group. */
struct bp_grid_part bp_grid_next(const struct bp_grid *grid, const struct bp_grid_pass *pass,
                                 size_t *k, size_t end);

#endif
