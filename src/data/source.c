/*
 * zlib's own file functions take bytes that follow a gzip stream for its end and a plain file for
 * packed; here both are told apart, and every member of a file of several is checked.
 */
#include "data/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZLIB_CONST /* zlib takes its input as const */
#include <zlib.h>

#include "base/memory.h"
#include "base/sizes.h"

#define HEAD_SIZE  4096
#define BLOCK_SIZE ((size_t)128 << 10)

/* windowBits of inflateInit2(): the largest window, a gzip header and its checksum. */
#define GZIP_WINDOW (MAX_WBITS + 16)

struct bp_source {
    char *path;
    int file;
    unsigned char *block;      /* bytes as they are in the file */
    const unsigned char *next; /* of them, not yet used: */
    size_t left;
    unsigned char head[HEAD_SIZE]; /* the first bytes, unpacked */
    size_t head_size;
    size_t head_used;
    bool packed;
    bool stream_ready; /* inflateEnd() is due */
    bool in_member;    /* a gzip member has begun and not ended */
    size_t members;    /* that ended */
    uint64_t file_bytes;
    uint64_t unpacked_bytes;
    z_stream stream;
};

static bp_status fail_with_reason(const struct bp_source *source, int reason, bp_error *error)
{
    char text[256];
    if (strerror_r(reason, text, sizeof text) != 0)
        strcpy(text, "unknown reason");
    return bp_fail(error, BP_ERROR_IO, "%s: cannot be read: %s", source->path, text);
}

/* Makes `left` greater than 0 unless the file is at its end. */
static bp_status refill(struct bp_source *source, bp_error *error)
{
    if (source->left > 0)
        return BP_OK;
    ssize_t got;
    do
        got = read(source->file, source->block, BLOCK_SIZE);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return fail_with_reason(source, errno, error);
    source->next = source->block;
    source->left = (size_t)got;
    source->file_bytes += (uint64_t)got;
    return BP_OK;
}

static bp_status read_plain(struct bp_source *source, unsigned char *buffer, size_t size,
                            size_t *got, bp_error *error)
{
    while (*got < size) {
        bp_status status = refill(source, error);
        if (status != BP_OK)
            return status;
        size_t step = bp_size_min(source->left, size - *got);
        if (step == 0)
            break;
        memcpy(buffer + *got, source->next, step);
        source->next += step;
        source->left -= step;
        *got += step;
    }
    return BP_OK;
}

static bp_status check_inflate(struct bp_source *source, int code, bp_error *error)
{
    switch (code) {
    case Z_OK:
    case Z_BUF_ERROR: /* more input or room is needed; the loop brings it */
        return BP_OK;
    case Z_STREAM_END:
        source->in_member = false;
        source->members++;
        return BP_OK;
    case Z_MEM_ERROR:
        return bp_fail_memory(error, "the gzip decoder");
    default:
        if (source->members > 0 && source->stream.total_in <= 2)
            return bp_fail(error, BP_ERROR_INPUT, "%s: other bytes follow the end of the gzip data",
                           source->path);
        return bp_fail(error, BP_ERROR_INPUT, "%s: the gzip data are damaged (%s)", source->path,
                       source->stream.msg ? source->stream.msg : "bad data");
    }
}

/* One call of inflate(): takes from `left`, writes at most `size` bytes and adds them to *got. */
static bp_status unpack_some(struct bp_source *source, unsigned char *buffer, size_t size,
                             size_t *got, bp_error *error)
{
    uInt room = (uInt)bp_size_min(size, UINT_MAX), given = (uInt)source->left;
    source->stream.next_in = source->next;
    source->stream.avail_in = given;
    source->stream.next_out = buffer;
    source->stream.avail_out = room;
    int code = inflate(&source->stream, Z_NO_FLUSH);
    source->next += given - source->stream.avail_in;
    source->left = source->stream.avail_in;
    size_t written = room - source->stream.avail_out;
    *got += written;
    source->unpacked_bytes += written;
    if (source->unpacked_bytes > BP_SOURCE_RATIO_FREE + BP_SOURCE_RATIO_MAX * source->file_bytes)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: unpacks to more than %d times its size; if that is right, unpack it "
                       "with gunzip first",
                       source->path, BP_SOURCE_RATIO_MAX);
    return check_inflate(source, code, error);
}

static bp_status read_packed(struct bp_source *source, unsigned char *buffer, size_t size,
                             size_t *got, bp_error *error)
{
    while (*got < size) {
        bp_status status = refill(source, error);
        if (status != BP_OK)
            return status;
        if (source->left == 0 && source->in_member)
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: the gzip data end too early; the file is cut off", source->path);
        if (source->left == 0)
            break;
        if (!source->in_member) {
            inflateReset(&source->stream);
            source->in_member = true;
        }
        status = unpack_some(source, buffer + *got, size - *got, got, error);
        if (status != BP_OK)
            return status;
    }
    return BP_OK;
}

static bp_status read_on(struct bp_source *source, unsigned char *buffer, size_t size, size_t *got,
                         bp_error *error)
{
    return source->packed ? read_packed(source, buffer, size, got, error)
                          : read_plain(source, buffer, size, got, error);
}

static bp_status open_file(struct bp_source *source, bp_error *error)
{
    source->file = open(source->path, O_RDONLY | O_CLOEXEC);
    if (source->file < 0)
        return fail_with_reason(source, errno, error);
    struct stat about;
    if (fstat(source->file, &about) != 0)
        return fail_with_reason(source, errno, error);
    if (S_ISDIR(about.st_mode))
        return fail_with_reason(source, EISDIR, error);
    return BP_OK;
}

/* Whether the file is gzip: by its first two bytes. */
static bp_status start_unpacking(struct bp_source *source, bp_error *error)
{
    bp_status status = refill(source, error);
    if (status != BP_OK || source->left < 2 || source->next[0] != 0x1F || source->next[1] != 0x8B)
        return status;
    if (inflateInit2(&source->stream, GZIP_WINDOW) != Z_OK)
        return bp_fail_memory(error, "the gzip decoder");
    source->packed = source->stream_ready = true;
    return BP_OK;
}

bp_status bp_source_open(struct bp_source **out, const char *path, bp_error *error)
{
    *out = NULL;
    bp_status status = BP_OK;
    struct bp_source *source = calloc(1, sizeof *source);
    if (!source)
        return bp_fail_memory(error, path);
    source->file = -1;
    source->path = bp_text_copy(path, strlen(path));
    source->block = malloc(BLOCK_SIZE);
    if (!source->path || !source->block) {
        status = bp_fail_memory(error, path);
        goto fail;
    }
    if ((status = open_file(source, error)) != BP_OK ||
        (status = start_unpacking(source, error)) != BP_OK ||
        (status = read_on(source, source->head, HEAD_SIZE, &source->head_size, error)) != BP_OK)
        goto fail;
    *out = source;
    return BP_OK;
fail:
    bp_source_close(source);
    return status;
}

void bp_source_close(struct bp_source *source)
{
    if (!source)
        return;
    if (source->stream_ready)
        inflateEnd(&source->stream);
    if (source->file >= 0)
        close(source->file);
    free(source->block);
    free(source->path);
    free(source);
}

const char *bp_source_path(const struct bp_source *source)
{
    return source->path;
}

const unsigned char *bp_source_head(const struct bp_source *source, size_t *size)
{
    *size = source->head_size;
    return source->head;
}

int bp_source_file(const struct bp_source *source, size_t *size)
{
    struct stat about;
    if (source->packed || fstat(source->file, &about) != 0 || !S_ISREG(about.st_mode) ||
        about.st_size < 1 || (uint64_t)about.st_size > SIZE_MAX)
        return -1;
    *size = (size_t)about.st_size;
    return source->file;
}

bp_status bp_source_read(struct bp_source *source, void *buffer, size_t size, size_t *got,
                         bp_error *error)
{
    size_t kept = bp_size_min(source->head_size - source->head_used, size);
    memcpy(buffer, source->head + source->head_used, kept);
    source->head_used += kept;
    *got = kept;
    return kept == size ? BP_OK : read_on(source, buffer, size, got, error);
}
