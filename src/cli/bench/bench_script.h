/* What the pictures of bench have in common: a script for gnuplot with two plots beside each other.
 */
#ifndef BP_CLI_BENCH_BENCH_SCRIPT_H
#define BP_CLI_BENCH_BENCH_SCRIPT_H

#include <stddef.h>
#include <stdio.h>

/* Colours that can be distinguished without red and green (Okabe and Ito 2008). */
#define COLOUR_STRONG     "#0072b2"
#define COLOUR_WEAK       "#d55e00"
#define COLOUR_AUTO       "#000000"
#define COLOUR_PARAMETERS "#009e73"

/* The first lines of a script. */
void bench_script_begin(FILE *script);

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
