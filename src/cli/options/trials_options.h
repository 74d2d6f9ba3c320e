/* What `batchprop cv` and `batchprop sweep` have in common: the options of the nets that they train,
 * and how rows are held out of each. */
#ifndef BP_CLI_OPTIONS_TRIALS_OPTIONS_H
#define BP_CLI_OPTIONS_TRIALS_OPTIONS_H

#include "cli/options/arguments.h"
#include "cli/options/data_options.h"
#include "cli/options/network_options.h"
#include "cli/options/run_options.h"
#include "cli/options/training_options.h"
#include "cli/options/validation_options.h"

#define NETS_MAX 1000000 /* in one run */

#define TRIALS_GROUPS 7 /* with the empty last one */

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
    struct validation_options validation;
    struct data_options data;
    struct run_options run;
    struct option_group groups[TRIALS_GROUPS];
};

/* Fills defaults and groups, which point into `options`; `command` is kept. */
void trials_options_init(struct trials_options *options, const char *command);

/* Checks one option against another, and lets the preset speak for those that are not given. Returns
 * EXIT_DONE, or EXIT_USAGE after a message. */
int trials_options_check(struct trials_options *options, const char *command);

/* Reads the data and checks that the folds are no more than its rows. Returns an exit code. */
int trials_options_read(struct trials_options *options, bp_dataset **out);

/* Nets that are trained with these options. */
size_t trials_options_count(const struct trials_options *options);

/* The place of net `number` among them. */
struct trial_place {
    size_t repeat; /* from 0 */
    size_t fold;   /* from 0; 0 where a share is held out */
    uint64_t seed; /* of weights and order of samples */
};
struct trial_place trials_options_place(const struct trials_options *options, size_t number);

/* What a trial is made of. */
struct trial_parts {
    bp_model_options model;
    bp_train_options train;
    bp_holdout holdout;
    double valid_fraction;
};

/* Net `number`; the options were checked. Texts are borrowed. */
struct trial_parts trials_options_get(const struct trials_options *options, size_t number);

/* Whether targets of this task have the metric that was asked for. Returns as trials_options_check().
 */
int trials_options_check_task(const struct trials_options *options, const char *command,
                              bp_task task);

/* The metric that was asked for, or the one that suits a task: accuracy or rmse. */
bp_metric trials_options_metric(const struct trials_options *options, bp_task task);

#endif
