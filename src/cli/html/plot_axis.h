/* The axes of a plot: what they span, and whether they are logarithmic. */
#ifndef BP_CLI_HTML_PLOT_AXIS_H
#define BP_CLI_HTML_PLOT_AXIS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* Numbers that are drawn are not above this in magnitude: differences and squares stay finite. */
#define PLOT_MAX 1e150

/* What is to be drawn. Begin with PLOT_SPAN_NONE. */
struct plot_span {
    double min, max;
};

#define PLOT_SPAN_NONE ((struct plot_span){.min = INFINITY, .max = -INFINITY})

struct plot_axis {
    double low, high;
    bool logarithmic;
};

/* Whether a number can be drawn; what cannot is a gap. */
bool plot_can_draw(double value);

/* Widens the span to a number that can be drawn. */
void plot_span_add(struct plot_span *span, double value);

/* An axis around the span, with some room at both ends: logarithmic if all of it is above 0 and it
 * spans two decades. An empty span gives 0 to 1. */
struct plot_axis plot_axis_fit(const struct plot_span *span);

/* The distance of about eight ticks at whole numbers from `first` to `last`: 1, 2 or 5 times a
 * power of ten. */
size_t plot_axis_step(size_t first, size_t last);

#endif
