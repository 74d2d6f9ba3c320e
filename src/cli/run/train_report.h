/* What `batchprop train` prints on stdout when it is done. */
#ifndef BP_CLI_RUN_TRAIN_REPORT_H
#define BP_CLI_RUN_TRAIN_REPORT_H

#include "cli/run/quality_fields.h"
#include "cli/run/target_fields.h"
#include "cli/train/train_options.h"

/* What is reported. All is borrowed. */
struct train_report {
    const struct train_options *options;
    const struct target_facts *target; /* its model has been trained */
    const bp_train_result *result;
    const bp_train_options *chosen; /* what the trainer worked with */
    const struct quality_report *quality;
    size_t held_out; /* validation samples */
};

/* One JSON object, or for people the network, the run, and what to type next. Returns an exit
 * code. */
int train_report_print(const struct train_report *report);

/* For people: what to type next. */
void train_report_print_next(const struct train_options *options, bp_task task);

#endif
