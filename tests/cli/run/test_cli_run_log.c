/* Writing the log of a run. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <jansson.h>

#include "cli/run/run_log.h"
#include "cli/run/train_watch.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/stop_signal.h"
#include "support/scratch.h"

static char *path;
static bp_dataset *dataset;
static bp_model *model;
static bp_train_options options, chosen;

static void set_up(void)
{
    static const float inputs[] = {0, 0, 0, 1, 1, 0, 1, 1};
    static const uint32_t labels[] = {0, 1, 1, 0};
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = 4,
                              .inputs = 2,
                              .input = inputs,
                              .labels = labels,
                              .classes = 2};
    const bp_model_options shape = bp_model_options_default();
    path = scratch_file("run.jsonl");
    options = chosen = bp_train_options_default();
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&model, dataset, &shape, NULL), BP_OK);
}

static void tear_down(void)
{
    bp_model_free(model);
    bp_dataset_free(dataset);
    scratch_remove();
}

TestSuite(cli_run_log, .init = set_up, .fini = tear_down);

static struct run_log_head head_of(const char *data)
{
    return (struct run_log_head){
        .data = data, .model = model, .samples = 4, .train = &options, .chosen = &chosen};
}

/* Line `number`, from 1, of the log. */
static json_t *read_line(size_t number)
{
    char *text = file_get(path, NULL), *line = strtok(text, "\n");
    for (size_t k = 1; k < number; k++)
        line = strtok(NULL, "\n");
    cr_assert_not_null(line, "there is no line %zu", number);
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    cr_assert_not_null(object, "%s", line);
    free(text);
    return object;
}

static void expect_text(const json_t *object, const char *key, const char *value)
{
    const char *text = json_string_value(json_object_get(object, key));
    cr_assert_not_null(text, "%s", key);
    cr_assert_str_eq(text, value);
}

/* Opens a log, writes its head, and closes it. */
static void write_head(bool resumed)
{
    struct run_log log;
    const struct run_log_head head = head_of("x.csv");
    cr_assert_eq(run_log_open(&log, path, resumed), EXIT_DONE);
    cr_assert(run_log_begin(&log, &head));
    cr_assert_eq(run_log_close(&log), EXIT_DONE);
}

Test(cli_run_log, without_a_path_nothing_is_written)
{
    struct run_log log;
    const struct run_log_head head = head_of("x.csv");
    const bp_progress progress = {.epoch = 1};

    cr_assert_eq(run_log_open(&log, NULL, false), EXIT_DONE);
    cr_assert(run_log_begin(&log, &head));
    cr_assert(run_log_write(&log, &progress));
    cr_assert_eq(run_log_close(&log), EXIT_DONE);
    cr_assert_eq(folder_count(scratch_folder()), 0);
}

Test(cli_run_log, the_head_says_what_is_run)
{
    struct run_log log;
    struct run_log_head head = head_of("x.csv");
    head.options = json_pack("{s:s}", "optimizer", "adam");
    options.metric = BP_METRIC_BALANCED_ACCURACY;

    cr_assert_eq(run_log_open(&log, path, false), EXIT_DONE);
    cr_assert(run_log_begin(&log, &head));
    cr_assert_eq(run_log_close(&log), EXIT_DONE);

    json_t *line = read_line(1);
    expect_text(line, "event", "start");
    expect_text(line, "version", bp_version());
    expect_text(line, "data", "x.csv");
    expect_text(line, "metric", "balanced-accuracy");
    expect_text(json_object_get(line, "options"), "optimizer", "adam");
    cr_assert_eq(json_integer_value(json_object_get(line, "schema_version")), 1);
    cr_assert_eq(json_integer_value(json_object_get(line, "samples")), 4);
    cr_assert_eq(json_array_size(json_object_get(line, "layers")), 3);
    cr_assert_eq(json_array_size(json_object_get(line, "activations")), 2);
    cr_assert_eq(head.options->refcount, 1, "the options are borrowed");
    json_decref(line);
    json_decref(head.options);
}

static void expect_real(const json_t *object, const char *key, double value)
{
    const json_t *found = json_object_get(object, key);
    cr_assert(json_is_real(found), "%s", key);
    cr_assert_eq(json_real_value(found), value, "%s", key);
}

Test(cli_run_log, the_head_has_the_values_that_auto_stands_for)
{
    struct run_log_head head = head_of("x.csv");
    head.options =
        json_pack("{s:s, s:s, s:s}", "loss", "auto", "task", "classify", "hidden", "auto");
    options.optimizer = BP_OPTIMIZER_ADAGRAD;
    options.schedule = BP_SCHEDULE_STEP;
    chosen = options;
    chosen.epochs = 67;
    chosen.batch_size = 4;
    chosen.learning_rate = 0.01f;
    chosen.epsilon = 1e-10f;
    chosen.schedule_factor = 0.5f;
    json_t *line = run_log_line_head(&head, "start");
    json_t *effective = json_object_get(line, "effective");

    expect_real(effective, "learning-rate", 0.01);
    expect_real(effective, "epsilon", 1e-10);
    expect_real(effective, "schedule-factor", 0.5);
    expect_text(effective, "loss", "mse");
    expect_text(effective, "hidden", "32");
    cr_assert_eq(json_integer_value(json_object_get(effective, "epochs")), 67);
    cr_assert_eq(json_integer_value(json_object_get(effective, "batch-size")), 4);
    cr_assert_eq(json_integer_value(json_object_get(line, "epochs")), 67);
    cr_assert_eq(json_object_size(effective), 7);
    json_decref(line);
    json_decref(head.options);
}

Test(cli_run_log, the_head_has_no_value_for_what_was_given_or_is_not_read)
{
    struct run_log_head head = head_of("x.csv");
    options.learning_rate = 0.25f;
    options.epochs = 2;
    options.batch_size = 3;
    chosen = options;
    json_t *line = run_log_line_head(&head, "start");

    cr_assert_eq(json_object_size(json_object_get(line, "effective")), 0);
    json_decref(line);
}

Test(cli_run_log, what_is_not_defined_is_null)
{
    struct run_log log;
    const bp_metrics metrics = {.samples = 4, .loss = 0.5, .accuracy = 0.25, .rmse = NAN};
    const bp_progress progress = {.epoch = 7,
                                  .train_loss = INFINITY,
                                  .valid_loss = NAN,
                                  .metric = NAN,
                                  .valid = &metrics,
                                  .learning_rate = 0.125};
    cr_assert_eq(run_log_open(&log, path, false), EXIT_DONE);
    cr_assert(run_log_write(&log, &progress));
    cr_assert_eq(run_log_close(&log), EXIT_DONE);

    json_t *line = read_line(1);
    const json_t *valid = json_object_get(line, "metrics");
    expect_text(line, "event", "epoch");
    cr_assert_eq(json_integer_value(json_object_get(line, "epoch")), 7);
    cr_assert(json_is_null(json_object_get(line, "train_loss")));
    cr_assert(json_is_null(json_object_get(line, "valid_loss")));
    cr_assert(json_is_null(json_object_get(line, "phases")));
    cr_assert_eq(json_real_value(json_object_get(line, "learning_rate")), 0.125);
    cr_assert_eq(json_real_value(json_object_get(valid, "accuracy")), 0.25);
    cr_assert_null(json_object_get(valid, "rmse"));
    json_decref(line);
}

Test(cli_run_log, phases_are_written_where_they_were_measured)
{
    struct run_log log;
    const bp_progress progress = {.epoch = 1, .phases = {.gather = 1, .waiting = 0.5}};
    cr_assert_eq(run_log_open(&log, path, false), EXIT_DONE);
    cr_assert(run_log_write(&log, &progress));
    cr_assert_eq(run_log_close(&log), EXIT_DONE);

    json_t *line = read_line(1);
    const json_t *phases = json_object_get(line, "phases");
    cr_assert_eq(json_object_size(phases), 7);
    cr_assert_eq(json_real_value(json_object_get(phases, "gather")), 1);
    cr_assert_eq(json_real_value(json_object_get(phases, "waiting")), 0.5);
    json_decref(line);
}

Test(cli_run_log, the_tail_has_the_confusion_matrix)
{
    struct run_log log;
    bp_evaluation *valid = NULL;
    const bp_run_options how = bp_run_options_default();
    const bp_train_result result = {.epochs = 3, .ended_early = true, .weights_digest = "abc"};
    cr_assert_eq(bp_evaluation_create(&valid, model, dataset, &how, NULL), BP_OK);
    cr_assert_eq(run_log_open(&log, path, false), EXIT_DONE);
    cr_assert(run_log_end(&log, &(struct run_log_tail){"done", &result, valid, NULL}));
    cr_assert_eq(run_log_close(&log), EXIT_DONE);
    bp_evaluation_free(valid);

    json_t *line = read_line(1);
    const json_t *confusion = json_object_get(line, "confusion");
    json_int_t sum = 0;
    for (size_t k = 0; k < 4; k++)
        sum += json_integer_value(
            json_array_get(json_array_get(json_object_get(confusion, "counts"), k / 2), k % 2));
    expect_text(line, "event", "end");
    expect_text(line, "reason", "done");
    expect_text(line, "weights_digest", "abc");
    cr_assert(json_is_true(json_object_get(line, "ended_early")));
    cr_assert_eq(json_array_size(json_object_get(confusion, "classes")), 2);
    cr_assert_eq(sum, 4);
    json_decref(line);
}

Test(cli_run_log, a_new_run_empties_the_log_and_a_resumed_one_goes_on)
{
    file_put_text(path, "old\n");

    write_head(false);
    write_head(true);
    write_head(true);

    json_t *first = read_line(1), *second = read_line(2), *third = read_line(3);
    expect_text(first, "event", "start");
    expect_text(second, "event", "resume");
    expect_text(third, "event", "resume");
    json_decref(first);
    json_decref(second);
    json_decref(third);
}

Test(cli_run_log, a_line_that_a_killed_run_left_half_written_is_cut_off)
{
    file_put_text(path, "{\"event\":\"start\"}\n{\"event\":\"epo");

    write_head(true);

    json_t *second = read_line(2);
    expect_text(second, "event", "resume");
    json_decref(second);
}

Test(cli_run_log, a_resumed_run_without_a_log_begins_one)
{
    write_head(true);
    json_t *line = read_line(1);
    expect_text(line, "event", "start");
    json_decref(line);

    file_put_text(path, "{\"event\":\"sta");
    write_head(true);
    line = read_line(1);
    expect_text(line, "event", "start");
    json_decref(line);
}

Test(cli_run_log, a_path_that_is_no_utf8_is_written_with_question_marks)
{
    struct run_log log;
    const struct run_log_head head = head_of("a\xff.csv");
    cr_assert_eq(run_log_open(&log, path, false), EXIT_DONE);
    cr_assert(run_log_begin(&log, &head));
    cr_assert_eq(run_log_close(&log), EXIT_DONE);

    json_t *line = read_line(1);
    expect_text(line, "data", "a?.csv");
    json_decref(line);
}

/* The reason in the last line of a run that ends with `code`, when SIGTERM has come. */
static void expect_reason(int code, const char *reason)
{
    const bp_train_result result = {.epochs = 1};
    const struct run_log_head head = head_of("a.csv");
    const struct train_options said = {.log = path};
    struct train_watch watch = {.options = &said};
    cr_assert_eq(run_log_open(&watch.log, path, false), EXIT_DONE);
    cr_assert(run_log_begin(&watch.log, &head));
    stop_signal_begin();
    stop_signal_watch();
    raise(SIGTERM);
    cr_assert_eq(train_watch_end(&watch, &result, NULL, NULL, code), EXIT_DONE);
    cr_assert_eq(train_watch_close(&watch, EXIT_DONE), EXIT_DONE);

    json_t *line = read_line(2);
    expect_text(line, "reason", reason);
    json_decref(line);
}

Test(cli_run_log, a_signal_that_came_too_late_stopped_nothing)
{
    expect_reason(EXIT_DONE, "done");
}

Test(cli_run_log, a_signal_that_stopped_the_run_is_named)
{
    expect_reason(EXIT_SIGNAL + SIGTERM, "stopped by SIGTERM");
}

Test(cli_run_log, a_full_disk_is_met_with_the_line_that_does_not_fit)
{
    struct run_log log;
    const bp_progress progress = {.epoch = 1};
    if (access("/dev/full", W_OK) != 0)
        cr_skip_test("there is no /dev/full");
    cr_assert_eq(run_log_open(&log, "/dev/full", false), EXIT_DONE);

    cr_assert_not(run_log_write(&log, &progress));
    cr_assert_not_null(strstr(log.error.message, strerror(ENOSPC)));
    run_log_close(&log);
}
