/* Notes of pieces of work for rank 0: what there is room for is kept until the next word. */
#ifndef BP_TRAIN_DEALING_RANK_NOTES_H
#define BP_TRAIN_DEALING_RANK_NOTES_H

#include "ranks/ranks.h"

struct bp_rank_notes {
    size_t bytes;        /* of a note; 0: there are none */
    size_t stride;       /* bytes with the number of its piece before it */
    size_t count;        /* of `kept` */
    unsigned char *kept; /* not yet said */
    unsigned char *sent; /* said with a word; on rank 0 those of the rank that it hears */
};

/* bp_rank_notes_release() frees what is there, also after a failure. Errors: MEMORY. */
bp_status bp_rank_notes_make(struct bp_rank_notes *notes, size_t bytes, bp_error *error);
void bp_rank_notes_release(struct bp_rank_notes *notes);

bool bp_rank_notes_are_full(const struct bp_rank_notes *notes);

/* Keeps one, for which there is room. */
void bp_rank_notes_keep(struct bp_rank_notes *notes, size_t number, const void *note);

/* Takes those that are kept, to be sent; returns how many there are. */
size_t bp_rank_notes_take(struct bp_rank_notes *notes);

/* On rank 0 and on rank `from`, which has taken `count`: they go to rank 0, where `hear` is called
 * for each, in their order. */
void bp_rank_notes_send(struct bp_rank_notes *notes, struct bp_ranks *ranks, size_t from,
                        size_t count, void (*hear)(size_t number, const void *note, void *arg),
                        void *arg);

#endif
