/* How fast messages between ranks are. */
#ifndef BP_BENCH_LINK_H
#define BP_BENCH_LINK_H

#include "ranks/ranks.h"

/* As bp_bench_link() says, of several ranks. Errors: MEMORY. */
bp_status bp_link_measure(struct bp_ranks *ranks, double seconds, double *latency,
                          double *bandwidth, bp_error *error);

#endif
