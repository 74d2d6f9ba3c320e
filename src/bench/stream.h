/* How fast memory is. */
#ifndef BP_BENCH_STREAM_H
#define BP_BENCH_STREAM_H

#include "model/engine.h"

/* Bytes in a second that the threads of the team read and write together, each in arrays of its own
 * that no cache holds, for about `seconds`: kernels->add(), so that of three bytes two are read and
 * one is written. Errors: MEMORY. */
bp_status bp_stream_measure(const struct bp_engine *engine, double seconds, double *rate,
                            bp_error *error);

#endif
