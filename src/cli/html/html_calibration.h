/* How sure predictions are beside how right they are, by bins. */
#ifndef BP_CLI_HTML_HTML_CALIBRATION_H
#define BP_CLI_HTML_HTML_CALIBRATION_H

#include <stdbool.h>
#include <stdio.h>

#include "batchprop/batchprop.h"

/* What is known of one target. */
struct html_calibration {
    bp_calibration_bin bin[BP_CALIBRATION_BINS];
    const char *target;
    bool classes;
    double count; /* rows of all bins that can be drawn; and the largest figure of them */
    double most;
};

/* Fills in `count` and `most`; false: there is nothing to draw. */
bool html_calibration_sum_up(struct html_calibration *calibration);

/* The picture; `id` is unique in the page. Returns an exit code. */
int html_calibration_draw(FILE *out, const struct html_calibration *calibration, const char *id,
                          size_t colour);

void html_calibration_table_put(FILE *out, const struct html_calibration *calibration);

#endif
