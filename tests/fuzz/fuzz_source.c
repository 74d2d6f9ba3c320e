/* Packed files: read at once, or in pieces of any size, the bytes and the message are the same. */
#include <stdlib.h>
#include <string.h>

#include "data/source/source.h"
#include "fuzz/fuzz.h"

/* What a small input unpacks to is looked at up to here: two blocks of zstd, eight windows of
 * gzip. */
#define ROOM ((size_t)256 << 10)

/* After so many pieces they are twice as large, so that what unpacks to much is not read byte by
 * byte. */
#define PIECES 64

struct outcome {
    bp_status status;
    size_t size;
    unsigned char *bytes;
    bp_error error;
};

static struct outcome read_pieces(const struct fuzz_input *file, size_t piece)
{
    static unsigned char rooms[2][ROOM];
    struct outcome outcome = {.bytes = rooms[piece == ROOM]};
    struct bp_source *source;
    size_t got = 0;
    bool more = true;
    outcome.status =
        bp_source_open_bytes(&source, "d.csv.gz", file->data, file->size, &outcome.error);
    if (outcome.status != BP_OK)
        return outcome;
    for (size_t k = 1; outcome.status == BP_OK && more && outcome.size < ROOM; k++) {
        const size_t left = ROOM - outcome.size, step = piece < left ? piece : left;
        outcome.status =
            bp_source_read(source, outcome.bytes + outcome.size, step, &got, &outcome.error);
        FUZZ_REQUIRE(got <= step);
        outcome.size += got;
        more = got == step;
        piece *= k % PIECES == 0 ? 2 : 1;
    }
    bp_source_close(source);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const size_t piece = 1 + fuzz_byte(&input) * 37;
    const struct outcome whole = read_pieces(&input, ROOM);
    const struct outcome pieces = read_pieces(&input, piece);
    FUZZ_REQUIRE(memcmp(whole.bytes, pieces.bytes,
                        whole.size < pieces.size ? whole.size : pieces.size) == 0);
    if (whole.size == ROOM || pieces.size == ROOM)
        return 0; /* the end was not seen */
    FUZZ_REQUIRE(whole.status == pieces.status);
    FUZZ_REQUIRE(whole.status != BP_OK || whole.size == pieces.size);
    FUZZ_REQUIRE(whole.status == BP_OK || strcmp(whole.error.message, pieces.error.message) == 0);
    return 0;
}
