/* What a metric comes to over several trials. */
#ifndef BP_CLI_TRIALS_TRIALS_SPREAD_H
#define BP_CLI_TRIALS_TRIALS_SPREAD_H

#include <jansson.h>

#include "batchprop/batchprop.h"

/* NaN where trials do not have it. */
struct trials_spread {
    size_t count; /* trials that have it */
    double mean;
    double deviation; /* of a trial from the mean: sqrt(sum of squares / (count - 1)) */
    double least;
    double greatest;
};

struct trials_spread trials_spread_of(const bp_trial_result *results, size_t count,
                                      bp_metric metric);

/* How many of the trials failed; *first becomes the first of them. */
size_t trials_count_failed(const bp_trial_result *results, size_t count, size_t *first);

/* The task of the first trial that has one, or AUTO. */
bp_task trials_task(const bp_trial_result *results, size_t count);

#define TRIALS_NUMBER_SIZE 32

/* A value of a metric, or its deviation, for people: shares with four decimals, "-" for NaN. Returns
 * `text`. */
char *trials_number(bp_metric metric, double value, char text[TRIALS_NUMBER_SIZE]);

/* {"accuracy": {"mean": ..., "deviation": ..., "least": ..., "greatest": ...}, ...}: the metrics that
 * any trial has. NULL if there is no memory. The caller owns the reference. */
json_t *trials_spreads_to_json(const bp_trial_result *results, size_t count);

#endif
