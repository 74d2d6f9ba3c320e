/* The model that `batchprop train --from` goes on from. */
#ifndef BP_CLI_TRAIN_TRAIN_START_H
#define BP_CLI_TRAIN_TRAIN_START_H

#include "cli/train/train_options.h"

/* Reads it. Returns an exit code. */
int train_start_read(struct train_options *options);

/* Takes over the options of its network that are not given. Returns an exit code. */
int train_start_take_one(struct train_options *options);

/* The same of a model of several networks: the options of each kind, checked, and those of the
 * ensemble. Returns an exit code. */
int train_start_take_several(struct train_options *options);

#endif
