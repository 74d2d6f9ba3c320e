/* The files that `batchprop train` writes. */
#ifndef BP_CLI_TRAIN_TRAIN_OUTPUTS_H
#define BP_CLI_TRAIN_TRAIN_OUTPUTS_H

#include "cli/train/train_options.h"

/* Checks before the training that they can be written, and that none of them is one that is read,
 * `config` (or NULL) among these. Returns an exit code. */
int train_outputs_check(struct train_options *options, const char *config);

#endif
