/*
 * Members and threads, of all ranks if there are several. With T threads for M members, the largest
 * M mod T members come first, each with T / (M mod T) threads of one rank for its batches, if their
 * steps are long enough for that; then the others, one a thread. So all threads are busy to the
 * end, if members take the same time.
 */
#include "ensemble/run.h"

#include <stdatomic.h>
#include <string.h>

#include "base/clock.h"
#include "base/sizes.h"
#include "ensemble/member_rows.h"
#include "ensemble/member_threads.h"
#include "ensemble/member_transfer.h"
#include "ensemble/predict_left.h"
#include "ranks/agree.h"
#include "train/dealing/dealing.h"
#include "train/trainer.h"

/* One call of bp_ensemble_run(). */
struct run {
    struct bp_ensemble *ensemble;
    const bp_dataset *train;
    const bp_dataset *valid;
    const struct bp_row_weights *counted;
    size_t order[BP_MEMBERS_MAX]; /* the most costly first */
    size_t before;                /* members that were dealt before those of now */
    size_t count;                 /* members of now */
    size_t threads;               /* for each of them */
    double seconds;               /* that those before took */
    atomic_bool exhausted;        /* a member had no memory */
};

/* The end of an epoch, for rank 0. */
struct epoch_note {
    bp_progress run; /* its pointer does not count */
    bp_metrics valid;
    bool validated; /* `valid` is there */
};

/* What the caller hears of one member. */
struct news {
    struct run *run;
    struct bp_dealing *dealing;
    size_t number; /* among those of now */
    size_t member; /* SIZE_MAX: of none */
    bool refit;
    bool stopping;
    bp_trainer *trainer; /* NULL: of another rank */
    const bp_progress *progress;
    const bp_train_result *result;
};

static bool hear(const struct bp_dealing_state *state, void *arg)
{
    const struct news *news = arg;
    const struct run *run = news->run;
    const bp_ensemble_options *options = &run->ensemble->options;
    if (atomic_load_explicit(&run->exhausted, memory_order_relaxed))
        return false;
    if (!options->progress)
        return true;
    const size_t members = run->ensemble->info.members;
    const bool known = news->member < members;
    const bp_member_progress progress = {
        .member = news->member,
        .members = members,
        .kind = known ? run->ensemble->member[news->member].kind : SIZE_MAX,
        .trainer = news->trainer,
        .run = news->progress,
        .result = news->result,
        .done = run->before + state->done,
        .share = ((double)run->before + state->share * (double)run->count) / (double)members,
        .seconds = run->seconds + state->seconds,
        .stopping = news->stopping,
    };
    return options->progress(&progress, options->user);
}

/* How far the members of other ranks are. */
static bool hear_share(const struct bp_dealing_state *state, void *arg)
{
    struct news news = {.run = arg, .member = SIZE_MAX};
    return hear(state, &news);
}

/* ---- one member ---- */

static void note_epoch(const struct news *news, const bp_progress *progress)
{
    struct epoch_note note = {.run = *progress, .validated = progress->valid != NULL};
    if (note.validated)
        note.valid = *progress->valid;
    bp_dealing_note(news->dealing, news->number, &note);
}

/* An epoch of a member that another rank trains. */
static void hear_note(struct bp_dealing *dealing, size_t number, const void *bytes, void *arg)
{
    struct run *run = arg;
    struct epoch_note note;
    memcpy(&note, bytes, sizeof note);
    note.run.valid = note.validated ? &note.valid : NULL;
    struct news news = {.run = run,
                        .dealing = dealing,
                        .number = number,
                        .member = run->order[run->before + number],
                        .progress = &note.run};
    bp_dealing_report(dealing, number, 0, BP_DEALING_HAS_MORE, hear, &news);
}

/* The callback of a trainer. */
static bool watch(const bp_progress *progress, void *user)
{
    struct news *news = user;
    const double share = bp_training_share(progress, news->refit);
    news->progress = progress;
    const bool goes_on = bp_dealing_report(
        news->dealing, news->number, share,
        progress->epoch_done ? BP_DEALING_HAS_MORE : BP_DEALING_GOES_ON, hear, news);
    if (progress->epoch_done)
        note_epoch(news, progress);
    news->stopping = !goes_on && !progress->ended;
    if (news->stopping)
        bp_dealing_report(news->dealing, news->number, share, BP_DEALING_HAS_MORE, hear, news);
    news->stopping = false;
    news->progress = NULL;
    return goes_on;
}

/* With the rows of the member. */
static bp_status train_on(struct run *run, struct news *news, const bp_dataset *rows,
                          bp_error *error)
{
    struct bp_ensemble *ensemble = run->ensemble;
    const size_t m = news->member;
    bp_ensemble_member *member = &ensemble->member[m];
    bp_train_options options = ensemble->kind[member->kind].train;
    options.seed = member->seed;
    options.stop = ensemble->options.stop;
    options.threads = bp_member_threads_choose(ensemble, m, run->counted->view.count, run->threads);
    /* Threads of OpenMP have none of their own. */
    options.backend = options.threads > 1 && bp_has_backend(BP_BACKEND_PTHREADS)
                          ? BP_BACKEND_PTHREADS
                          : BP_BACKEND_SERIAL;
    if (options.backend == BP_BACKEND_SERIAL)
        options.threads = 1;
    news->refit = options.refit;
    bp_status status =
        bp_trainer_create(&news->trainer, ensemble->network[m], rows, run->valid, &options, error);
    if (status)
        return status;
    if (!bp_dealing_report(news->dealing, news->number, 0, BP_DEALING_HAS_MORE, hear, news))
        return bp_fail(error, BP_STOPPED, "the member was not begun");
    member->samples = news->trainer->samples.count;
    status = bp_trainer_run(news->trainer, watch, news, &member->train, error);
    member->train.threads_reason[0] = '\0';
    if (status == BP_STOPPED)
        return bp_fail(error, BP_STOPPED, "the member was stopped");
    if (!status && ensemble->left[m].rows)
        status = bp_ensemble_predict_left(ensemble, m, error);
    return status;
}

static bp_status train_member(struct run *run, struct news *news, bp_error *error)
{
    bp_dataset *rows;
    bp_status status =
        bp_ensemble_cut(run->ensemble, run->train, run->counted, news->member, &rows, error);
    if (!status)
        status = train_on(run, news, rows ? rows : run->train, error);
    bp_dataset_free(rows);
    return status;
}

/* A member that has ended, here or elsewhere. A lack of memory, which says nothing about the
 * member, stops all, by the report. */
static void note_end(struct news *news)
{
    const bp_ensemble_member *member = &news->run->ensemble->member[news->member];
    news->result = &member->train;
    if (member->error.status == BP_ERROR_MEMORY)
        atomic_store_explicit(&news->run->exhausted, true, memory_order_relaxed);
    if (member->error.status != BP_STOPPED)
        bp_dealing_report(news->dealing, news->number, 1, BP_DEALING_IS_DONE, hear, news);
}

static void take_member(struct bp_dealing *dealing, size_t number, void *arg)
{
    struct run *run = arg;
    const size_t m = run->order[run->before + number];
    bp_ensemble_member *member = &run->ensemble->member[m];
    struct news news = {.run = run, .dealing = dealing, .number = number, .member = m};
    bp_error error = {.status = BP_OK};
    train_member(run, &news, &error);
    member->error = error;
    if (error.status != BP_OK)
        member->train = (bp_train_result){0};
    note_end(&news);
    bp_trainer_free(news.trainer);
}

static bp_status send_member(struct bp_dealing *dealing, size_t number, size_t root, void *arg,
                             bp_error *error)
{
    struct run *run = arg;
    const size_t m = run->order[run->before + number];
    struct news news = {.run = run, .dealing = dealing, .number = number, .member = m};
    const bp_status status =
        bp_member_send(run->ensemble, run->train, run->counted, m, root, error);
    if (!status && bp_ranks_rank(run->ensemble->options.ranks) != root)
        note_end(&news);
    return status;
}

/* ---- all of them ---- */

/* The most costly first; of equals the one of the lower number. */
static void sort_members(struct run *run)
{
    const struct bp_ensemble *ensemble = run->ensemble;
    for (size_t m = 0; m < ensemble->info.members; m++) {
        const double cost = ensemble->kind[ensemble->member[m].kind].cost;
        size_t at = m;
        for (; at > 0; at--) {
            const size_t before = run->order[at - 1];
            if (ensemble->kind[ensemble->member[before].kind].cost >= cost)
                break;
            run->order[at] = before;
        }
        run->order[at] = m;
    }
}

/* The next `count` members, `at_once` at most on this rank. */
static bp_status deal(struct run *run, size_t count, size_t at_once, size_t threads,
                      bp_error *error)
{
    const double start = bp_clock_seconds();
    struct bp_ranks *ranks = run->ensemble->options.ranks;
    const struct bp_dealing_options dealing = {
        .count = count,
        .threads = at_once,
        .backend = run->ensemble->options.backend,
        .stop = run->ensemble->options.stop,
        .work = take_member,
        .ranks = ranks,
        .send = send_member,
        .watch = hear_share,
        .note_bytes = sizeof(struct epoch_note),
        .hear_note = hear_note,
        .arg = run,
    };
    run->count = count;
    run->threads = threads;
    bp_status status = bp_dealing_run(&dealing, error);
    if (status == BP_STOPPED)
        bp_fail(error, BP_STOPPED, "the members were stopped");
    status = bp_ranks_agree(ranks, status, error);
    run->before += count;
    run->seconds += bp_clock_seconds() - start;
    return status;
}

/* How many members come first, `*at_once` on each rank, with several threads each. */
static size_t count_shared(const struct run *run, const struct bp_member_threads *threads,
                           size_t *at_once)
{
    const struct bp_ensemble *ensemble = run->ensemble;
    const size_t few = ensemble->info.members % threads->all;
    *at_once = bp_size_divide_up(few, bp_ranks_count(ensemble->options.ranks));
    for (size_t k = 0; k < few; k++) {
        if (bp_member_threads_choose(ensemble, run->order[k], run->counted->view.count,
                                     threads->least / *at_once) < 2)
            return 0;
    }
    return few;
}

static bp_status fail_exhausted(const struct bp_ensemble *ensemble, bp_error *error)
{
    size_t m = 0;
    while (ensemble->member[m].error.status != BP_ERROR_MEMORY)
        m++;
    return bp_fail(error, BP_ERROR_MEMORY, "%s", ensemble->member[m].error.message);
}

bp_status bp_ensemble_run(struct bp_ensemble *ensemble, const bp_dataset *train,
                          const bp_dataset *valid, const struct bp_row_weights *counted,
                          bp_error *error)
{
    struct run run = {.ensemble = ensemble, .train = train, .valid = valid, .counted = counted};
    const struct bp_member_threads threads = bp_member_threads_count(&ensemble->options);
    const size_t members = ensemble->info.members;
    bp_status status = BP_OK;
    size_t at_once;
    atomic_init(&run.exhausted, false);
    sort_members(&run);
    const size_t few = count_shared(&run, &threads, &at_once);
    if (few > 0)
        status = deal(&run, few, at_once, threads.own / at_once, error);
    if (!status && members > few)
        status = deal(&run, members - few, threads.own, 1, error);
    ensemble->info.threads = threads.all;
    ensemble->info.seconds = run.seconds;
    for (size_t m = 0; m < members; m++) {
        const bp_status ended = ensemble->member[m].error.status;
        ensemble->info.finished += ended == BP_OK;
        ensemble->info.failed += ended != BP_OK && ended != BP_STOPPED;
        ensemble->kind_result[ensemble->member[m].kind].finished += ended == BP_OK;
    }
    if (atomic_load_explicit(&run.exhausted, memory_order_relaxed))
        return fail_exhausted(ensemble, error);
    return status;
}
