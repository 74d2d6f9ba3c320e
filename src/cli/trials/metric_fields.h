/* Metrics of models, and what they come to over several, as fields of a report. */
#ifndef BP_CLI_TRIALS_METRIC_FIELDS_H
#define BP_CLI_TRIALS_METRIC_FIELDS_H

#include "cli/fields/fields.h"

#define METRIC_NUMBER_SIZE 32

/* A value of a metric, or its std, for people: shares with four decimals, "-" for NaN.
 * Returns `text`. */
char *metric_number(bp_metric metric, double value, char text[METRIC_NUMBER_SIZE]);

/* A cell for people, and a number for programs unless it is NaN. */
void metric_field(struct fields *out, bp_metric metric, double value);

/* For programs: "metrics": {"accuracy": {"mean": ..., "std": ..., "min": ..., "max": ...}, ...},
 * the metrics that any model has. */
void metric_fields_summaries(struct fields *out, const bp_cross_validation *validation);

#endif
