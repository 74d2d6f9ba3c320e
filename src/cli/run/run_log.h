/*
 * --log: lines of JSON for programs that follow a run, and for `batchprop report` (docs/files.md).
 * A first line says what is run, a line follows each epoch, a last one says how it ended.
 *     run_log_open(), run_log_begin(), run_log_write() ..., run_log_end(), run_log_close()
 * Each writes its line at once. Without a path all of them do nothing.
 */
#ifndef BP_CLI_RUN_RUN_LOG_H
#define BP_CLI_RUN_RUN_LOG_H

#include "base/files/file.h"
#include "cli/run/run_log_lines.h"

struct run_log {
    struct bp_file *file; /* NULL: no log is kept */
    bool continued;       /* it held lines when it was opened */
    bp_error error;       /* of the line that could not be written */
};

/* Opens a log at `path` (NULL for none): an empty one or, if `resumed`, after the lines that are
 * there; a last one that a killed run left half written is cut off. Returns an exit code. */
int run_log_open(struct run_log *log, const char *path, bool resumed);

/* Writes the first line, or that of a run that is resumed. False if that failed; log->error says
 * why. */
bool run_log_begin(struct run_log *log, const struct run_log_head *head);

/* Writes the line of an epoch that is done. False if that failed; log->error says why. */
bool run_log_write(struct run_log *log, const bp_progress *progress);

/* Writes the last line. False if that failed; log->error says why. */
bool run_log_end(struct run_log *log, const struct run_log_tail *tail);

/* Writes any line to a log that there is, and frees it; NULL: there was no memory for it. False if
 * that failed; log->error says why. */
bool run_log_put(struct run_log *log, json_t *line);

/* Returns an exit code, that of what failed now. Legal after a failed run_log_open(). */
int run_log_close(struct run_log *log);

#endif
