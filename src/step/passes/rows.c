/* Gather, forward and delta, in the order in which data flow. */
#include "step/passes/rows.h"

#include "data/samples/batch.h"

static void gather_weights(const struct bp_samples *samples, const uint32_t *order, size_t rows,
                           struct bp_activations *activations)
{
    activations->weighted = samples->weight != NULL;
    for (size_t r = 0; activations->weighted && r < rows; r++)
        activations->factor[r] = samples->weight[order[r]];
}

void bp_rows_gather(const struct bp_run *run, struct bp_worker *worker, size_t begin, size_t end)
{
    const size_t rows = end - begin;
    const uint32_t *order = run->order + begin;
    struct bp_activations *activations = &worker->activations;
    bp_batch_gather(run->samples, order, rows, activations->value[0], activations->stride);
    bp_batch_gather_targets(run->samples, order, rows, activations->target, activations->stride);
    gather_weights(run->samples, order, rows, activations);
    bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_GATHER);
}

void bp_rows_run(const struct bp_run *run, struct bp_worker *worker, size_t begin, size_t end,
                 double *loss)
{
    const size_t rows = end - begin;
    struct bp_activations *activations = &worker->activations;
    bp_rows_gather(run, worker, begin, end);
    if (run->dropout.threshold)
        bp_forward_dropout(run->network, run->kernels, activations, rows, &run->dropout,
                           run->number + begin);
    else
        bp_forward(run->network, run->kernels, activations, rows);
    bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_FORWARD);
    bp_delta_output(run->network, run->kernels, activations, rows, run->batch, loss);
    bp_delta_hidden(run->network, run->kernels, activations, rows);
    bp_stopwatch_mark(&worker->stopwatch, BP_PHASE_DELTA);
}
