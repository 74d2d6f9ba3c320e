/* How good outputs are. Sums are binary64 chains within shards, merged along the shard tree. */
#ifndef BP_TRAIN_METRICS_H
#define BP_TRAIN_METRICS_H

#include "data/samples.h"

/* The mean loss of samples with the given outputs (samples x outputs). `shard_sums` is room for
 * bp_metrics_shards() numbers. */
double bp_metrics_loss(const struct bp_samples *samples, const float *outputs, double *shard_sums);
size_t bp_metrics_shards(const struct bp_samples *samples);

/* All metrics; `schema` says what the targets are. Errors: MEMORY. */
bp_status bp_metrics_compute(const struct bp_schema *schema, const struct bp_samples *samples,
                             const float *outputs, bp_metrics *metrics, bp_error *error);

#endif
