/*
 * One batch step: the batch is split across threads by shards; each computes deltas and partial
 * gradients in its own memory; a reduction merges them; one synchronized update changes weights and
 * biases.
 *
 *   worker 0   gather forward delta gradient | join | reduce update repack | join
 *   worker 1   gather forward delta gradient |      | reduce update repack |
 *
 * That is the plan "samples". By the plan "parameters" (step/shared_passes.h, step/passes/tiles.h)
 * each thread computes the gradient of its own parameters over all samples, after the join, and
 * there is nothing to reduce.
 */
#ifndef BP_STEP_STEP_H
#define BP_STEP_STEP_H

#include <stddef.h>
#include <stdint.h>

#include "data/samples/samples.h"
#include "kernels/kernels.h"
#include "net/network.h"
#include "ranks/ranks.h"
#include "step/optimizer.h"
#include "step/passes/phases.h"
#include "step/probe.h"
#include "step/step_batch.h"
#include "team/team.h"

struct bp_step;

struct bp_step_options {
    const struct bp_kernels *kernels;
    struct bp_team *team;
    size_t batch_size;                    /* of full batches, 1 to samples->count */
    size_t shard_size;                    /* 0: chosen */
    bp_plan plan;                         /* AUTO is SAMPLES here */
    struct bp_optimizer_state *optimizer; /* kept; NULL: plain gradient descent */
    float dropout;                        /* share of hidden neurons left out; 0: none */
    uint64_t seed;                        /* of dropout */
    struct bp_ranks *ranks; /* kept; NULL, or they share each batch and the state of the
                               optimizer; each by its plan */
    struct bp_probe *probe; /* kept; NULL, or the step has probe->workers, of which one is timed */
};

/* Keeps network, samples, the team and the optimizer. Errors: MEMORY, ARGUMENT (dropout
 * where hidden deltas are as printed). */
bp_status bp_step_create(struct bp_step **out, struct bp_network *network,
                         const struct bp_samples *samples, const struct bp_step_options *options,
                         bp_error *error);
void bp_step_free(struct bp_step *step);

/* One update of the optimizer with the samples of a batch. Returns the sum of their losses before
 * the update; the loss of the batch is that sum / count. Allocates nothing. */
double bp_step_run(struct bp_step *step, const struct bp_step_batch *batch, float learning_rate);

/* Every rank takes part in every step, with the same batch. A word that this one sends with its
 * next steps, 0 at first, and those of all in the last step, or'ed: so they agree on something. */
void bp_step_say(struct bp_step *step, uint64_t word);
uint64_t bp_step_heard(const struct bp_step *step);

/* Ranks that have no sample of a whole batch. */
size_t bp_step_idle_ranks(const struct bp_step *step);

/* bp_step_run() without the update, not over ranks, with samples that count from 0 for dropout: the
 * gradient of the loss of the batch goes to `gradient` (laid out as network->values; for biases it
 * is that of the added bias, the negated threshold). */
double bp_step_gradient(struct bp_step *step, const uint32_t *order, size_t count, float *gradient);

/* That of the options. */
struct bp_optimizer_state *bp_step_optimizer(const struct bp_step *step);

/* Begins to measure, or ends it; off at first. To be called between two steps. */
void bp_step_measure_phases(struct bp_step *step, bool on);

/* The seconds of each phase since the last begin, summed over the workers; waiting is what is left
 * of the time of the threads. */
bp_phases bp_step_phases(const struct bp_step *step);

/* Of these seconds those in which the calling thread waited for transfers between ranks. */
double bp_step_transfer(const struct bp_step *step);

/* Partial gradients that the passes over the parameters read in a full batch. */
size_t bp_step_partial_sums(const struct bp_step *step);

/* Bytes held: the partial gradients of the threads with the sum over chunks, and the workspaces
 * that hold a block of samples. */
size_t bp_step_gradient_bytes(const struct bp_step *step);
size_t bp_step_workspace_bytes(const struct bp_step *step);

#endif
