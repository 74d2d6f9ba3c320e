/* A counter hands out the pieces; a lock guards what is known of all of them. */
#include "train/dealing.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/sizes.h"
#include "team/team.h"

struct bp_dealing {
    const struct bp_dealing_options *options;
    double start;
    atomic_size_t next;    /* piece to be taken */
    atomic_bool stopped;   /* somebody wants the end */
    pthread_mutex_t mutex; /* of what follows, and of who hears */
    size_t done;
    double *share; /* of every piece */
    double total;  /* their sum */
};

bool bp_dealing_is_stopped(const struct bp_dealing *dealing)
{
    /* Relaxed: the threads only have to see it some time. */
    return atomic_load_explicit(&dealing->stopped, memory_order_relaxed);
}

bool bp_dealing_report(struct bp_dealing *dealing, size_t number, double share,
                       enum bp_dealing_news news, bp_dealing_hear *hear, void *arg)
{
    if (news != BP_DEALING_GOES_ON)
        pthread_mutex_lock(&dealing->mutex);
    else if (pthread_mutex_trylock(&dealing->mutex) != 0)
        return !bp_dealing_is_stopped(dealing);
    dealing->total += share - dealing->share[number];
    dealing->share[number] = share;
    dealing->done += news == BP_DEALING_IS_DONE;
    const struct bp_dealing_state state = {
        .done = dealing->done,
        .share = fmin(dealing->total / (double)dealing->options->count, 1.0),
        .seconds = bp_clock_seconds() - dealing->start,
    };
    if (!hear(&state, arg))
        atomic_store_explicit(&dealing->stopped, true, memory_order_relaxed);
    pthread_mutex_unlock(&dealing->mutex);
    return !bp_dealing_is_stopped(dealing);
}

double bp_training_share(const bp_progress *progress, bool refit)
{
    const double samples = (double)bp_size_max(progress->samples_total, 1);
    const double begun = progress->epoch_done ? 0 : (double)progress->samples / samples;
    const double share =
        ((double)progress->epoch + begun) / (double)bp_size_max(progress->epochs, 1);
    return refit ? (share + progress->refit) / 2 : share;
}

/* A thread's part: pieces until none is left. */
static void take_pieces(void *arg, size_t t, size_t threads)
{
    (void)t;
    (void)threads;
    struct bp_dealing *dealing = arg;
    while (!bp_dealing_is_stopped(dealing)) {
        /* Relaxed: each number is handed out once, and the join makes the results visible. */
        const size_t k = atomic_fetch_add_explicit(&dealing->next, 1, memory_order_relaxed);
        if (k >= dealing->options->count)
            return;
        dealing->options->work(dealing, k, dealing->options->arg);
    }
}

static bp_status run_all(struct bp_dealing *dealing, bp_error *error)
{
    const struct bp_dealing_options *options = dealing->options;
    const size_t asked = options->threads ? options->threads : bp_usable_processors();
    const size_t threads = bp_size_min(bp_size_min(asked, BP_THREADS_MAX), options->count);
    const bool serial = options->backend == BP_BACKEND_SERIAL && options->threads == 0;
    struct bp_team *team;
    const bp_status status = bp_team_create(&team, options->backend, serial ? 1 : threads, error);
    if (status)
        return status;
    bp_team_run(team, take_pieces, dealing);
    bp_team_free(team);
    return bp_dealing_is_stopped(dealing) ? BP_STOPPED : BP_OK;
}

bp_status bp_dealing_run(const struct bp_dealing_options *options, bp_error *error)
{
    struct bp_dealing dealing = {.options = options, .start = bp_clock_seconds()};
    atomic_init(&dealing.next, 0);
    atomic_init(&dealing.stopped, false);
    dealing.share = calloc(bp_size_max(options->count, 1), sizeof *dealing.share);
    if (!dealing.share)
        return bp_fail_memory(error, "the list of trainings");
    if (pthread_mutex_init(&dealing.mutex, NULL) != 0) {
        free(dealing.share);
        return bp_fail_memory(error, "a lock");
    }
    const bp_status status = options->count > 0 ? run_all(&dealing, error) : BP_OK;
    pthread_mutex_destroy(&dealing.mutex);
    free(dealing.share);
    return status;
}
