/* Inside of a step: what is made once and used by every batch. */
#ifndef BP_STEP_STEP_INSIDE_H
#define BP_STEP_STEP_INSIDE_H

#include "data/samples/samples.h"
#include "step/cuts.h"
#include "step/optimizer.h"
#include "step/passes/dropout.h"
#include "step/passes/rows.h"
#include "step/passes/tiles.h"
#include "step/passes/worker.h"
#include "step/probe.h"
#include "step/store.h"
#include "team/team.h"

struct bp_step {
    struct bp_network *network;
    const struct bp_samples *samples;
    const struct bp_kernels *kernels;
    struct bp_team *team;
    bp_plan plan;
    struct bp_cuts cuts; /* for all threads, or for one where parameters are split */
    struct bp_tiles tiles;
    size_t threads;
    size_t units;
    struct bp_worker **worker;            /* one a thread */
    float *const **partial;               /* the partial sums of each */
    struct bp_store store;                /* where parameters are split */
    struct bp_optimizer_state *optimizer; /* or NULL */
    struct bp_dropout dropout;
    float *total;       /* the gradient up to a chunk; NULL if there is one chunk and no clipping */
    double *squares;    /* of the gradient, one a unit; NULL without clipping */
    double *shard_loss; /* of the chunk */
    bool measures;
    double seconds;             /* of all steps since the begin of measuring */
    double transfer;            /* of these, in which this thread waited for other ranks */
    struct bp_probe *probe;     /* or NULL */
    struct bp_rank_step *ranks; /* or NULL */
    uint64_t word;              /* where there are no others to hear it */
};

/* A pass over fewer parameters takes some microseconds: less than two joins. */
#define BP_MIN_SHARED_FLOATS 8192

/* Products of so few samples with so few parameters take some microseconds: less than two joins. */
#define BP_MIN_SHARED_PRODUCTS 65536

static inline bool bp_step_shares_products(const struct bp_step *step, size_t rows)
{
    return step->network->floats * rows >= BP_MIN_SHARED_PRODUCTS;
}

/* What the workers of a region do; those from `busy` on have nothing to do. */
struct bp_step_work {
    bp_team_fn *fn;
    void *arg;
    bool shared;
    size_t busy;
};

/* By the team, or by this thread alone where the others would only wait. */
void bp_step_run_workers(const struct bp_step *step, struct bp_step_work work);

/* Samples begin ... begin + rows - 1 of a chunk where parameters are split: losses, which are added
 * to step->shard_loss, and, in the store, deltas. */
void bp_step_run_passes(struct bp_step *step, const struct bp_run *run, size_t begin, size_t rows);

static inline bool bp_step_shares_parameters(const struct bp_step *step)
{
    return step->network->floats >= BP_MIN_SHARED_FLOATS;
}

#endif
