/* A folder of checkpoints: which are kept, which one a run goes on from, and why others are not. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/scratch.h"
#include "support/training.h"

static struct folder folder;

static void set_up(void)
{
    folder = *scratch_folder();
}

TestSuite(train_checkpoints, .init = set_up, .fini = scratch_remove);

static bp_checkpoints *open_folder(void)
{
    bp_checkpoints *checkpoints;
    bp_error error;
    cr_assert_eq(bp_checkpoints_open(&checkpoints, folder.path, &error), BP_OK, "%s",
                 error.message);
    return checkpoints;
}

struct run {
    struct training training;
    bp_checkpoints *checkpoints;
};

static struct run run_create(size_t epochs)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    options.epochs = epochs;
    return (struct run){training_create(&options, NULL), open_folder()};
}

static void run_free(struct run *run)
{
    bp_checkpoints_free(run->checkpoints);
    training_free(&run->training);
}

static bool save_epoch(const bp_progress *progress, void *user)
{
    const struct run *run = user;
    bp_error error;
    if (progress->epoch_done)
        cr_assert_eq(bp_trainer_save_in(run->training.trainer, run->checkpoints, &error), BP_OK,
                     "%s", error.message);
    return true;
}

/* Trains to the end with a checkpoint after every epoch. */
static bp_train_result run_finish(struct run *run)
{
    bp_train_result result;
    cr_assert_eq(bp_trainer_run(run->training.trainer, save_epoch, run, &result, NULL), BP_OK);
    return result;
}

/* Leaves the checkpoints of a run of `epochs` epochs in the folder. */
static void leave_checkpoints(size_t epochs)
{
    struct run run = run_create(epochs);
    run_finish(&run);
    run_free(&run);
}

static bp_checkpoint get(const bp_checkpoints *checkpoints, size_t index)
{
    bp_checkpoint checkpoint;
    cr_assert_eq(bp_checkpoints_get(checkpoints, index, &checkpoint, NULL), BP_OK);
    return checkpoint;
}

/* Makes a file shorter by a byte. */
static void damage(size_t index)
{
    bp_checkpoints *checkpoints = open_folder();
    const char *path = get(checkpoints, index).path;
    struct stat status;
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(truncate(path, status.st_size - 1), 0);
    bp_checkpoints_free(checkpoints);
}

Test(train_checkpoints, the_newest_two_are_kept_the_furthest_first)
{
    struct run run = run_create(6);
    run_finish(&run);
    for (size_t k = 0; k < 2; k++) { /* before and after they are read from the folder */
        cr_assert_eq(bp_checkpoints_count(run.checkpoints), 2);
        cr_assert_eq(get(run.checkpoints, 0).epochs, 6);
        cr_assert_eq(get(run.checkpoints, 1).epochs, 5);
        cr_assert_eq(get(run.checkpoints, 1).samples, 0);
        cr_assert_not_null(
            strstr(get(run.checkpoints, 1).path, "/checkpoint-00000005-0000000000.safetensors"));
        bp_checkpoints_free(run.checkpoints);
        run.checkpoints = open_folder();
    }
    cr_assert_eq(folder_count(&folder), 2);
    run_free(&run);
}

Test(train_checkpoints, the_furthest_one_is_that_of_the_later_batch)
{
    struct run run = run_create(6);
    char *path = folder_path(&folder, "checkpoint-00000002-0000000064.safetensors");
    training_interrupt(&run.training, 2, 64, path);
    free(path);
    path = folder_path(&folder, "checkpoint-00000002-0000000000.safetensors");
    file_put_text(path, "");
    free(path);
    bp_checkpoints *checkpoints = open_folder();
    cr_assert_eq(get(checkpoints, 0).samples, 64);
    cr_assert_eq(get(checkpoints, 1).samples, 0);
    bp_checkpoints_free(checkpoints);
    run_free(&run);
}

Test(train_checkpoints, a_run_resumes_to_the_same_bits)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    struct training whole = training_create(&options, NULL);
    const bp_train_result expected = training_finish(&whole);
    leave_checkpoints(3);

    struct run run = run_create(6);
    bp_checkpoint resumed;
    cr_assert_eq(bp_trainer_resume(run.training.trainer, run.checkpoints, &resumed, NULL), BP_OK);
    cr_assert_eq(resumed.epochs, 3);
    cr_assert_null(resumed.skipped);
    cr_assert_str_eq(run_finish(&run).weights_digest, expected.weights_digest);
    run_free(&run);
    training_free(&whole);
}

Test(train_checkpoints, a_damaged_one_is_skipped_with_its_reason_and_removed_later)
{
    leave_checkpoints(4);
    damage(0);
    struct run run = run_create(6);
    bp_checkpoint resumed;
    cr_assert_eq(bp_trainer_resume(run.training.trainer, run.checkpoints, &resumed, NULL), BP_OK);
    cr_assert_eq(resumed.epochs, 3);
    const bp_checkpoint newest = get(run.checkpoints, 0);
    cr_assert_eq(newest.epochs, 4);
    cr_assert_not_null(strstr(newest.skipped, newest.path), "%s", newest.skipped);
    cr_assert_not_null(strstr(newest.skipped, "damaged"), "%s", newest.skipped);

    run_finish(&run);
    cr_assert_eq(bp_checkpoints_count(run.checkpoints), 2);
    cr_assert_eq(get(run.checkpoints, 0).epochs, 6);
    cr_assert_eq(get(run.checkpoints, 1).epochs, 5);
    cr_assert_eq(folder_count(&folder), 2);
    run_free(&run);
}

/* The run comes again to where the damaged checkpoint is: a new one takes its name. */
Test(train_checkpoints, a_damaged_one_is_replaced)
{
    leave_checkpoints(4);
    damage(0);
    struct run run = run_create(4);
    cr_assert_eq(bp_trainer_resume(run.training.trainer, run.checkpoints, NULL, NULL), BP_OK);
    run_finish(&run);
    cr_assert_eq(bp_checkpoints_count(run.checkpoints), 2);
    cr_assert_null(get(run.checkpoints, 0).skipped);
    bp_checkpoint newest;
    cr_assert_eq(bp_checkpoints_newest(run.checkpoints, &newest, NULL), BP_OK);
    cr_assert_eq(newest.epochs, 4);
    run_free(&run);
}

Test(train_checkpoints, damage_of_all_is_the_error_of_the_furthest)
{
    leave_checkpoints(4);
    damage(0);
    damage(1);
    struct run run = run_create(6);
    bp_checkpoint resumed;
    bp_error error;
    cr_assert_eq(bp_trainer_resume(run.training.trainer, run.checkpoints, &resumed, &error),
                 BP_ERROR_INPUT);
    cr_assert_null(resumed.path);
    cr_assert_not_null(strstr(error.message, "none of the 2 checkpoints can be used"));
    cr_assert_not_null(strstr(error.message, get(run.checkpoints, 0).skipped));
    cr_assert_not_null(strstr(error.message, "start again in another folder"));
    cr_assert_not_null(strstr(get(run.checkpoints, 1).skipped, "damaged"));
    cr_assert_eq(folder_count(&folder), 2);
    run_free(&run);
}

Test(train_checkpoints, checkpoints_of_another_run_are_an_error_that_says_why)
{
    leave_checkpoints(2);
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    struct training training = training_create(&options, NULL);
    bp_checkpoints *checkpoints = open_folder();
    bp_error error;
    cr_assert_eq(bp_trainer_resume(training.trainer, checkpoints, NULL, &error), BP_ERROR_INPUT);
    cr_assert_not_null(strstr(error.message, "was written with optimizer adam, not sgd"), "%s",
                       error.message);
    bp_checkpoints_free(checkpoints);
    training_free(&training);
}

Test(train_checkpoints, an_empty_folder_leaves_the_run_at_its_start)
{
    struct run run = run_create(2);
    bp_checkpoint resumed = {.path = "x"};
    cr_assert_eq(bp_trainer_resume(run.training.trainer, run.checkpoints, &resumed, NULL), BP_OK);
    cr_assert_null(resumed.path);
    cr_assert_eq(bp_checkpoints_newest(run.checkpoints, &resumed, NULL), BP_OK);
    cr_assert_null(resumed.path);
    cr_assert_eq(bp_trainer_save_in(run.training.trainer, run.checkpoints, NULL), BP_OK);
    cr_assert_eq(get(run.checkpoints, 0).epochs, 0);
    run_free(&run);
}

Test(train_checkpoints, a_run_that_was_not_resumed_replaces_no_checkpoints)
{
    leave_checkpoints(2);
    struct run run = run_create(6);
    bp_error error;
    cr_assert_eq(bp_trainer_save_in(run.training.trainer, run.checkpoints, &error),
                 BP_ERROR_ARGUMENT);
    cr_assert_not_null(strstr(error.message, "name another folder"));
    cr_assert_eq(folder_count(&folder), 2);
    run_free(&run);
}

Test(train_checkpoints, one_place_is_written_once)
{
    struct run run = run_create(2);
    struct stat first, again;
    cr_assert_eq(bp_trainer_save_in(run.training.trainer, run.checkpoints, NULL), BP_OK);
    cr_assert_eq(stat(get(run.checkpoints, 0).path, &first), 0);
    cr_assert_eq(bp_trainer_save_in(run.training.trainer, run.checkpoints, NULL), BP_OK);
    cr_assert_eq(stat(get(run.checkpoints, 0).path, &again), 0);
    cr_assert_eq(first.st_ino, again.st_ino);
    run_free(&run);
}

Test(train_checkpoints, the_newest_whole_one_is_found_without_a_trainer)
{
    leave_checkpoints(4);
    damage(0);
    bp_checkpoints *checkpoints = open_folder();
    bp_checkpoint newest;
    bp_model *model;
    cr_assert_eq(bp_checkpoints_newest(checkpoints, &newest, NULL), BP_OK);
    cr_assert_eq(newest.epochs, 3);
    cr_assert_not_null(get(checkpoints, 0).skipped);
    cr_assert_eq(bp_model_load(&model, newest.path, NULL), BP_OK);
    bp_model_free(model);
    bp_checkpoints_free(checkpoints);
}

Test(train_checkpoints, other_files_are_neither_listed_nor_removed)
{
    static const char *const names[] = {
        "notes.txt",
        "checkpoint-1-0.safetensors",
        "checkpoint-00000009-0000000000.safetensors.old",
        "checkpoint-00000009-000000000x.safetensors",
    };
    const size_t count = sizeof names / sizeof names[0];
    for (size_t k = 0; k < count; k++) {
        char *path = folder_path(&folder, names[k]);
        file_put_text(path, "x");
        free(path);
    }
    leave_checkpoints(4);
    bp_checkpoints *checkpoints = open_folder();
    cr_assert_eq(bp_checkpoints_count(checkpoints), 2);
    cr_assert_eq(folder_count(&folder), 2 + count);
    bp_checkpoints_free(checkpoints);
}

Test(train_checkpoints, an_index_beyond_the_last_is_an_error)
{
    bp_checkpoints *checkpoints = open_folder();
    bp_checkpoint checkpoint;
    bp_error error;
    cr_assert_eq(bp_checkpoints_get(checkpoints, 0, &checkpoint, &error), BP_ERROR_ARGUMENT);
    cr_assert_not_null(strstr(error.message, "there is no checkpoint 0 of 0"));
    bp_checkpoints_free(checkpoints);
}

Test(train_checkpoints, a_folder_that_cannot_be_made_is_an_error_with_its_path)
{
    char *below_nothing = folder_path(&folder, "no/folder");
    bp_checkpoints *checkpoints = NULL;
    bp_error error;
    cr_assert_eq(bp_checkpoints_open(&checkpoints, below_nothing, &error), BP_ERROR_IO);
    cr_assert_null(checkpoints);
    cr_assert_not_null(strstr(error.message, below_nothing), "%s", error.message);
    free(below_nothing);
}
