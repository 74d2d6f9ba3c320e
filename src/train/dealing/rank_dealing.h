/*
 * Pieces of work that are dealt to ranks. The thread that called does all messages, and waits in
 * between; other threads work:
 *
 *     calling thread   word  <all>  results <all>   wait   word <all> ...
 *     other threads    work work work work work work work work work
 *
 * In each word a rank says what it has done and how many pieces it wants; every rank hears all
 * words, and so each knows who gets which piece without being told. Notes go to rank 0 between a
 * word and the results.
 */
#ifndef BP_TRAIN_DEALING_RANK_DEALING_H
#define BP_TRAIN_DEALING_RANK_DEALING_H

#include "ranks/ranks.h"

struct bp_rank_dealing;

/* How far a rank is. */
struct bp_rank_state {
    double share; /* of the pieces that it has begun, in pieces, but those sent to all */
    bool stops;   /* it wants the end */
};

struct bp_rank_dealing_options {
    struct bp_ranks *ranks;
    size_t count;   /* pieces, as on every rank */
    size_t threads; /* that call bp_rank_dealing_take() */
    /* This rank's state. */
    struct bp_rank_state (*look)(void *arg);
    /* That of the others: the sum of their shares, and whether one wants the end. */
    void (*hear)(struct bp_rank_state others, void *arg);
    /* Collective: what came of piece `number` goes from rank `root`, which has done it, to all.
     * Fails on every rank or on none. */
    bp_status (*send)(size_t number, size_t root, void *arg, bp_error *error);
    size_t note_bytes; /* of a note; 0: there are none */
    /* On rank 0: a note of another rank about piece `number`, before that is sent. */
    void (*hear_note)(size_t number, const void *note, void *arg);
    void *arg;
};

/* `options` are kept. Not collective. Errors: MEMORY. */
bp_status bp_rank_dealing_create(struct bp_rank_dealing **out,
                                 const struct bp_rank_dealing_options *options, bp_error *error);
void bp_rank_dealing_free(struct bp_rank_dealing *dealing);

/* For a thread that works: waits for a piece for this rank; false: there is none any more. And says
 * that it is done, or was stopped. */
bool bp_rank_dealing_take(struct bp_rank_dealing *dealing, size_t *number);
void bp_rank_dealing_end(struct bp_rank_dealing *dealing, size_t number);

/* For a thread that works, not on rank 0: hands a note about its piece to rank 0. May wait for
 * room. */
void bp_rank_dealing_note(struct bp_rank_dealing *dealing, size_t number, const void *note);

/* No piece is taken any more. */
void bp_rank_dealing_stop(struct bp_rank_dealing *dealing);

/* Collective: returns when all pieces are done and sent to all, or those begun are and somebody
 * wanted the end. Errors: those of `send`. */
bp_status bp_rank_dealing_run(struct bp_rank_dealing *dealing, bp_error *error);

#endif
