/*
 * When a run writes a checkpoint: at its begin, which finds a full disk early, whenever one is due,
 * and at its end or when a signal stops it.
 */
#ifndef BP_CLI_RUN_CHECKPOINTS_H
#define BP_CLI_RUN_CHECKPOINTS_H

#include "cli/options/checkpoint_options.h"

struct checkpoints {
    const struct checkpoint_options *options;
    bp_checkpoints *folder; /* NULL: none is kept */
    bool quiet;             /* says nothing of a checkpoint that is as it should be */
    size_t epochs_done;     /* of the checkpoint resumed from, or 0 */
    double time;            /* of the clock when the last one was written */
    bp_error error;         /* of a checkpoint that could not be written; status BP_OK: none */
};

/* Opens the folder, if that is for this rank to do (`here`). Without --resume it may hold no
 * checkpoints: they would be lost. `options` are kept; without a folder there is nothing to do,
 * here and below. Returns an exit code. */
int checkpoints_open(struct checkpoints *checkpoints, const struct checkpoint_options *options,
                     bool here);
void checkpoints_close(struct checkpoints *checkpoints);

/* Puts a new trainer where --resume finds the newest good checkpoint, or else writes the first one.
 * Returns an exit code. */
int checkpoints_begin(struct checkpoints *checkpoints, bp_trainer *trainer);

/* To be called with every progress; `stopping` if the run is to end here. Returns false, with the
 * reason in checkpoints->error, if a checkpoint could not be written. */
bool checkpoints_follow(struct checkpoints *checkpoints, bp_trainer *trainer,
                        const bp_progress *progress, bool stopping);

#endif
