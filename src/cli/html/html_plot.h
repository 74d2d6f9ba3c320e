/* A figure of the page: curves of one or more runs over their epochs. */
#ifndef BP_CLI_HTML_HTML_PLOT_H
#define BP_CLI_HTML_HTML_PLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/run/run_record.h"

/* A colour for each run, in turn. */
#define HTML_PLOT_COLOURS 8
const char *html_plot_colour(size_t run);

/* Curves that one figure can hold. */
#define HTML_PLOT_CURVES_MAX 128

/* Each with a number that can be drawn. */
struct plot_curve {
    const struct run_record *run;
    size_t number; /* of the run, from 0, or of its kind of networks: its colour and what the
                      description calls it */
    size_t figure;
    bool dashed;
    bool marks_best; /* a point at the best epoch of the run */
};

struct plot {
    const char *id; /* of letters and digits, unique in the page */
    const char *title;
    double factor;    /* figures are shown times this */
    const char *unit; /* after them: "%", "M" or "" */
    const char *what; /* that curves are of: "Run", "Kind" */
    bool apart;       /* the axis is logarithmic where runs, not epochs, are decades apart */
    const struct plot_curve *curves;
    size_t count;
};

/* Whether an epoch of the run has a figure that can be drawn. */
bool html_plot_has(const struct run_record *run, size_t figure);

/* Writes the figure. Returns an exit code. */
int html_plot_write(FILE *out, const struct plot *plot);

#endif
