/* Trains small networks over the pthreads backend with 1, 2, 3 and 7 threads, two teams at the same
 * time, trials beside one another, and the members of an ensemble. The exit status says whether the
 * bits agree; built with -Db_sanitize=thread the program shows data races too. No test framework,
 * since Criterion aborts under ThreadSanitizer. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/problem.h"
#include "support/thread_ranks.h"

static const struct problem problems[] = {
    {.layers = 2, .widths = {4, 8, 3}, .count = 70, .labels = true},
    {.layers = 3, .widths = {10, 45, 45, 10}, .count = 70},
    {.layers = 3, .widths = {17, 33, 16, 5}, .count = 70, .bytes = true, .labels = true},
    {.layers = 3, .widths = {150, 224, 112, 5}, .count = 70, .labels = true},
};

static const size_t batch_sizes[] = {1, 7, 64, 0};
static const size_t thread_counts[] = {2, 3, 7};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* One run beside another. */
struct task {
    const struct problem *problem;
    struct setting setting;
    struct outcome outcome;
};

static void *run_task(void *arg)
{
    struct task *task = arg;
    task->outcome = problem_train(task->problem, &task->setting);
    return NULL;
}

/* Two teams at the same time; how many of them have other bits than one thread. */
static size_t run_twice(const struct problem *problem, const struct setting *setting,
                        const struct outcome *expected)
{
    struct task task[2] = {{problem, *setting, {{0}, 0.0}}, {problem, *setting, {{0}, 0.0}}};
    pthread_t other;
    require(pthread_create(&other, NULL, run_task, &task[1]) == 0, "a thread");
    run_task(&task[0]);
    require(pthread_join(other, NULL) == 0, "an end of a thread");
    return (size_t)!outcome_equal(&task[0].outcome, expected) +
           (size_t)!outcome_equal(&task[1].outcome, expected);
}

static size_t check(const struct problem *problem, size_t batch_size)
{
    struct setting setting = {
        .epochs = 2, .batch_size = batch_size, .backend = BP_BACKEND_SERIAL, .threads = 1};
    const struct outcome expected = problem_train(problem, &setting);
    size_t wrong = 0;
    setting.backend = BP_BACKEND_PTHREADS;
    for (size_t k = 0; k < 2 * COUNT(thread_counts); k++) {
        setting.threads = thread_counts[k / 2];
        setting.plan = k % 2 ? BP_PLAN_PARAMETERS : BP_PLAN_SAMPLES;
        const size_t others = run_twice(problem, &setting, &expected);
        if (others)
            printf("%zu inputs, batch size %zu: other bits with %zu threads\n", problem->widths[0],
                   batch_size, setting.threads);
        wrong += others;
    }
    return wrong;
}

/* Ranks that are threads, each with a team of its own. */
enum { RANKS = 3 };

struct ranks_job {
    const struct problem *problem;
    struct setting setting;
    struct outcome outcome[RANKS];
};

static void train_rank(struct bp_ranks *ranks, void *arg)
{
    struct ranks_job *job = arg;
    struct setting setting = job->setting;
    setting.ranks = ranks;
    job->outcome[ranks->rank] = problem_train(job->problem, &setting);
}

/* How many of them have other bits than one process. */
static size_t check_ranks(const struct problem *problem, size_t batch_size)
{
    struct setting setting = {
        .epochs = 2, .batch_size = batch_size, .backend = BP_BACKEND_SERIAL, .threads = 1};
    const struct outcome expected = problem_train(problem, &setting);
    setting.backend = BP_BACKEND_PTHREADS;
    setting.threads = 2;
    struct ranks_job job = {.problem = problem, .setting = setting};
    thread_ranks_run(RANKS, train_rank, &job);
    size_t wrong = 0;
    for (size_t r = 0; r < RANKS; r++)
        wrong += !outcome_equal(&job.outcome[r], &expected);
    if (wrong)
        printf("%zu inputs, batch size %zu: other bits on %zu ranks\n", problem->widths[0],
               batch_size, wrong);
    return wrong;
}

enum { ROWS = 60 };

/* Samples of three classes. */
static bp_dataset *make_dataset(void)
{
    float input[ROWS * 3];
    uint32_t labels[ROWS];
    for (size_t x = 0; x < ROWS; x++) {
        labels[x] = (uint32_t)(x % 3);
        for (size_t i = 0; i < 3; i++)
            input[3 * x + i] = (float)((x * 7 + i * 5) % 11) + (float)labels[x];
    }
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = ROWS,
                              .inputs = 3,
                              .input = input,
                              .labels = labels,
                              .classes = 3};
    bp_dataset *dataset;
    require(bp_dataset_from_arrays(&dataset, &arrays, NULL) == BP_OK, "a dataset");
    return dataset;
}

/* Trials that run at once on one dataset; how many of them have other bits than one by one. */
static size_t check_trials(void)
{
    enum { TRIALS = 12 };
    bp_trial trial[TRIALS];
    bp_holdout holdout[TRIALS];
    static bp_trial_result results[2][TRIALS];
    for (size_t k = 0; k < TRIALS; k++) {
        holdout[k] = bp_holdout_default();
        holdout[k].folds = TRIALS;
        holdout[k].fold = k;
        trial[k] =
            (bp_trial){.size = sizeof(bp_trial), .holdout = &holdout[k], .valid_fraction = 0.25};
    }
    bp_dataset *dataset = make_dataset();
    bp_trials trials = {
        .size = sizeof(bp_trials), .dataset = dataset, .trial = trial, .count = TRIALS};
    for (size_t k = 0; k < 2; k++) {
        trials.threads = k == 0 ? 1 : 5;
        require(bp_trials_run(&trials, results[k], NULL) == BP_OK, "trials");
    }
    size_t wrong = 0;
    for (size_t k = 0; k < TRIALS; k++) {
        require(results[0][k].error.status == BP_OK, "a trial");
        wrong +=
            strcmp(results[0][k].train.weights_digest, results[1][k].train.weights_digest) != 0;
    }
    bp_dataset_free(dataset);
    return wrong;
}

/* What a callback of members reads and writes without a lock of its own. */
static bool count_news(const bp_member_progress *progress, void *user)
{
    *(size_t *)user += progress->members;
    return true;
}

/* Members that are trained at once, some of them by several threads; 1: they have other bits. */
static size_t check_ensemble(void)
{
    static const size_t threads[] = {1, 2, 5, 7};
    char digest[COUNT(threads)][BP_DIGEST_SIZE];
    bp_dataset *dataset = make_dataset();
    bp_model_options model = bp_model_options_default();
    bp_train_options train = bp_train_options_default();
    model.hidden[0] = 1000;
    train.epochs = 2;
    const bp_member_kind kinds[] = {
        {.size = sizeof(bp_member_kind), .train = &train},
        {.size = sizeof(bp_member_kind), .model = &model, .train = &train},
    };
    size_t news = 0;
    for (size_t k = 0; k < COUNT(threads); k++) {
        bp_ensemble_options options = bp_ensemble_options_default();
        bp_ensemble *ensemble;
        bp_model *made;
        options.member_rows = BP_MEMBER_ROWS_FOLDS;
        options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
        options.threads = threads[k];
        options.progress = count_news;
        options.user = &news;
        require(bp_ensemble_train(&ensemble, dataset, NULL, kinds, COUNT(kinds), &options, NULL) ==
                    BP_OK,
                "an ensemble");
        require(bp_ensemble_take_model(ensemble, &made, NULL) == BP_OK, "its model");
        memcpy(digest[k], bp_model_get_info(made).weights_digest, BP_DIGEST_SIZE);
        bp_model_free(made);
        bp_ensemble_free(ensemble);
    }
    bp_dataset_free(dataset);
    for (size_t k = 1; k < COUNT(threads); k++) {
        if (strcmp(digest[k], digest[0]) != 0)
            return 1;
    }
    return 0;
}

static void *request(void *stop)
{
    bp_stop_request(stop);
    return NULL;
}

/* Trainings without end that another thread stops; how many did not say so. */
static size_t check_stop(void)
{
    bp_dataset *dataset = make_dataset();
    bp_train_options train = bp_train_options_default();
    bp_holdout holdout = bp_holdout_default();
    bp_stop *stop;
    bp_model *model;
    bp_trainer *trainer;
    pthread_t thread;
    require(bp_stop_create(&stop, NULL) == BP_OK, "a request");
    train.epochs = 1000000000;
    train.threads = 3;
    train.backend = BP_BACKEND_PTHREADS;
    train.stop = stop;
    require(bp_model_create(&model, dataset, NULL, NULL) == BP_OK, "a model");
    require(bp_trainer_create(&trainer, model, dataset, NULL, &train, NULL) == BP_OK, "a trainer");
    require(pthread_create(&thread, NULL, request, stop) == 0, "a thread");
    size_t wrong = bp_trainer_run(trainer, NULL, NULL, NULL, NULL) != BP_STOPPED;
    require(pthread_join(thread, NULL) == 0, "an end of a thread");
    bp_stop_clear(stop);
    holdout.folds = 3;
    const bp_trial trial = {.size = sizeof(bp_trial), .train = &train, .holdout = &holdout};
    const bp_trial all[3] = {trial, trial, trial};
    bp_trial_result result[3];
    const bp_trials trials = {.size = sizeof(bp_trials),
                              .dataset = dataset,
                              .trial = all,
                              .count = 3,
                              .threads = 3,
                              .stop = stop};
    require(pthread_create(&thread, NULL, request, stop) == 0, "a thread");
    wrong += bp_trials_run(&trials, result, NULL) != BP_STOPPED;
    require(pthread_join(thread, NULL) == 0, "an end of a thread");
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_stop_free(stop);
    bp_dataset_free(dataset);
    return wrong;
}

int main(void)
{
    size_t wrong = check_trials();
    wrong += check_stop();
    if (wrong)
        printf("%zu trials have other bits with 5 threads\n", wrong);
    const size_t ensembles = check_ensemble();
    if (ensembles)
        puts("an ensemble has other bits with more threads");
    wrong += ensembles;
    for (size_t p = 0; p < COUNT(problems); p++) {
        for (size_t b = 0; b < COUNT(batch_sizes); b++)
            wrong +=
                check(&problems[p], batch_sizes[b]) + check_ranks(&problems[p], batch_sizes[b]);
    }
    printf("%zu of %zu runs have other bits than one thread\n", wrong,
           COUNT(problems) * COUNT(batch_sizes) * (2 * COUNT(thread_counts) + RANKS));
    return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
