/* The lines of the log of a run, as objects that the caller owns; NULL if there is no memory. */
#ifndef BP_CLI_RUN_RUN_LOG_LINES_H
#define BP_CLI_RUN_RUN_LOG_LINES_H

#include <jansson.h>

#include "cli/run/quality_fields.h"
#include "cli/run/target_fields.h"

/* Classes of which the last line has the confusion matrix. */
#define RUN_LOG_CLASSES_MAX 256

/* What the first line says. All is borrowed. */
struct run_log_head {
    const char *data;                  /* path of the samples */
    const bp_model *model;             /* its layers, and what they are for */
    size_t samples;                    /* trained on */
    size_t valid_samples;              /* 0: none */
    const bp_train_options *train;     /* as they were given */
    const bp_train_options *chosen;    /* what the trainer works with */
    json_t *options;                   /* an object of all options of the run, or NULL */
    size_t epochs_done;                /* before a run that is resumed; else 0 */
    const struct target_facts *target; /* or NULL: nothing is said of it */
};

/* What the last line says. All is borrowed. */
struct run_log_tail {
    const char *reason; /* why the run ended, in a few words: "done", "stopped by SIGINT" */
    const bp_train_result *result;
    const bp_evaluation *valid; /* of the validation set with the weights at the end, or NULL */
    const struct quality_report *quality; /* or NULL: not measured */
};

/* `event`: "start" or "resume". */
json_t *run_log_line_head(const struct run_log_head *head, const char *event);
json_t *run_log_line_epoch(const bp_progress *progress);
json_t *run_log_line_tail(const struct run_log_tail *tail);

#endif
