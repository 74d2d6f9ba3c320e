/* Checkpoints of the command: what is kept, what a run goes on from, and what it is told. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

#define USAGE 2
#define INPUT 3
#define IO    4

static struct folder folder; /* of the checkpoints */
static char *model, *iris;

static void set_up(void)
{
    folder = folder_create();
    model = scratch_file("m.safetensors");
    iris = source_path("datasets/iris.csv");
}

static void tear_down(void)
{
    folder_remove(&folder);
    scratch_remove();
    free(iris);
}

TestSuite(cli_checkpoint, .init = set_up, .fini = tear_down);

#define TRAIN(...)      COMMAND_RUN("train", iris, "--out", model, "--json", __VA_ARGS__)
#define TRAIN_HERE(...) TRAIN("--checkpoint", folder.path, "--checkpoint-every", "1", __VA_ARGS__)

/* The digest that a successful run printed; frees the command. */
static char *take_digest(struct command command)
{
    cr_assert_eq(command.code, 0, "%s", command.err);
    json_t *json = command_json(command.out);
    char *digest = strdup(json_string_value(json_object_get(json, "weights_digest")));
    json_decref(json);
    command_free(&command);
    return digest;
}

static void expect_digest(struct command command, const char *expected)
{
    char *digest = take_digest(command);
    cr_assert_str_eq(digest, expected);
    free(digest);
}

static char *checkpoint_path(size_t epochs)
{
    char name[64];
    snprintf(name, sizeof name, "checkpoint-%08zu-0000000000.safetensors", epochs);
    return folder_path(&folder, name);
}

/* Makes a file shorter by a byte. */
static void damage(size_t epochs)
{
    char *path = checkpoint_path(epochs);
    struct stat status;
    cr_assert_eq(stat(path, &status), 0, "%s is missing", path);
    cr_assert_eq(truncate(path, status.st_size - 1), 0);
    free(path);
}

Test(cli_checkpoint, the_last_two_are_kept)
{
    struct command command = TRAIN_HERE("--epochs", "5");
    command_expect_success(&command);
    command_free(&command);

    char *fourth = checkpoint_path(4), *fifth = checkpoint_path(5);
    cr_assert_eq(folder_count(&folder), 2);
    cr_assert_eq(access(fourth, R_OK), 0);
    cr_assert_eq(access(fifth, R_OK), 0);
    free(fourth);
    free(fifth);
}

Test(cli_checkpoint, a_run_with_more_epochs_goes_on_to_the_same_digest)
{
    char *expected = take_digest(TRAIN("--epochs", "8"));
    free(take_digest(TRAIN_HERE("--epochs", "5")));
    struct command command = TRAIN_HERE("--epochs", "8", "--resume");
    cr_assert_not_null(strstr(command.err, "going on from "), "%s", command.err);
    expect_digest(command, expected);
    free(expected);
}

Test(cli_checkpoint, a_complete_run_is_ended_again_with_the_same_result)
{
    struct command first = TRAIN_HERE("--epochs", "3", "--valid-fraction", "0.2");
    struct command again = TRAIN_HERE("--epochs", "3", "--valid-fraction", "0.2", "--resume");
    json_t *before = command_json(first.out), *after = command_json(again.out);
    static const char *const keys[] = {"epochs", "train_loss", "valid_loss", "weights_digest"};
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++)
        cr_assert(json_equal(json_object_get(before, keys[k]), json_object_get(after, keys[k])),
                  "%s", keys[k]);
    json_decref(before);
    json_decref(after);
    command_free(&first);
    command_free(&again);
}

/* A patience that no epoch after the first can satisfy. */
Test(cli_checkpoint, a_run_out_of_patience_is_ended_again_with_the_same_result)
{
#define TRAIN_PATIENTLY(...)                                                                       \
    TRAIN("--checkpoint", folder.path, "--checkpoint-every", "100", "--epochs", "50",              \
          "--valid-fraction", "0.2", "--patience", "3", "--min-delta", "1000", __VA_ARGS__)
    char *expected = take_digest(TRAIN_PATIENTLY("--threads", "1"));
    char *last = checkpoint_path(4);
    cr_assert_eq(access(last, R_OK), 0, "%s is missing", last);
    struct command again = TRAIN_PATIENTLY("--resume");
    cr_assert_not_null(strstr(again.err, last), "%s", again.err);
    expect_digest(again, expected);
    free(last);
    free(expected);
}

Test(cli_checkpoint, resume_without_a_checkpoint_starts_from_the_beginning_and_says_so)
{
    char *expected = take_digest(TRAIN("--epochs", "3"));
    struct command command = TRAIN_HERE("--epochs", "3", "--resume");
    cr_assert_not_null(strstr(command.err, "training starts from the beginning"), "%s",
                       command.err);
    expect_digest(command, expected);
    free(expected);
}

Test(cli_checkpoint, a_damaged_one_leads_to_the_one_before)
{
    char *expected = take_digest(TRAIN_HERE("--epochs", "5"));
    damage(5);
    struct command command = TRAIN_HERE("--epochs", "5", "--resume");
    cr_assert_not_null(strstr(command.err, "truncated or damaged"), "%s", command.err);
    cr_assert_not_null(strstr(command.err, "an older checkpoint is taken"), "%s", command.err);
    expect_digest(command, expected);
    free(expected);
}

Test(cli_checkpoint, damage_of_all_is_an_error)
{
    free(take_digest(TRAIN_HERE("--epochs", "5")));
    damage(4);
    damage(5);
    char *fifth = checkpoint_path(5), message[600];
    snprintf(message, sizeof message,
             "none of the 2 checkpoints can be used, the newest is %s: ", fifth);
    command_expect_failure(TRAIN_HERE("--epochs", "5", "--resume"), INPUT, message);
    command_expect_failure(TRAIN_HERE("--epochs", "5", "--resume"), INPUT,
                           "damaged; put a good copy in its place, or start again in another "
                           "folder");
    free(fifth);
}

Test(cli_checkpoint, other_options_are_named_although_the_newest_is_damaged)
{
    free(take_digest(TRAIN_HERE("--epochs", "5")));
    damage(5);
    command_expect_failure(TRAIN_HERE("--epochs", "5", "--resume", "--batch-size", "32"), INPUT,
                           "was written with batch-size 64, not 32");
}

Test(cli_checkpoint, a_complete_run_says_that_there_was_nothing_to_train)
{
    free(take_digest(TRAIN_HERE("--epochs", "3")));
    struct command command = COMMAND_RUN("train", iris, "--out", model, "--epochs", "3",
                                         "--checkpoint", folder.path, "--resume");
    cr_assert_eq(command.code, 0);
    cr_assert_not_null(strstr(command.out, "nothing to train: the run was complete"), "%s",
                       command.out);
    cr_assert_null(strstr(command.out, "samples/s"));
    command_free(&command);
}

/* A speed of 0 would be that of a run that stands still. */
Test(cli_checkpoint, a_complete_run_has_no_speed)
{
    char *log = scratch_file("log");
    free(take_digest(TRAIN_HERE("--epochs", "3")));
    struct command command = TRAIN_HERE("--epochs", "3", "--resume", "--log", log);
    cr_assert_eq(command.code, 0, "%s", command.err);
    json_t *object = json_loads(command.out, 0, NULL);
    cr_expect(json_is_null(json_object_get(object, "samples_per_second")), "%s", command.out);
    json_decref(object);
    command_free(&command);
    char *text = file_get(log, NULL);
    cr_expect_not_null(strstr(text, "\"samples_per_second\":null"), "%s", text);
    free(text);
}

Test(cli_checkpoint, other_options_are_an_error_that_names_the_first)
{
    free(take_digest(TRAIN_HERE("--epochs", "3")));
    command_expect_failure(TRAIN_HERE("--epochs", "5", "--resume", "--batch-size", "32"), INPUT,
                           "was written with batch-size 64, not 32");
}

Test(cli_checkpoint, a_new_run_does_not_replace_the_checkpoints_of_another)
{
    free(take_digest(TRAIN_HERE("--epochs", "3")));
    command_expect_failure(TRAIN_HERE("--epochs", "3"), USAGE, "go on with it by --resume");
    cr_assert_eq(folder_count(&folder), 2);
}

Test(cli_checkpoint, the_folder_is_made)
{
    char *made = folder_path(scratch_folder(), "made");
    struct command command = TRAIN("--checkpoint", made, "--epochs", "2");
    command_expect_success(&command);
    command_free(&command);
    const struct folder inner = {""};
    struct folder found = inner;
    strncpy(found.path, made, sizeof found.path - 1);
    cr_assert_eq(folder_count(&found), 2);
    folder_remove(&found);
    free(made);
}

Test(cli_checkpoint, a_folder_that_cannot_be_made_ends_with_4)
{
    char *below_nothing = folder_path(scratch_folder(), "no/folder");
    command_expect_failure(TRAIN("--checkpoint", below_nothing), IO, "cannot make the folder");
    file_put_text(model, "");
    command_expect_failure(TRAIN("--checkpoint", model), IO, "cannot open the folder");
    free(below_nothing);
}

Test(cli_checkpoint, what_killed_runs_left_is_removed)
{
    char *dead = folder_path(&folder, ".batchprop-0123456789abcdef-0.tmp");
    char *alive = folder_path(&folder, ".batchprop-0123456789abcdef-1.tmp");
    char *other = folder_path(&folder, "notes.tmp");
    file_put_text(dead, "x");
    file_put_text(alive, "x");
    file_put_text(other, "x");
    /* As a run that is alive has it. */
    const int descriptor = open(alive, O_WRONLY | O_CLOEXEC);
    cr_assert_eq(flock(descriptor, LOCK_EX | LOCK_NB), 0);
    free(take_digest(TRAIN_HERE("--epochs", "2")));
    cr_assert_neq(access(dead, F_OK), 0);
    cr_assert_eq(access(alive, F_OK), 0);
    cr_assert_eq(access(other, F_OK), 0);
    cr_assert_eq(close(descriptor), 0);
    free(dead);
    free(alive);
    free(other);
}

Test(cli_checkpoint, wrong_values_are_errors)
{
    static const char *const bad[] = {"0",    "m",  "-1",       "1.5h",
                                      "1 m",  "5d", "0s",       "1000001",
                                      "1e3s", "sm", "99999999", "12345678901234567890s"};
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
        command_expect_failure(TRAIN("--checkpoint", folder.path, "--checkpoint-every", bad[k]),
                               USAGE, "nor a time such as 30s, 5m or 2h");
    command_expect_failure(TRAIN("--checkpoint-every", "3"), USAGE,
                           "--checkpoint-every needs --checkpoint DIR");
    command_expect_failure(TRAIN("--resume"), USAGE, "--resume needs --checkpoint DIR");
    command_expect_failure(TRAIN("--checkpoint", ""), USAGE, "--checkpoint: the value is empty");
    cr_assert_eq(folder_count(&folder), 0);
}

Test(cli_checkpoint, every_unit_of_time_is_read)
{
    static const char *const good[] = {"1s", "30s", "5m", "2h"};
    for (size_t k = 0; k < sizeof good / sizeof good[0]; k++)
        free(take_digest(TRAIN("--checkpoint", folder.path, "--checkpoint-every", good[k],
                               "--resume", "--epochs", "2")));
}

/* Waits until the folder holds a file; a run that never writes one fails by Meson's limit. */
static void wait_for_checkpoint(void)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    char *first = checkpoint_path(0);
    while (access(first, F_OK) != 0)
        nanosleep(&pause, NULL);
    free(first);
}

Test(cli_checkpoint, a_signal_ends_with_a_checkpoint_to_go_on_from)
{
    struct command command =
        COMMAND_START("train", iris, "--out", model, "--checkpoint", folder.path,
                      "--checkpoint-every", "1h", "--epochs", "1000000000");
    wait_for_checkpoint();
    cr_assert_eq(kill(command.process, SIGTERM), 0);
    command_wait(&command);
    command_expect_failure(command, 128 + SIGTERM, "--resume goes on from ");
    cr_assert_eq(folder_count(&folder), 2);
    cr_assert_neq(access(model, F_OK), 0);
}

/* A batch takes seconds here: the second signal comes before the first one is looked at. */
Test(cli_checkpoint, a_second_signal_of_either_kind_ends_at_once)
{
    const struct timespec pause = {.tv_nsec = 50000000};
    struct command command =
        COMMAND_START("train", iris, "--out", model, "--checkpoint", folder.path, "--hidden",
                      "2048,2048", "--batch-size", "full", "--threads", "1", "--isa", "portable");
    wait_for_checkpoint();
    cr_assert_eq(kill(command.process, SIGINT), 0);
    nanosleep(&pause, NULL);
    cr_assert_eq(kill(command.process, SIGTERM), 0);
    command_wait(&command);
    cr_assert_eq(command.code, -SIGTERM);
    cr_assert_neq(access(model, F_OK), 0);
    command_free(&command);
}
