/* How good a model is after a run, on training and validation rows beside one answer for all of
 * them, and what to try where it is no better than that. */
#ifndef BP_CLI_RUN_QUALITY_FIELDS_H
#define BP_CLI_RUN_QUALITY_FIELDS_H

#include "cli/fields/fields.h"
#include "cli/run/advice.h"

struct quality_report {
    bool measured; /* false: the run did not come to its end, and nothing below is filled */
    bool validated;
    bool refitted; /* the figures of `valid` are from before the refit, which trained on its rows */
    bp_quality train, valid; /* their texts belong to the model */
    struct advice advice;
};

/* Measures the model of a trainer whose run is over. `first_loss` and `continues` as in
 * advice_facts. Returns an exit code. */
int quality_report_make(struct quality_report *report, bp_trainer *trainer, const bp_model *model,
                        const bp_train_result *result, double first_loss, bool continues);

/* The lines "training" and "validation", or the objects "train" and "valid"; null where there is
 * nothing. */
void quality_fields_put(struct fields *fields, const struct quality_report *report);

/* One line of them, `before` first, or the object `key`. */
void quality_fields_put_set(struct fields *fields, const char *key, const char *title,
                            const char *before, const bp_quality *quality);

/* For programs alone: the object `key` of the metrics that the targets have. */
void metrics_fields_put(struct fields *fields, const char *key, const bp_metrics *metrics);

/* What is wrong and what to try: nothing, or null, where nothing is. */
void advice_fields_put(struct fields *fields, const struct quality_report *report);

#endif
