/* `batchprop train` of several networks. */
#ifndef BP_CLI_ENSEMBLE_ENSEMBLE_RUN_H
#define BP_CLI_ENSEMBLE_ENSEMBLE_RUN_H

#include "cli/ensemble/ensemble_job.h"

/* Trains over all ranks; rank 0 writes the files that the options name, and prints the report.
 * Collective. Returns an exit code. */
int ensemble_run(struct ensemble_job *job);

#endif
