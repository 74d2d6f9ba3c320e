/* What a data file holds, and what training with given options would make of it. */
#ifndef BP_CLI_INSPECT_DATA_REPORT_H
#define BP_CLI_INSPECT_DATA_REPORT_H

#include "batchprop/batchprop.h"

/* Prints to stdout, as one JSON object or for people. Returns an exit code: data that training
 * would refuse are described all the same, options that do not fit the data are a usage error. */
int data_report_print(const bp_dataset *dataset, const bp_model_options *options, bool json);

#endif
