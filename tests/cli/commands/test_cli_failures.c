/* Exit codes, and that a failure leaves nothing on stdout and no file behind. */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

#define USAGE      2
#define INPUT      3
#define IO         4
#define NOT_FINITE 5
#define RESOURCES  6

#if defined(__SANITIZE_ADDRESS__)
#define HAS_ADDRESS_SANITIZER true
#elif defined(__has_feature)
#define HAS_ADDRESS_SANITIZER __has_feature(address_sanitizer)
#else
#define HAS_ADDRESS_SANITIZER false
#endif

static char *model, *data, *iris;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    data = scratch_file("data.csv");
    iris = source_path("datasets/iris.csv");
}

static void tear_down(void)
{
    scratch_remove();
    free(iris);
}

TestSuite(cli_failures, .init = set_up, .fini = tear_down);

static void train_model(void)
{
    struct command command = COMMAND_RUN("train", iris, "--out", model, "--epochs", "2");
    command_expect_success(&command);
    command_free(&command);
}

Test(cli_failures, a_bad_cell_ends_training_with_3_and_its_place)
{
    file_put_text(data, "a,b,c\n1,2,x\n1,oops,y\n2,3,x\n");

    command_expect_failure(COMMAND_RUN("train", data, "--out", model), INPUT, "data.csv:3:2: ");
    cr_assert_eq(folder_count(scratch_folder()), 1);
}

Test(cli_failures, data_that_is_not_there_ends_with_4)
{
    command_expect_failure(COMMAND_RUN("train", data, "--out", model), IO, "data.csv: ");
    command_expect_failure(COMMAND_RUN("check", data), IO, "data.csv: ");
    command_expect_failure(COMMAND_RUN("info", model), IO, "m.safetensors: ");
    cr_assert_eq(folder_count(scratch_folder()), 0);
}

Test(cli_failures, a_folder_that_is_not_there_is_found_before_data_is_read)
{
    char *lost = folder_path(scratch_folder(), "no/m.safetensors");

    command_expect_failure(COMMAND_RUN("train", data, "--out", lost), IO,
                           ": cannot write into the folder");
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--log", lost), IO,
                           ": cannot write into the folder");
    command_expect_failure(COMMAND_RUN("train", data, "--out", scratch_folder()->path), IO,
                           "is a folder, not a file");
    free(lost);
}

Test(cli_failures, a_file_in_the_place_of_a_folder_is_called_one)
{
    file_put_text(data, "a,b\n1,2\n");
    char *below = folder_path(scratch_folder(), "data.csv/m.safetensors");

    command_expect_failure(COMMAND_RUN("train", iris, "--out", below), IO, "is not a folder");
    free(below);
}

Test(cli_failures, model_and_log_are_two_files_however_they_are_spelled)
{
    char *same = folder_path(scratch_folder(), "./m.safetensors");

    command_expect_failure(COMMAND_RUN("train", iris, "--out", model, "--log", same), USAGE,
                           "would overwrite");
    cr_assert_eq(folder_count(scratch_folder()), 0);
    free(same);
}

Test(cli_failures, a_folder_that_may_not_be_written_is_found_before_data_is_read)
{
    if (geteuid() == 0)
        cr_skip_test("root may write everywhere");
    cr_assert_eq(chmod(scratch_folder()->path, 0555), 0);
    command_expect_failure(COMMAND_RUN("train", iris, "--out", model), IO,
                           ": cannot write into the folder");
    cr_assert_eq(chmod(scratch_folder()->path, 0755), 0);
}

Test(cli_failures, no_output_may_replace_a_file_that_is_read)
{
    file_put_text(data, "a,b\n1,2\n");
    char *link_path = folder_path(scratch_folder(), "link.csv");
    cr_assert_eq(symlink(data, link_path), 0);

    command_expect_failure(COMMAND_RUN("train", data, "--out", data), USAGE, "would overwrite");
    command_expect_failure(COMMAND_RUN("train", data, "--out", link_path), USAGE,
                           "would overwrite");
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--log", data), USAGE,
                           "would overwrite");
    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--log", model), USAGE,
                           "would overwrite");
    command_expect_failure(COMMAND_RUN("predict", data, data, "--out", data), USAGE,
                           "would overwrite");
    free(link_path);
}

Test(cli_failures, a_message_names_a_path_once_and_says_what_to_do)
{
    file_put_text(data, "a,b\n1,2\n");
    struct command command = COMMAND_RUN("train", data, "--out", data);
    const char *first = strstr(command.err, data);
    cr_assert_not_null(first, "%s", command.err);
    cr_assert_null(strstr(first + 1, data), "%s", command.err);
    cr_assert_not_null(strstr(command.err, "name another file"), "%s", command.err);
    command_free(&command);
    command_expect_failure(COMMAND_RUN("eval", data, data), INPUT,
                           "data.csv: is not a safetensors file, which models and checkpoints "
                           "are: its first 8 bytes give no length of a header");
    command_expect_failure(COMMAND_RUN("report", data, "--out", model), INPUT,
                           "data.csv:1: not JSON, which train --log writes: ");
    command_expect_failure(COMMAND_RUN("sweep", data, "--vary", "threads=1,2"), USAGE,
                           "\"threads\" is not an option that can vary: give one of the network");
}

Test(cli_failures, a_file_in_the_place_of_a_folder_is_found_with_its_option)
{
    file_put_text(data, "a,b\n1,2\n");
    command_expect_failure(COMMAND_RUN("train", iris, "--out", model, "--tensorboard", data), IO,
                           "--tensorboard: cannot open the folder ");
    command_expect_failure(COMMAND_RUN("train", iris, "--out", model, "--checkpoint", data), IO,
                           "--checkpoint: cannot open the folder ");
    char *below = folder_path(scratch_folder(), "no/folder");
    command_expect_failure(COMMAND_RUN("train", iris, "--out", model, "--tensorboard", below), IO,
                           "--tensorboard: cannot make the folder ");
    free(below);
}

Test(cli_failures, a_run_that_leaves_the_numbers_ends_with_5)
{
    file_put_text(data, "a,y\n1,2.5\n2,3.5\n3,1.5\n");

    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--output-activation",
                                       "identity", "--learning-rate", "1e29", "--batch-size", "1"),
                           NOT_FINITE, "training diverged in epoch 1, batch ");
    cr_assert_eq(folder_count(scratch_folder()), 1, "weights that were never trained are not kept");
}

Test(cli_failures, a_run_that_diverges_late_leaves_the_weights_from_before)
{
    file_put_text(data, "a,y\n1,2.5\n2,3.5\n3,1.5\n");

    command_expect_failure(COMMAND_RUN("train", data, "--out", model, "--output-activation",
                                       "identity", "--learning-rate", "3e5"),
                           NOT_FINITE, "the weights after epoch ");
    struct command info = COMMAND_RUN("info", model);
    command_expect_success(&info);
    command_free(&info);
}

Test(cli_failures, memory_that_cannot_be_had_ends_with_6)
{
    if (HAS_ADDRESS_SANITIZER)
        cr_skip_test("AddressSanitizer needs the address space");
    struct rlimit limit = {.rlim_cur = 1 << 30, .rlim_max = 1 << 30};
    cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);

    command_expect_failure(COMMAND_RUN("train", iris, "--out", model, "--hidden", "100000,100000"),
                           RESOURCES, "batchprop: ");
    cr_assert_eq(folder_count(scratch_folder()), 0);
}

Test(cli_failures, a_column_that_is_not_there_ends_with_2_and_the_nearest)
{
    command_expect_failure(COMMAND_RUN("train", iris, "--out", model, "--target", "specie"), USAGE,
                           "did you mean \"species\"?");
    command_expect_failure(COMMAND_RUN("check", iris, "--target", "specie"), USAGE,
                           "did you mean \"species\"?");
}

Test(cli_failures, a_file_that_is_no_model_ends_with_3)
{
    file_put_text(data, "a,b\n1,2\n");

    command_expect_failure(COMMAND_RUN("info", data), INPUT, "data.csv: ");
    command_expect_failure(COMMAND_RUN("eval", data, iris), INPUT, "data.csv: ");
    command_expect_failure(COMMAND_RUN("predict", data, iris), INPUT, "data.csv: ");
    command_expect_failure(COMMAND_RUN("gradcheck", data, iris), INPUT, "data.csv: ");
}

Test(cli_failures, data_without_a_column_of_the_model_ends_with_3)
{
    train_model();
    file_put_text(data, "sepal_length,species\n5.1,setosa\n");

    command_expect_failure(COMMAND_RUN("eval", model, data), INPUT, "sepal_width");
    command_expect_failure(COMMAND_RUN("predict", model, data), INPUT, "sepal_width");
}

Test(cli_failures, a_failed_prediction_leaves_the_old_file)
{
    train_model();
    file_put_text(data, "sepal_length\n5.1\n");
    char *out = folder_path(scratch_folder(), "out.csv");
    file_put_text(out, "old");

    command_expect_failure(COMMAND_RUN("predict", model, data, "--out", out), INPUT, "sepal_width");
    char *text = file_get(out, NULL);
    cr_assert_str_eq(text, "old");
    cr_assert_eq(folder_count(scratch_folder()), 3);
    free(text);
    free(out);
}

/* A device that is always full, where the system has one. */
static const char *find_full_device(void)
{
    if (access("/dev/full", W_OK) != 0)
        cr_skip_test("there is no /dev/full");
    return "/dev/full";
}

Test(cli_failures, a_full_disk_at_stdout_ends_with_4)
{
    const char *full = find_full_device();
    train_model();
    const char *const runs[][4] = {{"info", model, NULL},          {"info", model, "--json", NULL},
                                   {"check", iris, NULL},          {"eval", model, iris, NULL},
                                   {"predict", model, iris, NULL}, {"--help", NULL}};
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        struct command command = command_start_to(runs[i], full, -1);
        command_wait(&command);

        command_expect_failure(command, IO, "cannot write the standard output");
    }
}

Test(cli_failures, a_full_disk_at_the_log_ends_with_4_and_no_model)
{
    const char *full = find_full_device();

    command_expect_failure(COMMAND_RUN("train", iris, "--out", model, "--log", full), IO,
                           "no model is written");
    cr_assert_eq(folder_count(scratch_folder()), 0);
}

Test(cli_failures, a_full_disk_at_predictions_ends_with_4)
{
    const char *full = find_full_device();
    train_model();

    command_expect_failure(COMMAND_RUN("predict", model, iris, "--out", full), IO,
                           "/dev/full: cannot be written");
}

Test(cli_failures, images_for_validation_need_their_labels)
{
    static const unsigned char images[] = {0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4};
    static const unsigned char labels[] = {0, 0, 8, 1, 0, 0, 0, 2, 0, 1};
    char *labels_path = folder_path(scratch_folder(), "labels");
    file_put(data, images, sizeof images);
    file_put(labels_path, labels, sizeof labels);

    command_expect_failure(
        COMMAND_RUN("train", data, "--labels", labels_path, "--valid", data, "--out", model), USAGE,
        "give it as --valid-labels");
    free(labels_path);
}
