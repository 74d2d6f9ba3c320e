/*
 * A reader, or a machine that loses power, finds the old or the new content under the name:
 * rename() is atomic, and it comes after the new bytes are on the disk.
 */
#include "base/files/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files/synchronize.h"
#include "base/files/target.h"
#include "base/files/temporary.h"
#include "base/memory.h"
#include "base/sizes.h"

#define BUFFER_SIZE 65536

struct bp_file {
    int descriptor; /* -1: none */
    char *path;     /* as the caller wrote it, for messages */
    struct bp_target target;
    char *temporary; /* where the new content grows; NULL: there is nothing to put in place */
    bool named;      /* its name is on the disk */
    size_t held;     /* bytes in the buffer */
    unsigned char buffer[BUFFER_SIZE];
};

static bp_status fail_io(const struct bp_file *file, const char *what, bp_error *error)
{
    return bp_fail_system(error, errno, "%s: %s", file->path, what);
}

/* Last, because the lock of a temporary file ends when its descriptor is closed. */
static void free_file(struct bp_file *file)
{
    if (file->temporary)
        unlink(file->temporary);
    if (file->descriptor >= 0)
        close(file->descriptor);
    free(file->temporary);
    bp_target_release(&file->target);
    free(file->path);
    free(file);
}

/* What is kept of a file that is replaced. Only the superuser may give a file away; a group that
 * the user is not in cannot be kept, and another group may do no more than everybody. */
static bp_status keep_attributes(struct bp_file *file, bp_error *error)
{
    const struct stat *old = &file->target.old;
    mode_t mode = old->st_mode & 0777;
    if (fchown(file->descriptor, (uid_t)-1, old->st_gid) != 0)
        mode &= 0707 | (mode & 07) << 3;
    if (fchown(file->descriptor, old->st_uid, (gid_t)-1) != 0 && errno == EIO)
        return fail_io(file, "the owner of the file cannot be kept", error);
    if (fchmod(file->descriptor, mode) != 0)
        return fail_io(file, "the mode of the file cannot be kept", error);
    return BP_OK;
}

static bp_status open_temporary(struct bp_file *file, bp_error *error)
{
    const struct bp_target *target = &file->target;
    const mode_t mode = target->exists ? target->old.st_mode & 0777 : 0666;
    const bp_status status = bp_temporary_create(&file->descriptor, &file->temporary, target->path,
                                                 target->folder, mode, error);
    return status == BP_OK && target->exists ? keep_attributes(file, error) : status;
}

/* The caller's own descriptor is shared, so that what follows on it follows in the file as well;
 * opening /dev/stdout again would begin at the first byte of a redirected file. */
static bp_status open_straight(struct bp_file *file, int flags, bp_error *error)
{
    const struct bp_target *target = &file->target;
    const char *path = target->path ? target->path : file->path;
    do {
        file->descriptor = target->descriptor >= 0 ? fcntl(target->descriptor, F_DUPFD_CLOEXEC, 0)
                                                   : open(path, flags | O_CLOEXEC | O_NOCTTY, 0666);
    } while (file->descriptor < 0 && errno == EINTR);
    return file->descriptor < 0 ? fail_io(file, "cannot be opened for writing", error) : BP_OK;
}

/* A file whose target is found. */
static bp_status create_file(struct bp_file **out, const char *path, bool replaced, bp_error *error)
{
    *out = NULL;
    struct bp_file *file = calloc(1, sizeof *file);
    if (!file)
        return bp_fail_memory(error, "an output file");
    file->descriptor = -1;
    bp_status status = bp_target_find(&file->target, path, replaced, error);
    file->path = bp_text_copy(path, strlen(path));
    if (status == BP_OK && !file->path)
        status = bp_fail_memory(error, "the name of an output file");
    if (status == BP_OK)
        *out = file;
    else
        free_file(file);
    return status;
}

/* Takes a file over whose opening has ended with `status`. */
static bp_status hand_out(struct bp_file **out, bp_status status)
{
    if (status != BP_OK) {
        free_file(*out);
        *out = NULL;
    }
    return status;
}

bp_status bp_file_check(const char *path, bool replaced, bp_error *error)
{
    struct bp_target target;
    const bp_status status = bp_target_find(&target, path, replaced, error);
    bp_target_release(&target);
    return status;
}

bp_status bp_file_begin(struct bp_file **out, const char *path, bp_error *error)
{
    const bp_status status = create_file(out, path, true, error);
    if (status != BP_OK)
        return status;
    return hand_out(out, (*out)->target.path ? open_temporary(*out, error)
                                             : open_straight(*out, O_WRONLY, error));
}

/* Sets `*end` to what follows the last newline. */
static bp_status find_line_end(struct bp_file *file, off_t *end, bp_error *error)
{
    ssize_t size = 0;
    *end = 0;
    for (off_t at = 0;; at += size) {
        size = read(file->descriptor, file->buffer, sizeof file->buffer);
        if (size < 0 && errno != EINTR)
            return fail_io(file, "cannot be read", error);
        if (size == 0)
            return BP_OK;
        size = size < 0 ? 0 : size;
        for (ssize_t k = 0; k < size; k++)
            *end = file->buffer[k] == '\n' ? at + k + 1 : *end;
    }
}

/* Cuts off what follows the last newline, and goes there: a process that is killed may leave part
 * of a line, after which no reader could go on. */
static bp_status continue_file(struct bp_file *file, bool *continued, bp_error *error)
{
    off_t end;
    const bp_status status = find_line_end(file, &end, error);
    if (status != BP_OK)
        return status;
    *continued = end > 0;
    if (ftruncate(file->descriptor, end) != 0 || lseek(file->descriptor, end, SEEK_SET) != end)
        return fail_io(file, "cannot be continued", error);
    return BP_OK;
}

bp_status bp_file_open(struct bp_file **out, const char *path, bool *continued, bp_error *error)
{
    bp_status status = create_file(out, path, false, error);
    if (continued)
        *continued = false;
    if (status != BP_OK)
        return status;
    const bool ordinary = (*out)->target.path != NULL;
    status = open_straight(
        *out, !ordinary ? O_WRONLY : O_CREAT | (continued ? O_RDWR : O_WRONLY | O_TRUNC), error);
    if (status == BP_OK && ordinary && continued)
        status = continue_file(*out, continued, error);
    return hand_out(out, status);
}

const char *bp_file_temporary(const struct bp_file *file)
{
    return file->temporary;
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

bp_status bp_file_flush(struct bp_file *file, bp_error *error)
{
    size_t held = file->held;
    file->held = 0;
    return write_out(file, file->buffer, held, error);
}

bp_status bp_file_synchronize(struct bp_file *file, bp_error *error)
{
    const bp_status status = bp_file_flush(file, error);
    if (status != BP_OK || !file->target.path)
        return status;
    if (!bp_synchronize(file->descriptor) ||
        (!file->named && !bp_synchronize_folder(file->target.folder)))
        return fail_io(file, "cannot be synchronized with the disk", error);
    file->named = true;
    return BP_OK;
}

bp_status bp_file_write(struct bp_file *file, const void *data, size_t size, bp_error *error)
{
    if (size > BUFFER_SIZE - file->held) {
        bp_status status = bp_file_flush(file, error);
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

/* After EINTR the descriptor is gone. */
static bp_status close_file(struct bp_file *file, const char *what, bp_error *error)
{
    int result = close(file->descriptor);
    file->descriptor = -1;
    return result != 0 && errno != EINTR ? fail_io(file, what, error) : BP_OK;
}

/* The file is closed last: until then its lock keeps others from taking it for a leftover. */
static bp_status put_in_place(struct bp_file *file, bp_error *error)
{
    if (!bp_synchronize(file->descriptor))
        return fail_io(file, "cannot be synchronized with the disk", error);
    if (rename(file->temporary, file->target.path) != 0)
        return fail_io(file, "cannot be replaced", error);
    free(file->temporary);
    file->temporary = NULL;
    const bp_status status = close_file(file, "is written, but cannot be closed", error);
    if (status == BP_OK && !bp_synchronize_folder(file->target.folder))
        return fail_io(file, "is written, but its folder cannot be synchronized", error);
    return status;
}

bp_status bp_file_commit(struct bp_file *file, bp_error *error)
{
    bp_status status = bp_file_flush(file, error);
    if (status == BP_OK)
        status = file->temporary ? put_in_place(file, error)
                                 : close_file(file, "cannot be closed", error);
    free_file(file);
    return status;
}

void bp_file_abandon(struct bp_file *file)
{
    if (file)
        free_file(file);
}
