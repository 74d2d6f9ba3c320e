/* Axes are set, not left to gnuplot: it complains where all numbers are the same, and puts ticks at
 * half epochs. */
#include "cli/html/plot_axis.h"

/* Maximum over minimum from which an axis is logarithmic. */
#define LOGARITHMIC_RANGE 100.0

/* Room at both ends, as a share of the axis. */
#define ROOM 0.06

/* The smallest span of an axis, as a share of its numbers: what gnuplot can still put ticks to. */
#define SPAN_MIN 1e-9

#define TICKS 8

bool plot_can_draw(double value)
{
    return fabs(value) <= PLOT_MAX;
}

void plot_span_add(struct plot_span *span, double value)
{
    span->min = fmin(span->min, value);
    span->max = fmax(span->max, value);
}

struct plot_axis plot_axis_fit(const struct plot_span *span)
{
    if (!(span->min <= span->max))
        return (struct plot_axis){.low = 0, .high = 1};
    if (span->min >= 1 / PLOT_MAX && span->max / span->min >= LOGARITHMIC_RANGE) {
        const double room = pow(span->max / span->min, ROOM);
        return (struct plot_axis){
            .low = span->min / room, .high = span->max * room, .logarithmic = true};
    }
    const double magnitude = fmax(fabs(span->min), fabs(span->max));
    const double room_min = magnitude > 1 / PLOT_MAX ? magnitude * SPAN_MIN : SPAN_MIN;
    double room = (span->max - span->min) * ROOM;
    if (room < room_min)
        room = fmax(magnitude * 0.1, room_min);
    struct plot_axis axis = {.low = span->min - room, .high = span->max + room};
    /* What is never negative is not drawn above a negative tick. */
    if (span->min >= 0 && axis.low < 0)
        axis.low = 0;
    return axis;
}

size_t plot_axis_step(size_t first, size_t last)
{
    const size_t wanted = (last - first) / TICKS + 1;
    size_t power = 1;
    while (power <= wanted / 10)
        power *= 10;
    return wanted <= power       ? power
           : wanted <= 2 * power ? 2 * power
           : wanted <= 5 * power ? 5 * power
                                 : 10 * power;
}
