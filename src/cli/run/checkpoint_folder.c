/* Names of checkpoints, and what else a killed run leaves in their folder. */
#include "cli/run/checkpoint_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"

#define NAME_FORMAT "checkpoint-%08zu-%010zu.safetensors"
#define NAME_SIZE   96
/* What the library calls files that are not complete (docs/files.md). */
#define TEMPORARY_START ".batchprop-"
#define TEMPORARY_END   ".tmp"

bool checkpoint_mark_equal(struct checkpoint_mark a, struct checkpoint_mark b)
{
    return a.epochs == b.epochs && a.samples == b.samples;
}

static char *join_path(const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

char *checkpoint_folder_path(const char *folder, struct checkpoint_mark mark)
{
    char name[NAME_SIZE];
    snprintf(name, sizeof name, NAME_FORMAT, mark.epochs, mark.samples);
    return join_path(folder, name);
}

/* Whether a name is one that checkpoint_folder_path() makes. */
static bool read_name(const char *name, struct checkpoint_mark *mark)
{
    char again[NAME_SIZE];
    if (sscanf(name, "checkpoint-%19zu-%19zu.", &mark->epochs, &mark->samples) != 2)
        return false;
    snprintf(again, sizeof again, NAME_FORMAT, mark->epochs, mark->samples);
    return strcmp(name, again) == 0;
}

/* Whether a name is that of a temporary file of a process that has ended. This one has begun none
 * yet: its number may be that of an earlier one, as in a container. */
static bool is_stale(const char *name)
{
    const size_t start = strlen(TEMPORARY_START), end = strlen(TEMPORARY_END);
    const size_t length = strlen(name);
    long process;
    if (length < start + end || strncmp(name, TEMPORARY_START, start) != 0 ||
        strcmp(name + length - end, TEMPORARY_END) != 0 ||
        sscanf(name + start, "%10ld-", &process) != 1 || process <= 0)
        return false;
    return process == (long)getpid() || (kill((pid_t)process, 0) != 0 && errno == ESRCH);
}

static void remove_file(const char *folder, const char *name)
{
    char *path = join_path(folder, name);
    if (path)
        unlink(path);
    free(path);
}

/* Makes the name of a new folder last; a file system that cannot leaves nothing to do. */
static void synchronize_parent(const char *folder)
{
    char *parent = join_path(folder, "..");
    const int descriptor = parent ? open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
    free(parent);
}

int checkpoint_folder_open(const char *folder)
{
    if (mkdir(folder, 0777) == 0)
        synchronize_parent(folder);
    else if (errno != EEXIST)
        return message_io("make the folder", folder);
    DIR *entries = opendir(folder);
    if (!entries)
        return message_io("open the folder", folder);
    const struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) {
        if (is_stale(entry->d_name))
            remove_file(folder, entry->d_name);
    }
    closedir(entries);
    return EXIT_DONE;
}

/* The furthest first. */
static int compare_marks(const void *left, const void *right)
{
    const struct checkpoint_mark *a = left, *b = right;
    if (a->epochs != b->epochs)
        return a->epochs > b->epochs ? -1 : 1;
    return a->samples == b->samples ? 0 : a->samples > b->samples ? -1 : 1;
}

int checkpoint_folder_list(const char *folder, struct checkpoint_mark **marks, size_t *count)
{
    *marks = NULL;
    *count = 0;
    DIR *entries = opendir(folder);
    if (!entries)
        return message_io("open the folder", folder);
    int code = EXIT_DONE;
    const struct dirent *entry;
    struct checkpoint_mark mark;
    while (code == EXIT_DONE && (entry = readdir(entries)) != NULL) {
        if (!read_name(entry->d_name, &mark))
            continue;
        struct checkpoint_mark *longer = realloc(*marks, (*count + 1) * sizeof **marks);
        if (longer) {
            *marks = longer;
            longer[(*count)++] = mark;
        } else {
            code = message_no_memory();
        }
    }
    closedir(entries);
    if (*count > 1)
        qsort(*marks, *count, sizeof **marks, compare_marks);
    return code;
}

void checkpoint_folder_prune(const char *folder, struct checkpoint_mark keep,
                             struct checkpoint_mark also)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    struct checkpoint_mark mark;
    while (entries && (entry = readdir(entries)) != NULL) {
        if (read_name(entry->d_name, &mark) && !checkpoint_mark_equal(mark, keep) &&
            !checkpoint_mark_equal(mark, also))
            remove_file(folder, entry->d_name);
    }
    if (entries)
        closedir(entries);
}
