/* Learning rates against tables, and the ranges of the options of training. */
#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "train/schedule.h"
#include "train/train_options.h"

static bp_train_options make_options(bp_schedule schedule, size_t epochs)
{
    bp_train_options options = bp_train_options_default();
    options.learning_rate = 0.5f;
    options.schedule = schedule;
    options.epochs = epochs;
    return options;
}

static void expect_rates(const bp_train_options *options, size_t count, const float *rates)
{
    for (size_t epoch = 0; epoch < count; epoch++) {
        for (size_t batch = 0; batch < 3; batch++) {
            const float rate = bp_schedule_rate(options, epoch, batch, 3, 0);
            cr_expect_eq(rate, rates[epoch], "epoch %zu, batch %zu: %a instead of %a", epoch, batch,
                         (double)rate, (double)rates[epoch]);
        }
    }
}

Test(train_schedule, constant_is_the_learning_rate)
{
    const bp_train_options options = make_options(BP_SCHEDULE_CONSTANT, 3);
    expect_rates(&options, 3, (const float[]){0.5f, 0.5f, 0.5f});
}

Test(train_schedule, step_falls_every_so_many_epochs)
{
    bp_train_options options = make_options(BP_SCHEDULE_STEP, 6);
    options.schedule_epochs = 2;
    expect_rates(&options, 6, (const float[]){0.5f, 0.5f, 0.25f, 0.25f, 0.125f, 0.125f});
    options.schedule_factor = 0.25f;
    expect_rates(&options, 6, (const float[]){0.5f, 0.5f, 0.125f, 0.125f, 0.03125f, 0.03125f});
}

Test(train_schedule, exponential_falls_every_epoch)
{
    bp_train_options options = make_options(BP_SCHEDULE_EXPONENTIAL, 4);
    options.schedule_factor = 0.75f;
    expect_rates(&options, 4, (const float[]){0.5f, 0.375f, 0.28125f, 0.2109375f});
    options.schedule_factor = 0.0f;
    cr_expect_eq(bp_schedule_rate(&options, 1, 0, 1, 0), 0.475f);
}

Test(train_schedule, plateau_reduces_the_rate_after_warm_up)
{
    bp_train_options options = make_options(BP_SCHEDULE_PLATEAU, 9);
    options.warmup_epochs = 1;
    options.schedule_factor = 0.5f;
    cr_expect_eq(bp_schedule_rate(&options, 5, 0, 3, 0), 0.5f);
    cr_expect_eq(bp_schedule_rate(&options, 5, 2, 3, 2), 0.125f);
    cr_expect_eq(bp_schedule_rate(&options, 0, 0, 2, 2), 0.25f, "warm-up");
    options.schedule_factor = 0.0f;
    cr_expect_eq(bp_schedule_rate(&options, 5, 0, 3, 1), 0.05f);
}

static void expect_reductions(const bp_train_options *options, bool less, const double *values,
                              const size_t *reductions, size_t count)
{
    struct bp_plateau plateau = {0};
    for (size_t k = 0; k < count; k++) {
        const struct bp_score score = {less ? values[k] : -values[k], 0};
        bp_plateau_note(&plateau, options, k + 1, &score,
                        &(struct bp_score_rule){.lower = less, .delta = options->min_delta});
        cr_expect_eq(plateau.reductions, reductions[k],
                     "after epoch %zu: %zu reductions instead of %zu", k + 1, plateau.reductions,
                     reductions[k]);
    }
}

Test(train_schedule, plateau_counts_epochs_without_a_better_value_and_again_after_a_reduction)
{
    static const double values[] = {4.0, 3.0, 3.0, 3.5, 3.0, 3.0, 2.0, 2.5, 2.0};
    static const size_t reductions[] = {0, 0, 0, 1, 1, 2, 2, 2, 3};
    bp_train_options options = make_options(BP_SCHEDULE_PLATEAU, 9);
    options.schedule_epochs = 2;
    expect_reductions(&options, true, values, reductions, 9);
    expect_reductions(&options, false, values, reductions, 9);
}

Test(train_schedule, plateau_takes_no_notice_of_warm_up_and_of_gains_up_to_min_delta)
{
    static const double values[] = {1.0, 4.0, 3.5, 3.0};
    static const size_t reductions[] = {0, 0, 1, 1}, none[] = {0, 0, 0, 0};
    bp_train_options options = make_options(BP_SCHEDULE_PLATEAU, 9);
    options.schedule_epochs = 1;
    options.warmup_epochs = 1;
    options.min_delta = 0.5;
    expect_reductions(&options, true, values, reductions, 4);
    options.schedule = BP_SCHEDULE_STEP;
    expect_reductions(&options, true, values, none, 4);
    options.schedule = BP_SCHEDULE_PLATEAU;
    options.warmup_epochs = 2;
    options.schedule_epochs = 2;
    expect_reductions(&options, true, (const double[]){1, 4, 4, 4, 4},
                      (const size_t[]){0, 0, 0, 0, 1}, 5);
}

/* torch.optim.lr_scheduler.CosineAnnealingLR(T_max=4) from 0.5, rounded to binary32. */
Test(train_schedule, cosine_falls_as_in_pytorch)
{
    const bp_train_options options = make_options(BP_SCHEDULE_COSINE, 4);
    expect_rates(&options, 5,
                 (const float[]){0.5f, 0.42677669529663687f, 0.25f, 0.07322330470336313f, 0.0f});
}

/* Both are within a unit in the last place of binary64 of the exact value before they are
 * rounded. */
Test(train_schedule, cosine_is_that_of_the_mathematical_library)
{
    const double pi = 3.14159265358979323846;
    for (size_t epochs = 1; epochs < 300; epochs += 7) {
        const bp_train_options options = make_options(BP_SCHEDULE_COSINE, epochs);
        for (size_t epoch = 0; epoch < epochs; epoch++) {
            const double expected = 0.25 * (1.0 + cos(pi * (double)epoch / (double)epochs));
            const double rate = (double)bp_schedule_rate(&options, epoch, 0, 1, 0);
            cr_assert_float_eq(rate, expected, 0.51 * (double)FLT_EPSILON * expected + 1e-16,
                               "epoch %zu of %zu: %.17g instead of %.17g", epoch, epochs, rate,
                               expected);
        }
    }
}

Test(train_schedule, warm_up_rises_batch_by_batch_and_comes_before_the_schedule)
{
    bp_train_options options = make_options(BP_SCHEDULE_STEP, 6);
    options.warmup_epochs = 2;
    options.schedule_epochs = 1;
    for (size_t batch = 0; batch < 8; batch++)
        cr_expect_eq(bp_schedule_rate(&options, batch / 4, batch % 4, 4, 0),
                     0.5f * (float)(batch + 1) / 8.0f);
    cr_expect_eq(bp_schedule_rate(&options, 2, 0, 4, 0), 0.5f);
    cr_expect_eq(bp_schedule_rate(&options, 3, 0, 4, 0), 0.25f);
    options.schedule = BP_SCHEDULE_COSINE;
    cr_expect_eq(bp_schedule_rate(&options, 2, 0, 4, 0), 0.5f);
    cr_expect_eq(bp_schedule_rate(&options, 4, 3, 4, 0), 0.25f, "half of four epochs");
    options.warmup_epochs = 6;
    cr_expect_eq(bp_schedule_rate(&options, 5, 3, 4, 0), 0.5f, "nothing but warm-up");
}

Test(train_schedule, no_learning_rate_is_that_of_the_optimizer)
{
    bp_train_options options = make_options(BP_SCHEDULE_CONSTANT, 1);
    options.learning_rate = 0.0f;
    cr_expect_eq(bp_schedule_rate(&options, 0, 0, 1, 0), 1.0f);
    options.optimizer = BP_OPTIMIZER_ADAM;
    cr_expect_eq(bp_schedule_rate(&options, 0, 0, 1, 0), 0.005f);
}

static void expect_refused(const bp_train_options *options, const char *words)
{
    bp_error error = {.message = ""};
    cr_expect_eq(bp_options_check(NULL, options, false, NULL, 0, &error), BP_ERROR_ARGUMENT, "%s",
                 words);
    cr_expect_not_null(strstr(error.message, words), "\"%s\" in \"%s\"", words, error.message);
}

/* `field` of the options is refused with each value, and the message says `words`. */
#define EXPECT_REFUSED(field, words, ...)                                                          \
    do {                                                                                           \
        const double values[] = {__VA_ARGS__};                                                     \
        for (size_t k = 0; k < sizeof values / sizeof values[0]; k++) {                            \
            bp_train_options wrong = bp_train_options_default();                                   \
            wrong.field = (__typeof__(wrong.field))values[k];                                      \
            expect_refused(&wrong, words);                                                         \
        }                                                                                          \
    } while (0)

Test(train_options, defaults_are_in_range)
{
    const bp_train_options options = bp_train_options_default();
    cr_assert_eq(bp_options_check(NULL, &options, false, NULL, 0, NULL), BP_OK);
}

Test(train_options, numbers_out_of_range_are_refused)
{
    const double nan = (double)NAN, infinity = (double)INFINITY;
    EXPECT_REFUSED(learning_rate, "learning-rate", -1.0, nan, infinity);
    EXPECT_REFUSED(momentum, "momentum", -0.1, 1.0, nan);
    EXPECT_REFUSED(beta1, "beta1", -0.1, 1.0, nan);
    EXPECT_REFUSED(beta2, "beta2", -0.1, 1.0, nan);
    EXPECT_REFUSED(rho, "rho", -0.1, 1.0, nan);
    EXPECT_REFUSED(epsilon, "epsilon", -1e-8, nan, infinity);
    EXPECT_REFUSED(schedule_factor, "schedule-factor", -0.5, 1.5, nan);
    EXPECT_REFUSED(weight_decay, "weight-decay", -0.1, nan, infinity);
    EXPECT_REFUSED(clip_value, "clip-value", -0.1, nan, infinity);
    EXPECT_REFUSED(clip_norm, "norm", -0.1, nan, infinity);
    EXPECT_REFUSED(dropout, "dropout", -0.1, 1.0, nan);
    EXPECT_REFUSED(min_delta, "min-delta", -0.1, nan, infinity);
}

Test(train_options, counts_and_choices_out_of_range_are_refused)
{
    EXPECT_REFUSED(epochs, "epochs", 4294967296.0);
    EXPECT_REFUSED(warmup_epochs, "warmup-epochs", 4294967296.0);
    EXPECT_REFUSED(optimizer, "optimizer", 99.0);
    EXPECT_REFUSED(schedule, "schedule", 99.0);
    EXPECT_REFUSED(metric, "metric", 99.0);
    bp_train_options options = make_options(BP_SCHEDULE_STEP, 5);
    options.schedule_epochs = 0;
    expect_refused(&options, "schedule-epochs 0: give a whole number from 1");
}

/* It compares the slopes of the same samples. */
Test(train_options, irprop_takes_full_batches)
{
    bp_train_options options = bp_train_options_default();
    options.optimizer = BP_OPTIMIZER_IRPROP;
    options.batch_size = 30;
    expect_refused(&options, "batch-size 30 has no effect with optimizer irprop");
}

Test(train_options, no_epsilon_is_that_of_the_optimizer)
{
    for (int optimizer = 0; optimizer < 7; optimizer++)
        cr_expect_eq(bp_optimizer_epsilon((bp_optimizer)optimizer), 1e-8f);
    cr_expect_eq(bp_optimizer_epsilon(BP_OPTIMIZER_ADAGRAD), 1e-10f);
    bp_train_options options = bp_train_options_default();
    cr_expect_eq(options.epsilon, 0.0f);
    cr_expect_eq(bp_train_options_epsilon(&options), 1e-8f);
    options.optimizer = BP_OPTIMIZER_ADAGRAD;
    cr_expect_eq(bp_train_options_epsilon(&options), 1e-10f);
    options.epsilon = 0.5f;
    cr_expect_eq(bp_train_options_epsilon(&options), 0.5f);
}

Test(train_options, every_optimizer_has_a_learning_rate)
{
    static const float rates[] = {1.0f, 0.01f, 0.01f, 0.01f, 0.005f, 0.005f, 0.0125f, 0.01f};
    for (int optimizer = 0; optimizer < 8; optimizer++)
        cr_expect_eq(bp_optimizer_learning_rate((bp_optimizer)optimizer), rates[optimizer]);
}
