/* What trains: kernels, a team and the step that runs on them, with as many threads as pay. */
#ifndef BP_TRAIN_RIG_H
#define BP_TRAIN_RIG_H

#include "step/step.h"
#include "train/engine.h"

#define BP_REASON_SIZE 160

struct bp_rig {
    struct bp_engine engine;
    struct bp_step *step;
    char reason[BP_REASON_SIZE]; /* why the team has that many threads */
};

struct bp_rig_options {
    size_t threads; /* 0: chosen */
    bp_backend backend;
    bp_isa isa;
    size_t batch_size; /* 1 to samples->count */
    size_t shard_size; /* 0: chosen */
};

/*
 * Keeps network and samples. If the threads are to be chosen and a step is neither tiny nor long, a
 * few steps without update are timed: half the threads are taken as long as they are faster.
 * Whatever it finds, trained bits are the same. Errors: as bp_engine_make() and bp_step_create().
 */
bp_status bp_rig_make(struct bp_rig *rig, struct bp_network *network,
                      const struct bp_samples *samples, const struct bp_rig_options *options,
                      bp_error *error);
void bp_rig_release(struct bp_rig *rig);

#endif
