/* Packed or plain, a file is a run of bytes; every frame of a packed one is checked. */
#include "data/source/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files/open_input.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "data/source/unpack.h"

#define HEAD_SIZE  4096
#define BLOCK_SIZE ((size_t)128 << 10)

struct bp_source {
    char *path;
    int file;                  /* -1: the bytes were given, and are those from `next` on */
    unsigned char *block;      /* bytes as they are in the file */
    const unsigned char *next; /* of them, not yet used: */
    size_t left;
    unsigned char head[HEAD_SIZE]; /* the first bytes, unpacked */
    size_t head_size;
    size_t head_used;
    bool is_standard_input;
    const struct bp_unpacker *unpacker; /* NULL: the file is plain */
    void *unpacking;                    /* its state */
    bool in_frame;                      /* a frame has begun and not ended */
    size_t frames;                      /* that ended */
    uint64_t file_bytes;
    uint64_t unpacked_bytes;
};

static bp_status fail_with_reason(const struct bp_source *source, int reason, bp_error *error)
{
    return bp_fail_system(error, reason, "%s: cannot be read", source->path);
}

/* Makes `left` greater than 0 unless the file is at its end. */
static bp_status refill(struct bp_source *source, bp_error *error)
{
    if (source->left > 0 || source->file < 0)
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

static bp_status check_result(struct bp_source *source, enum bp_unpack_result result,
                              const char *why, bp_error *error)
{
    const char *name = source->unpacker->name;
    switch (result) {
    case BP_UNPACK_ON:
        return BP_OK;
    case BP_UNPACK_END:
        source->in_frame = false;
        source->frames++;
        return BP_OK;
    case BP_UNPACK_NO_MEMORY:
        return bp_fail_memory(error, "a decoder");
    case BP_UNPACK_NO_FRAME:
        if (source->frames > 0)
            return bp_fail(error, BP_ERROR_INPUT, "%s: other bytes follow the end of the %s data",
                           source->path, name);
        break;
    case BP_UNPACK_DAMAGED:
        break;
    }
    return bp_fail(error, BP_ERROR_INPUT, "%s: the %s data are damaged (%s)", source->path, name,
                   why);
}

/* One step of the decoder: takes from `left`, writes at most `size` bytes and adds them to *got. */
static bp_status unpack_some(struct bp_source *source, unsigned char *buffer, size_t size,
                             size_t *got, bp_error *error)
{
    struct bp_unpack_step step = {
        .in = source->next, .in_size = source->left, .out = buffer, .out_size = size};
    const bool at_end = source->left == 0;
    enum bp_unpack_result result = source->unpacker->step(source->unpacking, &step);
    const size_t written = size - step.out_size;
    source->next = step.in;
    source->left = step.in_size;
    *got += written;
    source->unpacked_bytes += written;
    if (source->unpacked_bytes > BP_SOURCE_RATIO_FREE + BP_SOURCE_RATIO_MAX * source->file_bytes)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: unpacks to more than %d times its size; if that is right, unpack it "
                       "with %s first",
                       source->path, BP_SOURCE_RATIO_MAX, source->unpacker->by_hand);
    if (at_end && result == BP_UNPACK_ON && written == 0)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the %s data end too early; the file is cut off",
                       source->path, source->unpacker->name);
    return check_result(source, result, step.why, error);
}

static bp_status read_packed(struct bp_source *source, unsigned char *buffer, size_t size,
                             size_t *got, bp_error *error)
{
    while (*got < size) {
        bp_status status = refill(source, error);
        if (status != BP_OK)
            return status;
        if (source->left == 0 && !source->in_frame)
            break;
        if (!source->in_frame) {
            source->unpacker->begin(source->unpacking);
            source->in_frame = true;
        }
        /* At the end of the file the decoder may still hold what there was no room for. */
        status = unpack_some(source, buffer + *got, size - *got, got, error);
        if (status != BP_OK)
            return status;
    }
    return BP_OK;
}

static bp_status read_on(struct bp_source *source, unsigned char *buffer, size_t size, size_t *got,
                         bp_error *error)
{
    return source->unpacker ? read_packed(source, buffer, size, got, error)
                            : read_plain(source, buffer, size, got, error);
}

static bp_status open_file(struct bp_source *source, bp_error *error)
{
    if (source->is_standard_input)
        source->file = STDIN_FILENO;
    else
        source->file = bp_open_input(source->path, 0);
    if (source->file < 0)
        return fail_with_reason(source, errno, error);
    struct stat about;
    if (fstat(source->file, &about) != 0)
        return fail_with_reason(source, errno, error);
    if (S_ISDIR(about.st_mode))
        return fail_with_reason(source, EISDIR, error);
    return BP_OK;
}

/* The decoder of a file that begins with `head`; NULL: it is not packed. */
static const struct bp_unpacker *find_unpacker(const unsigned char *head, size_t size)
{
    if (size >= 2 && memcmp(head, "\x1F\x8B", 2) == 0)
        return &bp_unpacker_gzip;
    if (size >= 4 && memcmp(head, "\x28\xB5\x2F\xFD", 4) == 0)
        return &bp_unpacker_zstd;
    return NULL;
}

static bp_status start_unpacking(struct bp_source *source, bp_error *error)
{
    bp_status status = refill(source, error);
    if (status != BP_OK)
        return status;
    source->unpacker = find_unpacker(source->next, source->left);
    if (!source->unpacker)
        return BP_OK;
    source->unpacking = source->unpacker->create();
    return source->unpacking ? BP_OK : bp_fail_memory(error, "a decoder");
}

static struct bp_source *create_source(const char *path, bp_error *error)
{
    struct bp_source *source = calloc(1, sizeof *source);
    const bool is_standard_input = bp_path_is_standard_input(path);
    path = is_standard_input ? "stdin" : path;
    if (source) {
        source->file = -1;
        source->is_standard_input = is_standard_input;
        source->path = bp_text_copy(path, strlen(path));
        source->block = malloc(BLOCK_SIZE);
    }
    if (source && source->path && source->block)
        return source;
    bp_source_close(source);
    bp_fail_memory(error, path);
    return NULL;
}

/* Reads the head of a source that has a file or bytes. Takes `source`. */
static bp_status begin(struct bp_source **out, struct bp_source *source, bool unpacks,
                       bp_error *error)
{
    bp_status status = unpacks ? start_unpacking(source, error) : BP_OK;
    if (!status)
        status = read_on(source, source->head, HEAD_SIZE, &source->head_size, error);
    if (status)
        bp_source_close(source);
    else
        *out = source;
    return status;
}

static bp_status open_path(struct bp_source **out, const char *path, bool unpacks, bp_error *error)
{
    *out = NULL;
    struct bp_source *source = create_source(path, error);
    if (!source)
        return BP_ERROR_MEMORY;
    const bp_status status = open_file(source, error);
    if (!status)
        return begin(out, source, unpacks, error);
    bp_source_close(source);
    return status;
}

bp_status bp_source_open(struct bp_source **out, const char *path, bp_error *error)
{
    return open_path(out, path, true, error);
}

bp_status bp_source_open_packed(struct bp_source **out, const char *path, bp_error *error)
{
    return open_path(out, path, false, error);
}

bp_status bp_source_open_bytes(struct bp_source **out, const char *path, const unsigned char *bytes,
                               size_t size, bp_error *error)
{
    *out = NULL;
    struct bp_source *source = create_source(path, error);
    if (!source)
        return BP_ERROR_MEMORY;
    source->next = bytes;
    source->left = size;
    source->file_bytes = size;
    return begin(out, source, true, error);
}

void bp_source_close(struct bp_source *source)
{
    if (!source)
        return;
    if (source->unpacker)
        source->unpacker->free(source->unpacking);
    if (source->file >= 0 && !source->is_standard_input)
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

void *bp_source_map(const struct bp_source *source, size_t size)
{
    struct stat about;
    if (source->unpacker || source->is_standard_input || source->file < 0 ||
        fstat(source->file, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size < 1 ||
        (uint64_t)about.st_size != size)
        return NULL;
    /* Private: nobody writes to it, and read-only, so that a stray write is found at once. */
    void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, source->file, 0);
    return bytes == MAP_FAILED ? NULL : bytes;
}

bp_status bp_source_read(struct bp_source *source, void *buffer, size_t size, size_t *got,
                         bp_error *error)
{
    size_t buffered = bp_size_min(source->head_size - source->head_used, size);
    memcpy(buffer, source->head + source->head_used, buffered);
    source->head_used += buffered;
    *got = buffered;
    return buffered == size ? BP_OK : read_on(source, buffer, size, got, error);
}

bp_status bp_source_read_header(struct bp_source *source, void *buffer, size_t size,
                                const char *name, bp_error *error)
{
    size_t got;
    bp_status status = bp_source_read(source, buffer, size, &got, error);
    if (status == BP_OK && got < size)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file ends within its %s header",
                       source->path, name);
    return status;
}
