/* `batchprop train` of several networks: kinds, what is printed and written, checkpoints. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "support/command.h"
#include "support/hostile.h"
#include "support/scratch.h"

#define USAGE 2
#define INPUT 3

static char *model, *other, *iris;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    other = scratch_file("n.safetensors");
    iris = source_path("datasets/iris.csv");
}

static void tear_down(void)
{
    scratch_remove();
    free(iris);
}

TestSuite(cli_ensemble, .init = set_up, .fini = tear_down);

#define TRAIN(...) COMMAND_RUN("train", iris, "--out", model, __VA_ARGS__)

/* The JSON of a run that must succeed. */
static json_t *take_json(struct command command)
{
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    return json;
}

#define TRAIN_JSON(...) take_json(TRAIN("--json", __VA_ARGS__))

static char *take_digest(json_t *json)
{
    char *digest = strdup(json_string_value(json_object_get(json, "weights_digest")));
    json_decref(json);
    return digest;
}

static void expect_same(char *digest, char *wanted)
{
    cr_expect_str_eq(digest, wanted);
    free(digest);
    free(wanted);
}

static void expect_different(char *digest, char *unwanted)
{
    cr_expect_str_neq(digest, unwanted);
    free(digest);
    free(unwanted);
}

static double get_number(const json_t *json, const char *object, const char *key)
{
    return json_number_value(json_object_get(object ? json_object_get(json, object) : json, key));
}

/* ---- kinds ---- */

Test(cli_ensemble, one_member_is_the_network_of_a_plain_run)
{
    expect_same(take_digest(TRAIN_JSON("--epochs", "3", "--members", "1")),
                take_digest(TRAIN_JSON("--epochs", "3")));
}

/* Its inputs are scaled by all rows. */
Test(cli_ensemble, one_member_is_refitted_as_a_plain_run_is)
{
#define REFIT "--epochs", "3", "--valid-fraction", "0.2", "--refit"
    expect_same(take_digest(TRAIN_JSON(REFIT, "--members", "1")), take_digest(TRAIN_JSON(REFIT)));
}

/* As long as a list of names for all layers can be. */
Test(cli_ensemble, long_alternatives_are_taken)
{
    char widths[256] = "1", names[1024] = "leaky-relu", alternatives[2048];
    for (size_t l = 1; l < 63; l++) {
        strcat(widths, ",1");
        strcat(names, ",leaky-relu");
    }
    json_decref(TRAIN_JSON("--epochs", "1", "--hidden", widths, "--activation", names));
    snprintf(alternatives, sizeof alternatives, "%s;%s", names, names);
    json_decref(TRAIN_JSON("--epochs", "1", "--hidden", widths, "--activation", alternatives));
}

Test(cli_ensemble, an_option_given_once_is_for_every_kind)
{
    expect_same(
        take_digest(TRAIN_JSON("--epochs", "3", "--hidden", "2;3", "--activation", "tanh")),
        take_digest(TRAIN_JSON("--epochs", "3;3", "--hidden", "2;3", "--activation", "tanh;tanh")));
    expect_different(
        take_digest(TRAIN_JSON("--epochs", "3", "--hidden", "2;3", "--activation", "tanh;tanh")),
        take_digest(TRAIN_JSON("--epochs", "3", "--hidden", "2;3", "--activation", "tanh;relu")));
}

/* Each network is what a run of its own makes of it. */
Test(cli_ensemble, kinds_are_networks_with_the_options_of_their_number)
{
    json_t *json = TRAIN_JSON("--hidden", "2;none;4,5", "--epochs", "2;3;4", "--preset", "modern");
    const json_t *kinds = json_object_get(json, "kinds"),
                 *members = json_object_get(json, "members");
    cr_assert_eq(json_array_size(kinds), 3);
    cr_assert_eq(json_array_size(members), 3);
    for (size_t k = 0; k < 3; k++) {
        const json_t *options = json_object_get(json_array_get(kinds, k), "options");
        json_expect_keys(options, "hidden epochs");
        cr_expect_eq(json_integer_value(json_object_get(json_array_get(members, k), "epochs")),
                     2 + (json_int_t)k);
    }
    const char *first =
        json_string_value(json_object_get(json_array_get(members, 0), "weights_digest"));
    char *alone = take_digest(TRAIN_JSON("--hidden", "2", "--epochs", "2", "--preset", "modern"));
    cr_expect_str_eq(first, alone);
    free(alone);
    json_decref(json);
}

Test(cli_ensemble, numbers_of_alternatives_that_differ_are_refused)
{
    command_expect_failure(TRAIN("--hidden", "2;3", "--dropout", "0;0;0"), USAGE,
                           "--hidden has 2 alternatives and --dropout has 3");
    command_expect_failure(TRAIN("--hidden", "2;3", "--preset", "ensemble"), USAGE,
                           "--hidden has 2 alternatives and --activation (of --preset) has 5");
    command_expect_failure(TRAIN("--hidden", "1;2;3;4;5;6;7;8;9;1;2;3;4;5;6;7;8"), USAGE,
                           "--hidden has 17 alternatives: there may be 16 kinds of networks");
}

Test(cli_ensemble, every_alternative_is_checked)
{
    command_expect_failure(TRAIN("--hidden", "2;x"), USAGE, "--hidden: \"x\" is not a list");
    command_expect_failure(TRAIN("--hidden", "2;"), USAGE, "--hidden: \"\" is not a list");
    command_expect_failure(TRAIN("--dropout", "0.1;1"), USAGE, "--dropout: \"1\" is not a number");
    command_expect_failure(TRAIN("--hidden", "2;3,4", "--activation", "relu,relu,relu;relu"), USAGE,
                           "--activation: 3 names for 1 hidden layer");
    command_expect_failure(TRAIN("--scale", "standard;minmax"), USAGE,
                           "scale is not the same for kinds 1 and 2");
    command_expect_failure(TRAIN("--seed", "1;2"), USAGE, "--seed: \"1;2\" is not a whole number");
}

Test(cli_ensemble, a_text_may_hold_the_sign_that_separates_alternatives)
{
    char *table = scratch_file("t.csv");
    file_put_text(table, "a,\"y;z\"\n1,u\n2,v\n3,u\n4,v\n");
    struct command command =
        COMMAND_RUN("train", table, "--out", model, "--epochs", "1", "--target", "y;z");
    command_expect_success(&command);
    command_free(&command);
}

/* ---- options of the ensemble ---- */

Test(cli_ensemble, options_that_do_not_go_together_are_refused)
{
    command_expect_failure(TRAIN("--member-folds", "7"), USAGE,
                           "--member-folds 7 has no effect with member-rows all");
    command_expect_failure(TRAIN("--member-weights", "out-of-fold"), USAGE,
                           "--member-weights out-of-fold needs rows that members leave out");
    command_expect_failure(TRAIN("--decide", "f1"), USAGE,
                           "--decide f1 needs rows that members leave out");
    command_expect_failure(TRAIN("--members", "3", "--out-of-fold", other), USAGE,
                           "--out-of-fold needs rows that networks leave out");
    command_expect_failure(TRAIN("--member-rows", "folds", "--out-of-fold", iris), USAGE,
                           "--out-of-fold: would overwrite");
}

/* ---- the preset ---- */

Test(cli_ensemble, the_preset_is_what_its_options_say)
{
    expect_same(take_digest(TRAIN_JSON("--preset", "ensemble", "--epochs", "3")),
                take_digest(TRAIN_JSON(
                    "--preset", "modern", "--epochs", "3", "--hidden",
                    "auto;none;128;96,96,96;96,96", "--activation", "gelu;gelu;gelu;gelu;silu",
                    "--dropout", "auto;auto;0;0;0", "--weight-decay", "auto;auto;auto;0.02;0.02",
                    "--member-rows", "folds", "--member-weights", "out-of-fold")));
}

Test(cli_ensemble, help_shows_the_kinds_of_the_preset)
{
    struct command command = COMMAND_RUN("train", "--help");
    bp_option_info info;
    size_t found = 0;
    command_expect_success(&command);
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (!info.ensemble || !strchr(info.ensemble, ';'))
            continue;
        cr_expect_not_null(strstr(command.out, info.ensemble), "%s", info.name);
        found++;
    }
    cr_expect_eq(found, 4);
    command_free(&command);
}

Test(cli_ensemble, an_option_beside_the_preset_is_for_all_kinds)
{
    json_t *json =
        TRAIN_JSON("--preset", "ensemble", "--hidden", "3", "--epochs", "2", "--member-folds", "2");
    const json_t *kinds = json_object_get(json, "kinds");
    cr_assert_eq(json_array_size(kinds), 5);
    json_expect_keys(json_object_get(json_array_get(kinds, 0), "options"),
                     "activation weight-decay dropout");
    cr_expect_eq(json_array_size(json_object_get(json, "members")), 10);
    json_decref(json);
}

Test(cli_ensemble, a_configuration_that_was_printed_gives_the_same)
{
    char *config = scratch_file("c.json");
    struct command printed = TRAIN("--json", "--preset", "ensemble", "--dropout", "0;0;0;0;0.5",
                                   "--epochs", "2", "--print-config");
    command_expect_success(&printed);
    file_put_text(config, printed.out);
    command_free(&printed);
    expect_same(take_digest(take_json(COMMAND_RUN("train", iris, "--config", config))),
                take_digest(TRAIN_JSON("--preset", "ensemble", "--dropout", "0;0;0;0;0.5",
                                       "--epochs", "2")));
}

/* ---- what is printed and written ---- */

Test(cli_ensemble, members_of_weight_0_are_not_saved_and_others_count_what_their_kind_does)
{
    json_t *json = TRAIN_JSON("--preset", "ensemble", "--epochs", "5");
    const json_t *members = json_object_get(json, "members");
    double sum = 0;
    size_t saved = 0, m;
    json_t *member;
    json_array_foreach(members, m, member)
    {
        sum += get_number(member, NULL, "weight");
        saved += get_number(member, NULL, "weight") > 0;
    }
    cr_assert_float_eq(sum, 1, 1e-9);
    cr_expect_eq(get_number(json, NULL, "saved"), (double)saved);
    bp_model *read;
    cr_assert_eq(bp_model_load(&read, model, NULL), BP_OK);
    cr_expect_eq(bp_model_members(read), saved);
    cr_expect_str_eq(bp_model_get_info(read).weights_digest,
                     json_string_value(json_object_get(json, "weights_digest")));
    bp_model_free(read);
    json_decref(json);
}

Test(cli_ensemble, threads_change_no_bit)
{
    expect_same(take_digest(TRAIN_JSON("--preset", "ensemble", "--epochs", "3", "--threads", "1")),
                take_digest(TRAIN_JSON("--preset", "ensemble", "--epochs", "3", "--threads", "3")));
}

Test(cli_ensemble, the_summary_shows_kinds_and_figures_of_rows_left_out)
{
    struct command command = TRAIN("--hidden", "2;8", "--epochs", "20", "--member-rows", "folds",
                                   "--member-weights", "out-of-fold");
    command_expect_success(&command);
    static const char *const texts[] = {"networks       ",        "2 kinds, 5 folds",
                                        "out of fold    loss ",   "cross-fitted   loss ",
                                        "kind  hidden  networks", "weights digest ",
                                        "batchprop eval "};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
        cr_expect_not_null(strstr(command.out, texts[k]), "%s: %s", texts[k], command.out);
    command_free(&command);
}

/* Without rows left out those of the training are measured. */
Test(cli_ensemble, without_rows_left_out_the_training_rows_are_measured)
{
    json_t *json = TRAIN_JSON("--members", "2", "--epochs", "3");
    cr_expect(json_is_null(json_object_get(json, "out_of_fold")));
    json_t *eval = take_json(COMMAND_RUN("eval", model, iris, "--json"));
    cr_expect_eq(get_number(json, "train", "accuracy"), get_number(eval, NULL, "accuracy"));
    json_decref(eval);
    json_decref(json);
}

Test(cli_ensemble, validation_rows_are_for_all_and_measured_with_the_whole)
{
    json_t *json = TRAIN_JSON("--members", "2", "--epochs", "4", "--valid", iris);
    json_t *eval = take_json(COMMAND_RUN("eval", model, iris, "--json"));
    cr_expect_eq(get_number(json, "valid", "accuracy"), get_number(eval, NULL, "accuracy"));
    cr_expect_eq(get_number(json, "valid", "samples"), 150);
    json_decref(eval);
    json_decref(json);
}

static size_t count_lines(const char *path, char first[256])
{
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file);
    char line[4096];
    size_t count = 0;
    for (; fgets(line, sizeof line, file); count++) {
        if (count == 0)
            snprintf(first, 256, "%.255s", line);
    }
    fclose(file);
    return count;
}

Test(cli_ensemble, predictions_for_rows_left_out_are_written_as_predict_writes_them)
{
    char *left = scratch_file("left.csv"), first[256], header[256];
    json_t *json = TRAIN_JSON("--member-rows", "folds", "--epochs", "3", "--out-of-fold", left);
    struct command predict = COMMAND_RUN("predict", model, iris, "--out", other);
    command_expect_success(&predict);
    cr_expect_eq(count_lines(left, first), 151);
    cr_expect_eq(count_lines(other, header), 151);
    cr_expect_str_eq(first, header);
    command_free(&predict);
    json_decref(json);
    json = TRAIN_JSON("--member-rows", "folds", "--members", "2", "--epochs", "3", "--out-of-fold",
                      left);
    cr_expect_eq(count_lines(left, first), 61);
    cr_expect_eq(get_number(json, "out_of_fold", "samples"), 60);
    json_decref(json);
}

/* Where it is right is what the accuracy says. */
Test(cli_ensemble, the_accuracy_is_that_of_the_predictions_written)
{
    char *left = scratch_file("left.csv"), line[4096], truth[4096];
    json_t *json = TRAIN_JSON("--member-rows", "folds", "--epochs", "5", "--out-of-fold", left);
    FILE *file = fopen(left, "r"), *data = fopen(iris, "r");
    size_t right = 0;
    cr_assert(file && data);
    while (fgets(line, sizeof line, file) && fgets(truth, sizeof truth, data)) {
        const char *class = strrchr(truth, ',') + 1;
        const size_t length = strcspn(class, "\r\n");
        right += strncmp(line, class, length) == 0 && line[length] == ',';
    }
    fclose(file);
    fclose(data);
    cr_expect_float_eq(get_number(json, "out_of_fold", "accuracy"), (double)(right - 1) / 150,
                       1e-12);
    json_decref(json);
}

/* Sums over the bins of the first target. */
static double sum_bins(const json_t *json, const char *key, bool times_count)
{
    const json_t *first = json_array_get(json_object_get(json, "calibration"), 0);
    const json_t *bins = json_object_get(first, "bins");
    double sum = 0;
    cr_assert_eq(json_array_size(bins), BP_CALIBRATION_BINS);
    for (size_t k = 0; k < BP_CALIBRATION_BINS; k++) {
        const json_t *bin = json_array_get(bins, k);
        if (get_number(bin, NULL, "count") > 0)
            sum += get_number(bin, NULL, key) * (times_count ? get_number(bin, NULL, "count") : 1);
    }
    return sum;
}

Test(cli_ensemble, the_bins_of_probability_hold_all_rows_left_out)
{
    json_t *json = TRAIN_JSON("--preset", "ensemble", "--epochs", "5");
    cr_expect_eq(sum_bins(json, "count", false), 150);
    cr_expect_float_eq(sum_bins(json, "actual", true) / 150,
                       get_number(json, "out_of_fold", "accuracy"), 1e-9);
    json_decref(json);
}

Test(cli_ensemble, the_page_draws_how_sure_and_how_right_predictions_are)
{
    char *log = scratch_file("log.jsonl"), *page = scratch_file("page.html");
    json_decref(TRAIN_JSON("--preset", "ensemble", "--epochs", "5", "--log", log));
    struct command report = COMMAND_RUN("report", log, "--out", page);
    if (report.code != 0 && strstr(report.err, "gnuplot"))
        cr_skip_test("gnuplot is not installed");
    command_expect_success(&report);
    char *text = file_get(page, NULL);
    cr_expect_not_null(strstr(text, "<h2>How sure, and how right</h2>"));
    cr_expect_not_null(strstr(text, "id=\"calibration0x0"));
    cr_expect_not_null(strstr(text, "probability of the class predicted"));
    free(text);
    command_free(&report);
}

/* The last number of line `index`, from 0. */
static double last_number(const char *text, size_t index)
{
    for (size_t k = 0; k < index; k++)
        text = strchr(text, '\n') + 1;
    const char *end = strchr(text, '\n');
    while (end > text && end[-1] != ',')
        end--;
    return strtod(end, NULL);
}

/* The two networks have the weight 1/2 each: half the difference of what they say. */
Test(cli_ensemble, predict_says_how_far_networks_disagree)
{
    char *first = scratch_file("1.safetensors"), *second = scratch_file("2.safetensors");
    json_t *json = TRAIN_JSON("--preset", "modern", "--epochs", "3", "--members", "2");
    const json_t *members = json_object_get(json, "members");
    double probability[2];
    for (size_t m = 0; m < 2; m++) {
        char seed[32];
        const json_int_t exact =
            json_integer_value(json_object_get(json_array_get(members, m), "seed"));
        snprintf(seed, sizeof seed, "%lld", (long long)exact);
        char *path = m ? second : first;
        struct command train = COMMAND_RUN("train", iris, "--preset", "modern", "--epochs", "3",
                                           "--seed", seed, "--out", path);
        command_expect_success(&train);
        struct command alone = COMMAND_RUN("predict", path, iris);
        command_expect_success(&alone);
        probability[m] = last_number(alone.out, 150); /* of virginica, its class */
        command_free(&alone);
        command_free(&train);
    }
    struct command both = COMMAND_RUN("predict", model, iris, "--spread");
    command_expect_success(&both);
    cr_expect_not_null(strstr(both.out, ",spread\n"));
    const double spread = last_number(both.out, 150);
    const double wanted = (probability[0] > probability[1] ? probability[0] - probability[1]
                                                           : probability[1] - probability[0]) /
                          2;
    cr_expect_gt(spread, 1e-6);
    cr_expect_float_eq(spread, wanted, 2e-3 * wanted);
    struct command out = COMMAND_RUN("predict", model, iris, "--spread", "--json");
    command_expect_success(&out);
    json_t *object = command_json(out.out);
    cr_expect_float_eq(json_number_value(json_array_get(json_object_get(object, "spread"), 149)),
                       spread, 1e-3 * spread);
    json_decref(object);
    command_free(&out);
    command_free(&both);
    json_decref(json);
}

Test(cli_ensemble, the_log_says_which_network_a_line_is_about)
{
    char *log = scratch_file("log.jsonl"), line[16384];
    json_decref(TRAIN_JSON("--hidden", "2;3", "--member-rows", "folds", "--member-folds", "2",
                           "--epochs", "3", "--log", log));
    FILE *file = fopen(log, "r");
    size_t epochs[5] = {0}, members = 0, ends = 0;
    cr_assert_not_null(file);
    while (fgets(line, sizeof line, file)) {
        json_t *json = json_loads(line, 0, NULL);
        const char *event = json_string_value(json_object_get(json, "event"));
        const size_t member = (size_t)json_integer_value(json_object_get(json, "member"));
        cr_assert(event && member < 5);
        epochs[member] += strcmp(event, "epoch") == 0;
        members += strcmp(event, "member") == 0;
        ends += strcmp(event, "end") == 0;
        json_decref(json);
    }
    fclose(file);
    cr_expect_eq(epochs[0], 0);
    for (size_t m = 1; m < 5; m++)
        cr_expect_eq(epochs[m], 3);
    cr_expect_eq(members, 4);
    cr_expect_eq(ends, 1);
}

/* ---- members that fail ---- */

/* The rate is so great that the first kind has no finite loss. */
Test(cli_ensemble, a_network_that_diverges_is_left_out_with_its_reason)
{
    struct command command =
        TRAIN("--json", "--epochs", "3", "--output-activation", "identity", "--hidden", "2;3",
              "--activation", "relu", "--learning-rate", "1e30;0.01");
    cr_assert_eq(command.code, 0, "%s", command.err);
    cr_expect_not_null(strstr(command.err, "warning: network 1 of 2, of kind 1, is left out: "),
                       "%s", command.err);
    json_t *json = command_json(command.out);
    cr_expect_eq(get_number(json, NULL, "failed"), 1);
    cr_expect_eq(get_number(json, NULL, "saved"), 1);
    json_decref(json);
    command_free(&command);
}

Test(cli_ensemble, where_all_diverge_no_model_is_written)
{
    struct command command = TRAIN("--epochs", "3", "--output-activation", "identity", "--hidden",
                                   "2;3", "--activation", "relu", "--learning-rate", "1e30");
    cr_expect_not_null(strstr(command.err, "member 1 of 2, and all others: "), "%s", command.err);
    cr_expect_eq(command.code, 5);
    cr_expect_neq(access(model, F_OK), 0);
    command_free(&command);
}

/* ---- checkpoints ---- */

#define TRAIN_HERE(...)                                                                            \
    TRAIN("--json", "--hidden", "2;3", "--epochs", "4", "--checkpoint", folder,                    \
          "--checkpoint-every", "1", __VA_ARGS__)

Test(cli_ensemble, each_network_has_checkpoints_of_its_own)
{
    char *folder = scratch_file("c"), path[4096];
    char *digest = take_digest(take_json(TRAIN_HERE("--seed", "1")));
    snprintf(path, sizeof path, "%s/member-02/checkpoint-00000004-0000000000.safetensors", folder);
    cr_expect_eq(access(path, R_OK), 0, "%s", path);
    command_expect_failure(TRAIN_HERE("--seed", "1"), USAGE,
                           "member-01 holds the checkpoints of a run: go on with it by --resume");

    struct command again = TRAIN_HERE("--resume");
    cr_assert_eq(again.code, 0, "%s", again.err);
    cr_expect_not_null(strstr(again.err, "with checkpoints of 2 of 2 networks"), "%s", again.err);
    json_t *json = command_json(again.out);
    expect_same(take_digest(json), digest);
    command_free(&again);

    struct command changed = TRAIN_HERE("--resume", "--learning-rate", "0.5");
    cr_expect_eq(changed.code, INPUT);
    cr_expect_not_null(strstr(changed.err, "learning-rate"), "%s", changed.err);
    command_free(&changed);
}

/* Whether a folder has a checkpoint; `begun`: of a training that has begun. */
static bool has_checkpoint(const char *path, bool begun)
{
    DIR *folder = opendir(path);
    bool found = false;
    for (const struct dirent *entry; folder && (entry = readdir(folder));) {
        const bool is_one = strncmp(entry->d_name, "checkpoint-", 11) == 0;
        const bool is_first = strstr(entry->d_name, "-00000000-0000000000.") != NULL;
        found = found || (is_one && (!begun || !is_first));
    }
    if (folder)
        closedir(folder);
    return found;
}

/* Neither network would be saved for a minute. */
Test(cli_ensemble, a_signal_saves_every_network_that_is_trained)
{
    char *folder = scratch_file("c"), paths[2][4096];
    const char *const words[] = {"train",        iris,       "--out",    model,       "--hidden",
                                 "2;3",          "--epochs", "10000000", "--threads", "2",
                                 "--checkpoint", folder,     NULL};
    struct command command = command_start(words);
    const struct timespec moment = {.tv_nsec = 20000000};
    for (size_t k = 0; k < 2; k++) {
        snprintf(paths[k], sizeof paths[k], "%s/member-%02zu", folder, k + 1);
        for (size_t tries = 0; tries < 1000 && !has_checkpoint(paths[k], false); tries++)
            nanosleep(&moment, NULL);
    }
    for (size_t k = 0; k < 20; k++)
        nanosleep(&moment, NULL);
    cr_assert_eq(kill(command.process, SIGTERM), 0);
    command_wait(&command);
    cr_expect_eq(command.code, 128 + SIGTERM, "%s", command.err);
    cr_expect_not_null(strstr(command.err, "stopped by SIGTERM after none of 2 networks; no model "
                                           "is written; the same command with --resume goes on "
                                           "from "),
                       "%s", command.err);
    cr_expect(has_checkpoint(paths[0], true) && has_checkpoint(paths[1], true));
    command_free(&command);
}

/* The first has few epochs, the second so many that it is still trained. */
Test(cli_ensemble, a_signal_leaves_the_model_of_the_networks_that_were_complete)
{
    char *log = scratch_file("log.jsonl"), *text = NULL;
    const char *const words[] = {"train",     iris, "--out", model, "--epochs", "2;10000000",
                                 "--threads", "2",  "--log", log,   NULL};
    struct command command = command_start(words);
    const struct timespec moment = {.tv_nsec = 20000000};
    for (size_t tries = 0; tries < 1000; tries++) {
        nanosleep(&moment, NULL);
        if (access(log, R_OK) != 0)
            continue;
        free(text);
        text = file_get(log, NULL);
        if (strstr(text, "\"event\":\"member\""))
            break;
    }
    cr_assert_eq(kill(command.process, SIGINT), 0);
    command_wait(&command);
    cr_expect_eq(command.code, 128 + SIGINT, "%s", command.err);
    cr_expect_not_null(strstr(command.err, "stopped by SIGINT after 1 of 2 networks; "), "%s",
                       command.err);
    json_t *info = take_json(COMMAND_RUN("info", model, "--json"));
    expect_same(take_digest(info), take_digest(TRAIN_JSON("--epochs", "2")));
    command_free(&command);
    free(text);
}

Test(cli_ensemble, the_folder_of_one_network_is_not_taken_for_several)
{
    char *folder = scratch_file("c");
    struct command one = TRAIN("--epochs", "2", "--checkpoint", folder);
    command_expect_success(&one);
    command_free(&one);
    command_expect_failure(TRAIN_HERE("--resume"), USAGE, "holds the checkpoints of one network");
}

/* ---- the recipe ---- */

/* The recipe as a configuration gives the same bits. */
static void expect_recipe(const char *words, char *digest)
{
    char *config = scratch_file("recipe.json");
    struct command info = COMMAND_RUN("info", model);
    command_expect_success(&info);
    cr_expect_not_null(strstr(info.out, words), "%s: %s", words, info.out);
    command_free(&info);
    json_t *json = take_json(COMMAND_RUN("info", model, "--json"));
    cr_assert_eq(json_dump_file(json_object_get(json, "recipe"), config, 0), 0);
    json_decref(json);
    expect_same(take_digest(TRAIN_JSON("--config", config)), digest);
}

Test(cli_ensemble, info_shows_a_command_line_that_gives_the_same)
{
    expect_recipe("train DATA --out MODEL --preset ensemble --epochs 3\n",
                  take_digest(TRAIN_JSON("--preset", "ensemble", "--epochs", "3")));
    expect_recipe("--preset ensemble --valid-fraction 0.2 --epochs 3 --seed 4 --member-folds 2\n",
                  take_digest(TRAIN_JSON("--preset", "ensemble", "--epochs", "3", "--seed", "4",
                                         "--valid-fraction", "0.2", "--member-folds", "2")));
    expect_recipe(
        "--hidden '2;3,4' --activation 'tanh;relu,gelu' --target species --epochs '3;4' "
        "--optimizer 'sgd;momentum' --momentum '0.9;0.5' --members 5\n",
        take_digest(TRAIN_JSON("--hidden", "2;3,4", "--activation", "tanh;relu,gelu", "--epochs",
                               "3;4", "--target", "species", "--optimizer", "sgd;momentum",
                               "--momentum", "0.9;0.5", "--members", "5")));
}

/* ---- kinds in a configuration ---- */

static char *write_config(const char *text)
{
    char *config = scratch_file("kinds.json");
    file_put_text(config, text);
    return config;
}

Test(cli_ensemble, a_configuration_has_kinds_as_a_list_of_objects)
{
    char *config = write_config("{\"epochs\": 3, \"preset\": \"modern\", \"kinds\": ["
                                "{\"hidden\": [2, 3], \"dropout\": 0.1}, "
                                "{\"hidden\": \"none\", \"dropout\": \"auto\"}]}");
    expect_same(take_digest(TRAIN_JSON("--config", config)),
                take_digest(TRAIN_JSON("--epochs", "3", "--preset", "modern", "--hidden",
                                       "2,3;none", "--dropout", "0.1;auto")));
    expect_same(take_digest(TRAIN_JSON("--config", config, "--hidden", "4")),
                take_digest(TRAIN_JSON("--epochs", "3", "--preset", "modern", "--hidden", "4",
                                       "--dropout", "0.1;auto")));
}

Test(cli_ensemble, kinds_that_are_wrong_are_refused_with_the_reason)
{
    static const struct {
        const char *kinds, *message;
    } wrong[] = {
        {"5", "\"kinds\" is a number, and must be a list of objects"},
        {"[]", "\"kinds\" is empty, and must be a list of objects"},
        {"[{\"hidden\": 2}, 3]", "kind 2 is a number, and must be an object of options"},
        {"[{\"hidden\": 2}, {\"hidden\": 3}], \"hidden\": 4",
         "\"hidden\" is there for all kinds, and in \"kinds\": leave one of them out"},
        {"[{\"hidden\": 2}, {}]", "kind 2 has no \"hidden\", which others have"},
        {"[{}, {\"hidden\": 2}]", "kind 1 has no \"hidden\", which others have"},
        {"[{\"hiden\": 2}]", "\"hiden\" is not an option of train; did you mean \"hidden\"?"},
        {"[{\"seed\": 2}]", "\"seed\" is the same for all kinds of networks"},
        {"[{\"dropout\": 0}, {\"dropout\": true}]", "\"dropout\" is true, and must be a number"},
        {"[{\"dropout\": 0}, {\"dropout\": 1}]", "\"dropout\": \"1\" is not a number from 0"},
    };
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        char text[256];
        snprintf(text, sizeof text, "{\"kinds\": %s}", wrong[k].kinds);
        command_expect_failure(TRAIN("--config", write_config(text)), INPUT, wrong[k].message);
    }
}
