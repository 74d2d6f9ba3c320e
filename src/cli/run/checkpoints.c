/* Checkpoints of `train`: which are due, and messages about the one that a run goes on from. */
#include "cli/run/checkpoints.h"

#include <stdio.h>

#include "base/clock.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/ranks.h"

int checkpoints_open(struct checkpoints *checkpoints, const struct checkpoint_options *options,
                     bool here)
{
    *checkpoints = (struct checkpoints){.options = options};
    bp_error error;
    if (!options->folder || !here)
        return EXIT_DONE;
    if (bp_checkpoints_open(&checkpoints->folder, options->folder, &error) != BP_OK)
        return message_error_in("--checkpoint", &error);
    if (options->resume || bp_checkpoints_count(checkpoints->folder) == 0)
        return EXIT_DONE;
    return message_usage("train",
                         "--checkpoint: %s holds the checkpoints of a run: go on with it by "
                         "--resume, or name another folder",
                         options->folder);
}

void checkpoints_close(struct checkpoints *checkpoints)
{
    bp_checkpoints_free(checkpoints->folder);
}

static bool save(struct checkpoints *checkpoints, bp_trainer *trainer)
{
    if (bp_trainer_save_in(trainer, checkpoints->folder, &checkpoints->error) != BP_OK)
        return false;
    checkpoints->time = bp_clock_seconds();
    return true;
}

static void note_skipped(const char *reason)
{
    char sentence[BP_ERROR_MESSAGE_SIZE + 64];
    snprintf(sentence, sizeof sentence, "%s; an older checkpoint is taken", reason);
    ranks_note(sentence);
}

static int resume(struct checkpoints *checkpoints, bp_trainer *trainer)
{
    bp_checkpoint newest, resumed;
    bp_error error;
    if (bp_trainer_resume(trainer, checkpoints->folder, &resumed, &error) != BP_OK)
        return message_error(&error);
    if (!checkpoints->folder)
        return EXIT_DONE;
    if (!resumed.path) {
        if (!checkpoints->quiet)
            message_note("no checkpoint in %s: training starts from the beginning",
                         checkpoints->options->folder);
        return EXIT_DONE;
    }
    bp_checkpoints_get(checkpoints->folder, 0, &newest, NULL);
    if (newest.skipped)
        note_skipped(newest.skipped);
    if (!checkpoints->quiet)
        message_note("going on from %s", resumed.path);
    checkpoints->epochs_done = resumed.epochs;
    return EXIT_DONE;
}

int checkpoints_begin(struct checkpoints *checkpoints, bp_trainer *trainer)
{
    if (!checkpoints->options || !checkpoints->options->folder)
        return EXIT_DONE;
    const int code = checkpoints->options->resume ? resume(checkpoints, trainer) : EXIT_DONE;
    if (code != EXIT_DONE || save(checkpoints, trainer))
        return code;
    return message_error_in("--checkpoint", &checkpoints->error);
}

static bool is_due(const struct checkpoints *checkpoints, const bp_progress *progress)
{
    const struct checkpoint_options *options = checkpoints->options;
    if (progress->ended)
        return true;
    if (options->epochs > 0)
        return progress->epoch_done && progress->epoch % options->epochs == 0;
    return bp_clock_seconds() - checkpoints->time >= options->seconds;
}

bool checkpoints_follow(struct checkpoints *checkpoints, bp_trainer *trainer,
                        const bp_progress *progress, bool stopping)
{
    if (!checkpoints->options || !checkpoints->options->folder)
        return true;
    bool due = stopping || is_due(checkpoints, progress);
    bp_ranks_broadcast(bp_trainer_options(trainer).ranks, &due, sizeof due);
    return !due || save(checkpoints, trainer);
}
