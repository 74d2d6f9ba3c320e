/* The callback is called on any thread, but never on two at once. */
#include "cli/ensemble/ensemble_watch.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/ensemble/ensemble_log.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/stop_signal.h"

/* ---- checkpoints ---- */

/* DIR/member-07; freed with free(). NULL: no memory. */
static char *make_path(const char *folder, size_t member)
{
    const size_t size = (size_t)snprintf(NULL, 0, "%s/member-%02zu", folder, member + 1) + 1;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s/member-%02zu", folder, member + 1);
    return path;
}

static int open_member(struct ensemble_watch *watch, size_t m)
{
    struct watched_member *member = &watch->member[m];
    member->options = watch->job->options->checkpoint;
    member->options.folder = make_path(watch->job->options->checkpoint.folder, m);
    if (!member->options.folder)
        return message_no_memory();
    const int code = checkpoints_open(&member->checkpoints, &member->options);
    member->checkpoints.quiet = true;
    return code;
}

static int open_checkpoints(struct ensemble_watch *watch)
{
    const struct checkpoint_options *options = &watch->job->options->checkpoint;
    size_t found = 0;
    if (!options->folder)
        return EXIT_DONE;
    int code = checkpoint_options_open_folder(options->folder, "train");
    for (size_t m = 0; m < watch->job->members && code == EXIT_DONE; m++) {
        code = open_member(watch, m);
        found += bp_checkpoints_count(watch->member[m].checkpoints.folder) > 0;
    }
    if (code != EXIT_DONE || !options->resume)
        return code;
    if (found == 0)
        message_note("no checkpoint in %s: training starts from the beginning", options->folder);
    else
        message_note("going on from %s, with checkpoints of %zu of %zu networks", options->folder,
                     found, watch->job->members);
    return EXIT_DONE;
}

/* ---- events ---- */

static int open_events(struct ensemble_watch *watch)
{
    const char *folder = watch->job->options->tensorboard;
    int code = tensorboard_open(&watch->events, folder);
    for (size_t m = 0; folder && m < watch->job->members && code == EXIT_DONE; m++) {
        char *path = make_path(folder, m);
        code = path ? tensorboard_open(&watch->member[m].events, path) : message_no_memory();
        free(path);
    }
    return code;
}

int ensemble_watch_open(struct ensemble_watch *watch, const struct ensemble_job *job)
{
    const struct train_options *options = job->options;
    *watch = (struct ensemble_watch){.job = job};
    watch->member = calloc(job->members, sizeof *watch->member);
    if (!watch->member)
        return message_no_memory();
    int code = open_checkpoints(watch);
    if (code == EXIT_DONE)
        code = run_log_open(&watch->log, options->log, options->checkpoint.resume);
    return code == EXIT_DONE ? open_events(watch) : code;
}

int ensemble_watch_begin(struct ensemble_watch *watch)
{
    watch->bar = progress_bar_start();
    stop_signal_watch();
    if (ensemble_log_begin(&watch->log, watch->job))
        return EXIT_DONE;
    return message_failure(EXIT_IO, "%s; no model is written", watch->log.error.message);
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

/* One that begins after a signal has nothing to save yet but its first checkpoint. */
static void begin_member(struct ensemble_watch *watch, const bp_member_progress *progress)
{
    struct watched_member *member = &watch->member[progress->member];
    progress_bar_clear(&watch->bar);
    fail(watch, checkpoints_begin(&member->checkpoints, progress->trainer));
    member->runs = true;
    member->saved = stop_signal_get() != 0;
}

static void go_on(struct ensemble_watch *watch, const bp_member_progress *progress)
{
    struct watched_member *member = &watch->member[progress->member];
    const bool stopping = stop_signal_get() != 0 && !member->saved;
    if (progress->run->epoch_done)
        note_log(watch, ensemble_log_epoch(&watch->log, progress));
    if (progress->run->epoch_done && watch->unwritten.status == BP_OK)
        tensorboard_write(member->events, progress->run, &watch->unwritten);
    if (!checkpoints_follow(&member->checkpoints, progress->trainer, progress->run, stopping)) {
        progress_bar_clear(&watch->bar);
        fail(watch, message_error_in("--checkpoint", &member->checkpoints.error));
    }
    member->saved = member->saved || stopping;
}

static void end_member(struct ensemble_watch *watch, const bp_member_progress *progress)
{
    struct watched_member *member = &watch->member[progress->member];
    member->runs = false;
    fail(watch, tensorboard_close(member->events));
    member->events = NULL;
    note_log(watch, ensemble_log_member(&watch->log, progress));
}

/* After a signal the members that run are saved, one after the other, before all are stopped. */
static bool is_over(const struct ensemble_watch *watch)
{
    if (watch->code != EXIT_DONE || watch->unwritten.status != BP_OK)
        return true;
    if (stop_signal_get() == 0)
        return false;
    for (size_t m = 0; watch->job->options->checkpoint.folder && m < watch->job->members; m++) {
        if (watch->member[m].runs && !watch->member[m].saved)
            return false;
    }
    return true;
}

bool ensemble_watch_follow(const bp_member_progress *progress, void *user)
{
    struct ensemble_watch *watch = user;
    if (progress->result)
        end_member(watch, progress);
    else if (progress->run)
        go_on(watch, progress);
    else
        begin_member(watch, progress);
    if (watch->code == EXIT_DONE)
        progress_bar_draw_members(&watch->bar, progress);
    return !is_over(watch);
}

/* ---- the end ---- */

int ensemble_watch_end(struct ensemble_watch *watch)
{
    progress_bar_clear(&watch->bar);
    if (watch->code != EXIT_DONE)
        return watch->code;
    if (watch->unwritten.status != BP_OK)
        return message_failure(EXIT_IO, "%s; training stopped, no model is written",
                               watch->unwritten.message);
    const int number = stop_signal_get();
    return number ? EXIT_SIGNAL + number : EXIT_DONE;
}

int ensemble_watch_close(struct ensemble_watch *watch, int code)
{
    stop_signal_release();
    for (size_t m = 0; watch->member && m < watch->job->members; m++) {
        checkpoints_close(&watch->member[m].checkpoints);
        fail(watch, tensorboard_close(watch->member[m].events));
        free((char *)(uintptr_t)watch->member[m].options.folder);
    }
    free(watch->member);
    fail(watch, run_log_close(&watch->log));
    fail(watch, tensorboard_close(watch->events));
    return code != EXIT_DONE ? code : watch->code;
}
