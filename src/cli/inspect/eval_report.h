/* What `batchprop eval` says: figures, classes or targets one by one, and the confusion matrix. */
#ifndef BP_CLI_INSPECT_EVAL_REPORT_H
#define BP_CLI_INSPECT_EVAL_REPORT_H

#include "batchprop/batchprop.h"

/* Each prints to stdout and returns an exit code. */
int eval_report_print_text(const bp_evaluation *evaluation);
int eval_report_print_json(const bp_evaluation *evaluation);

#endif
