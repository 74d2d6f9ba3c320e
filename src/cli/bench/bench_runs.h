/* The measurements of `batchprop bench`: cases, each with its own threads, in interleaved turns. */
#ifndef BP_CLI_BENCH_BENCH_RUNS_H
#define BP_CLI_BENCH_BENCH_RUNS_H

#include "cli/bench/bench_options.h"

/* What several measurements of one thing say. */
struct summary {
    double median;
    double min;
    double max;
};

enum bench_series {
    SERIES_STRONG,
    SERIES_WEAK,
    SERIES_FREE, /* one shard a thread: no more additions than threads demand */
    SERIES_COUNT
};

struct bench_case {
    enum bench_series series;
    bool automatic; /* the library chose the threads */
    size_t base;    /* of its series the case with the fewest threads; SERIES_FREE: the case with
                       the same threads and the fixed order */
    bp_bench *bench;
    bp_bench_info info;
    bp_bench_work work;
    bp_phases phases;   /* together the seconds of a step */
    double phases_peak; /* operations in a second, measured beside the phases */
    double *speed;      /* samples/s, one a repetition */
    double *peak;       /* floating-point operations in a second, one a repetition */

    /* Over the repetitions; ratios are formed within each. */
    struct summary samples_per_second;
    struct summary gflops;
    size_t peak_failed;         /* repetitions whose step did more than the peak beside it: that */
    struct summary peak_gflops; /* was not measured well, and counts in neither of these */
    struct summary share_of_peak;
    struct summary speed_up;   /* samples/s against those of `base` */
    struct summary efficiency; /* speed-up against the ratio of the threads */
};

struct bench_runs {
    const struct bench_options *options;
    size_t count;
    struct bench_case *cases;
    bool has_best;
    size_t best;                   /* SERIES_STRONG: the fixed number of threads that was fastest */
    struct summary auto_over_best; /* automatic against it */
};

/* Measures everything that `options`, which are kept, ask for; shows on a terminal how far it is.
 * What the repetitions say together is left open: see bench_summary.h. Returns an exit code. Free
 * `runs` in either case. */
int bench_runs_make(struct bench_runs *runs, const struct bench_options *options);
void bench_runs_free(struct bench_runs *runs);

#endif
