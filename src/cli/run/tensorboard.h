/* --tensorboard: the figures of each epoch as an event file, which TensorBoard shows. */
#ifndef BP_CLI_RUN_TENSORBOARD_H
#define BP_CLI_RUN_TENSORBOARD_H

#include "batchprop/batchprop.h"

/* An event file that is being written. */
struct tensorboard;

/* Begins a new event file in `folder`, which is made if it is not there; `*out` is NULL if `folder`
 * is, or on failure. Returns an exit code. */
int tensorboard_open(struct tensorboard **out, const char *folder);

/* Writes the scalars of an epoch that is done, at once. If the first one is not epoch 1, the run
 * goes on from an earlier one: TensorBoard then drops what earlier files say of this epoch and
 * later ones. `board` may be NULL. */
bp_status tensorboard_write(struct tensorboard *board, const bp_progress *progress,
                            bp_error *error);

/* Writes metrics that stand beside epochs, at once, with tags PREFIX/METRIC. `board` or `metrics`
 * may be NULL. */
bp_status tensorboard_write_metrics(struct tensorboard *board, const char *prefix, size_t step,
                                    const bp_metrics *metrics, bp_error *error);

/* Returns an exit code. `board` may be NULL. */
int tensorboard_close(struct tensorboard *board);

#endif
