/* What `batchprop bench` found. */
#ifndef BP_CLI_BENCH_BENCH_REPORT_H
#define BP_CLI_BENCH_BENCH_REPORT_H

#include "cli/bench/bench_runs.h"

/* Print to stdout; return an exit code. */
int bench_report_print_text(const struct bench_runs *runs);
int bench_report_print_json(const struct bench_runs *runs);

/* "strong", "weak" or "free". */
const char *bench_report_series(enum bench_series series);

#endif
