/* What the library refuses to train with. */
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>

#include "options/check.h"

static const struct bp_options_use nothing_given;

static void expect_refused(const bp_train_options *options, const char *message)
{
    bp_error error = {BP_OK, ""};
    cr_expect_eq(bp_options_check_rows(BP_OPTION_OF_TRAINING, options, &nothing_given, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, message);
}

static void expect_taken(const bp_train_options *options)
{
    bp_error error = {BP_OK, ""};
    cr_expect_eq(bp_options_check_rows(BP_OPTION_OF_TRAINING, options, &nothing_given, &error),
                 BP_OK, "%s", error.message);
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
                   "schedule-epochs 3 has no effect with schedule cosine: it is for step, plateau");
    options.schedule = BP_SCHEDULE_STEP;
    expect_taken(&options);
}

/* A field has a number for each word, which a text has not. */
Test(options_check, whole_numbers_that_no_word_stands_for_are_refused)
{
    bp_train_options options = bp_train_options_default();
    options.epochs = BP_EPOCHS_FEW;
    expect_taken(&options);
    options.epochs--;
    expect_refused(&options, "epochs 4294967294: give a whole number from 1 to 1000000000, 0 for "
                             "auto or 4294967295 for few");
    options.epochs = 0;
    options.batch_size = BP_BATCH_FULL;
    expect_taken(&options);
    options.batch_size = 0;
    options.threads = 1025;
    expect_refused(&options, "threads 1025: give a whole number from 1 to 1024, or 0 for auto");
}

/* A binding fills in every field: a default of a preset is not a choice of the user. */
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
    cr_assert_eq(bp_options_check_rows(BP_OPTION_OF_TRAINING, &options, &nothing_given, &error),
                 BP_ERROR_ARGUMENT);
    cr_assert_not_null(strstr(error.message, "schedule cosine has no effect with optimizer irprop"),
                       "%s", error.message);
}

Test(options_check, signs_and_widths_have_their_limits)
{
    bp_read_options read = bp_read_options_default();
    cr_assert_eq(bp_options_check_rows(BP_OPTION_OF_READING, &read, &nothing_given, NULL), BP_OK);
    read.separator = '~';
    cr_assert_eq(bp_options_check_rows(BP_OPTION_OF_READING, &read, &nothing_given, NULL), BP_OK);
    read.separator = '5';
    cr_assert_eq(bp_options_check_rows(BP_OPTION_OF_READING, &read, &nothing_given, NULL),
                 BP_ERROR_ARGUMENT);
    bp_model_options model = bp_model_options_default();
    cr_assert_eq(bp_options_check_rows(BP_OPTION_OF_MODEL, &model, &nothing_given, NULL), BP_OK);
    model.hidden_count = 2; /* one layer of auto has no second */
    model.hidden[1] = 5;
    cr_assert_eq(bp_options_check_rows(BP_OPTION_OF_MODEL, &model, &nothing_given, NULL),
                 BP_ERROR_ARGUMENT);
    model.hidden[0] = (size_t)BP_WIDTH_MAX + 1;
    cr_assert_eq(bp_options_check_rows(BP_OPTION_OF_MODEL, &model, &nothing_given, NULL),
                 BP_ERROR_ARGUMENT);
    model.hidden_count = 0;
    cr_assert_eq(bp_options_check_rows(BP_OPTION_OF_MODEL, &model, &nothing_given, NULL), BP_OK);
    model.hidden_count = BP_LAYERS_MAX;
    cr_assert_eq(bp_options_check_rows(BP_OPTION_OF_MODEL, &model, &nothing_given, NULL),
                 BP_ERROR_ARGUMENT);
}

Test(options_check, a_range_without_uniform_weights_is_refused)
{
    bp_model_options options = bp_model_options_default();
    bp_error error = {BP_OK, ""};
    options.init_range = 0.1f;
    cr_assert_eq(bp_options_check_rows(BP_OPTION_OF_MODEL, &options, &nothing_given, &error),
                 BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message,
                     "init-range 0.1 has no effect with init auto: it is for uniform");
    options.init = BP_INIT_UNIFORM;
    cr_assert_eq(bp_options_check_rows(BP_OPTION_OF_MODEL, &options, &nothing_given, &error),
                 BP_OK);
}

static bp_status check_given(const bp_train_options *options, bool validates, const char *name,
                             bp_error *error)
{
    *error = (bp_error){BP_OK, ""};
    return bp_options_check(NULL, options, validates, &name, 1, error);
}

/* A user who gives an option wants something by it, whatever its value. */
Test(options_check, a_default_that_was_given_is_refused_where_nothing_reads_it)
{
    bp_train_options options = bp_train_options_default();
    bp_error error;
    expect_taken(&options);
    cr_assert_eq(check_given(&options, false, "momentum", &error), BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message, "momentum 0.9 has no effect with optimizer sgd: it is for "
                                    "momentum, nesterov");
    options.optimizer = BP_OPTIMIZER_MOMENTUM;
    cr_assert_eq(check_given(&options, false, "momentum", &error), BP_OK, "%s", error.message);
}

/* What says that nothing is wanted is no mistake. */
Test(options_check, words_and_the_classic_choice_may_be_given_where_nothing_reads_them)
{
    bp_train_options options = bp_train_options_default();
    bp_error error;
    options.optimizer = BP_OPTIMIZER_IRPROP;
    options.batch_size = BP_BATCH_FULL;
    cr_assert_eq(check_given(&options, false, "batch-size", &error), BP_OK, "%s", error.message);
    cr_assert_eq(check_given(&options, false, "schedule", &error), BP_OK, "%s", error.message);
    cr_assert_eq(check_given(&options, false, "warmup-epochs", &error), BP_OK, "%s", error.message);
    options.batch_size = 32;
    cr_assert_eq(check_given(&options, false, "batch-size", &error), BP_ERROR_ARGUMENT);
    cr_assert_eq(strncmp(error.message, "batch-size 32 has no effect with optimizer irprop: ", 51),
                 0, "%s", error.message);
}

Test(options_check, options_of_validation_need_validation_rows_or_what_else_reads_them)
{
    bp_train_options options = bp_train_options_default();
    bp_error error;
    options.min_delta = 0.25;
    cr_assert_eq(check_given(&options, false, "min-delta", &error), BP_ERROR_ARGUMENT);
    cr_assert_eq(strncmp(error.message, "min-delta 0.25 needs validation rows", 36), 0, "%s",
                 error.message);
    cr_assert_eq(check_given(&options, true, "min-delta", &error), BP_OK, "%s", error.message);
    options.schedule = BP_SCHEDULE_PLATEAU;
    cr_assert_eq(check_given(&options, false, "min-delta", &error), BP_OK, "%s", error.message);
    options.patience = 3;
    cr_assert_eq(check_given(&options, false, "seed", &error), BP_ERROR_ARGUMENT);
    options.patience = 0;
    options.keep_best = false;
    cr_assert_eq(check_given(&options, false, "seed", &error), BP_ERROR_ARGUMENT);
    cr_assert_eq(strncmp(error.message, "no-keep-best needs validation rows", 34), 0, "%s",
                 error.message);
}

Test(options_check, what_hidden_layers_read_is_refused_without_them)
{
    bp_model_options model = bp_model_options_default();
    bp_train_options train = bp_train_options_default();
    bp_error error = {BP_OK, ""};
    const char *const given[] = {"activation"};
    model.hidden_count = 0;
    cr_assert_eq(bp_options_check(&model, &train, false, NULL, 0, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_options_check(&model, &train, false, given, 1, &error), BP_ERROR_ARGUMENT);
    cr_assert_eq(strncmp(error.message, "activation has no effect with hidden none", 41), 0, "%s",
                 error.message);
    train.dropout = 0.5f;
    cr_assert_eq(bp_options_check(&model, &train, false, NULL, 0, &error), BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message,
                     "dropout 0.5 has no effect with hidden none: it is for hidden neurons");
}

Test(options_check, warm_up_is_no_longer_than_the_training)
{
    bp_train_options train = bp_train_options_default();
    bp_error error = {BP_OK, ""};
    train.warmup_epochs = 21; /* epochs are auto */
    cr_assert_eq(bp_options_check(NULL, &train, false, NULL, 0, &error), BP_OK);
    train.warmup_epochs = train.epochs = 20;
    cr_assert_eq(bp_options_check(NULL, &train, false, NULL, 0, &error), BP_OK);
    train.warmup_epochs++;
    cr_assert_eq(bp_options_check(NULL, &train, false, NULL, 0, &error), BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message, "warmup-epochs 21 is more than the 20 epochs of the training");
}

/* What is left open beside an optimizer is taken with it. */
Test(options_check, the_texts_of_a_preset_suit_every_optimizer)
{
    for (int preset = 0; bp_choice_name(BP_CHOICE_PRESET, preset); preset++) {
        for (int value = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, value); value++) {
            bp_train_options options = bp_train_options_default();
            bp_option_info info;
            bp_error error = {BP_OK, ""};
            for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
                const char *text =
                    bp_preset_text((bp_preset)preset, (bp_optimizer)value, info.owner, info.name);
                if (text && info.owner == BP_OPTION_OF_TRAINING && !strchr(text, ';'))
                    cr_assert_eq(bp_train_options_set(&options, info.name, text, NULL), BP_OK);
            }
            options.optimizer = (bp_optimizer)value;
            cr_expect_eq(bp_options_check(NULL, &options, false, NULL, 0, &error), BP_OK, "%s",
                         error.message);
            cr_expect_eq(options.schedule == BP_SCHEDULE_COSINE,
                         preset != BP_PRESET_CLASSIC && value != BP_OPTIMIZER_IRPROP);
        }
    }
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
            if (info.word && wrong[w] == info.word_value)
                continue;
            memcpy((char *)&options + info.offset,
                   info.size == sizeof(float) ? (const void *)&narrow : &wrong[w], info.size);
            cr_expect_eq(
                bp_options_check_rows(BP_OPTION_OF_TRAINING, &options, &nothing_given, NULL),
                BP_ERROR_ARGUMENT, "%s %g", info.name, wrong[w]);
        }
        count++;
    }
    cr_assert_gt(count, 8);
}
