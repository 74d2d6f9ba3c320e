/* What steps would take with more threads than this machine has processors. */
#ifndef BP_CLI_BENCH_BENCH_SIMULATION_H
#define BP_CLI_BENCH_BENCH_SIMULATION_H

#include "cli/bench/bench_runs.h"

/* What a step with many threads takes beyond its share of the step with one. */
enum bench_loss {
    LOSS_IMBALANCE, /* threads wait for the one with the longest part */
    LOSS_JOINS,
    LOSS_ALONE,     /* the calling thread works alone */
    LOSS_REDUCTION, /* more partial sums are added up */
    LOSS_TRANSFERS, /* the rest: numbers come from caches of others, parts are too small */
    LOSS_COUNT
};

/* By enum bench_loss. */
extern const char *const bench_loss_names[LOSS_COUNT];

struct bench_simulated {
    bp_plan plan;
    bp_bench_simulation parts;
    double seconds; /* of a step, with joins */
    double speed_up;
    double balance;          /* mean part of a thread / the longest, 1 if they are alike */
    double loss[LOSS_COUNT]; /* seconds of a step */
    double bound;            /* speed-up at which memory would have to give stream_rate */
};

struct bench_simulation {
    size_t count;
    struct bench_simulated *cases;
    double join;           /* seconds, of 2 threads; 0: one processor */
    double join_more;      /* of each further thread */
    size_t join_threads;   /* the most with which joins were measured */
    double stream_rate;    /* bytes a second that memory gave */
    size_t stream_threads; /* to so many threads */
};

/* Simulates what the options of `runs` ask for, with the first of its benches, for both plans of a
 * step unless one is asked for; nothing if they ask for none. Returns an exit code. Free
 * `simulation` in either case. */
int bench_simulation_make(struct bench_simulation *simulation, const struct bench_runs *runs);
void bench_simulation_free(struct bench_simulation *simulation);

/* The loss that weighs most; LOSS_COUNT if all together are below a twentieth of the step. */
enum bench_loss bench_simulation_limit(const struct bench_simulated *one);

#endif
