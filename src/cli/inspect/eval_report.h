/* What `batchprop eval` says: figures, classes or targets one by one, and the confusion matrix. */
#ifndef BP_CLI_INSPECT_EVAL_REPORT_H
#define BP_CLI_INSPECT_EVAL_REPORT_H

#include "batchprop/batchprop.h"

/* Prints to stdout, as one JSON object or for people; returns an exit code. */
int eval_report_print(const bp_evaluation *evaluation, bool json);

#endif
