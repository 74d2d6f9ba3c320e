/*
 * Files replaced as a whole. A reader, or a machine that loses power, finds the old or the new
 * content under the name: rename() is atomic, and it comes after the new bytes are on the disk.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/path.h"
#include "base/sizes.h"

#define BUFFER_SIZE    65536
#define ATTEMPTS_MAX   10000
#define TEMPORARY_SIZE 64 /* of the name of a temporary file within its folder */

struct bp_file {
    int descriptor;  /* -1: none */
    char *path;      /* as the caller wrote it, for messages */
    char *target;    /* what the new content replaces; NULL: written to directly */
    char *folder;    /* of the target */
    char *temporary; /* where the new content grows; NULL: there is nothing to remove */
    size_t held;     /* bytes in the buffer */
    unsigned char buffer[BUFFER_SIZE];
};

static bp_status fail_io(const struct bp_file *file, const char *what, bp_error *error)
{
    return bp_fail(error, BP_ERROR_IO, "%s: %s: %s", file->path, what, strerror(errno));
}

static void free_file(struct bp_file *file)
{
    if (file->descriptor >= 0)
        close(file->descriptor);
    if (file->temporary)
        unlink(file->temporary);
    free(file->temporary);
    free(file->folder);
    free(file->target);
    free(file->path);
    free(file);
}

/* The caller's own descriptor is shared, so that what follows on it follows in the file as well;
 * opening /dev/stdout anew would begin at the first byte of a redirected file. */
static bp_status open_direct(struct bp_file *file, int shared, bp_error *error)
{
    do {
        file->descriptor = shared >= 0 ? fcntl(shared, F_DUPFD_CLOEXEC, 0)
                                       : open(file->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    } while (file->descriptor < 0 && errno == EINTR);
    if (file->descriptor < 0)
        return fail_io(file, "cannot be opened for writing", error);
    return BP_OK;
}

/* Creates the temporary file. That its name can be foreseen does no harm: O_EXCL refuses whatever
 * lies there already, a link included. */
static bp_status open_temporary(struct bp_file *file, bp_error *error)
{
    size_t size = strlen(file->folder) + TEMPORARY_SIZE;
    char *path = malloc(size);
    if (!path)
        return bp_fail_memory(error, "the name of a temporary file");
    for (unsigned attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        snprintf(path, size, "%s/.batchprop-%ld-%u.tmp", file->folder, (long)getpid(), attempt);
        file->descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file->descriptor >= 0) {
            file->temporary = path;
            return BP_OK;
        }
        if (errno != EEXIST && errno != EINTR)
            break;
    }
    bp_fail(error, BP_ERROR_IO, "%s: no file can be created in the folder %s: %s", file->path,
            file->folder, strerror(errno));
    free(path);
    return BP_ERROR_IO;
}

/* `old` is what the path names now, or NULL. */
static bp_status open_replacement(struct bp_file *file, const struct stat *old, bp_error *error)
{
    file->target = bp_path_follow(file->path);
    if (!file->target)
        return fail_io(file, "cannot be resolved", error);
    file->folder = bp_path_folder(file->target);
    if (!file->folder)
        return bp_fail_memory(error, "the name of a folder");
    if (old && faccessat(AT_FDCWD, file->target, W_OK, AT_EACCESS) != 0)
        return fail_io(file, "cannot be replaced", error);
    bp_status status = open_temporary(file, error);
    if (status != BP_OK)
        return status;
    if (old && fchmod(file->descriptor, old->st_mode & 0777) != 0)
        return fail_io(file, "the mode of the file cannot be kept", error);
    return BP_OK;
}

static bp_status open_file(struct bp_file *file, bp_error *error)
{
    size_t length = strlen(file->path);
    if (length == 0)
        return bp_fail(error, BP_ERROR_IO, "the name of the output file is empty");
    int shared = bp_path_descriptor(file->path);
    if (shared >= 0)
        return open_direct(file, shared, error);
    struct stat old;
    if (stat(file->path, &old) != 0) {
        if (errno != ENOENT)
            return fail_io(file, "cannot be written", error);
        if (file->path[length - 1] == '/')
            return bp_fail(error, BP_ERROR_IO, "%s: is the name of a folder, not of a file",
                           file->path);
        return open_replacement(file, NULL, error);
    }
    if (S_ISDIR(old.st_mode))
        return bp_fail(error, BP_ERROR_IO, "%s: is a folder, not a file", file->path);
    if (S_ISFIFO(old.st_mode) || S_ISCHR(old.st_mode))
        return open_direct(file, -1, error);
    if (!S_ISREG(old.st_mode))
        return bp_fail(error, BP_ERROR_IO, "%s: is neither a file nor a pipe", file->path);
    return open_replacement(file, &old, error);
}

bp_status bp_file_begin(struct bp_file **out, const char *path, bp_error *error)
{
    *out = NULL;
    struct bp_file *file = calloc(1, sizeof *file);
    if (!file)
        return bp_fail_memory(error, "an output file");
    file->descriptor = -1;
    bp_status status = BP_OK;
    file->path = bp_text_copy(path, strlen(path));
    if (!file->path) {
        status = bp_fail_memory(error, "the name of an output file");
        goto fail;
    }
    status = open_file(file, error);
    if (status != BP_OK)
        goto fail;
    *out = file;
    return BP_OK;

fail:
    free_file(file);
    return status;
}

static bp_status write_out(struct bp_file *file, const unsigned char *data, size_t size,
                           bp_error *error)
{
    while (size > 0) {
        ssize_t written = write(file->descriptor, data, bp_size_min(size, (size_t)1 << 30));
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return fail_io(file, "cannot be written", error);
        }
        data += written;
        size -= (size_t)written;
    }
    return BP_OK;
}

static bp_status flush_buffer(struct bp_file *file, bp_error *error)
{
    size_t held = file->held;
    file->held = 0;
    return write_out(file, file->buffer, held, error);
}

bp_status bp_file_write(struct bp_file *file, const void *data, size_t size, bp_error *error)
{
    if (size > BUFFER_SIZE - file->held) {
        bp_status status = flush_buffer(file, error);
        if (status != BP_OK)
            return status;
    }
    if (size > BUFFER_SIZE)
        return write_out(file, data, size, error);
    if (size > 0)
        memcpy(file->buffer + file->held, data, size);
    file->held += size;
    return BP_OK;
}

/* fsync(), again only if a signal came between: after a failed write-back the kernel forgets the
 * bytes, and a second call would report success. */
static int synchronize(int descriptor)
{
    int result;
    do {
        result = fsync(descriptor);
    } while (result != 0 && errno == EINTR);
    return result;
}

/* Makes the new name last. A folder that cannot be opened for reading, and a file system that
 * cannot synchronize folders, leave nothing to do. */
static bp_status synchronize_folder(const struct bp_file *file, bp_error *error)
{
    int folder = open(file->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return BP_OK;
    bp_status status = BP_OK;
    if (synchronize(folder) != 0 && errno != EINVAL && errno != ENOTSUP)
        status = fail_io(file, "is written, but its folder cannot be synchronized", error);
    close(folder);
    return status;
}

static bp_status close_file(struct bp_file *file, bp_error *error)
{
    int result = close(file->descriptor);
    file->descriptor = -1;
    /* After EINTR the descriptor is gone and, synchronized before, the content is safe. */
    if (result != 0 && errno != EINTR)
        return fail_io(file, "cannot be closed", error);
    return BP_OK;
}

static bp_status put_in_place(struct bp_file *file, bp_error *error)
{
    if (synchronize(file->descriptor) != 0)
        return fail_io(file, "cannot be synchronized with the disk", error);
    bp_status status = close_file(file, error);
    if (status != BP_OK)
        return status;
    if (rename(file->temporary, file->target) != 0)
        return fail_io(file, "cannot be replaced", error);
    free(file->temporary);
    file->temporary = NULL;
    return synchronize_folder(file, error);
}

bp_status bp_file_commit(struct bp_file *file, bp_error *error)
{
    bp_status status = flush_buffer(file, error);
    if (status == BP_OK)
        status = file->target ? put_in_place(file, error) : close_file(file, error);
    free_file(file);
    return status;
}

void bp_file_abandon(struct bp_file *file)
{
    if (file)
        free_file(file);
}
