/* The measurements of `mpirun ... batchprop bench`: cases of 1, 2, 4, ... ranks, in turns. */
#ifndef BP_CLI_BENCH_BENCH_RANKS_H
#define BP_CLI_BENCH_BENCH_RANKS_H

#include "cli/bench/bench_runs.h"

/* What a step is made of, on each rank; together its seconds. */
enum bench_part {
    PART_COMPUTE,  /* a rank on the average */
    PART_WAITING,  /* for the one that computes longest */
    PART_TRANSFER, /* the rest */
    PART_COUNT
};

/* By enum bench_part. */
extern const char *const bench_part_names[PART_COUNT];

/* How a rank spends a step. */
struct rank_step {
    double seconds, transfer;
    double bytes, messages;
};

struct rank_case {
    enum bench_series series; /* SERIES_STRONG or SERIES_WEAK */
    size_t base;              /* of its series the case of one rank */
    size_t ranks;
    size_t hosts;
    bp_ranks *group; /* NULL where this rank has no part in it */
    bp_bench *bench; /* the same */
    bp_bench_info info;
    double part[PART_COUNT]; /* seconds of a step, with the clock running */
    double bytes, messages;  /* sent in a step, by the rank that sends most */
    double *speed;           /* samples/s, one a repetition */
    struct rank_step *step;  /* of each rank */

    /* Over the repetitions; ratios are formed within each. */
    struct summary samples_per_second;
    struct summary speed_up;   /* samples/s against those of `base` */
    struct summary efficiency; /* speed-up against the ratio of the ranks */
};

struct rank_runs {
    const struct bench_options *options;
    size_t count;
    struct rank_case *cases;
    size_t fewest_threads, most_threads; /* of a rank */
    double latency;                      /* seconds of a message */
    double bandwidth;                    /* bytes a second each way */
};

/* Measures over all ranks of the command what `options`, which are kept, ask for. Collective.
 * Returns an exit code, the same on each rank. Free `runs` in either case. */
int rank_runs_make(struct rank_runs *runs, const struct bench_options *options);
void rank_runs_free(struct rank_runs *runs);

#endif
