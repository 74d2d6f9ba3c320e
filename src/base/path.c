/* Where a path leads. */
#include "base/path.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
        return bp_text_copy(held, (size_t)length);
    const char *slash = strrchr(path, '/');
    size_t prefix = slash ? (size_t)(slash - path) + 1 : 0;
    char *joined = malloc(prefix + (size_t)length + 1);
    if (!joined)
        return NULL;
    memcpy(joined, path, prefix);
    memcpy(joined + prefix, held, (size_t)length);
    joined[prefix + (size_t)length] = '\0';
    return joined;
}

char *bp_path_follow(const char *path)
{
    char *here = bp_text_copy(path, strlen(path));
    for (int links = 0; here && links < LINKS_MAX; links++) {
        char *next = read_link(here);
        /* EINVAL: no link; ENOENT: nothing there yet. Both are where the path ends. */
        if (!next && (errno == EINVAL || errno == ENOENT))
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
    static const char prefix[] = "/dev/fd/";
    for (int i = 0; i < 3; i++) {
        if (strcmp(path, standard[i]) == 0)
            return i;
    }
    if (strncmp(path, prefix, sizeof prefix - 1) != 0)
        return -1;
    const char *digits = path + sizeof prefix - 1;
    size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 6 || digits[length] != '\0')
        return -1;
    return atoi(digits);
}
