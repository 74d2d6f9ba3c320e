/* libzstd refuses frames that ask for a window above 128 MiB, so that a small file cannot have more
 * than that allocated. */
#include <zstd.h>
#include <zstd_errors.h>

#include "data/source/unpack.h"

static void *create_zstd(void)
{
    return ZSTD_createDStream();
}

static void free_zstd(void *state)
{
    ZSTD_freeDStream(state);
}

static void begin_zstd(void *state)
{
    ZSTD_DCtx_reset(state, ZSTD_reset_session_only);
}

static enum bp_unpack_result step_zstd(void *state, struct bp_unpack_step *step)
{
    ZSTD_inBuffer in = {.src = step->in, .size = step->in_size};
    ZSTD_outBuffer out = {.dst = step->out, .size = step->out_size};
    const size_t code = ZSTD_decompressStream(state, &out, &in);
    step->in += in.pos;
    step->in_size -= in.pos;
    step->out += out.pos;
    step->out_size -= out.pos;
    if (!ZSTD_isError(code))
        return code == 0 ? BP_UNPACK_END : BP_UNPACK_ON;
    step->why = ZSTD_getErrorName(code);
    switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_prefix_unknown:
        return BP_UNPACK_NO_FRAME;
    case ZSTD_error_memory_allocation:
        return BP_UNPACK_NO_MEMORY;
    default:
        return BP_UNPACK_DAMAGED;
    }
}

const struct bp_unpacker bp_unpacker_zstd = {.name = "zstd",
                                             .by_hand = "zstd -d",
                                             .create = create_zstd,
                                             .free = free_zstd,
                                             .begin = begin_zstd,
                                             .step = step_zstd};
