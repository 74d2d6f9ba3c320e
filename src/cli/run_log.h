/* --log: one JSON object a line and an epoch, for programs that follow a run. */
#ifndef BP_CLI_RUN_LOG_H
#define BP_CLI_RUN_LOG_H

#include <stdio.h>

#include "batchprop/batchprop.h"

struct run_log {
    const char *path; /* NULL: no log is kept */
    FILE *stream;
};

/* Opens an empty log at `path` (kept; NULL for none). Returns an exit code. */
int run_log_open(struct run_log *log, const char *path);

/* Writes the line of an epoch that is done and flushes it. False if that failed; errno says why. */
bool run_log_write(struct run_log *log, const bp_progress *progress, double learning_rate);

/* Returns an exit code. Legal after a failed run_log_open(). */
int run_log_close(struct run_log *log);

#endif
