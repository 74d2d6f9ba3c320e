/* How good outputs are. Sums are binary64 chains within shards, merged along the shard tree. */
#ifndef BP_TRAIN_METRICS_H
#define BP_TRAIN_METRICS_H

#include "data/samples.h"
#include "step/shards.h"

/* The sums that metrics are made of, one a shard of the samples. */
struct bp_tally {
    const struct bp_samples *samples;
    struct bp_shards shards;
    double *loss;
    double *hits;      /* classes: samples whose greatest output is their class */
    double *squares;   /* numbers, of each output: (o - t)^2 at the neuron */
    double *absolutes; /* numbers, of each output: |o - t| */
    double *scratch;
    double *memory;
};

/* Keeps `samples`. Errors: MEMORY; then `tally` is zeroed. */
bp_status bp_tally_make(struct bp_tally *tally, const struct bp_samples *samples, bp_error *error);
void bp_tally_release(struct bp_tally *tally);

/* Back to no samples. */
void bp_tally_clear(struct bp_tally *tally);

/* Adds the outputs of samples begin ... end - 1; calls come in order. `arg` is a struct bp_tally,
 * so that this can be given to bp_infer_run(). */
void bp_tally_add(void *arg, size_t begin, size_t end, const float *outputs);

/* The metrics of all samples, added before; `schema` says what the targets are. Uses up the sums.
 */
bp_metrics bp_tally_metrics(struct bp_tally *tally, const struct bp_schema *schema);

#endif
