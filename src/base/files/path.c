/* Where a path leads. */
#include "base/files/path.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

/* As many links as Linux follows. */
#define LINKS_MAX 40

char *bp_path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return bp_text_copy(".", 1);
    return bp_text_copy(path, slash == path ? 1 : (size_t)(slash - path));
}

char *bp_path_join(const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s/%s", folder, name);
    return path;
}

/* NULL with errno set: no memory. */
static char *copy_text(const char *text, size_t length)
{
    char *copy = bp_text_copy(text, length);
    if (!copy)
        errno = ENOMEM;
    return copy;
}

/* What the symbolic link `path` holds, seen from the current folder. */
static char *read_link(const char *path)
{
    char held[PATH_MAX];
    ssize_t length = readlink(path, held, sizeof held);
    if (length < 0)
        return NULL;
    if ((size_t)length == sizeof held) {
        errno = ENAMETOOLONG;
        return NULL;
    }
    if (held[0] == '/')
        return copy_text(held, (size_t)length);
    const char *slash = strrchr(path, '/');
    size_t prefix = slash ? (size_t)(slash - path) + 1 : 0;
    char *joined = malloc(prefix + (size_t)length + 1);
    if (!joined) {
        errno = ENOMEM;
        return NULL;
    }
    memcpy(joined, path, prefix);
    memcpy(joined + prefix, held, (size_t)length);
    joined[prefix + (size_t)length] = '\0';
    return joined;
}

char *bp_path_follow(const char *path)
{
    char *here = copy_text(path, strlen(path));
    for (int links = 0; here && links < LINKS_MAX; links++) {
        if (bp_path_descriptor(here) >= 0)
            return here;
        char *next = read_link(here);
        /* No link, nothing there yet, or below what is no folder: there the path ends. */
        if (!next && (errno == EINVAL || errno == ENOENT || errno == ENOTDIR))
            return here;
        free(here);
        here = next;
        if (!here)
            return NULL;
    }
    if (here) {
        free(here);
        errno = ELOOP;
    }
    return NULL;
}

int bp_path_descriptor(const char *path)
{
    static const char *const standard[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"};
    for (int i = 0; i < 3; i++) {
        const size_t prefix = strlen(folders[i]);
        if (strcmp(path, standard[i]) == 0)
            return i;
        if (strncmp(path, folders[i], prefix) != 0)
            continue;
        const char *digits = path + prefix;
        const size_t length = strspn(digits, "0123456789");
        if (length > 0 && length <= 6 && digits[length] == '\0')
            return atoi(digits);
    }
    return -1;
}

/* Whether two files, of which one does not exist yet, are the same name in the same folder. */
static bool name_same_entry(const char *path, const char *other, bool *same)
{
    struct stat a, b;
    const char *slash = strrchr(path, '/'), *other_slash = strrchr(other, '/');
    char *folder = bp_path_folder(path), *other_folder = bp_path_folder(other);
    const bool done = folder && other_folder;
    *same = done && strcmp(slash ? slash + 1 : path, other_slash ? other_slash + 1 : other) == 0 &&
            stat(folder, &a) == 0 && stat(other_folder, &b) == 0 && a.st_dev == b.st_dev &&
            a.st_ino == b.st_ino;
    free(folder);
    free(other_folder);
    return done;
}

bool bp_path_same(const char *path, const char *other, bool *same)
{
    struct stat a, b;
    *same = false;
    if (stat(path, &a) == 0 && stat(other, &b) == 0) {
        *same = S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
        return true;
    }
    errno = 0;
    char *end = bp_path_follow(path), *other_end = bp_path_follow(other);
    /* A path that leads nowhere, as a link to itself does, is found to be wrong elsewhere. */
    const bool done = end && other_end ? name_same_entry(end, other_end, same) : errno != ENOMEM;
    free(end);
    free(other_end);
    return done;
}
