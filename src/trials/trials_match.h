/* Whether all ranks are about to run the same trials. */
#ifndef BP_TRIALS_TRIALS_MATCH_H
#define BP_TRIALS_TRIALS_MATCH_H

#include "base/status.h"

/* Collective over trials->ranks: agrees on `status`, which is what checks of the trials have come
 * to, and then compares version, rows and options with those of rank 0. Fails on every rank or on
 * none. Errors: those of the checks; RANKS, MEMORY. */
bp_status bp_trials_match(const bp_trials *trials, bp_status status, bp_error *error);

#endif
