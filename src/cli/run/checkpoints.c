/* When a checkpoint is written, which ones are kept, and which one a run goes on from. */
#include "cli/run/checkpoints.h"

#include <stdlib.h>
#include <time.h>

#include "cli/terminal/messages.h"

/* Seconds of a clock that nobody sets. */
static double read_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int checkpoints_open(struct checkpoints *checkpoints, const struct checkpoint_options *options)
{
    *checkpoints = (struct checkpoints){.options = options};
    if (!options->folder)
        return EXIT_DONE;
    int code = checkpoint_folder_open(options->folder);
    if (code != EXIT_DONE || options->resume)
        return code;
    struct checkpoint_mark *marks;
    size_t count;
    code = checkpoint_folder_list(options->folder, &marks, &count);
    free(marks);
    if (code == EXIT_DONE && count > 0)
        code = message_usage("train",
                             "--checkpoint: %s holds the checkpoints of a run: go on with it by "
                             "--resume, or name another folder",
                             options->folder);
    return code;
}

static void note_mark(struct checkpoints *checkpoints, struct checkpoint_mark mark)
{
    checkpoints->before = checkpoints->any ? checkpoints->last : mark;
    checkpoints->last = mark;
    checkpoints->any = true;
    checkpoints->time = read_clock();
}

static bp_status save(struct checkpoints *checkpoints, bp_trainer *trainer,
                      struct checkpoint_mark mark)
{
    const char *folder = checkpoints->options->folder;
    char *path = checkpoint_folder_path(folder, mark);
    bp_status status = BP_ERROR_MEMORY;
    if (path)
        status = bp_trainer_save(trainer, path, &checkpoints->error);
    else
        checkpoints->error = (bp_error){status, "out of memory"};
    free(path);
    if (status != BP_OK)
        return status;
    note_mark(checkpoints, mark);
    checkpoint_folder_prune(folder, checkpoints->last, checkpoints->before);
    return BP_OK;
}

/* Tries the checkpoints, the furthest first. Damage, and what cannot be read, leads to the next one;
 * if none is good, the first one's error counts. */
static int restore(struct checkpoints *checkpoints, bp_trainer *trainer,
                   const struct checkpoint_mark *marks, size_t count)
{
    bp_error first = {BP_OK, ""}, error;
    bp_status status = BP_ERROR_INPUT;
    for (size_t k = 0; k < count && (status == BP_ERROR_INPUT || status == BP_ERROR_IO); k++) {
        char *path = checkpoint_folder_path(checkpoints->options->folder, marks[k]);
        if (!path)
            return message_no_memory();
        status = bp_trainer_restore(trainer, path, &error);
        if (status == BP_OK && k > 0)
            message_note("%s; an older checkpoint is taken", first.message);
        if (status == BP_OK) {
            message_note("going on from %s", path);
            note_mark(checkpoints, marks[k]);
        } else if (k == 0) {
            first = error;
        }
        free(path);
    }
    return status == BP_OK ? EXIT_DONE : message_error(&first);
}

int checkpoints_begin(struct checkpoints *checkpoints, bp_trainer *trainer)
{
    const struct checkpoint_options *options = checkpoints->options;
    if (!options->folder)
        return EXIT_DONE;
    struct checkpoint_mark *marks = NULL;
    size_t count = 0;
    int code = EXIT_DONE;
    if (options->resume)
        code = checkpoint_folder_list(options->folder, &marks, &count);
    if (code == EXIT_DONE && count > 0)
        code = restore(checkpoints, trainer, marks, count);
    free(marks);
    if (code != EXIT_DONE || count > 0)
        return code;
    if (options->resume)
        message_note("no checkpoint in %s: training begins anew", options->folder);
    return save(checkpoints, trainer, (struct checkpoint_mark){0, 0}) == BP_OK
               ? EXIT_DONE
               : message_error(&checkpoints->error);
}

static bool is_due(const struct checkpoints *checkpoints, const bp_progress *progress)
{
    const struct checkpoint_options *options = checkpoints->options;
    if (progress->ended)
        return true;
    if (options->epochs > 0)
        return progress->epoch_done && progress->epoch % options->epochs == 0;
    return read_clock() - checkpoints->time >= options->seconds;
}

bool checkpoints_follow(struct checkpoints *checkpoints, bp_trainer *trainer,
                        const bp_progress *progress, bool stopping)
{
    if (!checkpoints->options->folder || (!stopping && !is_due(checkpoints, progress)))
        return true;
    const struct checkpoint_mark mark = {progress->epoch,
                                         progress->epoch_done ? 0 : progress->samples};
    if (checkpoint_mark_equal(mark, checkpoints->last))
        return true;
    return save(checkpoints, trainer, mark) == BP_OK;
}
