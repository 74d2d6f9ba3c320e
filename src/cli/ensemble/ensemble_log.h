/* The lines of --log for an ensemble: those of a single network, which say of which member they
 * are, and a line for each member that has ended. Each is written at once; false: log->error says
 * why it was not. Without a log all of them do nothing. */
#ifndef BP_CLI_ENSEMBLE_ENSEMBLE_LOG_H
#define BP_CLI_ENSEMBLE_ENSEMBLE_LOG_H

#include "cli/ensemble/ensemble_fields.h"
#include "cli/ensemble/ensemble_job.h"
#include "cli/run/run_log.h"

bool ensemble_log_begin(struct run_log *log, const struct ensemble_job *job);
bool ensemble_log_epoch(struct run_log *log, const bp_member_progress *progress);
bool ensemble_log_member(struct run_log *log, const bp_member_progress *progress);

/* `facts`: NULL where the run failed. */
bool ensemble_log_end(struct run_log *log, const struct ensemble_facts *facts, const char *reason);

#endif
