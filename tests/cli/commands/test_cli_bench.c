/* `batchprop bench`: figures, JSON, pictures, and what it refuses. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/command.h"
#include "support/scratch.h"

#define FAILED 1
#define USAGE  2
#define IO     4

#define QUICK "--seconds", "0.005", "--repetitions", "3", "--layers", "6-5-3", "--batch-size", "16"

static char *picture;

static void set_up(void)
{
    picture = scratch_file("scaling.svg");
}

TestSuite(cli_bench, .init = set_up, .fini = scratch_remove);

static json_t *measure(const char *const *arguments)
{
    struct command command = command_run(arguments);
    command_expect_success(&command);
    json_t *json = command_json(command.out);
    command_free(&command);
    return json;
}

#define MEASURE(...) measure((const char *const[]){"bench", QUICK, "--json", __VA_ARGS__, NULL})

static double real_at(const json_t *object, const char *key, const char *part)
{
    const json_t *value = json_object_get(object, key);
    if (part)
        value = json_object_get(value, part);
    cr_assert(json_is_number(value), "%s", key);
    return json_number_value(value);
}

static const char *word_at(const json_t *json, const char *key)
{
    return json_string_value(json_object_get(json, key));
}

static const json_t *result_at(const json_t *json, size_t index)
{
    const json_t *result = json_array_get(json_object_get(json, "results"), index);
    cr_assert_not_null(result);
    return result;
}

static const char *series_at(const json_t *json, size_t index)
{
    return json_string_value(json_object_get(result_at(json, index), "series"));
}

static bool has_gnuplot(void)
{
    return system("gnuplot --version >/dev/null 2>&1") == 0;
}

/* Puts a program called gnuplot in front of all others. */
static void pretend_gnuplot(const char *script)
{
    char *program = folder_path(scratch_folder(), "gnuplot");
    file_put_text(program, script);
    cr_assert_eq(chmod(program, 0755), 0);
    cr_assert_eq(setenv("PATH", scratch_folder()->path, 1), 0);
    free(program);
}

Test(cli_bench, json_has_the_documented_keys)
{
    json_t *json = MEASURE("--threads", "1,2,auto", "--free-order");

    json_expect_keys(json,
                     "schema_version layers parameters operations_per_sample activations "
                     "output_activation loss optimizer weight_decay clip_norm dropout batch_size "
                     "samples processors isa repetitions seconds results auto_over_best simulation "
                     "rank_simulation");
    json_expect_keys(result_at(json, 0),
                     "series auto threads threads_reason plan backend batch_size shards "
                     "samples_per_second seconds_per_step gflops peak_failed peak_gflops "
                     "share_of_peak base_threads speed_up efficiency phase_seconds phase_rates "
                     "memory_bytes");
    json_expect_keys(json_object_get(result_at(json, 0), "phase_seconds"),
                     "gather forward delta gradient reduce update waiting");
    const json_t *rates = json_object_get(result_at(json, 0), "phase_rates");
    json_expect_keys(rates, "gather forward delta gradient reduce update");
    json_expect_keys(json_object_get(rates, "forward"), "gflops share_of_peak");
    json_expect_keys(json_object_get(rates, "update"), "gigabytes_per_second");
    json_expect_keys(json_object_get(result_at(json, 0), "memory_bytes"),
                     "data parameters gradients workspaces limit");
    json_expect_keys(json_object_get(json, "auto_over_best"), "ratio best_threads");
    json_decref(json);
}

/* What a step over ranks takes grows with the time of messages, and its bytes by the ranks. */
Test(cli_bench, a_prediction_has_each_network_for_each_number_of_ranks)
{
    json_t *json = MEASURE("--threads", "1", "--simulate-ranks", "4,2", "--batch-size", "256");
    const json_t *results = json_object_get(json_object_get(json, "rank_simulation"), "results");

    cr_assert_eq(json_array_size(results), 8);
    for (size_t k = 0; k < 8; k++) {
        static const int networks[] = {10, 25, 100, 400};
        const json_t *result = json_array_get(results, k);
        json_expect_keys(
            result,
            "gigabits_per_second latency_microseconds ranks base_seconds "
            "seconds_per_step samples_per_second speed_up efficiency loss_seconds bytes_sent "
            "messages_sent limit");
        cr_assert_eq(real_at(result, "gigabits_per_second", NULL), networks[k % 4]);
        cr_assert_eq(real_at(result, "ranks", NULL), k < 4 ? 2 : 4);
        cr_assert(real_at(result, "seconds_per_step", NULL) >
                  real_at(result, "loss_seconds", "latency"));
        cr_assert(real_at(result, "loss_seconds", "latency") > 0);
        cr_assert_float_eq(real_at(result, "base_seconds", NULL),
                           real_at(result, "speed_up", NULL) *
                               real_at(result, "seconds_per_step", NULL),
                           1e-6 * real_at(result, "base_seconds", NULL));
        if (k % 4 > 0)
            cr_assert(real_at(result, "seconds_per_step", NULL) <
                      real_at(json_array_get(results, k - 1), "seconds_per_step", NULL));
    }
    /* 2 ranks send half of the gradient and half of the values, of 6-5-3 in whole panels of 16
     * floats, and a loss. */
    const json_t *two = json_array_get(results, 0);
    cr_assert(real_at(two, "bytes_sent", NULL) >= 4.0 * (6 * 5 + 5 + 5 * 3 + 3));
    json_decref(json);
}

Test(cli_bench, a_slow_network_takes_the_time_of_its_bytes)
{
    /* 1 kbit/s: nothing else counts. */
    json_t *json = MEASURE("--threads", "1", "--simulate-ranks", "2", "--layers", "128-64-64",
                           "--batch-size", "256", "--network", "1e-6,0");
    const json_t *results = json_object_get(json_object_get(json, "rank_simulation"), "results");
    const json_t *result = json_array_get(results, 0);

    cr_assert_eq(json_array_size(results), 1);
    const double bytes = real_at(result, "bytes_sent", NULL);
    cr_assert_float_eq(real_at(result, "seconds_per_step", NULL), bytes * 8 / 1e3, bytes * 8e-5);
    cr_assert_str_eq(word_at(result, "limit"), "bandwidth");
    json_decref(json);
}

Test(cli_bench, a_slow_message_takes_its_time)
{
    json_t *json = MEASURE("--threads", "1", "--simulate-ranks", "2", "--layers", "128-64-64",
                           "--batch-size", "256", "--network", "1e6,1e6");
    const json_t *results = json_object_get(json_object_get(json, "rank_simulation"), "results");
    const json_t *result = json_array_get(results, 0);

    const double messages = real_at(result, "messages_sent", NULL);
    cr_assert_float_eq(real_at(result, "seconds_per_step", NULL), messages, 0.5);
    cr_assert_str_eq(word_at(result, "limit"), "latency");
    json_decref(json);
}

Test(cli_bench, a_simulation_has_each_plan_for_each_number_of_threads)
{
    json_t *json = MEASURE("--threads", "1", "--simulate-threads", "4,2");
    const json_t *simulation = json_object_get(json, "simulation");
    json_expect_keys(simulation, "join_seconds join_seconds_more join_threads "
                                 "stream_gigabytes_per_second stream_threads results");
    const json_t *results = json_object_get(simulation, "results");

    cr_assert_eq(json_array_size(results), 6);
    for (size_t k = 0; k < 6; k++) {
        static const int threads[] = {1, 2, 4};
        const json_t *result = json_array_get(results, k);
        json_expect_keys(result, "threads plan seconds_per_step samples_per_second speed_up "
                                 "efficiency balance joins loss_seconds limit bytes "
                                 "gigabytes_per_second bandwidth_bound");
        cr_assert_eq(real_at(result, "threads", NULL), threads[k / 2]);
        cr_assert_str_eq(word_at(result, "plan"), k % 2 ? "parameters" : "samples");
        cr_assert_float_eq(real_at(result, "samples_per_second", NULL) *
                               real_at(result, "seconds_per_step", NULL),
                           16, 1e-6);
        cr_assert(real_at(result, "balance", NULL) > 0 &&
                  real_at(result, "balance", NULL) <= 1.001);
    }
    json_decref(json);
    json = MEASURE("--threads", "1", "--simulate-threads", "1,2", "--plan", "parameters");
    cr_assert_eq(json_array_size(json_object_get(json_object_get(json, "simulation"), "results")),
                 2);
    json_decref(json);
    json = MEASURE("--threads", "1");
    cr_assert(json_is_null(json_object_get(json, "simulation")));
    json_decref(json);
}

/* What a step takes is its share of the step of one thread, and what it loses. */
Test(cli_bench, the_losses_of_a_simulated_step_make_up_its_time)
{
    json_t *json = MEASURE("--threads", "1", "--simulate-threads", "1,2,8");
    const json_t *results = json_object_get(json_object_get(json, "simulation"), "results");

    for (size_t k = 0; k < json_array_size(results); k++) {
        const json_t *result = json_array_get(results, k), *loss;
        const double step = real_at(result, "seconds_per_step", NULL);
        const char *name;
        double sum = step * real_at(result, "speed_up", NULL) / real_at(result, "threads", NULL);
        json_object_foreach(json_object_get((json_t *)result, "loss_seconds"), name, loss) sum +=
            json_number_value(loss);
        cr_assert_float_eq(sum, step, 1e-6 * step, "%zu: %g, not %g", k, sum, step);
    }
    json_decref(json);
}

Test(cli_bench, people_see_what_a_simulation_rests_on)
{
    struct command command =
        COMMAND_RUN("bench", QUICK, "--threads", "1", "--simulate-threads", "1,2");

    command_expect_success(&command);
    static const char *const words[] = {"Simulated: ", "parameters", "imbalance",
                                        "not seen: ", "GB/s measured with"};
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
        cr_assert_not_null(strstr(command.out, words[k]), "%s is missing:\n%s", words[k],
                           command.out);
    command_free(&command);
    command_expect_failure(COMMAND_RUN("bench", "--simulate-threads", "1,auto"), USAGE,
                           "--simulate-threads: \"1,auto\" is not a list");
    command_expect_failure(COMMAND_RUN("bench", "--simulate-threads", "0"), USAGE, "such as 1,2,4");
    command_expect_failure(COMMAND_RUN("bench", "--simulate-threads", "2", "--scaling", "weak"),
                           USAGE, "--simulate-threads goes with --scaling strong or both");
}

Test(cli_bench, each_case_of_each_series_has_its_result)
{
    json_t *json = MEASURE("--threads", "2,auto,1,2", "--scaling", "both", "--free-order");

    static const struct {
        const char *series;
        int threads, base, batch;
    } expected[] = {{"strong", 1, 1, 16}, {"strong", 2, 1, 16}, {"strong", 0, 1, 16},
                    {"weak", 1, 1, 16},   {"weak", 2, 1, 32},   {"free", 1, 1, 16},
                    {"free", 2, 2, 16}};
    const size_t count = sizeof expected / sizeof expected[0];
    cr_assert_eq(json_array_size(json_object_get(json, "results")), count);
    for (size_t k = 0; k < count; k++) {
        const json_t *result = result_at(json, k);
        cr_assert_str_eq(series_at(json, k), expected[k].series);
        cr_assert_eq(json_is_true(json_object_get(result, "auto")), expected[k].threads == 0);
        if (expected[k].threads)
            cr_assert_eq(real_at(result, "threads", NULL), expected[k].threads);
        cr_assert_eq(real_at(result, "base_threads", NULL), expected[k].base);
        cr_assert_eq(real_at(result, "batch_size", NULL), expected[k].batch);
    }
    json_decref(json);
}

Test(cli_bench, figures_of_a_case_fit_together)
{
    json_t *json = MEASURE("--threads", "1,2");
    const double operations = real_at(json, "operations_per_sample", NULL);

    cr_assert_eq(operations, 4 * 6 * 5 + 6 * 5 * 3);
    for (size_t k = 0; k < 2; k++) {
        const json_t *result = result_at(json, k);
        const double speed = real_at(result, "samples_per_second", "median");
        cr_assert(real_at(result, "samples_per_second", "min") <= speed);
        cr_assert(real_at(result, "samples_per_second", "max") >= speed);
        cr_assert_float_eq(real_at(result, "gflops", "median"), speed * operations * 1e-9,
                           1e-6 * speed * operations * 1e-9);
        cr_assert_float_eq(real_at(result, "seconds_per_step", NULL), 16 / speed,
                           1e-6 * 16 / speed);
        cr_assert_float_eq(real_at(result, "efficiency", "median"),
                           real_at(result, "speed_up", "median") / (double)(k + 1), 1e-6);
        if (real_at(result, "peak_failed", NULL) < 3)
            cr_assert(real_at(result, "share_of_peak", "median") > 0);
    }
    cr_assert_eq(real_at(result_at(json, 0), "speed_up", "min"), 1);
    cr_assert_eq(real_at(result_at(json, 0), "speed_up", "max"), 1);
    json_decref(json);
}

Test(cli_bench, a_rate_is_the_work_of_a_phase_over_its_time)
{
    json_t *json = MEASURE("--threads", "1");
    const json_t *result = result_at(json, 0);
    const json_t *rates = json_object_get(result, "phase_rates");
    const double forward = 2 * 16 * (6 * 5 + 5 * 3), delta = 2 * 16 * 5 * 3;

    cr_assert_float_eq(real_at(rates, "forward", "gflops") * 1e9 *
                           real_at(result, "phase_seconds", "forward"),
                       forward, 1e-6 * forward);
    cr_assert_float_eq(real_at(rates, "delta", "gflops") * 1e9 *
                           real_at(result, "phase_seconds", "delta"),
                       delta, 1e-6 * delta);
    /* 6 and 3 numbers in panels of 16, from 6 cells and a class. */
    const double gather = 16 * 4 * (16 + 16 + 6 + 1);
    cr_assert_float_eq(real_at(rates, "gather", "gigabytes_per_second") * 1e9 *
                           real_at(result, "phase_seconds", "gather"),
                       gather, 1e-6 * gather);
    json_decref(json);
}

Test(cli_bench, a_preset_is_measured_as_it_is_trained)
{
    json_t *json = MEASURE("--threads", "1", "--preset", "modern");

    cr_assert_str_eq(word_at(json, "optimizer"), "adamw");
    cr_assert_str_eq(word_at(json, "loss"), "cross-entropy");
    cr_assert_str_eq(word_at(json, "output_activation"), "softmax");
    cr_assert_str_eq(json_string_value(json_array_get(json_object_get(json, "activations"), 0)),
                     "gelu");
    cr_assert_float_eq(real_at(json, "dropout", NULL), 0.15, 1e-7);
    cr_assert_float_eq(real_at(json, "weight_decay", NULL), 250 * sqrt(6) / 4096, 1e-6);
    json_decref(json);
}

Test(cli_bench, an_option_beside_a_preset_counts)
{
    json_t *json = MEASURE("--threads", "1", "--preset", "modern", "--optimizer", "momentum",
                           "--loss", "mse", "--activation", "tanh", "--clip-norm", "2");

    cr_assert_str_eq(word_at(json, "optimizer"), "momentum");
    cr_assert_str_eq(word_at(json, "loss"), "mse");
    cr_assert_eq(real_at(json, "dropout", NULL), 0);
    cr_assert_eq(real_at(json, "clip_norm", NULL), 2);
    json_decref(json);
}

Test(cli_bench, hidden_layers_take_the_place_of_those_of_the_shape)
{
    struct command command = COMMAND_RUN("bench", "--seconds", "0.005", "--repetitions", "1",
                                         "--threads", "1", "--layers", "6-3", "--hidden", "7,5");

    command_expect_success(&command);
    cr_assert_not_null(strstr(command.out, "6 - 7 - 5 - 3"), "%s", command.out);
    command_free(&command);
    command = COMMAND_RUN("bench", "--seconds", "0.005", "--repetitions", "1", "--threads", "1",
                          "--hidden", "none");
    command_expect_success(&command);
    cr_assert_not_null(strstr(command.out, "784 - 10"), "%s", command.out);
    command_free(&command);
}

Test(cli_bench, an_optimizer_of_full_batches_gets_all_samples)
{
    json_t *json = measure((const char *const[]){
        "bench", "--seconds", "0.005", "--repetitions", "1", "--layers", "6-5-3", "--threads", "1",
        "--optimizer", "irprop", "--samples", "50", "--json", NULL});

    cr_assert_eq(real_at(json, "batch_size", NULL), 50);
    json_decref(json);
}

Test(cli_bench, several_outputs_are_numbers_where_the_task_says_so)
{
    json_t *json = MEASURE("--threads", "1", "--task", "regress", "--loss", "poisson",
                           "--output-activation", "identity");

    cr_assert_str_eq(word_at(json, "loss"), "poisson");
    json_decref(json);
}

Test(cli_bench, options_of_training_that_do_not_go_together_are_refused)
{
    command_expect_failure(COMMAND_RUN("bench", "--hidden", "8", "--layers", "6-5-3"), USAGE,
                           "both have hidden layers");
    command_expect_failure(COMMAND_RUN("bench", "--hidden", "auto"), USAGE,
                           "--hidden: auto depends on the activation");
    command_expect_failure(COMMAND_RUN("bench", "--hidden", "5;6"), USAGE,
                           "--hidden: \"5;6\" is for several networks");
    command_expect_failure(COMMAND_RUN("bench", "--preset", "ensemble"), USAGE,
                           "--preset ensemble is for several networks");
    command_expect_failure(COMMAND_RUN("bench", "--momentum", "0.5"), USAGE,
                           "--momentum 0.5 has no effect with optimizer sgd");
    command_expect_failure(COMMAND_RUN("bench", "--optimizer", "irprop", "--batch-size", "64"),
                           USAGE, "--batch-size 64 has no effect with optimizer irprop");
    command_expect_failure(COMMAND_RUN("bench", "--layers", "6-3", "--dropout", "0.5"), USAGE,
                           "--dropout 0.5 has no effect with hidden none");
    command_expect_failure(COMMAND_RUN("bench", "--activation", "relu,tanh,relu"), USAGE,
                           "--activation");
    command_expect_failure(COMMAND_RUN("bench", "--loss", "cross-entropy"), USAGE, "softmax");
    command_expect_failure(
        COMMAND_RUN("bench", "--loss", "poisson", "--output-activation", "identity"), USAGE,
        "task regress");
    command_expect_failure(COMMAND_RUN("bench", "--dropout", "0.5", "--hidden-delta", "as-printed"),
                           USAGE, "chain rule");
    command_expect_failure(COMMAND_RUN("bench", "--epochs", "5"), USAGE, "epochs");
}

Test(cli_bench, the_free_order_has_one_shard_a_thread)
{
    json_t *json = MEASURE("--threads", "1,3", "--free-order");

    cr_assert_eq(real_at(result_at(json, 0), "shards", NULL), 1);
    cr_assert_eq(real_at(result_at(json, 2), "shards", NULL), 1);
    cr_assert_eq(real_at(result_at(json, 3), "shards", NULL), 3);
    json_decref(json);
}

Test(cli_bench, auto_alone_is_enough)
{
    json_t *json = MEASURE("--threads", "auto");

    cr_assert_eq(json_array_size(json_object_get(json, "results")), 1);
    cr_assert(json_is_null(json_object_get(json, "auto_over_best")));
    cr_assert_eq(real_at(result_at(json, 0), "speed_up", "median"), 1);
    json_decref(json);
}

Test(cli_bench, the_serial_backend_is_measured_with_its_one_thread)
{
    json_t *json = MEASURE("--backend", "serial");

    cr_assert_eq(json_array_size(json_object_get(json, "results")), 2);
    for (size_t k = 0; k < 2; k++)
        cr_assert_eq(real_at(result_at(json, k), "threads", NULL), 1);
    json_decref(json);
}

/* Whether the phases of each result come to its step; the two are runs of their own. */
static bool phases_make_up_steps(const json_t *json)
{
    for (size_t k = 0; k < json_array_size(json_object_get(json, "results")); k++) {
        const json_t *result = result_at(json, k), *phase;
        const char *name;
        double sum = 0;
        json_object_foreach(json_object_get((json_t *)result, "phase_seconds"), name, phase) sum +=
            json_number_value(phase);
        const double step = real_at(result, "seconds_per_step", NULL);
        if (sum < step / 3 || sum > step * 3)
            return false;
    }
    return true;
}

/* The machine may do other work in one of two runs, but not in one of each pair of ten. */
Test(cli_bench, the_phases_of_eight_threads_make_up_a_step)
{
    bool synthetic = false;
    for (size_t k = 0; k < 10 && !synthetic; k++) {
        json_t *json = MEASURE("--threads", "1,8", "--batch-size", "1024", "--layers", "64-32-10");
        synthetic = phases_make_up_steps(json);
        json_decref(json);
    }
    cr_assert(synthetic);
}

Test(cli_bench, people_get_tables)
{
    struct command command =
        COMMAND_RUN("bench", QUICK, "--threads", "1,2,auto", "--scaling", "both", "--free-order");

    command_expect_success(&command);
    static const char *const words[] = {"6 - 5 - 3, 53 parameters",
                                        "Strong scaling",
                                        "Weak scaling",
                                        "auto: ",
                                        "Sums in a fixed order",
                                        "Parts of a step",
                                        "waiting",
                                        "Memory, MB",
                                        "the same step",
                                        "Rates of the parts",
                                        "logistic; logistic outputs",
                                        "mse, sgd",
                                        "of the best fixed number, ",
                                        "speed-up  efficiency"};
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
        cr_assert_not_null(strstr(command.out, words[k]), "%s is missing:\n%s", words[k],
                           command.out);
    command_free(&command);
}

Test(cli_bench, lists_that_are_none_are_refused)
{
    static const char *const layers[] = {"784",      "784-", "-784-10",    "784--10",
                                         "784-x-10", "0-1",  "784,128,10", "1048577-1"};
    static const char *const threads[] = {"0", "1,", ",1", "1,,2", "1;2", "1025", "all", "-1"};
    for (size_t k = 0; k < sizeof layers / sizeof layers[0]; k++)
        command_expect_failure(COMMAND_RUN("bench", "--layers", layers[k]), USAGE,
                               "is not a list of 2 to 65 widths such as 784-128-10");
    for (size_t k = 0; k < sizeof threads / sizeof threads[0]; k++)
        command_expect_failure(COMMAND_RUN("bench", "--threads", threads[k]), USAGE,
                               "such as 1,2,auto");
    command_expect_failure(
        COMMAND_RUN("bench", "--simulate-ranks", "2,"), USAGE,
        "--simulate-ranks: \"2,\" is not a list of at most 64 numbers such as 1");
}

Test(cli_bench, more_layers_than_there_may_be_are_refused)
{
    char text[2 * 66 + 1] = "";
    for (size_t k = 0; k < 66; k++)
        strcat(text, k ? "-1" : "1");

    command_expect_failure(COMMAND_RUN("bench", "--layers", text), USAGE,
                           "is not a list of 2 to 65");
}

Test(cli_bench, a_mistyped_scaling_is_answered_with_the_nearest)
{
    command_expect_failure(COMMAND_RUN("bench", "--scaling", "week"), USAGE,
                           "is none of strong, weak, both; did you mean \"weak\"?");
}

Test(cli_bench, what_does_not_fit_together_is_refused)
{
    command_expect_failure(COMMAND_RUN("bench", "--threads", "auto", "--scaling", "weak"), USAGE,
                           "needs a number of them");
    command_expect_failure(COMMAND_RUN("bench", "--threads", "auto", "--free-order"), USAGE,
                           "--free-order needs a number of threads");
    command_expect_failure(COMMAND_RUN("bench", "--scaling", "weak", "--free-order"), USAGE,
                           "--free-order goes with");
    command_expect_failure(COMMAND_RUN("bench", "--backend", "serial", "--threads", "1,2"), USAGE,
                           "--threads: 2 threads with the serial backend: it has one");
    command_expect_failure(COMMAND_RUN("bench", "--samples", "10", "--batch-size", "11"), USAGE,
                           "10 are fewer than a batch of 11");
    command_expect_failure(COMMAND_RUN("bench", "--samples", "40", "--batch-size", "16",
                                       "--threads", "3", "--scaling", "weak"),
                           USAGE, "more than 40 samples");
    command_expect_failure(COMMAND_RUN("bench", "extra"), USAGE, "one argument too many");
    command_expect_failure(COMMAND_RUN("bench", "--seconds", "0"), USAGE, "--seconds");
}

Test(cli_bench, a_picture_is_drawn)
{
    if (!has_gnuplot())
        cr_skip_test("gnuplot is not installed");
    struct command command = COMMAND_RUN("bench", QUICK, "--threads", "1,2,auto", "--scaling",
                                         "both", "--simulate-threads", "2,16", "--plot", picture);

    command_expect_success(&command);
    char *text = file_get(picture, NULL);
    cr_assert_eq(strncmp(text, "<?xml", 5), 0);
    cr_assert_not_null(strstr(text, "speed-up over 1 thread"));
    cr_assert_not_null(strstr(text, "each thread brings a batch"));
    cr_assert_not_null(strstr(text, "simulated, split over parameters"));
    cr_assert_not_null(strstr(text, "</svg>"));
    cr_assert_eq(folder_count(scratch_folder()), 1);
    free(text);
    command_free(&command);
}

Test(cli_bench, predicted_ranks_are_drawn_with_a_curve_for_each_network)
{
    if (!has_gnuplot())
        cr_skip_test("gnuplot is not installed");
    struct command command =
        COMMAND_RUN("bench", QUICK, "--threads", "1", "--simulate-ranks", "2,8", "--plot", picture);

    command_expect_success(&command);
    char *text = file_get(picture, NULL);
    cr_assert_not_null(strstr(text, "speed-up over one process"));
    cr_assert_not_null(strstr(text, "efficiency, %"));
    cr_assert_not_null(strstr(text, ">10 Gbit/s, 25 us<"));
    cr_assert_not_null(strstr(text, ">400 Gbit/s, 2 us<"));
    cr_assert_null(strstr(text, "speed-up over 1 thread"));
    free(text);
    command_free(&command);
}

Test(cli_bench, a_wide_range_of_threads_and_one_case_alone_are_drawn_too)
{
    if (!has_gnuplot())
        cr_skip_test("gnuplot is not installed");
    static const char *const lists[] = {"1,2,16", "auto", "3"};
    for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++) {
        struct command command =
            COMMAND_RUN("bench", QUICK, "--threads", lists[k], "--plot", picture);
        command_expect_success(&command);
        command_free(&command);
    }
    struct command command =
        COMMAND_RUN("bench", QUICK, "--threads", "1,2", "--scaling", "weak", "--plot", picture);
    command_expect_success(&command);
    command_free(&command);
}

Test(cli_bench, without_gnuplot_nothing_is_measured_and_the_message_says_what_to_install)
{
    cr_assert_eq(setenv("PATH", scratch_folder()->path, 1), 0);

    command_expect_failure(COMMAND_RUN("bench", QUICK, "--plot", picture), FAILED,
                           "--plot: gnuplot was not found; install it");
    cr_assert_eq(folder_count(scratch_folder()), 0);
}

Test(cli_bench, a_gnuplot_that_fails_leaves_the_figures_and_the_old_picture)
{
    pretend_gnuplot("#!/bin/sh\n"
                    "[ \"$1\" = --version ] && exit 0\n"
                    "echo half a picture\n"
                    "printf '\\nplot x\\n     ^\\n line 1: out of ink\\n\\n' >&2\nexit 3\n");
    file_put_text(picture, "old");

    struct command command =
        COMMAND_RUN("bench", QUICK, "--threads", "1", "--json", "--plot", picture);

    cr_assert_eq(command.code, FAILED);
    cr_assert_not_null(strstr(command.err, "gnuplot failed: line 1: out of ink\n"), "%s",
                       command.err);
    json_decref(command_json(command.out));
    command_free(&command);
    char *text = file_get(picture, NULL);
    cr_assert_str_eq(text, "old");
    cr_assert_eq(folder_count(scratch_folder()), 2);
    free(text);
}

Test(cli_bench, a_picture_that_cannot_be_written_is_an_error_before_anything_is_measured)
{
    command_expect_failure(COMMAND_RUN("bench", "--plot", "/no/such/folder/a.svg"), IO, "--plot");
}
