/* Training, and all that follows it. */
#include "cli/run/train_watch.h"

#include <math.h>
#include <stdio.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/ranks.h"
#include "cli/terminal/stop_signal.h"

#define PROGRESS_SIZE 80

int train_watch_open(struct train_watch *watch, const struct train_options *options)
{
    *watch = (struct train_watch){.options = options, .first_loss = (double)NAN};
    const bool leads = ranks_leads();
    int code = checkpoints_open(&watch->checkpoints, &options->checkpoint, leads);
    if (code == EXIT_DONE)
        code = run_log_open(&watch->log, leads ? options->log : NULL, options->checkpoint.resume);
    if (code == EXIT_DONE)
        code = tensorboard_open(&watch->events, leads ? options->tensorboard : NULL);
    return code;
}

int train_watch_begin(struct train_watch *watch, bp_trainer *trainer, struct run_log_head *head)
{
    watch->trainer = trainer;
    watch->metric = bp_metric_resolve(head->train->metric, head->model);
    stop_signal_watch();
    const int code = checkpoints_begin(&watch->checkpoints, trainer);
    if (code != EXIT_DONE)
        return code;
    head->epochs_done = watch->checkpoints.epochs_done;
    if (run_log_begin(&watch->log, head))
        return EXIT_DONE;
    return message_error_then(&watch->log.error, "no model is written");
}

static bool follow(const bp_progress *progress, void *user)
{
    struct train_watch *watch = user;
    progress_bar_draw(&watch->bar, progress);
    if (progress->epoch_done && isnan(watch->first_loss))
        watch->first_loss = progress->train_loss;
    if (progress->epoch_done && !run_log_write(&watch->log, progress))
        watch->unwritten = watch->log.error;
    else if (progress->epoch_done)
        tensorboard_write(watch->events, progress, &watch->unwritten);
    /* A launcher gives a signal to all ranks: one of them acts on it. */
    const bool stopping =
        watch->unwritten.status != BP_OK || (ranks_leads() && stop_signal_get() != 0);
    if (!checkpoints_follow(&watch->checkpoints, watch->trainer, progress, stopping))
        return false;
    return !stopping;
}

/* "after 3 of 20 epochs" */
static void write_progress(const struct train_watch *watch, const bp_train_result *result,
                           char text[PROGRESS_SIZE])
{
    if (result->refit_samples > 0)
        snprintf(text, PROGRESS_SIZE, "after %zu of %zu epochs of the refit", result->refit_epochs,
                 result->best_epoch);
    else
        snprintf(text, PROGRESS_SIZE, "after %zu of %zu epochs", result->epochs,
                 bp_trainer_options(watch->trainer).epochs);
}

/* A run that was stopped: no model is written. */
static int report_stop(const struct train_watch *watch, const bp_train_result *result)
{
    const char *folder = watch->options->checkpoint.folder;
    if (watch->checkpoints.error.status != BP_OK)
        return message_error_in("--checkpoint", &watch->checkpoints.error);
    if (watch->unwritten.status != BP_OK)
        return message_error_then(&watch->unwritten, "training stopped, no model is written");
    const int number = stop_signal_get();
    char done[PROGRESS_SIZE];
    write_progress(watch, result, done);
    if (folder)
        return message_failure(EXIT_SIGNAL + number,
                               "stopped by %s %s; the same command with --resume goes on from %s",
                               stop_signal_name(number), done, folder);
    return message_failure(EXIT_SIGNAL + number, "stopped by %s %s; no model is written",
                           stop_signal_name(number), done);
}

int train_watch_run(struct train_watch *watch, bp_train_result *result)
{
    bp_error error;
    watch->bar = progress_bar_start();
    watch->bar.metric = watch->metric;
    const bp_status status = bp_trainer_run(watch->trainer, follow, watch, result, &error);
    progress_bar_clear(&watch->bar);
    /* After the last epoch the callback stops nothing any more. */
    const bool failed =
        watch->unwritten.status != BP_OK || watch->checkpoints.error.status != BP_OK;
    if (status == BP_STOPPED || (status == BP_OK && failed))
        return report_stop(watch, result);
    return status == BP_OK ? EXIT_DONE : message_error(&error);
}

int train_watch_end(struct train_watch *watch, const bp_train_result *result,
                    const bp_evaluation *valid, const struct quality_report *quality, int code)
{
    char reason[80] = "done";
    if (code == EXIT_NOT_FINITE)
        snprintf(reason, sizeof reason, "diverged");
    else if (code >= EXIT_SIGNAL)
        snprintf(reason, sizeof reason, "stopped by %s", stop_signal_name(code - EXIT_SIGNAL));
    else if (code != EXIT_DONE)
        snprintf(reason, sizeof reason, "failed");
    else if (result->ended_early)
        snprintf(reason, sizeof reason, "no improvement for %zu epochs",
                 watch->options->train.patience);
    const struct run_log_tail tail = {
        .reason = reason, .result = result, .valid = valid, .quality = quality};
    if (watch->unwritten.status != BP_OK || run_log_end(&watch->log, &tail))
        return EXIT_DONE;
    return message_error(&watch->log.error);
}

int train_watch_close(struct train_watch *watch, int code)
{
    stop_signal_release();
    checkpoints_close(&watch->checkpoints);
    const int closed = run_log_close(&watch->log);
    const int events = tensorboard_close(watch->events);
    if (code != EXIT_DONE)
        return code;
    return closed != EXIT_DONE ? closed : events;
}
