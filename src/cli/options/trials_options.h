/* What `batchprop cv` and `batchprop sweep` have in common: the options of the models that they
 * train, and how rows are held out of each. */
#ifndef BP_CLI_OPTIONS_TRIALS_OPTIONS_H
#define BP_CLI_OPTIONS_TRIALS_OPTIONS_H

#include "cli/options/arguments.h"
#include "cli/options/checkpoint_options.h"
#include "cli/options/data_options.h"
#include "cli/options/ensemble_options.h"
#include "cli/options/network_options.h"
#include "cli/options/run_options.h"
#include "cli/options/training_options.h"
#include "cli/options/validation_options.h"

#define TRIALS_GROUPS 9 /* with the empty last one */

/* Holds pointers into itself: not to be copied, but for a copy that is put back in its place. */
struct trials_options {
    const char *const *data_paths;
    size_t data_count;
    size_t folds;
    size_t repeats;
    size_t seeds;
    double holdout; /* 0: folds */
    bool json;
    struct option table[6];
    struct network_options network;
    struct training_options training;
    struct ensemble_options ensemble;
    struct validation_options validation;
    struct checkpoint_options checkpoint; /* of its options not how often */
    struct data_options data;
    struct run_options run;
    struct option_group groups[TRIALS_GROUPS];
    size_t kinds; /* of networks, from 1 */
    bool several; /* each model is an ensemble */
};

/* Fills defaults and groups, which point into `options`; `command` is kept. */
void trials_options_init(struct trials_options *options, const char *command);

/* Checks one option against another, and lets the preset speak for those that are not given.
 * Returns EXIT_DONE, or EXIT_USAGE after a message. */
int trials_options_check(struct trials_options *options, const char *command);

/* Reads the data and checks that the folds are no more than its rows. Returns an exit code. */
int trials_options_read(struct trials_options *options, bp_dataset **out);

/* Models that are trained with these options. */
size_t trials_options_count(const struct trials_options *options);

/* One kind of networks. */
struct trials_kind {
    bp_model_options model;
    bp_train_options train;
};

/* What the library is asked for; `validation` points to the rest, so that it is not to be
 * copied. */
struct trials_request {
    struct trials_kind *kind; /* of the first, or only, kind, and of others */
    bp_member_kind *member;   /* the same for an ensemble */
    bp_ensemble_options ensemble;
    bp_cross_validation_options validation;
};

/* Fills a request from options that were checked. Texts are borrowed. Returns an exit code; call
 * trials_request_release() in any case. */
int trials_options_put(struct trials_options *options, struct trials_request *request);
void trials_request_release(struct trials_request *request);

/* Whether targets of this task have the metric that was asked for. Returns as
 * trials_options_check().
 */
int trials_options_check_task(const struct trials_options *options, const char *command,
                              bp_task task);

/* The metric that was asked for, or the one that suits a task: accuracy or rmse. */
bp_metric trials_options_metric(const struct trials_options *options, bp_task task);

#endif
