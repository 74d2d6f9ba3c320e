/* What `batchprop cv` has to say. */
#ifndef BP_CLI_TRIALS_CV_REPORT_H
#define BP_CLI_TRIALS_CV_REPORT_H

#include "cli/trials/trials_run.h"

/* Each prints the nets, and mean and deviation of every metric, to stdout. Returns an exit code. */
int cv_report_print(const struct trials_options *options, const struct trials_set *set,
                    const bp_dataset *dataset);
int cv_report_print_json(const struct trials_options *options, const struct trials_set *set,
                         const bp_dataset *dataset);

#endif
