/* What is said of training that met an infinity or a NaN. */
#ifndef BP_TRAIN_DIVERGED_H
#define BP_TRAIN_DIVERGED_H

#include "train/trainer.h"

/* NOT_FINITE with epoch, batch (from 1), layer and advice, from the weights as they are now. */
bp_status bp_diverged_fail(const struct bp_trainer *trainer, size_t batch, bp_error *error);

#endif
