/* Metrics as keys of JSON. */
#ifndef BP_CLI_FIELDS_METRIC_KEY_H
#define BP_CLI_FIELDS_METRIC_KEY_H

#include <stdbool.h>

#include "batchprop/batchprop.h"

#define METRIC_KEY_SIZE 32

/* "balanced_accuracy": the name of `metric` with underscores. False if rows have no such
 * metric: beyond the last one, and of BP_METRIC_AUTO, which comes after it. */
bool metric_key(bp_metric metric, char *key);

#endif
