/* Pieces of work that are dealt to threads, of all ranks if there are several: the next one goes
 * to the thread that is free. */
#ifndef BP_TRAIN_DEALING_DEALING_H
#define BP_TRAIN_DEALING_DEALING_H

#include <stddef.h>

#include "ranks/ranks.h"

struct bp_dealing;

/* Does piece `number`, on any thread. */
typedef void bp_dealing_work(struct bp_dealing *dealing, size_t number, void *arg);

/* What a piece of work has to say. */
enum bp_dealing_news {
    BP_DEALING_GOES_ON, /* not said while another piece is being heard */
    BP_DEALING_HAS_MORE,
    BP_DEALING_IS_DONE
};

/* How far all pieces are. */
struct bp_dealing_state {
    size_t done;
    double share; /* [0, 1] */
    double seconds;
    bool ended; /* a piece is done, of which this is the news */
};

/* Hears it; returns false to stop all pieces. Called on any thread, never on two at once. */
typedef bool bp_dealing_hear(const struct bp_dealing_state *state, void *arg);

/* One call of bp_dealing_run(). */
struct bp_dealing_options {
    size_t count;   /* pieces */
    size_t threads; /* at most so many work, on each rank; 0: bp_rank_processors() */
    bp_backend backend;
    const bp_stop *stop; /* stops all pieces, as one that hears may; or NULL */
    bp_dealing_work *work;
    struct bp_ranks *ranks; /* or NULL; what follows is for several of them */
    /* Collective, on the calling thread: what has come of piece `number` goes from rank `root`,
     * which has done it, to all. Fails on every rank or on none. A piece that was not stopped, the
     * others report as done. */
    bp_status (*send)(struct bp_dealing *dealing, size_t number, size_t root, void *arg,
                      bp_error *error);
    bp_dealing_hear *watch; /* hears some dozen times a second of all ranks, too; or NULL */
    size_t note_bytes;      /* of a note; 0: there are none */
    /* On rank 0, on the calling thread: a note that another rank took of piece `number`. Those of a
     * piece come in their order, and before it is sent. */
    void (*hear_note)(struct bp_dealing *dealing, size_t number, const void *note, void *arg);
    void *arg;
};

/* Collective over ranks. BP_STOPPED if the pieces were stopped, on any rank. Errors: MEMORY,
 * THREADS; those of `send`. */
bp_status bp_dealing_run(const struct bp_dealing_options *options, bp_error *error);

/* For a piece of work, on its thread: `share` of it is done. Returns false if it is to stop. */
bool bp_dealing_report(struct bp_dealing *dealing, size_t number, double share,
                       enum bp_dealing_news news, bp_dealing_hear *hear, void *arg);

/* For a piece of work, on its thread: hands a note to rank 0; does nothing there, and in a process
 * alone. May wait for room. */
void bp_dealing_note(struct bp_dealing *dealing, size_t number, const void *note);

/* The share of a training that is done, where that is a piece; `refit`: of two, one after the
 * other. */
double bp_training_share(const bp_progress *progress, bool refit);

/* Whether all pieces are to stop. */
bool bp_dealing_is_stopped(const struct bp_dealing *dealing);

#endif
