/* What the pictures of bench have in common: a script for gnuplot with two plots beside each other,
 * and the data in it as named blocks. */
#ifndef BP_CLI_BENCH_BENCH_SCRIPT_H
#define BP_CLI_BENCH_BENCH_SCRIPT_H

#include <stddef.h>
#include <stdio.h>

#include "cli/bench/bench_runs.h"

/* Colours that can be distinguished without red and green (Okabe and Ito 2008). */
#define COLOUR_STRONG     "#0072b2"
#define COLOUR_WEAK       "#d55e00"
#define COLOUR_AUTO       "#000000"
#define COLOUR_PARAMETERS "#009e73"

#define CURVE_STRONG "yerrorlines linewidth 2 pointtype 7"
#define CURVE_WEAK   "yerrorlines linewidth 2 pointtype 5"

/* Replaces the file at `path` by the picture of the script that `write` puts out, which has its
 * first and its last lines from here. Returns an exit code. */
int bench_script_draw(const char *path, void (*write)(FILE *script, const void *what),
                      const void *what);

/* Begins the title above both plots, with network, batches and instruction set; the caller ends it,
 * by a quotation mark and a new line. */
void bench_script_begin_title(FILE *script, const struct bench_options *options,
                              const bp_bench_info *info);

/* A row of a block: at `x` median, minimum and maximum. */
void bench_script_put_row(FILE *script, size_t x, const struct summary *y);

/* A further curve of a plot, from a block. `style` is gnuplot's, but for the colour. */
void bench_script_put_curve(FILE *script, const char *block, const char *style, const char *colour,
                            const char *title);

/* Of a step, stacked; the data stand in the script. */
struct bench_bars {
    const char *block; /* of data: a row has a number for its label, and then its parts */
    const char *axis;  /* its name */
    const char *most;  /* where it ends, "*": by the data */
    const char *const *colours;
    const char *const *names;
    size_t parts, rows;
};

void bench_script_put_bars(FILE *script, const struct bench_bars *bars);

#endif
