/* What kinds and members count in the model. */
#ifndef BP_ENSEMBLE_SHARES_H
#define BP_ENSEMBLE_SHARES_H

#include "ensemble/ensemble.h"

struct bp_shares {
    size_t kinds;               /* that take part */
    size_t kind[BP_KINDS_MAX];  /* which */
    double share[BP_KINDS_MAX]; /* of kind[k]; they add up to 1 */
};

/* After all members have ended: which kinds take part, by which weights (info.weights), and what
 * they count before rows left out are looked at. */
void bp_shares_choose(struct bp_shares *shares, struct bp_ensemble *ensemble);

/* There are no rows by which kinds could be weighted. */
void bp_shares_fall_back(struct bp_shares *shares, struct bp_ensemble *ensemble);

/* Gives each kind and member its weight. */
void bp_shares_give(const struct bp_shares *shares, struct bp_ensemble *ensemble);

static inline bool bp_member_has_ended(const struct bp_ensemble *ensemble, size_t m)
{
    return ensemble->member[m].error.status == BP_OK;
}

#endif
