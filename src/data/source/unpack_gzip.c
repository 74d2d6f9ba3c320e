/*
 * zlib's file functions take bytes that follow a gzip stream for its end, and a plain file for a
 * packed one; its stream functions do not.
 */
#include <limits.h>
#include <stdlib.h>

#define ZLIB_CONST /* zlib takes its input as const */
#include <zlib.h>

#include "base/sizes.h"
#include "data/source/unpack.h"

/* windowBits of inflateInit2(): the largest window, a gzip header and its checksum. */
#define GZIP_WINDOW (MAX_WBITS + 16)

/* The bytes that a gzip header is known by. */
#define MAGIC_SIZE 2

static void *create_gzip(void)
{
    z_stream *stream = calloc(1, sizeof *stream);
    if (stream && inflateInit2(stream, GZIP_WINDOW) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

static void free_gzip(void *state)
{
    if (state)
        inflateEnd(state);
    free(state);
}

static void begin_gzip(void *state)
{
    inflateReset(state);
}

static enum bp_unpack_result step_gzip(void *state, struct bp_unpack_step *step)
{
    z_stream *stream = state;
    const uInt given = (uInt)bp_size_min(step->in_size, UINT_MAX);
    const uInt room = (uInt)bp_size_min(step->out_size, UINT_MAX);
    stream->next_in = step->in;
    stream->avail_in = given;
    stream->next_out = step->out;
    stream->avail_out = room;
    int code = inflate(stream, Z_NO_FLUSH);
    step->in += given - stream->avail_in;
    step->in_size -= given - stream->avail_in;
    step->out += room - stream->avail_out;
    step->out_size -= room - stream->avail_out;
    switch (code) {
    case Z_OK:
    case Z_BUF_ERROR:
        return BP_UNPACK_ON;
    case Z_STREAM_END:
        return BP_UNPACK_END;
    case Z_MEM_ERROR:
        return BP_UNPACK_NO_MEMORY;
    default:
        step->why = stream->msg ? stream->msg : "bad data";
        return stream->total_in <= MAGIC_SIZE ? BP_UNPACK_NO_FRAME : BP_UNPACK_DAMAGED;
    }
}

const struct bp_unpacker bp_unpacker_gzip = {.name = "gzip",
                                             .by_hand = "gunzip",
                                             .create = create_gzip,
                                             .free = free_gzip,
                                             .begin = begin_gzip,
                                             .step = step_gzip};
