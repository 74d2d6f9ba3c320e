/* What the library refuses to train with. */
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>

#include "options/check.h"

static void expect_refused(const bp_train_options *options, const char *message)
{
    bp_error error = {BP_OK, ""};
    cr_expect_eq(bp_options_check(BP_OPTION_OF_TRAINING, options, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, message);
}

static void expect_taken(const bp_train_options *options)
{
    bp_error error = {BP_OK, ""};
    cr_expect_eq(bp_options_check(BP_OPTION_OF_TRAINING, options, &error), BP_OK, "%s",
                 error.message);
}

Test(options_check, what_the_optimizer_does_not_read_is_refused)
{
    bp_train_options options = bp_train_options_default();
    options.momentum = 0.5f;
    expect_refused(&options, "momentum 0.5 has no effect with optimizer sgd: it is for momentum, "
                             "nesterov");
    options.optimizer = BP_OPTIMIZER_NESTEROV;
    expect_taken(&options);
}

Test(options_check, what_the_schedule_does_not_read_is_refused)
{
    bp_train_options options = bp_train_options_default();
    options.schedule = BP_SCHEDULE_COSINE;
    options.schedule_epochs = 3;
    expect_refused(&options,
                   "schedule epochs 3 has no effect with schedule cosine: it is for step, plateau");
    options.schedule = BP_SCHEDULE_STEP;
    expect_taken(&options);
}

/* A binding fills in every field: a default of either preset is not a choice of the user. */
Test(options_check, defaults_are_taken_with_every_optimizer_and_schedule)
{
    for (int preset = 0; bp_choice_name(BP_CHOICE_PRESET, preset); preset++) {
        bp_train_options options = bp_train_options_default();
        cr_assert_eq(bp_preset_apply((bp_preset)preset, NULL, &options, NULL), BP_OK);
        const bp_schedule schedule = options.schedule;
        for (int value = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, value); value++) {
            options.optimizer = (bp_optimizer)value;
            options.schedule = value == (int)BP_OPTIMIZER_IRPROP ? BP_SCHEDULE_CONSTANT : schedule;
            expect_taken(&options);
        }
        options.optimizer = BP_OPTIMIZER_SGD;
        for (int value = 0; bp_choice_name(BP_CHOICE_SCHEDULE, value); value++) {
            options.schedule = (bp_schedule)value;
            expect_taken(&options);
        }
    }
}

/* A schedule asks for something, even that of a preset. */
Test(options_check, the_schedule_of_a_preset_is_refused_with_irprop)
{
    bp_train_options options = bp_train_options_default();
    cr_assert_eq(bp_preset_apply(BP_PRESET_MODERN, NULL, &options, NULL), BP_OK);
    options.optimizer = BP_OPTIMIZER_IRPROP;
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_options_check(BP_OPTION_OF_TRAINING, &options, &error), BP_ERROR_ARGUMENT);
    cr_assert_not_null(strstr(error.message, "schedule cosine has no effect with optimizer irprop"),
                       "%s", error.message);
}

Test(options_check, signs_and_widths_have_their_limits)
{
    bp_read_options read = bp_read_options_default();
    cr_assert_eq(bp_options_check(BP_OPTION_OF_READING, &read, NULL), BP_OK);
    read.separator = '~';
    cr_assert_eq(bp_options_check(BP_OPTION_OF_READING, &read, NULL), BP_OK);
    read.separator = '5';
    cr_assert_eq(bp_options_check(BP_OPTION_OF_READING, &read, NULL), BP_ERROR_ARGUMENT);
    bp_model_options model = bp_model_options_default();
    model.hidden[0] = 0;
    cr_assert_eq(bp_options_check(BP_OPTION_OF_MODEL, &model, NULL), BP_ERROR_ARGUMENT);
    model.hidden[0] = (size_t)BP_WIDTH_MAX + 1;
    cr_assert_eq(bp_options_check(BP_OPTION_OF_MODEL, &model, NULL), BP_ERROR_ARGUMENT);
    model.hidden_count = 0;
    cr_assert_eq(bp_options_check(BP_OPTION_OF_MODEL, &model, NULL), BP_OK);
    model.hidden_count = BP_LAYERS_MAX;
    cr_assert_eq(bp_options_check(BP_OPTION_OF_MODEL, &model, NULL), BP_ERROR_ARGUMENT);
}

Test(options_check, a_range_without_uniform_weights_is_refused)
{
    bp_model_options options = bp_model_options_default();
    bp_error error = {BP_OK, ""};
    options.init_range = 0.1f;
    cr_assert_eq(bp_options_check(BP_OPTION_OF_MODEL, &options, &error), BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message,
                     "init range 0.1 has no effect with initialization auto: it is for uniform");
    options.init = BP_INIT_UNIFORM;
    cr_assert_eq(bp_options_check(BP_OPTION_OF_MODEL, &options, &error), BP_OK);
}

/* The ends of every range, by the table itself. */
Test(options_check, numbers_beside_the_range_of_a_row_are_refused)
{
    bp_option_info info;
    size_t count = 0;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (info.owner != BP_OPTION_OF_TRAINING || info.kind != BP_OPTION_REAL)
            continue;
        const double wrong[] = {info.high, info.low - 1, (double)NAN, -(double)INFINITY};
        for (size_t w = 0; w < sizeof wrong / sizeof wrong[0]; w++) {
            bp_train_options options = bp_train_options_default();
            const float narrow = (float)wrong[w];
            memcpy((char *)&options + info.offset,
                   info.size == sizeof(float) ? (const void *)&narrow : &wrong[w], info.size);
            cr_expect_eq(bp_options_check(BP_OPTION_OF_TRAINING, &options, NULL), BP_ERROR_ARGUMENT,
                         "%s %g", info.name, wrong[w]);
        }
        count++;
    }
    cr_assert_gt(count, 8);
}
