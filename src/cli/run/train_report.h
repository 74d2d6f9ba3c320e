/* What `batchprop train` prints on stdout when it is done. */
#ifndef BP_CLI_RUN_TRAIN_REPORT_H
#define BP_CLI_RUN_TRAIN_REPORT_H

#include "cli/options/train_options.h"

/* A run that has ended. */
struct train_report {
    const struct train_options *options;
    const bp_model *model;
    const bp_dataset *data; /* the rows trained on */
    size_t held_out;        /* validation samples */
};

/* One JSON object, or for people the network, the run, and what to type next. Returns an exit code.
 */
int train_report_print(const struct train_report *report, const bp_train_result *result);

#endif
