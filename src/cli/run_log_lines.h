/* The lines of the log of a run, as objects that the caller owns; NULL if there is no memory. */
#ifndef BP_CLI_RUN_LOG_LINES_H
#define BP_CLI_RUN_LOG_LINES_H

#include "run_log.h"

/* `event`: "start" or "resume". */
json_t *run_log_line_head(const struct run_log_head *head, const char *event);
json_t *run_log_line_epoch(const bp_progress *progress);
json_t *run_log_line_tail(const struct run_log_tail *tail);

#endif
