/* Two blocks of memory: threads fill one while the other one is on its way. */
#include "train/dealing/rank_notes.h"

#include <stdlib.h>
#include <string.h>

#define ROOM 256 /* notes */

/* Of messages between two ranks. */
#define TAG 0

bp_status bp_rank_notes_make(struct bp_rank_notes *notes, size_t bytes, bp_error *error)
{
    *notes = (struct bp_rank_notes){.bytes = bytes, .stride = sizeof(size_t) + bytes};
    if (bytes == 0)
        return BP_OK;
    notes->kept = calloc(ROOM, notes->stride);
    notes->sent = calloc(ROOM, notes->stride);
    return notes->kept && notes->sent ? BP_OK : bp_fail_memory(error, "notes for rank 0");
}

void bp_rank_notes_release(struct bp_rank_notes *notes)
{
    free(notes->kept);
    free(notes->sent);
}

bool bp_rank_notes_are_full(const struct bp_rank_notes *notes)
{
    return notes->count == ROOM;
}

void bp_rank_notes_keep(struct bp_rank_notes *notes, size_t number, const void *note)
{
    unsigned char *place = notes->kept + notes->count++ * notes->stride;
    memcpy(place, &number, sizeof number);
    memcpy(place + sizeof number, note, notes->bytes);
}

size_t bp_rank_notes_take(struct bp_rank_notes *notes)
{
    unsigned char *const kept = notes->kept;
    const size_t count = notes->count;
    notes->kept = notes->sent;
    notes->sent = kept;
    notes->count = 0;
    return count;
}

void bp_rank_notes_send(struct bp_rank_notes *notes, struct bp_ranks *ranks, size_t from,
                        size_t count, void (*hear)(size_t number, const void *note, void *arg),
                        void *arg)
{
    if (ranks->rank == from) {
        bp_ranks_send(ranks, notes->sent, count * notes->stride, 0, TAG);
        return;
    }
    bp_ranks_receive(ranks, notes->sent, count * notes->stride, from, TAG);
    for (size_t k = 0; k < count; k++) {
        const unsigned char *place = notes->sent + k * notes->stride;
        size_t number;
        memcpy(&number, place, sizeof number);
        hear(number, place + sizeof number, arg);
    }
}
