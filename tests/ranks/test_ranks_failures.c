/* Where one rank fails alone - no memory, no thread, an argument that is missing - all ranks return
 * the same status, and none waits for one that has gone. */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "support/counted_memory.h"
#include "support/scratch.h"
#include "support/thread_ranks.h"
#include "support/training.h"
#include "team/processors.h"

#define RANKS     3
#define CALLS_MAX 20000 /* more than any of the functions makes */

/* ---- threads that cannot be started, and processors that are there on any machine ---- */

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*fn)(void *),
                          void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*fn)(void *),
                          void *arg);
size_t __wrap_bp_usable_processors(void);
size_t __wrap_bp_affine_processors(void);

static _Thread_local bool lacks_threads; /* the next one that this thread starts is not there */

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*fn)(void *),
                          void *arg)
{
    if (!lacks_threads)
        return __real_pthread_create(thread, attributes, fn, arg);
    lacks_threads = false;
    return EAGAIN;
}

size_t __wrap_bp_usable_processors(void)
{
    return 4;
}

size_t __wrap_bp_affine_processors(void)
{
    return 4;
}

/* ---- what all ranks do ---- */

static char *folder, *file;
static bp_dataset *train, *valid;

struct job;

/* Collective; the rank that fails may be given something else. */
typedef bp_status work_fn(struct job *job, struct bp_ranks *ranks, bool fails, bp_error *error);

struct job {
    work_fn *work;
    size_t failing; /* rank */
    size_t call;    /* that gets no memory on it; 0: none */
    bp_status status[RANKS];
    bp_error error[RANKS];
    bp_train_result result[RANKS];
};

static void set_up(void)
{
    bp_dataset *whole;
    thread_ranks_malloc = counted_malloc;
    folder = scratch_file("checkpoints");
    file = scratch_file("c.safetensors");
    cr_assert_eq(bp_dataset_read(&whole, DATASETS "/iris.csv", NULL, NULL), BP_OK);
    cr_assert_eq(bp_dataset_split(whole, 0.2, 1, &train, &valid, NULL), BP_OK);
    bp_dataset_free(whole);
}

static void tear_down(void)
{
    bp_dataset_free(train);
    bp_dataset_free(valid);
    scratch_remove();
}

TestSuite(ranks_failures, .init = set_up, .fini = tear_down);

static void run_rank(struct bp_ranks *ranks, void *arg)
{
    struct job *job = arg;
    const size_t r = ranks->rank;
    const bool fails = r == job->failing;
    job->error[r].message[0] = '\0';
    if (fails)
        counted_fail_here(job->call);
    job->status[r] = job->work(job, ranks, fails, &job->error[r]);
    counted_fail_here(0);
}

static void expect_all(const struct job *job, bp_status status, const char *words)
{
    for (size_t r = 0; r < RANKS; r++) {
        cr_assert_eq(job->status[r], status, "rank %zu, of %zu that fails: %d: %s", r, job->failing,
                     (int)job->status[r], job->error[r].message);
        cr_assert(strstr(job->error[r].message, words) != NULL, "%s", job->error[r].message);
        const bool named = strncmp(job->error[r].message, "rank ", 5) == 0;
        cr_assert_eq(named, job->failing > 0 && status != BP_OK, "%s", job->error[r].message);
    }
}

/* On rank 0 and on another. */
static void expect_refused(work_fn *work, bp_status status, const char *words)
{
    for (size_t failing = 0; failing < RANKS; failing += 2) {
        struct job job = {.work = work, .failing = failing};
        thread_ranks_run(RANKS, run_rank, &job);
        expect_all(&job, status, words);
    }
}

/* Lets one call after the other get no memory, until the rank needs no more of them. */
static void expect_memory_errors(work_fn *work)
{
    for (size_t failing = 0; failing < RANKS; failing += 2) {
        size_t failed = 0;
        struct job job = {.work = work, .failing = failing};
        for (job.call = 1; job.call < CALLS_MAX; job.call++) {
            thread_ranks_run(RANKS, run_rank, &job);
            if (job.status[failing] == BP_OK)
                break;
            expect_all(&job, BP_ERROR_MEMORY, "");
            failed++;
        }
        expect_all(&job, BP_OK, "");
        cr_assert((failing > 0 || failed > 3) && job.call < CALLS_MAX, "%zu of %zu", failed,
                  job.call);
    }
}

/* ---- training ---- */

/* A trainer of two epochs with the model of `training`. */
static bp_status make_trainer(struct training *training, struct bp_ranks *ranks, size_t threads,
                              bp_error *error)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    options.epochs = 2;
    options.shard_size = 8;
    options.threads = threads;
    options.backend = threads == 1 ? BP_BACKEND_SERIAL : BP_BACKEND_PTHREADS;
    options.class_weight = "balanced";
    options.ranks = ranks;
    return bp_trainer_create(&training->trainer, training->model, train, valid, &options, error);
}

static bool stop(const bp_progress *progress, void *user)
{
    (void)progress;
    (void)user;
    return false;
}

static void make_model(struct training *training)
{
    const bp_model_options options = training_model();
    counted_fail_here(0);
    cr_assert_eq(bp_model_create(&training->model, train, &options, NULL), BP_OK);
}

static void release(struct training *training)
{
    bp_trainer_free(training->trainer);
    bp_model_free(training->model);
}

/* Memory is short from the trainer on. */
static bp_status create_and_run(struct job *job, struct bp_ranks *ranks, bool fails,
                                bp_error *error)
{
    struct training training = {0};
    make_model(&training);
    if (fails)
        counted_fail_here(job->call);
    bp_status status = make_trainer(&training, ranks, 1, error);
    if (!status)
        status = bp_trainer_run(training.trainer, NULL, NULL, &job->result[ranks->rank], error);
    release(&training);
    return status;
}

Test(ranks_failures, no_memory_for_a_training)
{
    expect_memory_errors(create_and_run);
}

/* The folder, which only rank 0 knows, without the checkpoints of the call before. */
static bp_checkpoints *open_folder(const struct bp_ranks *ranks)
{
    bp_checkpoints *checkpoints = NULL;
    bp_checkpoint checkpoint;
    if (ranks->rank > 0)
        return NULL;
    cr_assert_eq(bp_checkpoints_open(&checkpoints, folder, NULL), BP_OK);
    for (size_t k = 0; k < bp_checkpoints_count(checkpoints); k++) {
        cr_assert_eq(bp_checkpoints_get(checkpoints, k, &checkpoint, NULL), BP_OK);
        cr_assert_eq(unlink(checkpoint.path), 0);
    }
    bp_checkpoints_free(checkpoints);
    cr_assert_eq(bp_checkpoints_open(&checkpoints, folder, NULL), BP_OK);
    return checkpoints;
}

/* Of the first checkpoint of a run, and of one after it. */
static bp_status save(struct job *job, struct bp_ranks *ranks, bool fails, bp_error *error)
{
    struct training training = {0};
    make_model(&training);
    bp_checkpoints *checkpoints = open_folder(ranks);
    cr_assert_eq(make_trainer(&training, ranks, 1, NULL), BP_OK);
    if (fails)
        counted_fail_here(job->call);
    bp_status status = bp_trainer_save_in(training.trainer, checkpoints, error);
    if (!status)
        status = bp_trainer_run(training.trainer, stop, NULL, NULL, error) == BP_STOPPED
                     ? bp_trainer_save_in(training.trainer, checkpoints, error)
                     : error->status;
    counted_fail_here(0);
    if (ranks->rank == 0 && status == BP_OK)
        cr_assert_eq(bp_checkpoints_count(checkpoints), 2);
    bp_checkpoints_free(checkpoints);
    release(&training);
    return status;
}

static bp_status resume(struct job *job, struct bp_ranks *ranks, bool fails, bp_error *error)
{
    struct training training = {0};
    make_model(&training);
    bp_checkpoints *checkpoints = open_folder(ranks);
    cr_assert_eq(make_trainer(&training, ranks, 1, NULL), BP_OK);
    cr_assert_eq(bp_trainer_save_in(training.trainer, checkpoints, NULL), BP_OK);
    if (fails)
        counted_fail_here(job->call);
    const bp_status status = bp_trainer_resume(training.trainer, checkpoints, NULL, error);
    counted_fail_here(0);
    bp_checkpoints_free(checkpoints);
    release(&training);
    return status;
}

Test(ranks_failures, no_memory_for_checkpoints)
{
    expect_memory_errors(save);
    expect_memory_errors(resume);
}

/* ---- threads ---- */

/* As many as there are processors: 4, all of them of each rank. */
static bp_status train_with_threads(struct job *job, struct bp_ranks *ranks, bool fails,
                                    size_t threads, bp_error *error)
{
    struct training training = {0};
    make_model(&training);
    ranks->sharing = 1;
    lacks_threads = fails;
    bp_status status = make_trainer(&training, ranks, threads, error);
    lacks_threads = false;
    if (!status)
        status = bp_trainer_run(training.trainer, NULL, NULL, &job->result[ranks->rank], error);
    release(&training);
    return status;
}

static bp_status train_with_any_threads(struct job *job, struct bp_ranks *ranks, bool fails,
                                        bp_error *error)
{
    return train_with_threads(job, ranks, fails, 0, error);
}

static bp_status train_with_two_threads(struct job *job, struct bp_ranks *ranks, bool fails,
                                        bp_error *error)
{
    return train_with_threads(job, ranks, fails, 2, error);
}

Test(ranks_failures, a_rank_that_cannot_have_all_threads_takes_fewer)
{
    struct job whole = {.work = train_with_any_threads, .failing = RANKS};
    thread_ranks_run(RANKS, run_rank, &whole);
    cr_assert_eq(whole.result[0].all_threads, 4 * RANKS);
    for (size_t failing = 0; failing < RANKS; failing++) {
        struct job job = {.work = train_with_any_threads, .failing = failing};
        thread_ranks_run(RANKS, run_rank, &job);
        expect_all(&job, BP_OK, "");
        for (size_t r = 0; r < RANKS; r++) {
            const bp_train_result *result = &job.result[r];
            cr_assert_eq(result->threads, r == failing ? 2 : 4, "%zu", result->threads);
            cr_assert_eq(result->all_threads, 4 * RANKS - 2);
            cr_assert_eq(strstr(result->threads_reason, "4 cannot be had") != NULL, r == failing);
            training_expect_equal(result, &whole.result[0]);
        }
    }
}

Test(ranks_failures, threads_that_were_asked_for)
{
    expect_refused(train_with_two_threads, BP_ERROR_THREADS, "thread");
}

/* ---- arguments ---- */

/* Each gives the rank that fails something that cannot be. */

static bp_status create_without_model(struct job *job, struct bp_ranks *ranks, bool fails,
                                      bp_error *error)
{
    (void)job;
    struct training training = {0};
    make_model(&training);
    bp_model *model = training.model;
    training.model = fails ? NULL : model;
    const bp_status status = make_trainer(&training, ranks, 1, error);
    training.model = model;
    release(&training);
    return status;
}

/* As of a program that was built with a newer header. */
static bp_status create_with_unknown_option(struct job *job, struct bp_ranks *ranks, bool fails,
                                            bp_error *error)
{
    (void)job;
    struct {
        bp_train_options known;
        size_t unknown;
    } options = {.known = training_options(BP_OPTIMIZER_SGD), .unknown = fails};
    struct training training = {0};
    make_model(&training);
    options.known.size = sizeof options;
    options.known.ranks = ranks;
    const bp_status status =
        bp_trainer_create(&training.trainer, training.model, train, NULL, &options.known, error);
    release(&training);
    return status;
}

static bp_status call_without_path(struct job *job, struct bp_ranks *ranks, bool fails,
                                   bp_error *error)
{
    (void)job;
    struct training training = {0};
    make_model(&training);
    cr_assert_eq(make_trainer(&training, ranks, 1, NULL), BP_OK);
    const char *path = fails ? NULL : file;
    const bp_status saved = bp_trainer_save(training.trainer, path, error);
    cr_assert_eq(bp_trainer_restore(training.trainer, path, NULL), saved);
    release(&training);
    return saved;
}

static bp_status call_without_folder(struct job *job, struct bp_ranks *ranks, bool fails,
                                     bp_error *error)
{
    (void)job;
    struct training training = {0};
    make_model(&training);
    bp_checkpoints *checkpoints = open_folder(ranks);
    bp_checkpoints *given = fails ? NULL : checkpoints;
    cr_assert_eq(make_trainer(&training, ranks, 1, NULL), BP_OK);
    const bp_status saved = bp_trainer_save_in(training.trainer, given, error);
    cr_assert_eq(bp_trainer_resume(training.trainer, given, NULL, NULL), saved);
    bp_checkpoints_free(checkpoints);
    release(&training);
    return saved;
}

Test(ranks_failures, arguments_of_a_training)
{
    expect_refused(create_without_model, BP_ERROR_ARGUMENT, "`model`");
    expect_refused(create_with_unknown_option, BP_ERROR_ARGUMENT, "does not have");
}

/* Only what rank 0 gives counts. */
Test(ranks_failures, paths_and_folders_of_checkpoints)
{
    static const struct {
        work_fn *work;
        const char *words;
    } calls[] = {{call_without_path, "`path`"}, {call_without_folder, "`checkpoints`"}};
    for (size_t k = 0; k < sizeof calls / sizeof calls[0]; k++) {
        struct job job = {.work = calls[k].work};
        thread_ranks_run(RANKS, run_rank, &job);
        expect_all(&job, BP_ERROR_ARGUMENT, calls[k].words);
        job.failing = 1;
        thread_ranks_run(RANKS, run_rank, &job);
        expect_all(&job, BP_OK, "");
    }
}

static bp_status validate(struct bp_ranks *ranks, const bp_dataset *dataset, size_t call,
                          bp_error *error)
{
    bp_cross_validation *validation;
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_cross_validation_options full = bp_cross_validation_options_default();
    options.epochs = 1;
    full.train = &options;
    full.folds = 3;
    full.threads = 1;
    full.ranks = ranks;
    counted_fail_here(call);
    const bp_status status = bp_cross_validate(&validation, dataset, &full, error);
    counted_fail_here(0);
    bp_cross_validation_free(validation);
    return status;
}

static bp_status validate_without_rows(struct job *job, struct bp_ranks *ranks, bool fails,
                                       bp_error *error)
{
    (void)job;
    return validate(ranks, fails ? NULL : train, 0, error);
}

static bp_status validate_with_little_memory(struct job *job, struct bp_ranks *ranks, bool fails,
                                             bp_error *error)
{
    return validate(ranks, train, fails ? job->call : 0, error);
}

static bp_status try_unknown_option(struct job *job, struct bp_ranks *ranks, bool fails,
                                    bp_error *error)
{
    (void)job;
    bp_trial trial = bp_trial_default();
    const bp_holdout holdout = bp_holdout_default();
    bp_trial_result result;
    struct {
        bp_trials known;
        size_t unknown;
    } options = {.known = bp_trials_default(), .unknown = fails};
    trial.holdout = &holdout;
    options.known.size = sizeof options;
    options.known.dataset = train;
    options.known.trial = &trial;
    options.known.count = 1;
    options.known.ranks = ranks;
    return bp_trials_run(&options.known, &result, error);
}

Test(ranks_failures, arguments_of_trials)
{
    expect_refused(validate_without_rows, BP_ERROR_ARGUMENT, "`dataset`");
    expect_refused(try_unknown_option, BP_ERROR_ARGUMENT, "does not have");
}

Test(ranks_failures, no_memory_for_a_cross_validation)
{
    expect_memory_errors(validate_with_little_memory);
}

/* ---- ensembles ---- */

static bp_status train_ensemble(struct bp_ranks *ranks, bool is_there, size_t call, bp_error *error)
{
    bp_ensemble *ensemble = NULL;
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_member_kind kind = bp_member_kind_default();
    bp_ensemble_options full = bp_ensemble_options_default();
    options.epochs = 1;
    kind.train = &options;
    full.members = 3;
    full.member_rows = BP_MEMBER_ROWS_FOLDS;
    full.member_folds = 3;
    full.threads = 1;
    full.ranks = ranks;
    counted_fail_here(call);
    const bp_status status =
        bp_ensemble_train(is_there ? &ensemble : NULL, train, NULL, &kind, 1, &full, error);
    counted_fail_here(0);
    bp_ensemble_free(ensemble);
    return status;
}

static bp_status train_no_ensemble(struct job *job, struct bp_ranks *ranks, bool fails,
                                   bp_error *error)
{
    (void)job;
    return train_ensemble(ranks, !fails, 0, error);
}

static bp_status ensemble_with_little_memory(struct job *job, struct bp_ranks *ranks, bool fails,
                                             bp_error *error)
{
    return train_ensemble(ranks, true, fails ? job->call : 0, error);
}

/* Members are trained on threads of their own, with memory that is there. */
Test(ranks_failures, ensembles)
{
    expect_refused(train_no_ensemble, BP_ERROR_ARGUMENT, "`out`");
    expect_memory_errors(ensemble_with_little_memory);
}

/* ---- benches ---- */

static bp_status run_bench(struct bp_ranks *ranks, bp_bench_options *options, size_t call,
                           bp_error *error)
{
    bp_train_options adam = bp_train_options_default();
    bp_bench *bench = NULL;
    bp_bench_result result;
    double figure;
    adam.optimizer = BP_OPTIMIZER_ADAM;
    adam.ranks = ranks;
    options->train = &adam;
    options->samples = 64;
    options->threads = 1;
    counted_fail_here(call);
    bp_status status = bp_bench_create(&bench, options, error);
    if (!status)
        status = bp_bench_run(bench, 1e-4, true, &result, error);
    if (!status)
        status = bp_bench_link(ranks, 1e-4, &figure, &figure, error);
    counted_fail_here(0);
    bp_bench_free(bench);
    return status;
}

static bp_bench_options small_bench(void)
{
    bp_bench_options options = bp_bench_options_default();
    options.widths[0] = 8;
    options.widths[1] = 5;
    options.widths[2] = 3;
    return options;
}

static bp_status bench_with_little_memory(struct job *job, struct bp_ranks *ranks, bool fails,
                                          bp_error *error)
{
    bp_bench_options options = small_bench();
    return run_bench(ranks, &options, fails ? job->call : 0, error);
}

static bp_status bench_of_no_layers(struct job *job, struct bp_ranks *ranks, bool fails,
                                    bp_error *error)
{
    (void)job;
    bp_bench_options options = small_bench();
    options.layers = fails ? 0 : options.layers;
    return run_bench(ranks, &options, 0, error);
}

static bp_status bench_of_other_widths(struct job *job, struct bp_ranks *ranks, bool fails,
                                       bp_error *error)
{
    (void)job;
    bp_bench_options options = small_bench();
    options.widths[1] += fails;
    return run_bench(ranks, &options, 0, error);
}

static bp_status measure_no_link(struct job *job, struct bp_ranks *ranks, bool fails,
                                 bp_error *error)
{
    (void)job;
    double latency, bandwidth;
    return bp_bench_link(ranks, fails ? 0.0 : 1e-4, &latency, &bandwidth, error);
}

Test(ranks_failures, benches)
{
    expect_memory_errors(bench_with_little_memory);
    expect_refused(bench_of_no_layers, BP_ERROR_ARGUMENT, "0 layers of weights");
    expect_refused(measure_no_link, BP_ERROR_ARGUMENT, "0 seconds");
    struct job job = {.work = bench_of_other_widths, .failing = 1};
    thread_ranks_run(RANKS, run_rank, &job);
    expect_all(&job, BP_ERROR_RANKS, "its network, samples, batches or optimizer");
}

/* ---- files that rank 0 sends ---- */

struct reading {
    const char *paths[2];
    size_t count;
    const char *labels;
    size_t call;
};

static bp_status read_files(struct bp_ranks *ranks, const struct reading *reading, bp_error *error)
{
    bp_read_options options = bp_read_options_default();
    bp_dataset *dataset;
    options.ranks = ranks;
    options.labels = reading->labels;
    options.threads = 1;
    counted_fail_here(reading->call);
    const bp_status status =
        bp_dataset_read_files(&dataset, reading->paths, reading->count, &options, error);
    counted_fail_here(0);
    bp_dataset_free(dataset);
    return status;
}

static struct reading iris(void)
{
    return (struct reading){.paths = {DATASETS "/iris.csv", DATASETS "/iris.csv"}, .count = 2};
}

static bp_status read_without_path(struct job *job, struct bp_ranks *ranks, bool fails,
                                   bp_error *error)
{
    (void)job;
    struct reading reading = iris();
    reading.paths[1] = fails ? NULL : reading.paths[1];
    return read_files(ranks, &reading, error);
}

static bp_status read_with_little_memory(struct job *job, struct bp_ranks *ranks, bool fails,
                                         bp_error *error)
{
    struct reading reading = iris();
    reading.call = fails ? job->call : 0;
    return read_files(ranks, &reading, error);
}

static bp_status read_fewer_files(struct job *job, struct bp_ranks *ranks, bool fails,
                                  bp_error *error)
{
    (void)job;
    struct reading reading = iris();
    reading.count -= fails;
    return read_files(ranks, &reading, error);
}

static bp_status read_labels_too(struct job *job, struct bp_ranks *ranks, bool fails,
                                 bp_error *error)
{
    (void)job;
    struct reading reading = iris();
    reading.labels = fails ? "labels" : NULL;
    return read_files(ranks, &reading, error);
}

Test(ranks_failures, files_that_are_sent)
{
    expect_refused(read_without_path, BP_ERROR_ARGUMENT, "`path`");
    expect_memory_errors(read_with_little_memory);
    struct job job = {.work = read_fewer_files, .failing = 1};
    thread_ranks_run(RANKS, run_rank, &job);
    expect_all(&job, BP_ERROR_RANKS, "reads 1 file here, and rank 0 sends 2");
    job.work = read_labels_too;
    thread_ranks_run(RANKS, run_rank, &job);
    expect_all(&job, BP_ERROR_RANKS, "reads 2 files and labels here, and rank 0 sends 2");
}
