/* Where a path leads. */
#ifndef BP_BASE_PATH_H
#define BP_BASE_PATH_H

#include <stdbool.h>

/* The path of what `path` names once symbolic links in its last place are followed; it need not
 * exist. A path that names a descriptor is where the links end. NULL with errno set on failure
 * (ELOOP, ENOMEM, ...); freed with free(). */
char *bp_path_follow(const char *path);

/* The folder of a path: "a" for "a/b", "." for "b", "/" for "/b". NULL if there is no memory; freed
 * with free(). */
char *bp_path_folder(const char *path);

/* "folder/name"; NULL if there is no memory; freed with free(). */
char *bp_path_join(const char *folder, const char *name);

/* The number N of a path "/dev/fd/N", "/proc/self/fd/N", "/dev/stdin", "/dev/stdout" or
 * "/dev/stderr", else -1. */
int bp_path_descriptor(const char *path);

/* Sets `*same`: whether two paths name one ordinary file, or would if it were there. False if there
 * is no memory. */
bool bp_path_same(const char *path, const char *other, bool *same);

#endif
