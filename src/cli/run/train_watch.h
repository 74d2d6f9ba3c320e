/*
 * What follows a run while it trains: the line on the terminal, the log, TensorBoard's events,
 * checkpoints, and signals that ask for its end.
 */
#ifndef BP_CLI_RUN_TRAIN_WATCH_H
#define BP_CLI_RUN_TRAIN_WATCH_H

#include "cli/run/checkpoints.h"
#include "cli/run/run_log.h"
#include "cli/run/tensorboard.h"
#include "cli/terminal/progress_bar.h"
#include "cli/train/train_options.h"

struct train_watch {
    const struct train_options *options;
    bp_trainer *trainer;
    struct checkpoints checkpoints;
    struct run_log log;
    struct tensorboard *events; /* or NULL */
    struct progress_bar bar;
    bp_metric metric;   /* by which epochs are compared */
    double first_loss;  /* of the first epoch; NaN: there was none */
    bp_error unwritten; /* of a line of the log or an event, or BP_OK */
};

/* Opens the files that `options` (kept) name. Returns an exit code. */
int train_watch_open(struct train_watch *watch, const struct train_options *options);

/* Takes up the newest checkpoint where --resume says so, and writes the first lines. `trainer` is
 * kept. Returns an exit code. */
int train_watch_begin(struct train_watch *watch, bp_trainer *trainer, struct run_log_head *head);

/* Trains until the end, or until a signal or a file that cannot be written ends it. Returns an exit
 * code, after a message if it is not EXIT_DONE; `result` is filled in every case. */
int train_watch_run(struct train_watch *watch, bp_train_result *result);

/* Writes the last line of the log of a run that ended with `code`; `valid` may be NULL. Returns an
 * exit code. */
int train_watch_end(struct train_watch *watch, const bp_train_result *result,
                    const bp_evaluation *valid, const struct quality_report *quality, int code);

/* Returns `code`, or an exit code where a file cannot be closed and nothing failed before. */
int train_watch_close(struct train_watch *watch, int code);

#endif
