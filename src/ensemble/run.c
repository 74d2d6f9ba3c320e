/*
 * Members and threads. With T threads for M members, the largest M mod T members come first, each
 * with T / (M mod T) threads for its batches, if their steps are long enough for that; then the
 * others, one a thread. So all threads are busy to the end, if members take the same time.
 */
#include "ensemble/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "ensemble/member_rows.h"
#include "model/infer.h"
#include "options/auto_rule.h"
#include "train/dealing/dealing.h"
#include "train/train_options.h"
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
};

/* What the caller hears of one member. */
struct news {
    const struct run *run;
    struct bp_dealing *dealing;
    size_t number; /* among those of now */
    size_t member;
    bool refit;
    bp_trainer *trainer;
    const bp_progress *progress;
    const bp_train_result *result;
};

static bool hear(const struct bp_dealing_state *state, void *arg)
{
    const struct news *news = arg;
    const struct run *run = news->run;
    const bp_ensemble_options *options = &run->ensemble->options;
    if (!options->progress)
        return true;
    const size_t members = run->ensemble->info.members;
    const bp_member_progress progress = {
        .member = news->member,
        .members = members,
        .kind = run->ensemble->member[news->member].kind,
        .trainer = news->trainer,
        .run = news->progress,
        .result = news->result,
        .done = run->before + state->done,
        .share = ((double)run->before + state->share * (double)run->count) / (double)members,
        .seconds = run->seconds + state->seconds,
    };
    return options->progress(&progress, options->user);
}

/* The callback of a trainer. */
static bool watch(const bp_progress *progress, void *user)
{
    struct news *news = user;
    news->progress = progress;
    const bool goes_on = bp_dealing_report(
        news->dealing, news->number, bp_training_share(progress, news->refit),
        progress->epoch_done ? BP_DEALING_HAS_MORE : BP_DEALING_GOES_ON, hear, news);
    news->progress = NULL;
    return goes_on;
}

/* Where predictions go. */
struct target {
    struct bp_left_out *left;
    size_t outputs;
};

static void keep_outputs(void *arg, size_t begin, size_t end, const float *outputs)
{
    const struct target *target = arg;
    memcpy(target->left->outputs + begin * target->outputs, outputs,
           (end - begin) * target->outputs * sizeof *outputs);
}

/* Whether the predictions can be averaged with those of others. */
static bp_status check_outputs(const struct bp_left_out *left, size_t outputs, bp_error *error)
{
    for (size_t k = 0; k < left->rows->count * outputs; k++) {
        if (!isfinite(left->outputs[k]))
            return bp_fail(error, BP_ERROR_NOT_FINITE,
                           "training diverged: an output for a row that was left out is %g; try a "
                           "smaller learning rate",
                           (double)left->outputs[k]);
    }
    return BP_OK;
}

/* The member predicts the rows that it left out. */
static bp_status predict_left(const struct run *run, size_t m, bp_error *error)
{
    struct bp_ensemble *ensemble = run->ensemble;
    struct bp_left_out *left = &ensemble->left[m];
    struct target target = {left, ensemble->schema->outputs};
    const bp_train_options *train = &ensemble->kind[ensemble->member[m].kind].train;
    bp_run_options options = bp_run_options_default();
    options.threads = 1;
    options.backend = BP_BACKEND_SERIAL;
    options.isa = train->isa;
    const struct bp_bind_options binding = {
        .need = BP_TARGETS_UNUSED, .unknown = bp_train_options_unknown(train), .once = true};
    struct bp_samples samples;
    bp_status status = bp_samples_bind(&samples, ensemble->schema, left->rows, &binding, error);
    if (status)
        return status;
    const struct bp_visitor visitor = {.measure = keep_outputs, .arg = &target};
    left->outputs = bp_array_alloc(left->rows->count * target.outputs, sizeof *left->outputs);
    status = left->outputs
                 ? bp_infer_once(ensemble->network[m], &samples, &options, NULL, &visitor, error)
                 : bp_fail_memory(error, "the predictions for the rows left out");
    bp_samples_release(&samples);
    return status ? status : check_outputs(left, target.outputs, error);
}

/* Threads for the batches of a member, of `threads`: no more than pay. */
static size_t choose_threads(const struct run *run, size_t m, size_t threads)
{
    const struct bp_ensemble *ensemble = run->ensemble;
    const size_t batch = ensemble->kind[ensemble->member[m].kind].train.batch_size;
    const size_t samples = bp_size_min(batch ? batch : BP_AUTO_BATCH, run->counted->view.count);
    const double operations =
        6.0 * (double)ensemble->network[m]->network->parameters * (double)samples;
    const double worth = operations / BP_MIN_OPERATIONS;
    return worth < (double)threads ? bp_size_max(1, (size_t)worth) : threads;
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
    options.threads = choose_threads(run, m, run->threads);
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
        status = predict_left(run, m, error);
    return status;
}

static bp_status train_member(struct run *run, struct news *news, bp_error *error)
{
    struct bp_ensemble *ensemble = run->ensemble;
    const size_t m = news->member;
    bp_dataset *rows = NULL;
    bp_status status = BP_OK;
    if (ensemble->options.member_rows != BP_MEMBER_ROWS_ALL)
        status = bp_ensemble_cut(ensemble, run->train, run->counted, m, &rows,
                                 &ensemble->left[m].rows, error);
    if (ensemble->info.left_reason) {
        bp_dataset_free(ensemble->left[m].rows);
        ensemble->left[m].rows = NULL;
    }
    if (!status)
        status = train_on(run, news, rows ? rows : run->train, error);
    bp_dataset_free(rows);
    return status;
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
    news.result = &member->train;
    if (error.status != BP_STOPPED)
        bp_dealing_report(dealing, number, 1, BP_DEALING_IS_DONE, hear, &news);
    bp_trainer_free(news.trainer);
}

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

/* The next `count` members. */
static bp_status deal(struct run *run, size_t count, size_t at_once, size_t threads,
                      bp_error *error)
{
    const double start = bp_clock_seconds();
    const struct bp_dealing_options dealing = {
        .count = count,
        .threads = at_once,
        .backend = run->ensemble->options.backend,
        .work = take_member,
        .arg = run,
    };
    run->count = count;
    run->threads = threads;
    const bp_status status = bp_dealing_run(&dealing, error);
    run->before += count;
    run->seconds += bp_clock_seconds() - start;
    return status;
}

/* How many members come first, with several threads each. */
static size_t count_shared(const struct run *run, size_t threads)
{
    const size_t few = run->ensemble->info.members % threads;
    for (size_t k = 0; k < few; k++) {
        if (choose_threads(run, run->order[k], threads / few) < 2)
            return 0;
    }
    return few;
}

bp_status bp_ensemble_run(struct bp_ensemble *ensemble, const bp_dataset *train,
                          const bp_dataset *valid, const struct bp_row_weights *counted,
                          bp_error *error)
{
    struct run run = {.ensemble = ensemble, .train = train, .valid = valid, .counted = counted};
    const bp_ensemble_options *options = &ensemble->options;
    const bool serial = options->backend == BP_BACKEND_SERIAL && options->threads == 0;
    const size_t asked = options->threads ? options->threads : bp_usable_processors();
    const size_t threads = serial ? 1 : bp_size_min(asked, BP_THREADS_MAX);
    const size_t members = ensemble->info.members;
    bp_status status = BP_OK;
    sort_members(&run);
    const size_t few = count_shared(&run, threads);
    if (few > 0)
        status = deal(&run, few, few, threads / few, error);
    if (!status && members > few)
        status = deal(&run, members - few, threads, 1, error);
    ensemble->info.threads = threads;
    ensemble->info.seconds = run.seconds;
    for (size_t m = 0; m < members; m++) {
        const bp_status ended = ensemble->member[m].error.status;
        ensemble->info.finished += ended == BP_OK;
        ensemble->info.failed += ended != BP_OK && ended != BP_STOPPED;
        ensemble->kind_result[ensemble->member[m].kind].finished += ended == BP_OK;
    }
    return status;
}
