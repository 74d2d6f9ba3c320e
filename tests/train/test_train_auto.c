/* What a trainer makes of auto: values that fit its rows and its network. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/training.h"

static bp_train_options all_auto(bp_optimizer optimizer)
{
    bp_train_options options = bp_train_options_default();
    options.optimizer = optimizer;
    options.weight_decay = BP_WEIGHT_DECAY_AUTO;
    options.threads = 1;
    return options;
}

/* Of 120 rows. */
Test(train_auto, a_trainer_tells_what_it_works_with)
{
    const bp_train_options options = all_auto(BP_OPTIMIZER_ADAMW);
    struct training training = training_create(&options, NULL);
    const bp_train_options chosen = bp_trainer_options(training.trainer);
    cr_expect_eq(chosen.batch_size, 64);
    cr_expect_eq(chosen.epochs, 200);
    cr_expect_eq(chosen.learning_rate, 0.005f);
    cr_expect_eq(chosen.weight_decay, 2.0f);
    cr_expect_eq(chosen.epsilon, 1e-8f);
    cr_expect_eq(chosen.seed, options.seed);
    const bp_train_result result = training_finish(&training);
    cr_expect_eq(result.epochs, 200);
    cr_expect_eq(result.batch_size, 64);
    cr_expect_eq(result.updates, 400);
    training_free(&training);
}

Test(train_auto, what_is_chosen_gives_the_bits_of_the_same_values_given)
{
    bp_train_options options = all_auto(BP_OPTIMIZER_SGD);
    const bp_train_result chosen = training_run(&options, NULL);
    options.batch_size = 64;
    options.epochs = 1000;
    options.learning_rate = 1.0f;
    options.weight_decay = 0.0f;
    const bp_train_result given = training_run(&options, NULL);
    training_expect_equal(&chosen, &given);
}

Test(train_auto, the_rate_of_gradient_descent_follows_from_the_outputs)
{
    const bp_train_options options = all_auto(BP_OPTIMIZER_SGD);
    bp_model_options model = training_model();
    model.output_activation = BP_ACTIVATION_IDENTITY;
    struct training training = training_create(&options, &model);
    cr_expect_eq(bp_trainer_options(training.trainer).learning_rate, 0.01f);
    training_free(&training);
}

Test(train_auto, a_trainer_tells_the_factor_of_its_schedule)
{
    bp_train_options options = all_auto(BP_OPTIMIZER_SGD);
    options.schedule = BP_SCHEDULE_STEP;
    options.schedule_epochs = 2;
    struct training training = training_create(&options, NULL);
    cr_expect_eq(bp_trainer_options(training.trainer).schedule_factor, 0.5f);
    training_free(&training);
}

Test(train_auto, no_trainer_has_the_defaults)
{
    const bp_train_options chosen = bp_trainer_options(NULL), defaults = bp_train_options_default();
    cr_assert_eq(memcmp(&chosen, &defaults, sizeof chosen), 0);
}

Test(train_auto, a_warm_up_is_no_longer_than_the_epochs_chosen)
{
    bp_train_options options = all_auto(BP_OPTIMIZER_ADAMW);
    bp_trainer *trainer;
    bp_error error;
    options.warmup_epochs = 200;
    struct training training = training_create(&options, NULL);
    options.warmup_epochs = 201;
    cr_assert_eq(
        bp_trainer_create(&trainer, training.model, training.train, NULL, &options, &error),
        BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message,
                     "warmup-epochs 201 is more than the 200 epochs of the training");
    training_free(&training);
}

Test(train_auto, the_hidden_layer_of_a_model_fits_its_activation)
{
    static const struct {
        bp_activation activation;
        size_t layers, width;
    } cases[] = {{BP_ACTIVATION_LOGISTIC, 2, 32}, {BP_ACTIVATION_RELU, 3, 96}};
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    for (size_t k = 0; k < 2; k++) {
        bp_model_options model = bp_model_options_default();
        model.activations[0] = cases[k].activation;
        struct training training = training_create(&options, &model);
        const bp_model_info info = bp_model_get_info(training.model);
        cr_expect_eq(info.layers, cases[k].layers);
        cr_expect_eq(info.widths[1], cases[k].width);
        cr_expect_eq(info.widths[info.layers - 1], cases[k].width);
        training_free(&training);
    }
}
