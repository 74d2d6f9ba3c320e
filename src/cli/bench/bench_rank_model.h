/* What steps would take over more ranks than there are, by a model of the network between them. */
#ifndef BP_CLI_BENCH_BENCH_RANK_MODEL_H
#define BP_CLI_BENCH_BENCH_RANK_MODEL_H

#include "cli/bench/bench_runs.h"
#include "cli/fields/fields.h"

/* What a step over ranks takes beyond its share of the step of one. */
enum rank_loss {
    RANK_LOSS_COMPUTE,   /* smaller parts run slower, and each rank repacks all parameters */
    RANK_LOSS_IMBALANCE, /* ranks wait for the one with the most shards */
    RANK_LOSS_BANDWIDTH,
    RANK_LOSS_LATENCY,
    RANK_LOSS_COUNT
};

struct rank_model_case {
    struct bench_link link;
    size_t ranks;
    double base; /* seconds of the step of one process */
    bp_rank_prediction step;
    double loss[RANK_LOSS_COUNT]; /* seconds of a step */
};

struct rank_model {
    size_t count;
    struct rank_model_case *cases;
};

/* Measures and predicts what the options of `runs` ask for, with as many threads in a rank as its
 * first case has; nothing if they ask for none. Returns an exit code. Free `model` in either case.
 */
int rank_model_make(struct rank_model *model, const struct bench_runs *runs);
void rank_model_free(struct rank_model *model);

/* Over one process. */
double rank_model_speed_up(const struct rank_model_case *one);

/* Puts it into a report; null for programs, and nothing for people, if there is none. */
void rank_model_put(struct fields *out, const struct rank_model *model,
                    const struct bench_runs *runs);

#endif
