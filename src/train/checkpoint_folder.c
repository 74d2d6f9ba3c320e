/* Names of checkpoints carry their place in the run, so that they sort by it. */
#include "train/checkpoint_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files/path.h"
#include "base/files/synchronize.h"
#include "base/files/temporary.h"

#define NAME_FORMAT "checkpoint-%08zu-%010zu.safetensors"
#define NAME_SIZE   96

bool bp_checkpoint_mark_equal(struct bp_checkpoint_mark a, struct bp_checkpoint_mark b)
{
    return a.epochs == b.epochs && a.samples == b.samples;
}

char *bp_checkpoint_path(const char *folder, struct bp_checkpoint_mark mark)
{
    char name[NAME_SIZE];
    snprintf(name, sizeof name, NAME_FORMAT, mark.epochs, mark.samples);
    return bp_path_join(folder, name);
}

/* Whether a name is one that bp_checkpoint_path() makes. */
static bool read_name(const char *name, struct bp_checkpoint_mark *mark)
{
    char again[NAME_SIZE];
    if (sscanf(name, "checkpoint-%19zu-%19zu.", &mark->epochs, &mark->samples) != 2)
        return false;
    snprintf(again, sizeof again, NAME_FORMAT, mark->epochs, mark->samples);
    return strcmp(name, again) == 0;
}

/* Makes the name of a new folder last; a file system that cannot leaves nothing to do. */
static void synchronize_parent(const char *folder)
{
    char *parent = bp_path_join(folder, "..");
    if (parent)
        bp_synchronize_folder(parent);
    free(parent);
}

static bp_status fail_folder(const char *verb, const char *folder, bp_error *error)
{
    return bp_fail_system(error, errno, "cannot %s the folder %s", verb, folder);
}

bp_status bp_checkpoint_folder_prepare(const char *folder, bp_error *error)
{
    if (mkdir(folder, 0777) == 0)
        synchronize_parent(folder);
    else if (errno != EEXIST)
        return fail_folder("make", folder, error);
    DIR *entries = opendir(folder);
    if (!entries)
        return fail_folder("open", folder, error);
    closedir(entries);
    bp_temporary_clean(folder);
    return BP_OK;
}

bp_status bp_checkpoint_folder_list(const char *folder, struct bp_checkpoint_mark **marks,
                                    size_t *count, bp_error *error)
{
    *marks = NULL;
    *count = 0;
    DIR *entries = opendir(folder);
    if (!entries)
        return fail_folder("open", folder, error);
    bp_status status = BP_OK;
    const struct dirent *entry;
    struct bp_checkpoint_mark mark;
    while (!status && (entry = readdir(entries)) != NULL) {
        if (!read_name(entry->d_name, &mark))
            continue;
        struct bp_checkpoint_mark *longer = realloc(*marks, (*count + 1) * sizeof *longer);
        if (longer) {
            *marks = longer;
            longer[(*count)++] = mark;
        } else {
            status = bp_fail_memory(error, "the list of checkpoints");
        }
    }
    closedir(entries);
    return status;
}
