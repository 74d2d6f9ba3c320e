/* The lists among the options of `batchprop bench`. */
#ifndef BP_CLI_BENCH_BENCH_LISTS_H
#define BP_CLI_BENCH_BENCH_LISTS_H

#include "batchprop/batchprop.h"

#define BENCH_COUNTS_MAX  64   /* numbers of threads in one run */
#define BENCH_THREADS_MAX 1024 /* of one team */

struct bench_threads {
    size_t counts;
    size_t count[BENCH_COUNTS_MAX]; /* ascending, without repetition */
    bool automatic;                 /* and the number that the library chooses */
};

/* A network between machines. */
struct bench_link {
    double gigabits;     /* a second, each way */
    double microseconds; /* of a message, beyond its bytes */
};

#define BENCH_LINKS_MAX 4

struct bench_links {
    size_t count;
    struct bench_link link[BENCH_LINKS_MAX];
};

/* "100,2", or "100" with 2 us, as the only one; NULL: some usual ones. Returns EXIT_DONE, or
 * EXIT_USAGE after a message. */
int bench_lists_network(const char *text, struct bench_links *links);

/* "784-128-10" as the widths of `shape`. Returns EXIT_DONE, or EXIT_USAGE after a message. */
int bench_lists_layers(const char *text, bp_bench_options *shape);

/* "1,2,auto" as `threads`, without auto unless `automatic`. Messages name `option`. Returns the
 * same. */
int bench_lists_threads(const char *option, const char *text, bool automatic,
                        struct bench_threads *threads);

enum bench_scaling {
    BENCH_STRONG = 1, /* the batch stays */
    BENCH_WEAK = 2    /* the batch grows with the threads, or ranks */
};

/* strong, weak or both, as a set of these. Returns the same. */
int bench_lists_scaling(const char *text, unsigned *scaling);

#endif
