/* What training, evaluation and prediction run on: kernels and a team of threads. */
#ifndef BP_MODEL_ENGINE_H
#define BP_MODEL_ENGINE_H

#include "kernels/kernels.h"
#include "team/team.h"

/* Between two joins, about 40 microseconds on one core with AVX2: below that, waiting for one
 * another costs threads more than they save, the more so when other programs use the processors. */
#define BP_MIN_OPERATIONS 2e6

struct bp_engine {
    const struct bp_kernels *kernels;
    struct bp_team *team;
};

struct bp_engine_options {
    size_t threads; /* 0: chosen */
    bp_backend backend;
    bp_isa isa;
    size_t shares;     /* parts that the work can be cut into: no more threads are chosen */
    double operations; /* floating-point operations between two joins of the threads */
    const struct bp_numa *numa; /* for the threads (for the call), or NULL */
};

/* Errors: ARGUMENT (an instruction set or a backend that is not there), MEMORY, THREADS. */
bp_status bp_engine_make(struct bp_engine *engine, const struct bp_engine_options *options,
                         bp_error *error);
void bp_engine_release(struct bp_engine *engine);

#endif
