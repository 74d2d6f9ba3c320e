/* Piece by piece: how long a pipe is, nobody knows before its end. */
#include "data/read/sent_file.h"

#include <stdlib.h>

#include "base/sizes.h"
#include "ranks/agree.h"

#define PIECE ((size_t)1 << 20)

/* For one more piece. */
static bp_status make_room(struct bp_sent_file *sent, const char *path, bp_error *error)
{
    const size_t room = bp_size_max(PIECE, 2 * sent->room);
    if (sent->room - sent->size >= PIECE)
        return BP_OK;
    unsigned char *bytes = realloc(sent->bytes, room);
    if (!bytes)
        return bp_fail_memory(error, path);
    sent->bytes = bytes;
    sent->room = room;
    return BP_OK;
}

/* `source` is NULL but on rank 0. */
static bp_status send(struct bp_sent_file *sent, struct bp_ranks *ranks, struct bp_source *source,
                      const char *path, bp_error *error)
{
    size_t got = PIECE;
    while (got == PIECE) {
        bp_status status = make_room(sent, path, error);
        if (!status && source)
            status = bp_source_read(source, sent->bytes + sent->size, PIECE, &got, error);
        status = bp_ranks_agree(ranks, status, error);
        if (status)
            return status;
        bp_ranks_broadcast(ranks, &got, sizeof got);
        bp_ranks_broadcast(ranks, sent->bytes + sent->size, got);
        sent->size += got;
    }
    return BP_OK;
}

bp_status bp_sent_file_open(struct bp_source **out, struct bp_sent_file *sent,
                            struct bp_ranks *ranks, const char *path, bp_error *error)
{
    struct bp_source *source = NULL;
    *out = NULL;
    *sent = (struct bp_sent_file){.size = 0};
    if (!bp_ranks_several(ranks))
        return bp_source_open(out, path, error);
    bp_status status = ranks->rank == 0 ? bp_source_open_packed(&source, path, error) : BP_OK;
    status = bp_ranks_agree(ranks, status, error);
    if (!status)
        status = send(sent, ranks, source, path, error);
    bp_source_close(source);
    if (!status)
        status = bp_ranks_agree(
            ranks, bp_source_open_bytes(out, path, sent->bytes, sent->size, error), error);
    if (status) {
        bp_source_close(*out);
        *out = NULL;
        bp_sent_file_release(sent);
    }
    return status;
}

void bp_sent_file_release(struct bp_sent_file *sent)
{
    free(sent->bytes);
    *sent = (struct bp_sent_file){.size = 0};
}
