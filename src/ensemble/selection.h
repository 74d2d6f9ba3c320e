/*
 * Which kinds to trust, from what they say of rows that they have not seen: greedy selection with
 * replacement (Caruana et al. 2004). The kind with the lowest loss is first; then, BP_SELECTIONS
 * times in all, the one is added with which the mean of all chosen so far has the lowest loss. A
 * kind counts as often as it was chosen, up to the moment at which that loss was the lowest; those
 * below BP_SELECTION_SHARE are left out, which makes the model smaller and no worse (measured by
 * bench/quality.py).
 */
#ifndef BP_ENSEMBLE_SELECTION_H
#define BP_ENSEMBLE_SELECTION_H

#include "data/samples/samples.h"
#include "net/network.h"

#define BP_SELECTIONS      25
#define BP_SELECTION_SHARE 0.05

/* Rows whose number modulo this is the same are a part, for cross-fitting. */
#define BP_SELECTION_PARTS 5

struct bp_selection {
    const struct bp_network *network; /* has the loss */
    const struct bp_samples *samples; /* targets and weights */
    size_t kinds;
    const double *const *outputs; /* of each kind: samples->count x outputs */
};

/* `share` becomes the weight of each kind; they add up to 1. Rows of part `without` are not looked
 * at; BP_SELECTION_PARTS: all are. Of equals the first is chosen. Errors: MEMORY. */
bp_status bp_selection_run(const struct bp_selection *selection, size_t without, double *share,
                           bp_error *error);

/* The weighted mean of the kinds for row x, rounded to float. */
void bp_selection_mix(const struct bp_selection *selection, const double *share, size_t x,
                      float *outputs);

#endif
