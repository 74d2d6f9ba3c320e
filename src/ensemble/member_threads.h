/* How many threads there are for members, and for each of them. */
#ifndef BP_ENSEMBLE_MEMBER_THREADS_H
#define BP_ENSEMBLE_MEMBER_THREADS_H

#include "ensemble/ensemble.h"

/* Threads that members are dealt to. */
struct bp_member_threads {
    size_t own;   /* of this rank */
    size_t least; /* of a rank */
    size_t all;   /* of all ranks */
};

/* Collective over options->ranks. */
struct bp_member_threads bp_member_threads_count(const bp_ensemble_options *options);

/* Threads for the batches of member m, which is trained on about `samples` rows: of `threads`, no
 * more than pay. */
size_t bp_member_threads_choose(const struct bp_ensemble *ensemble, size_t m, size_t samples,
                                size_t threads);

#endif
