/* The callback is called on any thread, but never on two at once. */
#include "cli/ensemble/ensemble_watch.h"

#include <stdlib.h>

#include "cli/ensemble/ensemble_log.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/ranks.h"
#include "cli/terminal/stop_signal.h"

/* A launcher gives a signal to all ranks: rank 0 acts on it. */
static int get_signal(void)
{
    return ranks_leads() ? stop_signal_get() : 0;
}

/* ---- events ---- */

static int open_events(struct ensemble_watch *watch)
{
    const char *folder = watch->job->options->tensorboard;
    int code = tensorboard_open(&watch->events, folder);
    for (size_t m = 0; folder && m < watch->job->members && code == EXIT_DONE; m++) {
        char *path = member_folder_name(folder, m);
        code = path ? tensorboard_open(&watch->member_events[m], path) : message_no_memory();
        free(path);
    }
    return code;
}

/* Rank 0 alone writes them. */
static int open_files(struct ensemble_watch *watch)
{
    const struct train_options *options = watch->job->options;
    if (!ranks_leads())
        return EXIT_DONE;
    const int code = run_log_open(&watch->log, options->log, options->checkpoint.resume);
    return code == EXIT_DONE ? open_events(watch) : code;
}

int ensemble_watch_open(struct ensemble_watch *watch, const struct ensemble_job *job)
{
    *watch = (struct ensemble_watch){.job = job};
    watch->member_events = calloc(job->members, sizeof *watch->member_events);
    watch->checkpoints = calloc(job->members, sizeof *watch->checkpoints);
    int code = watch->member_events && watch->checkpoints ? EXIT_DONE : message_no_memory();
    code = ranks_settle(code);
    if (code == EXIT_DONE)
        code =
            ensemble_checkpoints_open(watch->checkpoints, job->members, &job->options->checkpoint);
    return code == EXIT_DONE ? ranks_settle(open_files(watch)) : code;
}

int ensemble_watch_begin(struct ensemble_watch *watch)
{
    watch->bar = progress_bar_start();
    stop_signal_watch();
    if (ensemble_log_begin(&watch->log, watch->job))
        return EXIT_DONE;
    return message_error_then(&watch->log.error, "no model is written");
}

/* ---- the callback ---- */

static void fail(struct ensemble_watch *watch, int code)
{
    if (watch->code == EXIT_DONE)
        watch->code = code;
}

static void note_log(struct ensemble_watch *watch, bool written)
{
    if (!written && watch->unwritten.status == BP_OK)
        watch->unwritten = watch->log.error;
}

static void begin_member(struct ensemble_watch *watch, const bp_member_progress *progress)
{
    progress_bar_clear(&watch->bar);
    fail(watch,
         checkpoints_begin(&watch->checkpoints[progress->member].checkpoints, progress->trainer));
}

/* Of a network that this rank trains. */
static void keep(struct ensemble_watch *watch, const bp_member_progress *progress)
{
    struct checkpoints *checkpoints = &watch->checkpoints[progress->member].checkpoints;
    if (watch->code != EXIT_DONE ||
        checkpoints_follow(checkpoints, progress->trainer, progress->run, progress->stopping))
        return;
    progress_bar_clear(&watch->bar);
    fail(watch, message_error_in("--checkpoint", &checkpoints->error));
}

static void go_on(struct ensemble_watch *watch, const bp_member_progress *progress)
{
    const bool ended = progress->run->epoch_done && !progress->stopping;
    if (ended)
        note_log(watch, ensemble_log_epoch(&watch->log, progress));
    if (ended && watch->unwritten.status == BP_OK)
        tensorboard_write(watch->member_events[progress->member], progress->run, &watch->unwritten);
    if (progress->trainer)
        keep(watch, progress);
}

static void end_member(struct ensemble_watch *watch, const bp_member_progress *progress)
{
    struct tensorboard **events = &watch->member_events[progress->member];
    fail(watch, tensorboard_close(*events));
    *events = NULL;
    note_log(watch, ensemble_log_member(&watch->log, progress));
}

bool ensemble_watch_follow(const bp_member_progress *progress, void *user)
{
    struct ensemble_watch *watch = user;
    const bool known = progress->member < progress->members;
    if (progress->result)
        end_member(watch, progress);
    else if (progress->run)
        go_on(watch, progress);
    else if (known)
        begin_member(watch, progress);
    if (watch->code == EXIT_DONE)
        progress_bar_draw_members(&watch->bar, progress);
    return watch->code == EXIT_DONE && watch->unwritten.status == BP_OK && get_signal() == 0;
}

/* ---- the end ---- */

int ensemble_watch_end(struct ensemble_watch *watch)
{
    progress_bar_clear(&watch->bar);
    if (watch->code != EXIT_DONE)
        return watch->code;
    if (watch->unwritten.status != BP_OK)
        return message_error_then(&watch->unwritten, "training stopped, no model is written");
    const int number = get_signal();
    return number ? EXIT_SIGNAL + number : EXIT_DONE;
}

int ensemble_watch_close(struct ensemble_watch *watch, int code)
{
    stop_signal_release();
    ensemble_checkpoints_close(watch->checkpoints, watch->job->members);
    for (size_t m = 0; watch->member_events && m < watch->job->members; m++)
        fail(watch, tensorboard_close(watch->member_events[m]));
    free(watch->checkpoints);
    free(watch->member_events);
    fail(watch, run_log_close(&watch->log));
    fail(watch, tensorboard_close(watch->events));
    return code != EXIT_DONE ? code : watch->code;
}
