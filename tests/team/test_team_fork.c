/* After fork(): what has threads is refused in the child, and new threads can be had there. A hang
 * ends the child by a signal. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/tables.h"

#define SECONDS 20 /* after which a child hangs */

struct work {
    bp_dataset *dataset;
    bp_model *model;
    bp_trainer *trainer;
};

static bp_status create_trainer(struct work *work, bp_backend backend, bp_error *error)
{
    bp_train_options options = bp_train_options_default();
    options.epochs = 2;
    options.batch_size = 150;
    options.threads = 2;
    options.backend = backend;
    bp_status status = bp_model_create(&work->model, work->dataset, NULL, error);
    return status ? status
                  : bp_trainer_create(&work->trainer, work->model, work->dataset, NULL, &options,
                                      error);
}

static struct work start(void)
{
    if (getenv("MESON_EXE_WRAPPER")) /* qemu fails when a child of fork() starts threads */
        cr_skip_test("an emulator runs the program");
    struct work work = {0};
    bp_error error;
    cr_assert_eq(bp_dataset_read(&work.dataset, DATASETS "/iris.csv", NULL, &error), BP_OK, "%s",
                 error.message);
    return work;
}

static void end(struct work *work)
{
    bp_trainer_free(work->trainer);
    bp_model_free(work->model);
    work->trainer = NULL;
    work->model = NULL;
}

static bool says_fork(bp_status status, const bp_error *error)
{
    return status == BP_ERROR_THREADS && strstr(error->message, "fork()") != NULL;
}

/* Runs `check` in a child. */
static bool is_true_in_child(bool (*check)(struct work *work), struct work *work)
{
    const pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS);
        _exit(check(work) ? 0 : 1);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static bool refuses_openmp(struct work *work)
{
    bp_error error = {0};
    return says_fork(create_trainer(work, BP_BACKEND_OPENMP, &error), &error);
}

static bool refuses_the_trainer(struct work *work)
{
    bp_error error = {0};
    if (!says_fork(bp_trainer_run(work->trainer, NULL, NULL, NULL, &error), &error))
        return false;
    end(work);
    return true;
}

static bool trains(struct work *work)
{
    bp_error error = {0};
    bool done = create_trainer(work, BP_BACKEND_PTHREADS, &error) == BP_OK &&
                bp_trainer_run(work->trainer, NULL, NULL, NULL, &error) == BP_OK;
    end(work);
    return done;
}

static bp_bench *create_bench(bp_backend backend, bp_error *error)
{
    bp_bench_options options = bp_bench_options_default();
    bp_bench *bench = NULL;
    options.threads = 2;
    options.backend = backend;
    return bp_bench_create(&bench, &options, error) == BP_OK ? bench : NULL;
}

/* The calls that start a team of their own. */
static bool refuses_all_uses_of_openmp(struct work *work)
{
    static float outputs[150 * 3];
    static bp_trial_result results[2];
    const bp_holdout holdout = bp_holdout_default();
    bp_trial trial[] = {bp_trial_default(), bp_trial_default()};
    bp_run_options run = bp_run_options_default();
    bp_trials trials = bp_trials_default();
    bp_cross_validation_options folds = bp_cross_validation_options_default();
    bp_evaluation *evaluation;
    bp_cross_validation *validation;
    bp_gradcheck_result gradient;
    bp_metrics metrics;
    bp_error error = {0};
    run.threads = trials.threads = folds.threads = 2;
    run.backend = trials.backend = folds.backend = BP_BACKEND_OPENMP;
    trials.dataset = work->dataset;
    trial[0].holdout = trial[1].holdout = &holdout;
    trials.trial = trial;
    trials.count = 2;
    const bp_model *model = work->model;
    const bp_dataset *data = work->dataset;
    return says_fork(bp_evaluate(model, data, &run, &metrics, &error), &error) &&
           says_fork(bp_evaluation_create(&evaluation, model, data, &run, &error), &error) &&
           says_fork(bp_predict(model, data, &run, outputs, &error), &error) &&
           says_fork(bp_gradcheck(model, data, NULL, &run, &gradient, &error), &error) &&
           says_fork(bp_trials_run(&trials, results, &error), &error) &&
           says_fork(bp_cross_validate(&validation, data, &folds, &error), &error) &&
           !create_bench(BP_BACKEND_OPENMP, &error) && says_fork(error.status, &error);
}

static bool predicts_and_measures(struct work *work)
{
    static float outputs[150 * 3];
    bp_run_options run = bp_run_options_default();
    bp_metrics metrics;
    bp_bench_result result;
    run.threads = 2;
    run.backend = BP_BACKEND_PTHREADS;
    bp_bench *bench = create_bench(BP_BACKEND_PTHREADS, NULL);
    const bool done = bench && bp_bench_run(bench, 0.01, false, &result, NULL) == BP_OK &&
                      bp_evaluate(work->model, work->dataset, &run, &metrics, NULL) == BP_OK &&
                      bp_predict(work->model, work->dataset, &run, outputs, NULL) == BP_OK;
    bp_bench_free(bench);
    return done;
}

/* Made before the fork. */
static bp_bench *held;

static bool refuses_the_bench(struct work *work)
{
    (void)work;
    bp_bench_result result;
    bp_error error = {0};
    double rate;
    const bool refused = says_fork(bp_bench_run(held, 0.01, false, &result, &error), &error) &&
                         says_fork(bp_bench_peak(held, 0.01, &rate, &error), &error);
    bp_bench_free(held);
    return refused;
}

Test(team_fork, every_use_of_openmp_that_ran_before_is_refused_in_a_child)
{
    if (!bp_has_backend(BP_BACKEND_OPENMP))
        cr_skip_test("built without OpenMP");
    struct work work = start();
    cr_assert_eq(create_trainer(&work, BP_BACKEND_OPENMP, NULL), BP_OK);
    cr_assert_eq(bp_trainer_run(work.trainer, NULL, NULL, NULL, NULL), BP_OK);
    cr_expect(is_true_in_child(refuses_all_uses_of_openmp, &work));
    cr_expect(is_true_in_child(predicts_and_measures, &work));
    end(&work);
    bp_dataset_free(work.dataset);
}

Test(team_fork, a_bench_with_threads_is_refused_and_freed_in_a_child)
{
    static const bp_backend backends[] = {BP_BACKEND_PTHREADS, BP_BACKEND_OPENMP};
    bp_bench_result result;
    for (size_t k = 0; k < 2; k++) {
        if (!bp_has_backend(backends[k]))
            continue;
        cr_assert_not_null(held = create_bench(backends[k], NULL));
        cr_expect_eq(bp_bench_run(held, 0.01, false, &result, NULL), BP_OK);
        cr_expect(is_true_in_child(refuses_the_bench, NULL));
        cr_expect_eq(bp_bench_run(held, 0.01, false, &result, NULL), BP_OK, "the parent goes on");
        bp_bench_free(held);
    }
}

Test(team_fork, openmp_that_ran_before_is_refused_in_a_child)
{
    if (!bp_has_backend(BP_BACKEND_OPENMP))
        cr_skip_test("built without OpenMP");
    struct work work = start();
    cr_assert_eq(create_trainer(&work, BP_BACKEND_OPENMP, NULL), BP_OK);
    cr_assert_eq(bp_trainer_run(work.trainer, NULL, NULL, NULL, NULL), BP_OK);
    cr_expect(is_true_in_child(refuses_the_trainer, &work));
    end(&work);
    cr_expect(is_true_in_child(refuses_openmp, &work));
    cr_expect(is_true_in_child(trains, &work));
    cr_expect_eq(create_trainer(&work, BP_BACKEND_OPENMP, NULL), BP_OK, "the parent goes on");
    cr_expect_eq(bp_trainer_run(work.trainer, NULL, NULL, NULL, NULL), BP_OK);
    end(&work);
    bp_dataset_free(work.dataset);
}

Test(team_fork, a_trainer_with_threads_is_refused_and_freed_in_a_child)
{
    struct work work = start();
    cr_assert_eq(create_trainer(&work, BP_BACKEND_PTHREADS, NULL), BP_OK);
    cr_expect(is_true_in_child(refuses_the_trainer, &work));
    cr_expect_eq(bp_trainer_run(work.trainer, NULL, NULL, NULL, NULL), BP_OK, "the parent goes on");
    end(&work);
    cr_expect(is_true_in_child(trains, &work));
    bp_dataset_free(work.dataset);
}
