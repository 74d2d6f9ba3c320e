/*
 * Factors of classes that are fitted to the rows left out.
 *
 * F1: of BP_FACTORS_SAMPLES bootstrap samples of the rows, each gives factors of its own, and the
 * mean of their logarithms counts, which overfits less than one fit to the rows themselves. In a
 * sample all are 1 at first; then each class once, the rarest first, takes that of the factors
 * e^(k/10), k = -30 ... 30, with which macro F1 is the highest, if it is higher by more than
 * BP_FACTORS_GAIN than with 1 (of equals the smallest).
 */
#ifndef BP_ENSEMBLE_FACTORS_H
#define BP_ENSEMBLE_FACTORS_H

#include "ensemble/selection.h"

#define BP_FACTORS_SAMPLES 8
#define BP_FACTORS_GAIN    1e-9

struct bp_factors_fit {
    const struct bp_selection *selection; /* classes, with outputs from 0 on */
    const double *share;                  /* of each kind */
    size_t without;                       /* as in bp_selection_run() */
    uint64_t seed;
};

/* `factor` of each class; `support`: the weight of each class among all rows that count, by which
 * the mean factor of a row becomes 1; a class without weight has factor 1. Errors: MEMORY. */
bp_status bp_factors_fit_f1(const struct bp_factors_fit *fit, const double *support, double *factor,
                            bp_error *error);

/* The same, as 1 / support. */
void bp_factors_balance(const double *support, size_t classes, double *factor);

#endif
