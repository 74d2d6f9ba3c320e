/* A counter hands out the pieces, or ranks do; a lock guards what is known of all of them. */
#include "train/dealing/dealing.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/sizes.h"
#include "base/stop.h"
#include "ranks/agree.h"
#include "team/team.h"
#include "train/dealing/rank_dealing.h"
#include "train/setup/training_setup.h"

struct bp_dealing {
    const struct bp_dealing_options *options;
    double start;
    struct bp_rank_dealing *over_ranks; /* NULL: a process alone */
    atomic_size_t next;                 /* piece to be taken, of a process alone */
    atomic_bool stopped;                /* somebody wants the end */
    pthread_mutex_t mutex;              /* of what follows, and of who hears */
    size_t done;
    double *share; /* of every piece that is known of here */
    double total;  /* their sum */
    double sent;   /* of them, pieces that all ranks know of */
    double others; /* the shares of pieces that only other ranks know of */
};

bool bp_dealing_is_stopped(const struct bp_dealing *dealing)
{
    /* Relaxed: the threads only have to see it some time. */
    return atomic_load_explicit(&dealing->stopped, memory_order_relaxed) ||
           bp_stop_is_set(dealing->options->stop);
}

static void stop(struct bp_dealing *dealing)
{
    atomic_store_explicit(&dealing->stopped, true, memory_order_relaxed);
}

/* With the lock. */
static void tell(struct bp_dealing *dealing, bool ended, bp_dealing_hear *hear, void *arg)
{
    const double pieces = dealing->total + dealing->others; /* of several ranks, by differences */
    const struct bp_dealing_state state = {
        .done = dealing->done,
        .share = fmin(fmax(pieces / (double)dealing->options->count, 0.0), 1.0),
        .seconds = bp_clock_seconds() - dealing->start,
        .ended = ended,
    };
    if (!hear(&state, arg))
        stop(dealing);
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
    tell(dealing, news == BP_DEALING_IS_DONE, hear, arg);
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

static bool take_next(struct bp_dealing *dealing, size_t *number)
{
    if (bp_dealing_is_stopped(dealing))
        return false;
    if (dealing->over_ranks)
        return bp_rank_dealing_take(dealing->over_ranks, number);
    /* Relaxed: each number is handed out once, and the join makes the results visible. */
    *number = atomic_fetch_add_explicit(&dealing->next, 1, memory_order_relaxed);
    return *number < dealing->options->count;
}

/* A thread's part: pieces until none is left. */
static void take_pieces(void *arg, size_t t, size_t threads)
{
    (void)t;
    (void)threads;
    struct bp_dealing *dealing = arg;
    size_t k;
    while (take_next(dealing, &k)) {
        dealing->options->work(dealing, k, dealing->options->arg);
        if (dealing->over_ranks)
            bp_rank_dealing_end(dealing->over_ranks, k);
    }
}

/* ---- ranks ---- */

static struct bp_rank_state look(void *arg)
{
    struct bp_dealing *dealing = arg;
    pthread_mutex_lock(&dealing->mutex);
    const struct bp_rank_state state = {.share = dealing->total - dealing->sent,
                                        .stops = bp_dealing_is_stopped(dealing)};
    pthread_mutex_unlock(&dealing->mutex);
    return state;
}

static void hear_others(struct bp_rank_state others, void *arg)
{
    struct bp_dealing *dealing = arg;
    const struct bp_dealing_options *options = dealing->options;
    if (others.stops)
        stop(dealing);
    pthread_mutex_lock(&dealing->mutex);
    dealing->others = others.share;
    if (options->watch && !others.stops)
        tell(dealing, false, options->watch, options->arg);
    pthread_mutex_unlock(&dealing->mutex);
}

static bp_status send_piece(size_t number, size_t root, void *arg, bp_error *error)
{
    struct bp_dealing *dealing = arg;
    const struct bp_dealing_options *options = dealing->options;
    const bp_status status = options->send(dealing, number, root, options->arg, error);
    pthread_mutex_lock(&dealing->mutex);
    dealing->sent += dealing->share[number];
    pthread_mutex_unlock(&dealing->mutex);
    return status;
}

static void pass_note(size_t number, const void *note, void *arg)
{
    struct bp_dealing *dealing = arg;
    dealing->options->hear_note(dealing, number, note, dealing->options->arg);
}

void bp_dealing_note(struct bp_dealing *dealing, size_t number, const void *note)
{
    if (dealing->over_ranks && bp_ranks_rank(dealing->options->ranks) > 0)
        bp_rank_dealing_note(dealing->over_ranks, number, note);
}

/* A team that works while the thread that made it does the messages. */
struct workers {
    struct bp_dealing *dealing;
    struct bp_team *team;
};

static void *run_workers(void *arg)
{
    const struct workers *workers = arg;
    bp_team_run(workers->team, take_pieces, workers->dealing);
    return NULL;
}

/* The thread of the workers is there on every rank, or on none. */
static bp_status run_with_ranks(struct workers *workers, bp_status status, bp_error *error)
{
    struct bp_dealing *dealing = workers->dealing;
    struct bp_ranks *ranks = dealing->options->ranks;
    pthread_t thread;
    const bool started = !status && pthread_create(&thread, NULL, run_workers, workers) == 0;
    if (!status && !started)
        status = bp_fail(error, BP_ERROR_THREADS, "a thread for trainings cannot be started");
    status = bp_ranks_agree(ranks, status, error);
    if (status && started)
        bp_rank_dealing_stop(dealing->over_ranks);
    if (!status)
        status = bp_rank_dealing_run(dealing->over_ranks, error);
    if (started)
        pthread_join(thread, NULL);
    return status;
}

static bp_status run_over_ranks(struct bp_dealing *dealing, struct bp_team *team, bp_status status,
                                bp_error *error)
{
    const struct bp_rank_dealing_options options = {
        .ranks = dealing->options->ranks,
        .count = dealing->options->count,
        .threads = team ? bp_team_threads(team) : 0,
        .look = look,
        .hear = hear_others,
        .send = send_piece,
        .note_bytes = dealing->options->note_bytes,
        .hear_note = pass_note,
        .arg = dealing,
    };
    struct workers workers = {dealing, team};
    if (!status)
        status = bp_rank_dealing_create(&dealing->over_ranks, &options, error);
    status = run_with_ranks(&workers, status, error);
    bp_rank_dealing_free(dealing->over_ranks);
    return status;
}

/* ---- all ---- */

static bp_status run_all(struct bp_dealing *dealing, bp_status status, bp_error *error)
{
    const struct bp_dealing_options *options = dealing->options;
    const size_t asked = options->threads ? options->threads : bp_rank_processors(options->ranks);
    const size_t threads = bp_size_min(bp_size_min(asked, BP_THREADS_MAX), options->count);
    const bool serial = options->backend == BP_BACKEND_SERIAL && options->threads == 0;
    struct bp_team *team = NULL;
    if (!status)
        status = bp_team_create(&team, options->backend, serial ? 1 : threads, error);
    if (bp_ranks_several(options->ranks))
        status = run_over_ranks(dealing, team, status, error);
    else if (!status)
        bp_team_run(team, take_pieces, dealing);
    bp_team_free(team);
    if (status)
        return status;
    return bp_dealing_is_stopped(dealing) ? BP_STOPPED : BP_OK;
}

bp_status bp_dealing_run(const struct bp_dealing_options *options, bp_error *error)
{
    struct bp_dealing dealing = {.options = options, .start = bp_clock_seconds()};
    if (options->count == 0)
        return BP_OK;
    atomic_init(&dealing.next, 0);
    atomic_init(&dealing.stopped, false);
    dealing.share = calloc(options->count, sizeof *dealing.share);
    bp_status status = dealing.share ? BP_OK : bp_fail_memory(error, "the list of trainings");
    const bool locks = pthread_mutex_init(&dealing.mutex, NULL) == 0;
    if (!status && !locks)
        status = bp_fail_memory(error, "a lock");
    status = run_all(&dealing, status, error);
    if (locks)
        pthread_mutex_destroy(&dealing.mutex);
    free(dealing.share);
    return status;
}
