/* How many threads train, and what is said about it. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"

#define ROWS   256
#define INPUTS 10

static bp_dataset *make_dataset(void)
{
    static float input[ROWS * INPUTS];
    static uint32_t labels[ROWS];
    for (size_t k = 0; k < ROWS * INPUTS; k++)
        input[k] = (float)(k * 37 % 101) / 101;
    for (size_t x = 0; x < ROWS; x++)
        labels[x] = (uint32_t)(x % 10);
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = ROWS,
                              .inputs = INPUTS,
                              .input = input,
                              .labels = labels,
                              .classes = 10};
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    return dataset;
}

/* What a training of a network with two hidden layers of 45 reports. The result is read after the
 * trainer is gone: nothing in it may point into the trainer. */
struct report {
    bp_train_result result;
};

static struct report train_epochs(bp_train_options options, size_t hidden, size_t epochs)
{
    bp_dataset *dataset = make_dataset();
    bp_model_options shape = bp_model_options_default();
    shape.hidden_count = 2;
    shape.hidden[0] = shape.hidden[1] = hidden;
    bp_model *model;
    bp_trainer *trainer;
    bp_error error;
    struct report report;
    options.epochs = epochs;
    cr_assert_eq(bp_model_create(&model, dataset, &shape, NULL), BP_OK);
    cr_assert_eq(bp_trainer_create(&trainer, model, dataset, NULL, &options, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, &report.result, &error), BP_OK, "%s",
                 error.message);
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(dataset);
    return report;
}

/* Of enough steps to be worth measuring. */
static struct report train(bp_train_options options, size_t hidden)
{
    return train_epochs(options, hidden, 200);
}

static void expect_words(const struct report *report, const char *words)
{
    cr_assert_not_null(strstr(report->result.threads_reason, words), "\"%s\" is not in \"%s\"",
                       words, report->result.threads_reason);
}

Test(train_threads, the_number_chosen_is_measured_and_the_times_are_told)
{
    const struct report report = train(bp_train_options_default(), 45);
    cr_assert_leq(report.result.threads, bp_usable_processors());
    if (bp_usable_processors() == 1)
        expect_words(&report, "one usable processor");
    else if (!strstr(report.result.threads_reason, "steps are too long to measure"))
        expect_words(&report, "ms a step with 1 thread, "); /* but under an emulator */
}

Test(train_threads, the_plan_of_several_threads_is_measured_unless_it_is_asked_for)
{
    bp_train_options options = bp_train_options_default();
    options.threads = 2;
    for (options.plan = BP_PLAN_SAMPLES; options.plan <= BP_PLAN_PARAMETERS; options.plan++) {
        const struct report report = train(options, 45);
        cr_assert_eq(report.result.plan, options.plan);
        cr_assert_null(strstr(report.result.threads_reason, "measured"));
    }
    options.plan = BP_PLAN_AUTO;
    const struct report report = train(options, 45);
    cr_assert(report.result.plan == BP_PLAN_SAMPLES || report.result.plan == BP_PLAN_PARAMETERS);
    if (bp_usable_processors() > 1 &&
        !strstr(report.result.threads_reason, "steps are too long to measure"))
        expect_words(&report, " by parameters");
}

Test(train_threads, one_thread_works_by_samples)
{
    bp_train_options options = bp_train_options_default();
    options.threads = 1;
    const struct report chosen = train(options, 45);
    cr_assert_eq(chosen.result.plan, BP_PLAN_SAMPLES);
    options.plan = BP_PLAN_PARAMETERS;
    const struct report asked = train(options, 45);
    cr_assert_eq(asked.result.plan, BP_PLAN_PARAMETERS);
    cr_assert_str_eq(asked.result.weights_digest, chosen.result.weights_digest);
}

Test(train_threads, the_number_asked_for_is_taken_beyond_the_processors_too)
{
    bp_train_options options = bp_train_options_default();
    for (options.threads = 1; options.threads <= 8; options.threads++) {
        const struct report report = train(options, 45);
        cr_assert_eq(report.result.threads, options.threads);
        expect_words(&report, "as asked");
    }
    options.threads = bp_usable_processors() + 100;
    const struct report report = train(options, 45);
    cr_assert_eq(report.result.threads, options.threads);
    expect_words(&report, "as asked, in turn on ");
}

Test(train_threads, tiny_steps_and_samples_of_one_shard_stay_on_one_thread)
{
    bp_train_options options = bp_train_options_default();
    const bool several = bp_usable_processors() > 1;
    options.batch_size = 32;
    const struct report tiny = train(options, 1);
    cr_assert_eq(tiny.result.threads, 1);
    expect_words(&tiny, several ? "a step is too small to share" : "one usable processor");
    options.batch_size = 16;
    options.plan = BP_PLAN_SAMPLES;
    const struct report shard = train(options, 45);
    cr_assert_eq(shard.result.threads, 1);
    expect_words(&shard, several ? "a batch is one shard" : "one usable processor");
}

/* 4 steps of 64 rows and 3,025 weights: 4.6 million operations an epoch, and 10 million are the
 * limit. */
Test(train_threads, short_runs_stay_on_one_thread_and_look_for_no_processors)
{
    const bp_train_options options = bp_train_options_default();
    const struct report run = train_epochs(options, 45, 2);
    cr_assert_eq(run.result.threads, 1);
    expect_words(&run, "the run is too small to share");
    const struct report longer = train_epochs(options, 45, 3);
    cr_assert_null(strstr(longer.result.threads_reason, "the run is too small"));
}

Test(train_threads, the_serial_backend_has_one)
{
    bp_train_options options = bp_train_options_default();
    options.backend = BP_BACKEND_SERIAL;
    const struct report report = train(options, 45);
    cr_assert_eq(report.result.threads, 1);
    expect_words(&report, "the serial backend has one");
}

Test(train_threads, measuring_changes_no_bit)
{
    bp_train_options options = bp_train_options_default();
    const struct report chosen = train(options, 45);
    options.threads = 1;
    const struct report alone = train(options, 45);
    cr_assert_str_eq(chosen.result.weights_digest, alone.result.weights_digest);
}
