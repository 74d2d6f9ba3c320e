/*
 * The checkpoints of a run: one at its begin, which finds a full disk early, one whenever it is due,
 * one at its end or when a signal stops it. The newest two are kept.
 */
#ifndef BP_CLI_RUN_CHECKPOINTS_H
#define BP_CLI_RUN_CHECKPOINTS_H

#include "cli/options/checkpoint_options.h"
#include "cli/run/checkpoint_folder.h"

struct checkpoints {
    const struct checkpoint_options *options;
    struct checkpoint_mark last;   /* written or restored */
    struct checkpoint_mark before; /* the one before, or `last` again */
    bool any;                      /* whether there is a last one */
    double time;                   /* of the clock when it was there */
    bp_error error; /* of a checkpoint that could not be written; status BP_OK: none */
};

/* Opens the folder. Without --resume it may hold no checkpoints: they would be lost. `options` are
 * kept; without a folder there is nothing to do, here and below. Returns an exit code. */
int checkpoints_open(struct checkpoints *checkpoints, const struct checkpoint_options *options);

/* Puts a new trainer where --resume finds the newest good checkpoint, or else writes the first one.
 * Returns an exit code. */
int checkpoints_begin(struct checkpoints *checkpoints, bp_trainer *trainer);

/* To be called with every progress; `stopping` if the run is to end here. Returns false, with the
 * reason in checkpoints->error, if a checkpoint could not be written. */
bool checkpoints_follow(struct checkpoints *checkpoints, bp_trainer *trainer,
                        const bp_progress *progress, bool stopping);

#endif
