/* Pieces of work that are dealt to threads: the next one goes to the thread that is free. */
#ifndef BP_TRAIN_DEALING_H
#define BP_TRAIN_DEALING_H

#include <stddef.h>

#include "base/status.h"

struct bp_dealing;

/* Does piece `number`, on any thread. */
typedef void bp_dealing_work(struct bp_dealing *dealing, size_t number, void *arg);

/* One call of bp_dealing_run(). */
struct bp_dealing_options {
    size_t count;   /* pieces */
    size_t threads; /* at most so many work; 0: bp_usable_processors() */
    bp_backend backend;
    bp_dealing_work *work;
    void *arg;
};

/* BP_STOPPED if the pieces were stopped. Errors: MEMORY, THREADS. */
bp_status bp_dealing_run(const struct bp_dealing_options *options, bp_error *error);

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
};

/* Hears it; returns false to stop all pieces. Called on any thread, never on two at once. */
typedef bool bp_dealing_hear(const struct bp_dealing_state *state, void *arg);

/* For a piece of work, on its thread: `share` of it is done. Returns false if it is to stop. */
bool bp_dealing_report(struct bp_dealing *dealing, size_t number, double share,
                       enum bp_dealing_news news, bp_dealing_hear *hear, void *arg);

/* The share of a training that is done, where that is a piece; `refit`: of two, one after the
 * other. */
double bp_training_share(const bp_progress *progress, bool refit);

/* Whether all pieces are to stop. */
bool bp_dealing_is_stopped(const struct bp_dealing *dealing);

#endif
