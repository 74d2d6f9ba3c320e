/* How classes are decided, and how good kinds and the whole are on the rows left out. */
#ifndef BP_ENSEMBLE_FIGURES_H
#define BP_ENSEMBLE_FIGURES_H

#include "ensemble/ensemble.h"
#include "ensemble/selection.h"

struct bp_figures_work {
    const struct bp_selection *selection; /* the kinds that take part, on the rows left out */
    const size_t *kind;                   /* their numbers */
    const double *share;                  /* the weight of each in the model */
    const struct bp_samples *all;         /* all rows */
};

/* Fits ensemble->factor, and fills the quality of the ensemble and of its kinds. Errors: MEMORY. */
bp_status bp_ensemble_measure(struct bp_ensemble *ensemble, const struct bp_figures_work *work,
                              bp_error *error);

#endif
