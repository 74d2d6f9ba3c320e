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
