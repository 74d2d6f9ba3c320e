/*
 * What follows an ensemble while it trains: the line on the terminal, the log, checkpoints and
 * TensorBoard's events of each member in a folder of its own, and signals that ask for its end.
 */
#ifndef BP_CLI_ENSEMBLE_ENSEMBLE_WATCH_H
#define BP_CLI_ENSEMBLE_ENSEMBLE_WATCH_H

#include "cli/ensemble/ensemble_checkpoints.h"
#include "cli/ensemble/ensemble_job.h"
#include "cli/run/run_log.h"
#include "cli/run/tensorboard.h"
#include "cli/terminal/progress_bar.h"

struct ensemble_watch {
    const struct ensemble_job *job;
    struct member_checkpoints *checkpoints; /* job->members, as `member_events` */
    struct tensorboard **member_events;     /* each, or NULL */
    struct run_log log;
    struct tensorboard *events; /* of the whole, or NULL */
    struct progress_bar bar;
    int code;           /* why the run cannot go on, after a message; EXIT_DONE: it can */
    bp_error unwritten; /* of a line of the log or an event, or BP_OK */
};

/* Opens the files that the options name; `job` is kept. Collective. Returns the exit code that all
 * have settled on. */
int ensemble_watch_open(struct ensemble_watch *watch, const struct ensemble_job *job);

/* Writes the first line of the log. Returns an exit code. */
int ensemble_watch_begin(struct ensemble_watch *watch);

/* The callback of bp_ensemble_train(); `user` is the watch. */
bool ensemble_watch_follow(const bp_member_progress *progress, void *user);

/* The exit code of a run whose training is over: EXIT_SIGNAL and more if a signal ended it; after a
 * message if it is neither this nor EXIT_DONE. */
int ensemble_watch_end(struct ensemble_watch *watch);

/* Returns `code`, or an exit code where a file cannot be closed and nothing failed before. */
int ensemble_watch_close(struct ensemble_watch *watch, int code);

#endif
