/* Two ways to compute the same step, timed in turn, so that whatever else the machine does slows
 * both. */
#ifndef BP_TRAIN_SETUP_TIMING_COMPARISON_H
#define BP_TRAIN_SETUP_TIMING_COMPARISON_H

#include "step/step.h"

/* What a comparison takes at least: three turns of each, of a step to warm up and one that counts;
 * of short steps, more of them. */
#define BP_COMPARISON_STEPS 12

struct bp_timing_comparison {
    struct bp_step *step[2];
    const uint32_t *order; /* of the samples of the batch */
    size_t rows;
    float *gradient; /* taken by the steps, as of bp_step_gradient() */
    double seconds;  /* no turns beyond this time, nor beyond `steps`; three in any case */
    size_t steps;
};

/* seconds[k]: the time of step[k], undisturbed as far as possible. */
void bp_timing_comparison_run(const struct bp_timing_comparison *comparison, double seconds[2]);

#endif
