/* The forward pass over all samples of a set, in parallel. */
#ifndef BP_TRAIN_INFER_H
#define BP_TRAIN_INFER_H

#include "data/samples.h"
#include "net/network.h"
#include "train/engine.h"

struct bp_infer;

/* Keeps network, samples and engine. Errors: MEMORY. */
bp_status bp_infer_create(struct bp_infer **out, const struct bp_network *network,
                          const struct bp_samples *samples, const struct bp_engine *engine,
                          bp_error *error);
void bp_infer_free(struct bp_infer *infer);

/* The values of the output neurons, samples x outputs; allocates nothing. */
void bp_infer_run(struct bp_infer *infer, float *outputs);

#endif
