/* The report of `batchprop cv`. */
#ifndef BP_CLI_TRIALS_CV_REPORT_H
#define BP_CLI_TRIALS_CV_REPORT_H

#include "cli/options/trials_options.h"

/* Prints the models, and mean and standard deviation of every metric, to stdout. Returns an exit
 * code. */
int cv_report_print(const struct trials_options *options, const bp_cross_validation *validation,
                    const bp_dataset *dataset);

#endif
