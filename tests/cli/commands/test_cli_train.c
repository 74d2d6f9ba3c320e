/* `batchprop train` from a data file to a model file, and what it prints. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/folder.h"
#include "support/scratch.h"

#define TRAIN_KEYS                                                                                 \
    "schema_version target left_out hints epochs updates batch_size optimizer learning_rate "      \
    "weight_decay "                                                                                \
    "dropout "                                                                                     \
    "samples train_loss valid_loss valid_unknown best_epoch refit_epochs refit_samples metric "    \
    "best_metric ended_early train valid advice "                                                  \
    "samples_per_second seconds ranks hosts all_threads threads plan backend isa seed "            \
    "weights_digest"

static char *model, *iris, *xor;

static void set_up(void)
{
    model = scratch_file("m.safetensors");
    iris = source_path("datasets/iris.csv");
    xor = source_path("datasets/xor.csv");
}

static void tear_down(void)
{
    scratch_remove();
    free(iris);
    free(xor);
}

TestSuite(cli_train, .init = set_up, .fini = tear_down);

/* Trains with --json on top of `arguments` and returns the object. */
#define TRAIN_JSON(...) train_json(COMMAND_RUN("train", __VA_ARGS__, "--json"))

static json_t *train_json(struct command command)
{
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    return json;
}

static const char *get_digest(const json_t *json)
{
    const char *digest = json_string_value(json_object_get(json, "weights_digest"));
    cr_assert_not_null(digest);
    return digest;
}

static double get_number(const json_t *json, const char *key)
{
    const json_t *value = json_object_get(json, key);
    cr_assert(json_is_number(value), "%s is no number", key);
    return json_number_value(value);
}

Test(cli_train, json_has_the_documented_keys)
{
    json_t *json = TRAIN_JSON(iris, "--out", model, "--epochs", "3", "--seed", "7");

    json_expect_keys(json, TRAIN_KEYS);
    cr_assert_eq(get_number(json, "schema_version"), 1);
    cr_assert_eq(get_number(json, "epochs"), 3);
    cr_assert_eq(get_number(json, "samples"), 150);
    cr_assert_eq(get_number(json, "seed"), 7);
    cr_assert(json_is_null(json_object_get(json, "valid_loss")));
    cr_assert_eq(strlen(get_digest(json)), 32);
    json_decref(json);
}

/* As file names of old systems: JSON, in which the options are noted, has a question mark there. */
Test(cli_train, a_path_may_be_no_utf8)
{
    char *odd = scratch_file("m\xff.safetensors"), *log = scratch_file("l\xff.jsonl");
    json_t *json = TRAIN_JSON(iris, "--out", odd, "--log", log, "--epochs", "1");
    json_decref(json);
    size_t length;
    char *lines = file_get(log, &length);
    cr_expect_not_null(strstr(lines, "m?.safetensors"));
    free(lines);

    struct command command = COMMAND_RUN("info", odd, "--json");
    command_expect_success(&command);
    command_free(&command);
    /* A configuration names the same file when it is read. */
    command = COMMAND_RUN("train", iris, "--out", odd, "--print-config");
    command_expect_failure(command, 2, "--out: it has bytes that are not UTF-8");
}

/* What the first page promises to everybody; tools/quickstart.sh has the same options. */
Test(cli_train, the_quick_start_has_the_digest_of_the_readme)
{
    char *digits = source_path("datasets/digits-train.csv"), *page = source_path("README.md");
    char *text = file_get(page, NULL);
    json_t *json = TRAIN_JSON(digits, "--hidden", "64", "--batch-size", "32", "--epochs", "60",
                              "--out", model);
    char line[64];
    snprintf(line, sizeof line, "  digest     %s, ", get_digest(json));

    cr_assert_not_null(strstr(text, line), "%s", line);
    json_decref(json);
    free(text);
    free(page);
    free(digits);
}

Test(cli_train, it_writes_the_model_alone)
{
    json_t *json = TRAIN_JSON(iris, "--out", model, "--epochs", "1");

    cr_assert_eq(folder_count(scratch_folder()), 1);
    json_decref(json);
}

Test(cli_train, the_summary_says_what_to_type_next)
{
    struct command command =
        COMMAND_RUN("train", iris, "--out", model, "--epochs", "2", "--hidden", "16");
    char next[1024];
    snprintf(next, sizeof next, "batchprop eval %s %s", model, iris);

    command_expect_success(&command);
    cr_assert_not_null(strstr(command.out, "weights digest"));
    cr_assert_not_null(strstr(command.out, "4 - 16 - 3"));
    cr_assert_not_null(strstr(command.out, "2: 6 updates, batches of 64\n"), "%s", command.out);
    cr_assert_not_null(strstr(command.out, "sgd, learning rate 1\n"), "%s", command.out);
    cr_assert_not_null(strstr(command.out, next), "%s", command.out);
    command_free(&command);
}

/* In the summary, in JSON and in the log: 150 rows are three batches of 64. */
Test(cli_train, what_auto_chose_is_told_everywhere)
{
    char *log = folder_path(scratch_folder(), "run.jsonl");
    struct command command =
        COMMAND_RUN("train", iris, "--out", model, "--preset", "modern", "--log", log);
    command_expect_success(&command);
    cr_expect_not_null(strstr(command.out, "4 - 96 - 96 - 3"), "%s", command.out);
    cr_expect_not_null(strstr(command.out, "200: 600 updates, batches of 64\n"), "%s", command.out);
    cr_expect_not_null(
        strstr(command.out, "adamw, learning rate 0.005, weight decay 2, dropout 0.15\n"), "%s",
        command.out);
    command_free(&command);
    json_t *json = TRAIN_JSON(iris, "--out", model, "--preset", "modern");
    cr_expect_eq(get_number(json, "updates"), 600);
    cr_expect_eq(get_number(json, "batch_size"), 64);
    cr_expect_float_eq(get_number(json, "learning_rate"), 0.005, 1e-9);
    cr_expect_eq(get_number(json, "weight_decay"), 2);
    cr_expect_float_eq(get_number(json, "dropout"), 0.15, 1e-8);
    json_decref(json);
    json_t *head = json_load_file(log, JSON_DISABLE_EOF_CHECK, NULL);
    json_t *effective = json_object_get(head, "effective");
    cr_expect_eq(get_number(effective, "epochs"), 200);
    cr_expect_eq(get_number(effective, "weight-decay"), 2);
    cr_expect_str_eq(json_string_value(json_object_get(effective, "hidden")), "96,96");
    json_decref(head);
    free(log);
}

/* Rows that are held out for validation are not trained on: 75 are two batches of 64. */
Test(cli_train, what_auto_chose_fits_the_rows_that_are_trained_on)
{
    json_t *json = TRAIN_JSON(iris, "--out", model, "--valid-fraction", "0.5");
    cr_expect_eq(get_number(json, "updates"), 2 * 1000);
    json_decref(json);
}

Test(cli_train, names_that_a_shell_would_split_are_quoted)
{
    char *odd = folder_path(scratch_folder(), "it's mine");
    struct command command = COMMAND_RUN("train", iris, "--out", odd, "--epochs", "1");

    command_expect_success(&command);
    cr_assert_not_null(strstr(command.out, "it'\\''s mine' "), "%s", command.out);
    command_free(&command);
    free(odd);
}

Test(cli_train, what_to_type_next_repeats_how_the_file_is_read)
{
    struct command command = COMMAND_RUN("train", iris, "--out", model, "--epochs", "1", "--header",
                                         "yes", "--categorical", "petal_width");
    char next[1024];
    snprintf(next, sizeof next, "batchprop eval %s %s --header yes --categorical petal_width ",
             model, iris);

    command_expect_success(&command);
    cr_assert_not_null(strstr(command.out, next), "%s", command.out);
    struct command eval = COMMAND_RUN("eval", model, iris);
    command_expect_success(&eval);
    command_free(&eval);
    command_free(&command);
}

Test(cli_train, xor_is_learnt)
{
    struct command command = COMMAND_RUN("train", xor, "--out", model, "--hidden", "8", "--epochs",
                                         "2000", "--batch-size", "full", "--learning-rate", "4");
    command_expect_success(&command);
    struct command eval = COMMAND_RUN("eval", model, xor, "--json");
    json_t *json = command_json(eval.out);

    cr_assert_eq(get_number(json, "accuracy"), 1);
    json_decref(json);
    command_free(&eval);
    command_free(&command);
}

Test(cli_train, the_digest_is_the_same_for_every_number_of_threads_and_backend)
{
    json_t *first = TRAIN_JSON(iris, "--out", model, "--epochs", "4", "--threads", "1");
    static const char *const runs[][2] = {
        {"2", "pthreads"}, {"3", "pthreads"}, {"7", "pthreads"}, {"1", "serial"}};
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        json_t *json = TRAIN_JSON(iris, "--out", model, "--epochs", "4", "--threads", runs[i][0],
                                  "--backend", runs[i][1], "--isa", "portable");

        cr_assert_str_eq(get_digest(json), get_digest(first));
        json_decref(json);
    }
    json_decref(first);
}

Test(cli_train, seed_shuffle_and_shards_each_change_the_weights)
{
    json_t *plain = TRAIN_JSON(iris, "--out", model, "--epochs", "2");
    json_t *seed = TRAIN_JSON(iris, "--out", model, "--epochs", "2", "--seed", "2");
    json_t *order = TRAIN_JSON(iris, "--out", model, "--epochs", "2", "--no-shuffle");
    json_t *shard = TRAIN_JSON(iris, "--out", model, "--epochs", "2", "--shard-size", "3");

    cr_assert_str_neq(get_digest(plain), get_digest(seed));
    cr_assert_str_neq(get_digest(plain), get_digest(order));
    cr_assert_str_neq(get_digest(plain), get_digest(shard));
    json_decref(plain);
    json_decref(seed);
    json_decref(order);
    json_decref(shard);
}

Test(cli_train, the_seed_gives_the_order_of_samples_also_to_a_given_network)
{
    char *second = folder_path(scratch_folder(), "second");
    json_t *first = TRAIN_JSON(iris, "--out", model, "--epochs", "1");
    json_t *one = TRAIN_JSON(iris, "--from", model, "--out", second, "--epochs", "1");
    json_t *two =
        TRAIN_JSON(iris, "--from", model, "--out", second, "--epochs", "1", "--seed", "2");

    cr_assert_str_neq(get_digest(one), get_digest(two));
    json_decref(first);
    json_decref(one);
    json_decref(two);
    free(second);
}

Test(cli_train, the_last_of_two_values_counts)
{
    json_t *json = TRAIN_JSON(iris, "--out", model, "--epochs", "5", "--epochs", "2");

    cr_assert_eq(get_number(json, "epochs"), 2);
    json_decref(json);
}

Test(cli_train, from_goes_on_where_a_model_is)
{
    char *second = folder_path(scratch_folder(), "second");
    json_t *whole = TRAIN_JSON(iris, "--out", model, "--epochs", "1", "--batch-size", "full",
                               "--hidden", "5,3");
    json_t *next =
        TRAIN_JSON(iris, "--out", second, "--epochs", "1", "--batch-size", "full", "--from", model);
    struct command info = COMMAND_RUN("info", second, "--json");
    json_t *json = command_json(info.out);

    cr_assert_eq(json_array_size(json_object_get(json, "layers")), 3);
    cr_assert_str_eq(get_digest(json), get_digest(next));
    cr_assert_lt(get_number(next, "train_loss"), get_number(whole, "train_loss"));
    json_decref(json);
    json_decref(whole);
    json_decref(next);
    command_free(&info);
    free(second);
}

Test(cli_train, hidden_none_is_a_network_without_hidden_layers)
{
    struct command command =
        COMMAND_RUN("train", iris, "--out", model, "--epochs", "1", "--hidden", "none");

    command_expect_success(&command);
    cr_assert_not_null(strstr(command.out, "4 - 3, 15 parameters"), "%s", command.out);
    command_free(&command);
    command_expect_failure(COMMAND_RUN("train", iris, "--out", model, "--hidden", "0"), 2,
                           "--hidden: \"0\" is not a list of 1 to 63 numbers of neurons such as "
                           "128,64 (each from 1 to 1048576), nor auto or none");
}

Test(cli_train, held_out_rows_are_measured_and_not_trained_on)
{
    json_t *json = TRAIN_JSON(iris, "--out", model, "--epochs", "2", "--valid-fraction", "0.2");

    cr_assert_eq(get_number(json, "samples"), 120);
    cr_assert_gt(get_number(json, "valid_loss"), 0);
    json_decref(json);
}

Test(cli_train, a_refit_of_a_validation_file_trains_on_the_rows_of_both)
{
    char *first = scratch_file("a.csv"), *second = scratch_file("b.csv"),
         *both = scratch_file("ab.csv");
    file_put_text(first, "a,b,y\n1,2,u\n2,1,v\n3,4,u\n4,3,v\n");
    file_put_text(second, "a,b,y\n5,6,u\n6,5,v\n");
    file_put_text(both, "a,b,y\n1,2,u\n2,1,v\n3,4,u\n4,3,v\n5,6,u\n6,5,v\n");
    json_t *refit =
        TRAIN_JSON(first, "--out", model, "--valid", second, "--refit", "--scale", "none");
    char epochs[24];
    snprintf(epochs, sizeof epochs, "%.0f", get_number(refit, "best_epoch"));
    json_t *whole = TRAIN_JSON(both, "--out", model, "--epochs", epochs, "--scale", "none");
    cr_expect_eq(get_number(refit, "refit_samples"), 6);
    cr_expect_str_eq(get_digest(refit), get_digest(whole));
    json_decref(whole);
    json_decref(refit);
}

Test(cli_train, a_refit_without_validation_rows_is_refused)
{
    command_expect_failure(COMMAND_RUN("train", iris, "--out", model, "--refit"), 2,
                           "--refit needs validation rows");
}

Test(cli_train, a_validation_file_gives_the_loss_that_eval_gives)
{
    json_t *json = TRAIN_JSON(iris, "--out", model, "--epochs", "2", "--valid", iris);
    struct command eval = COMMAND_RUN("eval", model, iris, "--json");
    json_t *metrics = command_json(eval.out);

    cr_assert_eq(get_number(json, "samples"), 150);
    cr_assert_eq(get_number(json, "valid_loss"), get_number(metrics, "loss"));
    json_decref(json);
    json_decref(metrics);
    command_free(&eval);
}

/* The lines of a file; each is freed with json_decref(). Returns how many there are. */
static size_t read_lines(const char *path, json_t **lines, size_t capacity)
{
    char *text = file_get(path, NULL);
    size_t count = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        cr_assert_lt(count, capacity);
        lines[count++] = command_json(line);
    }
    free(text);
    return count;
}

Test(cli_train, the_summary_json_and_log_say_which_epoch_was_the_best_and_by_what)
{
    char *log = scratch_file("best.jsonl");
    json_t *lines[22];
    json_t *json =
        TRAIN_JSON(iris, "--out", model, "--epochs", "20", "--valid-fraction", "0.2", "--log", log);
    cr_assert_eq(read_lines(log, lines, 22), 22);
    cr_expect_str_eq(json_string_value(json_object_get(json, "metric")), "accuracy");
    cr_expect_str_eq(json_string_value(json_object_get(lines[0], "metric")), "accuracy");
    const size_t best = (size_t)get_number(json, "best_epoch");
    cr_assert(best >= 1 && best <= 20);
    for (size_t epoch = 1; epoch <= 20; epoch++)
        cr_expect(get_number(lines[epoch], "metric") <= get_number(json, "best_metric"));
    cr_expect_eq(get_number(lines[best], "metric"), get_number(json, "best_metric"));
    cr_expect_eq(get_number(lines[21], "best_metric"), get_number(json, "best_metric"));

    char line[100];
    snprintf(line, sizeof line, "best epoch     %zu, by accuracy %.2f %%\n", best,
             100 * get_number(json, "best_metric"));
    struct command command =
        COMMAND_RUN("train", iris, "--out", model, "--epochs", "20", "--valid-fraction", "0.2");
    cr_expect_not_null(strstr(command.out, line), "%s%s", line, command.out);
    command_free(&command);
    for (size_t k = 0; k < 22; k++)
        json_decref(lines[k]);
    json_decref(json);
}

/* The log counts the epochs of a refit apart. */
Test(cli_train, a_refit_has_the_digest_of_a_training_on_all_rows)
{
    char *log = scratch_file("refit.jsonl"), epochs[24];
    json_t *lines[44];
    json_t *refit = TRAIN_JSON(iris, "--out", model, "--epochs", "20", "--valid-fraction", "0.2",
                               "--refit", "--log", log);
    const size_t best = (size_t)get_number(refit, "best_epoch");
    snprintf(epochs, sizeof epochs, "%zu", best);
    json_t *whole = TRAIN_JSON(iris, "--out", model, "--epochs", epochs);
    cr_expect_str_eq(get_digest(refit), get_digest(whole));
    cr_expect_eq(get_number(refit, "refit_epochs"), (double)best);
    cr_expect_eq(get_number(refit, "refit_samples"), 150);
    cr_expect_eq(get_number(refit, "samples"), 120);

    cr_assert_eq(read_lines(log, lines, 44), 22 + best);
    for (size_t epoch = 1; epoch <= best; epoch++) {
        json_expect_keys(lines[20 + epoch], "schema_version event epoch epochs samples train_loss "
                                            "learning_rate samples_per_second seconds phases");
        cr_expect_str_eq(json_string_value(json_object_get(lines[20 + epoch], "event")), "refit");
        cr_expect_eq(get_number(lines[20 + epoch], "epoch"), (double)epoch);
        cr_expect_eq(get_number(lines[20 + epoch], "epochs"), (double)best);
        cr_expect_eq(get_number(lines[20 + epoch], "samples"), 150);
    }
    cr_expect_eq(get_number(lines[21 + best], "refit_epochs"), (double)best);
    for (size_t k = 0; k < 22 + best; k++)
        json_decref(lines[k]);

    struct command command = COMMAND_RUN("train", iris, "--out", model, "--epochs", "20",
                                         "--valid-fraction", "0.2", "--refit");
    cr_expect_not_null(strstr(command.out, " epochs on all 150 rows"), "%s", command.out);
    cr_expect_not_null(strstr(command.out, "before the refit: loss"), "%s", command.out);
    command_free(&command);
    json_decref(whole);
    json_decref(refit);
}

Test(cli_train, the_log_has_a_begin_a_line_for_each_epoch_and_an_end)
{
    char *log = folder_path(scratch_folder(), "run.jsonl");
    json_t *lines[5];
    json_t *json = TRAIN_JSON(iris, "--out", model, "--epochs", "3", "--log", log,
                              "--learning-rate", "0.25", "--valid-fraction", "0.5");

    cr_assert_eq(read_lines(log, lines, 5), 5);
    json_expect_keys(lines[0],
                     "schema_version event version time data samples valid_samples layers "
                     "activations parameters loss task numerics metric seed epochs "
                     "epochs_done ranks hosts options effective target left_out hints");
    cr_assert_eq(get_number(lines[0], "samples"), 75);
    for (size_t epoch = 1; epoch <= 3; epoch++) {
        json_expect_keys(lines[epoch], "schema_version event epoch train_loss valid_loss metric "
                                       "metrics best_epoch learning_rate samples_per_second "
                                       "seconds phases");
        cr_assert_eq(get_number(lines[epoch], "epoch"), (double)epoch);
        cr_assert_eq(get_number(lines[epoch], "learning_rate"), 0.25);
    }
    json_expect_keys(
        lines[4], "schema_version event reason epochs ended_early best_epoch "
                  "best_metric refit_epochs refit_samples train_loss valid_loss "
                  "valid_unknown metrics confusion train valid advice seconds samples_per_second "
                  "ranks hosts all_threads threads threads_reason plan backend isa "
                  "weights_digest");
    cr_assert_eq(get_number(lines[3], "train_loss"), get_number(json, "train_loss"));
    cr_assert_eq(get_number(lines[4], "valid_loss"), get_number(json, "valid_loss"));
    cr_assert_str_eq(json_string_value(json_object_get(lines[4], "weights_digest")),
                     json_string_value(json_object_get(json, "weights_digest")));
    for (size_t k = 0; k < 5; k++)
        json_decref(lines[k]);
    json_decref(json);
    free(log);
}

/* Waits until a file holds something; a training run that never begins fails by Meson's limit. */
static void wait_for(const char *path)
{
    const struct timespec pause = {.tv_nsec = 5000000};
    for (;;) {
        FILE *stream = fopen(path, "r");
        int first = stream ? fgetc(stream) : EOF;
        if (stream)
            fclose(stream);
        if (first != EOF)
            return;
        nanosleep(&pause, NULL);
    }
}

Test(cli_train, a_signal_stops_training_and_nothing_is_written)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    static const char *const messages[] = {"stopped by SIGINT after ", "stopped by SIGTERM after ",
                                           "stopped by SIGHUP after "};
    char *log = folder_path(scratch_folder(), "run.jsonl");
    for (size_t i = 0; i < 3; i++) {
        file_put_text(log, "");
        struct command command = COMMAND_START("train", iris, "--out", model, "--log", log,
                                               "--epochs", "1000000000", "--threads", "2");
        wait_for(log);
        cr_assert_eq(kill(command.process, signals[i]), 0);
        command_wait(&command);

        command_expect_failure(command, 128 + signals[i], messages[i]);
        cr_assert_eq(folder_count(scratch_folder()), 1);
    }
    free(log);
}
