/*
 * A name that can be foreseen does no harm: a file is created by O_EXCL, which refuses whatever
 * lies there, and of what lies there nothing but a name like ours is ever removed. Between O_EXCL
 * and the lock another process may take a new file for a leftover: so the one that created it looks
 * again, under the lock, whether the name still leads to it.
 */
#include "base/files/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/files/path.h"

#define NAME_START ".batchprop-"
#define NAME_END   ".tmp"
#define NAME_SIZE  48

#define SLOTS_MAX   10000 /* writers of one target at a time */
#define SLOTS_SWEPT 8     /* looked at for leftovers, even where an earlier one is free */

/* Whether `path` leads to the open file; a file that was removed has a descriptor, but no name. */
static bool is_named(int descriptor, const char *path)
{
    struct stat file, entry;
    return fstat(descriptor, &file) == 0 && lstat(path, &entry) == 0 &&
           file.st_dev == entry.st_dev && file.st_ino == entry.st_ino;
}

/* Removes the file unless a process holds its lock, or there are no locks on this file system. */
static void remove_leftover(const char *path)
{
    struct stat entry;
    if (lstat(path, &entry) != 0 || !S_ISREG(entry.st_mode))
        return;
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (descriptor < 0)
        return;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 && is_named(descriptor, path))
        unlink(path);
    close(descriptor);
}

/* A descriptor of the new file, locked, or -1 with errno set: EEXIST if the name is taken. */
static int create(const char *path, mode_t mode)
{
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0)
        return -1;
    /* A file system without locks has none to be taken by others either. */
    const bool taken = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (!taken && is_named(descriptor, path))
        return descriptor;
    close(descriptor);
    errno = EEXIST;
    return -1;
}

bp_status bp_temporary_create(int *descriptor, char **path, const char *target, const char *folder,
                              mode_t mode, bp_error *error)
{
    const char *slash = strrchr(target, '/'), *name = slash ? slash + 1 : target;
    const unsigned long long hash = bp_digest_short(name, strlen(name));
    const size_t size = strlen(folder) + 1 + NAME_SIZE;
    char *made = malloc(size), *other = malloc(size);
    *descriptor = -1;
    *path = NULL;
    for (unsigned slot = 0; made && other && slot < SLOTS_MAX; slot++) {
        char *const tried = *descriptor < 0 ? made : other;
        snprintf(tried, size, "%s/" NAME_START "%016llx-%u" NAME_END, folder, hash, slot);
        remove_leftover(tried);
        if (*descriptor < 0)
            *descriptor = create(tried, mode);
        if (*descriptor < 0 ? errno != EEXIST && errno != EINTR : slot >= SLOTS_SWEPT)
            break;
    }
    bp_status status = BP_OK;
    if (!made || !other)
        status = bp_fail_memory(error, "the name of a temporary file");
    else if (*descriptor < 0)
        status = bp_fail_system(error, errno, "%s: the temporary file %s cannot be created", target,
                                made);
    free(other);
    if (status == BP_OK)
        *path = made;
    else
        free(made);
    return status;
}

/* ".batchprop-", 16 digits, "-", a number, ".tmp". */
static bool is_temporary(const char *name)
{
    static const char hexadecimal[] = "0123456789abcdef";
    const size_t start = strlen(NAME_START);
    if (strncmp(name, NAME_START, start) != 0 || strspn(name + start, hexadecimal) != 16 ||
        name[start + 16] != '-')
        return false;
    const char *number = name + start + 17;
    const size_t digits = strspn(number, hexadecimal);
    return digits > 0 && strcmp(number + digits, NAME_END) == 0;
}

void bp_temporary_clean(const char *folder)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    while (entries && (entry = readdir(entries)) != NULL) {
        char *path = is_temporary(entry->d_name) ? bp_path_join(folder, entry->d_name) : NULL;
        if (path)
            remove_leftover(path);
        free(path);
    }
    if (entries)
        closedir(entries);
}
