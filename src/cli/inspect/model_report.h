/* What a model holds: its layers, what its inputs and outputs mean, its digest. */
#ifndef BP_CLI_INSPECT_MODEL_REPORT_H
#define BP_CLI_INSPECT_MODEL_REPORT_H

#include "batchprop/batchprop.h"

/* Prints to stdout, as one JSON object or for people; returns an exit code. */
int model_report_print(const bp_model *model, bool json);

#endif
