/* Which library a rank runs. */
#ifndef BP_TRAIN_RANK_VERSION_H
#define BP_TRAIN_RANK_VERSION_H

#include "base/status.h"

/* To be sent as bytes. */
struct bp_rank_version {
    char text[32];
    int numerics;
};

struct bp_rank_version bp_rank_version_get(void);

/* Whether this rank's is that of rank 0. Error: RANKS. */
bp_status bp_rank_version_compare(const struct bp_rank_version *own,
                                  const struct bp_rank_version *first, bp_error *error);

#endif
