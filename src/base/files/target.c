/* Whether an output can be written is found out before hours of work are put into it. */
#include "base/files/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files/path.h"

static bp_status fail_io(const char *path, const char *what, bp_error *error)
{
    return bp_fail_system(error, errno, "%s: %s", path, what);
}

static bp_status check_descriptor(const char *path, int descriptor, bp_error *error)
{
    const int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0)
        return fail_io(path, "cannot be written", error);
    if ((flags & O_ACCMODE) == O_RDONLY)
        return bp_fail(error, BP_ERROR_IO, "%s: is open for reading only", path);
    return BP_OK;
}

/* A file is replaced through its folder. */
static bp_status check_folder(const char *path, const char *folder, bp_error *error)
{
    struct stat status;
    if (stat(folder, &status) == 0 && !S_ISDIR(status.st_mode))
        return bp_fail(error, BP_ERROR_IO, "%s: cannot be created: %s is not a folder", path,
                       folder);
    if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0)
        return bp_fail_system(error, errno, "%s: cannot write into the folder %s", path, folder);
    return BP_OK;
}

/* A name that leads to nothing yet. */
static bp_status check_new(const char *path, bp_error *error)
{
    if (errno != ENOENT && errno != ENOTDIR)
        return fail_io(path, "cannot be written", error);
    const size_t length = strlen(path);
    if (length == 0)
        return bp_fail(error, BP_ERROR_IO, "the name of the output file is empty");
    if (path[length - 1] == '/')
        return bp_fail(error, BP_ERROR_IO, "%s: is the name of a folder, not of a file", path);
    return BP_OK;
}

static bp_status check_old(const char *path, const struct stat *old, bp_error *error)
{
    if (S_ISDIR(old->st_mode))
        return bp_fail(error, BP_ERROR_IO, "%s: is a folder, not a file", path);
    if (!S_ISREG(old->st_mode) && !S_ISFIFO(old->st_mode) && !S_ISCHR(old->st_mode))
        return bp_fail(error, BP_ERROR_IO, "%s: is neither a file nor a pipe", path);
    if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0)
        return fail_io(path, "cannot be written", error);
    return BP_OK;
}

bp_status bp_target_find(struct bp_target *target, const char *path, bool replaced, bp_error *error)
{
    *target = (struct bp_target){.descriptor = -1};
    target->exists = stat(path, &target->old) == 0;
    bp_status status =
        target->exists ? check_old(path, &target->old, error) : check_new(path, error);
    target->path = bp_path_follow(path);
    target->descriptor = target->path ? bp_path_descriptor(target->path) : -1;
    if (target->descriptor >= 0)
        status = check_descriptor(path, target->descriptor, error);
    if (status != BP_OK)
        return status;
    if (target->descriptor >= 0 || (target->exists && !S_ISREG(target->old.st_mode))) {
        free(target->path);
        target->path = NULL;
        return BP_OK;
    }
    if (!target->path)
        return errno == ENOMEM ? bp_fail_memory(error, "the name of an output file")
                               : fail_io(path, "cannot be resolved", error);
    target->folder = bp_path_folder(target->path);
    if (!target->folder)
        return bp_fail_memory(error, "the name of a folder");
    if (target->exists && !replaced)
        return BP_OK;
    return check_folder(path, target->folder, error);
}

void bp_target_release(struct bp_target *target)
{
    free(target->path);
    free(target->folder);
    *target = (struct bp_target){.descriptor = -1};
}
