/*
 * The checkpoints of a run. Two are kept: a machine that fails while the newest one is written, or
 * a disk that damages it, leaves the one before. Only files that were listed or written are
 * removed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "ranks/agree.h"
#include "train/checkpoint.h"
#include "train/checkpoint_folder.h"
#include "train/trainer.h"

struct entry {
    struct bp_checkpoint_mark mark;
    char *path;
    char *skipped; /* why it was not taken, or NULL */
};

struct bp_checkpoints {
    char *folder;
    struct entry *entry; /* count of them, the furthest first */
    size_t count;
    bool owned;                       /* by the run that writes to it */
    bool any;                         /* whether there is a last one */
    struct bp_checkpoint_mark last;   /* written or resumed from */
    struct bp_checkpoint_mark before; /* the one before, or `last` again */
};

static void free_entry(struct entry *entry)
{
    free(entry->path);
    free(entry->skipped);
    *entry = (struct entry){.path = NULL};
}

void bp_checkpoints_free(bp_checkpoints *checkpoints)
{
    if (!checkpoints)
        return;
    for (size_t k = 0; k < checkpoints->count; k++)
        free_entry(&checkpoints->entry[k]);
    free(checkpoints->entry);
    free(checkpoints->folder);
    free(checkpoints);
}

/* The furthest first. */
static int compare_entries(const void *left, const void *right)
{
    const struct bp_checkpoint_mark a = ((const struct entry *)left)->mark;
    const struct bp_checkpoint_mark b = ((const struct entry *)right)->mark;
    if (a.epochs != b.epochs)
        return a.epochs > b.epochs ? -1 : 1;
    return (a.samples < b.samples) - (a.samples > b.samples);
}

static void sort_entries(struct bp_checkpoints *checkpoints)
{
    if (checkpoints->count > 0)
        qsort(checkpoints->entry, checkpoints->count, sizeof *checkpoints->entry, compare_entries);
}

/* For one more. */
static bp_status make_room(struct bp_checkpoints *checkpoints, bp_error *error)
{
    struct entry *longer =
        realloc(checkpoints->entry, (checkpoints->count + 1) * sizeof *checkpoints->entry);
    if (!longer)
        return bp_fail_memory(error, "the list of checkpoints");
    checkpoints->entry = longer;
    return BP_OK;
}

/* Takes `path`; there is room. The file may have replaced one of the same name. */
static void add_entry(struct bp_checkpoints *checkpoints, struct bp_checkpoint_mark mark,
                      char *path)
{
    struct entry added = {.mark = mark, .path = path};
    size_t k = 0;
    while (k < checkpoints->count && !bp_checkpoint_mark_equal(checkpoints->entry[k].mark, mark))
        k++;
    if (k < checkpoints->count)
        free_entry(&checkpoints->entry[k]);
    else
        checkpoints->count++;
    checkpoints->entry[k] = added;
}

static bp_status list_entries(struct bp_checkpoints *checkpoints, bp_error *error)
{
    struct bp_checkpoint_mark *marks;
    size_t count;
    bp_status status = bp_checkpoint_folder_list(checkpoints->folder, &marks, &count, error);
    for (size_t k = 0; !status && k < count; k++) {
        char *path = bp_checkpoint_path(checkpoints->folder, marks[k]);
        status = path ? make_room(checkpoints, error)
                      : bp_fail_memory(error, "the name of a checkpoint");
        if (status)
            free(path);
        else
            add_entry(checkpoints, marks[k], path);
    }
    free(marks);
    sort_entries(checkpoints);
    return status;
}

bp_status bp_checkpoints_open(bp_checkpoints **out, const char *folder, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(folder, error);
    struct bp_checkpoints *checkpoints = calloc(1, sizeof *checkpoints);
    if (!checkpoints)
        return bp_fail_memory(error, "a folder of checkpoints");
    bp_status status = BP_OK;
    checkpoints->folder = bp_text_copy(folder, strlen(folder));
    if (!checkpoints->folder)
        status = bp_fail_memory(error, "the name of a folder");
    if (!status)
        status = bp_checkpoint_folder_prepare(folder, error);
    if (!status)
        status = list_entries(checkpoints, error);
    if (status) {
        bp_checkpoints_free(checkpoints);
        return status;
    }
    checkpoints->owned = checkpoints->count == 0;
    *out = checkpoints;
    return BP_OK;
}

size_t bp_checkpoints_count(const bp_checkpoints *checkpoints)
{
    return checkpoints ? checkpoints->count : 0;
}

static bp_checkpoint describe(const struct entry *entry)
{
    return (bp_checkpoint){.path = entry->path,
                           .epochs = entry->mark.epochs,
                           .samples = entry->mark.samples,
                           .skipped = entry->skipped};
}

bp_status bp_checkpoints_get(const bp_checkpoints *checkpoints, size_t index,
                             bp_checkpoint *checkpoint, bp_error *error)
{
    BP_REQUIRE(checkpoints, error);
    BP_REQUIRE(checkpoint, error);
    if (index >= checkpoints->count)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%s: there is no checkpoint %zu of %zu, from 0",
                       checkpoints->folder, index, checkpoints->count);
    *checkpoint = describe(&checkpoints->entry[index]);
    return BP_OK;
}

static bp_status fail_all(size_t count, const bp_error *first, bp_error *error)
{
    const char *remedy = "put a good copy in its place, or start again in another folder";
    if (count == 1)
        return bp_fail(error, first->status, "the only checkpoint cannot be used: %s; %s",
                       first->message, remedy);
    return bp_fail(error, first->status,
                   "none of the %zu checkpoints can be used, the newest is %s; %s", count,
                   first->message, remedy);
}

/* Tries the checkpoints, the furthest first. Damage, and what cannot be read, leads to the next
 * one. If none is good, the error is that of the first whole one, which is of another run. */
static bp_status choose(struct bp_checkpoints *checkpoints, bp_trainer *trainer,
                        const struct bp_whole_state *whole, struct entry **chosen, bp_error *error)
{
    *chosen = NULL;
    for (size_t k = 0; k < checkpoints->count; k++) {
        free(checkpoints->entry[k].skipped);
        checkpoints->entry[k].skipped = NULL;
    }
    bp_error first = {.status = BP_OK}, other = {.status = BP_OK}, reason;
    for (size_t k = 0; k < checkpoints->count; k++) {
        struct entry *entry = &checkpoints->entry[k];
        const struct bp_input input = {.path = entry->path};
        const bp_status status = trainer ? bp_trainer_restore_here(trainer, &input, whole, &reason)
                                         : bp_checkpoint_check(entry->path, &reason);
        if (status == BP_OK) {
            *chosen = entry;
            return BP_OK;
        }
        if (status != BP_ERROR_INPUT && status != BP_ERROR_IO)
            return bp_fail(error, status, "%s", reason.message);
        entry->skipped = bp_text_copy(reason.message, strlen(reason.message));
        if (!entry->skipped)
            return bp_fail_memory(error, "why a checkpoint was skipped");
        if (k == 0)
            first = reason;
        if (trainer && !other.status && bp_checkpoint_check(entry->path, NULL) == BP_OK)
            other = reason;
    }
    if (other.status)
        return bp_fail(error, other.status, "%s", other.message);
    return first.status ? fail_all(checkpoints->count, &first, error) : BP_OK;
}

static void put(const struct entry *chosen, bp_checkpoint *checkpoint)
{
    if (checkpoint)
        *checkpoint = chosen ? describe(chosen) : (bp_checkpoint){.path = NULL};
}

bp_status bp_checkpoints_newest(bp_checkpoints *checkpoints, bp_checkpoint *newest, bp_error *error)
{
    BP_REQUIRE(checkpoints, error);
    BP_REQUIRE(newest, error);
    struct entry *chosen;
    const bp_status status = choose(checkpoints, NULL, NULL, &chosen, error);
    put(chosen, newest);
    return status;
}

static void note_mark(struct bp_checkpoints *checkpoints, struct bp_checkpoint_mark mark)
{
    checkpoints->before = checkpoints->any ? checkpoints->last : mark;
    checkpoints->last = mark;
    checkpoints->any = checkpoints->owned = true;
}

static bp_status resume_here(bp_trainer *trainer, const struct bp_whole_state *whole,
                             bp_checkpoints *checkpoints, bp_checkpoint *resumed, bp_error *error)
{
    struct entry *chosen;
    const bp_status status = choose(checkpoints, trainer, whole, &chosen, error);
    if (chosen)
        note_mark(checkpoints, chosen->mark);
    put(chosen, resumed);
    return status;
}

bp_status bp_trainer_resume(bp_trainer *trainer, bp_checkpoints *checkpoints,
                            bp_checkpoint *resumed, bp_error *error)
{
    BP_REQUIRE(trainer, error);
    struct bp_ranks *ranks = trainer->options.ranks;
    bp_status status = BP_OK;
    if (bp_ranks_rank(ranks) == 0 && !checkpoints)
        status = bp_fail_null(error, "checkpoints");
    put(NULL, resumed);
    struct bp_whole_state whole;
    status = bp_whole_state_make(&whole, trainer, status, error);
    if (status)
        return status;
    bp_whole_state_collect(&whole, trainer); /* which stays if there is no checkpoint */
    if (bp_ranks_rank(ranks) == 0)
        status = resume_here(trainer, &whole, checkpoints, resumed, error);
    return bp_whole_state_adopt(&whole, trainer, status, error);
}

/* Removes all but the last two. What cannot be removed stays in the list, and is tried again. */
static void prune(struct bp_checkpoints *checkpoints)
{
    size_t kept = 0;
    for (size_t k = 0; k < checkpoints->count; k++) {
        struct entry *entry = &checkpoints->entry[k];
        if (!bp_checkpoint_mark_equal(entry->mark, checkpoints->last) &&
            !bp_checkpoint_mark_equal(entry->mark, checkpoints->before) &&
            (unlink(entry->path) == 0 || errno == ENOENT))
            free_entry(entry);
        else
            checkpoints->entry[kept++] = *entry;
    }
    checkpoints->count = kept;
    sort_entries(checkpoints);
}

/* All that may fail but the writing: the path of the next one, to be freed, and room for it. */
static bp_status prepare(struct bp_checkpoints *checkpoints, struct bp_checkpoint_mark mark,
                         char **path, bp_error *error)
{
    BP_REQUIRE(checkpoints, error);
    if (!checkpoints->owned)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s holds the checkpoints of a run: resume from it, or name another folder",
                       checkpoints->folder);
    *path = bp_checkpoint_path(checkpoints->folder, mark);
    return *path ? make_room(checkpoints, error)
                 : bp_fail_memory(error, "the name of a checkpoint");
}

/* The ranks without the folder take part in what the one with it does. */
static bp_status follow_save(bp_trainer *trainer, bp_error *error)
{
    bool needless = false;
    bp_ranks_broadcast(trainer->options.ranks, &needless, sizeof needless);
    if (needless)
        return BP_OK;
    const bp_status status = bp_ranks_agree(trainer->options.ranks, BP_OK, error);
    return status ? status : bp_trainer_save(trainer, NULL, error);
}

bp_status bp_trainer_save_in(bp_trainer *trainer, bp_checkpoints *checkpoints, bp_error *error)
{
    BP_REQUIRE(trainer, error);
    struct bp_ranks *ranks = trainer->options.ranks;
    if (bp_ranks_rank(ranks) > 0)
        return follow_save(trainer, error);
    const struct bp_checkpoint_mark mark = {
        trainer->position.first_epochs + trainer->position.epochs, trainer->position.samples};
    bool needless =
        checkpoints && checkpoints->any && bp_checkpoint_mark_equal(mark, checkpoints->last);
    bp_ranks_broadcast(ranks, &needless, sizeof needless);
    if (needless)
        return BP_OK;
    char *path = NULL;
    bp_status status = bp_ranks_agree(ranks, prepare(checkpoints, mark, &path, error), error);
    if (!status)
        status = bp_trainer_save(trainer, path, error);
    if (status) {
        free(path);
        return status;
    }
    add_entry(checkpoints, mark, path);
    note_mark(checkpoints, mark);
    prune(checkpoints);
    return BP_OK;
}
