/* The rules of auto: cases that are computed by hand. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "options/auto_rule.h"
#include "options/layers.h"

static const struct bp_auto_table iris = {150, 4, 1, BP_ACTIVATION_LOGISTIC, BP_LOSS_MSE};

static bp_train_options make_auto(bp_optimizer optimizer)
{
    bp_train_options options = bp_train_options_default();
    options.optimizer = optimizer;
    options.weight_decay = BP_WEIGHT_DECAY_AUTO;
    return options;
}

static bp_train_options choose(size_t rows, bp_train_options options)
{
    struct bp_auto_table table = iris;
    table.rows = rows;
    bp_auto_training(&table, &options);
    return options;
}

Test(options_auto, values_fit_the_rows)
{
    static const struct {
        bp_optimizer optimizer;
        size_t rows, batch, epochs;
        double decay;
    } cases[] = {
        /* 1,500 updates in epochs of 1, 1, 2, 3 and 23 batches: 200 at most, 40 at least; the root
         * of 4 inputs is 2 */
        {BP_OPTIMIZER_ADAMW, 1, 1, 200, 2},
        {BP_OPTIMIZER_ADAMW, 64, 64, 200, 2},
        {BP_OPTIMIZER_ADAMW, 65, 64, 200, 2},
        {BP_OPTIMIZER_ADAMW, 500, 64, 188, 1},
        {BP_OPTIMIZER_ADAMW, 1437, 64, 66, 500.0 / 1437},
        {BP_OPTIMIZER_ADAMW, 16000, 64, 40, 500.0 / 16000},
        /* 1,200,000 samples, and 10 epochs at least */
        {BP_OPTIMIZER_ADAMW, 30000, 64, 40, 0.02},
        {BP_OPTIMIZER_ADAMW, 60000, 64, 20, 0.02},
        {BP_OPTIMIZER_ADAMW, 100000, 64, 12, 0.02},
        {BP_OPTIMIZER_ADAMW, 4294967295, 64, 10, 0.02},
        /* 4,000 / 4 inputs */
        {BP_OPTIMIZER_SGD, 1, 1, 1000, 0},
        {BP_OPTIMIZER_SGD, 150, 64, 1000, 0},
        {BP_OPTIMIZER_SGD, 1437, 64, 835, 0},
        {BP_OPTIMIZER_SGD, 60000, 64, 20, 0},
        {BP_OPTIMIZER_SGD, 200000, 64, 10, 0},
        {BP_OPTIMIZER_ADAM, 1437, 64, 66, 0},
        /* one update an epoch */
        {BP_OPTIMIZER_IRPROP, 1437, 1437, 200, 0},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        const bp_train_options chosen = choose(cases[k].rows, make_auto(cases[k].optimizer));
        cr_expect_eq(chosen.batch_size, cases[k].batch, "case %zu: %zu", k, chosen.batch_size);
        cr_expect_eq(chosen.epochs, cases[k].epochs, "case %zu: %zu", k, chosen.epochs);
        cr_expect_eq(chosen.weight_decay, (float)cases[k].decay, "case %zu: %g", k,
                     (double)chosen.weight_decay);
        cr_expect_eq(chosen.learning_rate, bp_optimizer_learning_rate(cases[k].optimizer),
                     "case %zu", k);
    }
}

/* Of few inputs gradient descent learns a function of many bends; the decay grows as their root. */
Test(options_auto, values_fit_the_inputs)
{
    static const struct {
        size_t inputs, epochs;
        double decay;
    } cases[] = {{1, 2000, 0.25}, {2, 2000, 0.353553391}, {3, 1334, 0.433012702},
                 {4, 1000, 0.5},  {9, 445, 0.75},         {64, 63, 2},
                 {784, 50, 2}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct bp_auto_table table = iris;
        bp_train_options sgd = make_auto(BP_OPTIMIZER_SGD), adamw = make_auto(BP_OPTIMIZER_ADAMW);
        table.rows = 1000;
        table.inputs = cases[k].inputs;
        bp_auto_training(&table, &sgd);
        bp_auto_training(&table, &adamw);
        cr_expect_eq(sgd.epochs, cases[k].epochs, "case %zu: %zu", k, sgd.epochs);
        cr_expect_eq(adamw.epochs, 94);
        cr_expect_eq(adamw.weight_decay, (float)cases[k].decay, "case %zu", k);
    }
}

/* 4,800,000 numbers, where these are more samples than 1,200,000. */
Test(options_auto, gradient_descent_sees_tables_of_few_inputs_longer)
{
    static const struct {
        size_t rows, inputs, epochs;
    } cases[] = {{2400, 1, 2000}, {2400, 2, 1000}, {2400, 3, 666},  {2400, 4, 500},
                 {2400, 9, 445},  {600000, 1, 10}, {60000, 784, 20}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct bp_auto_table table = iris;
        bp_train_options sgd = make_auto(BP_OPTIMIZER_SGD);
        table.rows = cases[k].rows;
        table.inputs = cases[k].inputs;
        bp_auto_training(&table, &sgd);
        cr_expect_eq(sgd.epochs, cases[k].epochs, "case %zu: %zu", k, sgd.epochs);
    }
}

/* A linear model has one minimum, to which it may hurry. Rate times decay stays. */
Test(options_auto, adam_is_faster_without_hidden_layers_and_adamw_decays_less)
{
    for (int optimizer = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, optimizer); optimizer++) {
        struct bp_auto_table table = iris;
        bp_train_options layered = make_auto((bp_optimizer)optimizer), linear = layered;
        const bool is_adam = optimizer == BP_OPTIMIZER_ADAM || optimizer == BP_OPTIMIZER_ADAMW;
        bp_auto_training(&table, &layered);
        table.hidden = 0;
        bp_auto_training(&table, &linear);
        cr_expect_eq(linear.learning_rate, is_adam ? 0.05f : layered.learning_rate, "%d",
                     optimizer);
        cr_expect_eq(linear.weight_decay, optimizer == BP_OPTIMIZER_ADAMW ? 0.2f : 0.0f, "%d",
                     optimizer);
        cr_expect_eq(linear.epochs, layered.epochs, "%d", optimizer);
    }
}

Test(options_auto, hidden_neurons_are_left_out_with_adamw)
{
    for (size_t hidden = 0; hidden < 2; hidden++) {
        struct bp_auto_table table = iris;
        bp_train_options adam = make_auto(BP_OPTIMIZER_ADAM), adamw = make_auto(BP_OPTIMIZER_ADAMW);
        table.hidden = hidden;
        adam.dropout = adamw.dropout = BP_DROPOUT_AUTO;
        bp_auto_training(&table, &adam);
        bp_auto_training(&table, &adamw);
        cr_expect_eq(adam.dropout, 0.0f);
        cr_expect_eq(adamw.dropout, hidden ? 0.15f : 0.0f);
    }
}

/* 200 updates, in 16 to 30 epochs, and no more than 1,200,000 samples but in 10 epochs. */
Test(options_auto, few_epochs_have_a_higher_rate_and_less_dropout)
{
    static const struct {
        size_t rows, epochs;
    } cases[] = {{1, 30},     {455, 25},    {640, 20},    {1437, 16},
                 {75000, 16}, {100000, 12}, {1000000, 10}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        bp_train_options few = make_auto(BP_OPTIMIZER_ADAMW);
        few.epochs = BP_EPOCHS_FEW;
        few.dropout = BP_DROPOUT_AUTO;
        const bp_train_options chosen = choose(cases[k].rows, few);
        cr_expect_eq(chosen.epochs, cases[k].epochs, "case %zu: %zu", k, chosen.epochs);
        cr_expect_float_eq(chosen.learning_rate, 0.015f, 1e-9f, "case %zu", k);
        cr_expect_eq(chosen.dropout, 0.05f, "case %zu", k);
    }
    bp_train_options sgd = make_auto(BP_OPTIMIZER_SGD);
    sgd.epochs = BP_EPOCHS_FEW;
    sgd = choose(1437, sgd);
    cr_expect_eq(sgd.epochs, 16);
    cr_expect_eq(sgd.learning_rate, 1.0f);
}

/* Whose outputs are exp(0) at first, however large the targets are. */
Test(options_auto, few_epochs_of_the_loss_poisson_are_those_of_auto)
{
    struct bp_auto_table table = iris;
    table.loss = BP_LOSS_POISSON;
    bp_train_options few = make_auto(BP_OPTIMIZER_ADAMW), given;
    few.dropout = BP_DROPOUT_AUTO;
    given = few;
    few.epochs = BP_EPOCHS_FEW;
    given.epochs = 7;
    bp_auto_training(&table, &few);
    bp_auto_training(&table, &given);
    cr_expect_eq(few.epochs, 200);
    cr_expect_eq(few.learning_rate, given.learning_rate);
    cr_expect_eq(few.dropout, given.dropout);
}

Test(options_auto, what_is_given_stays)
{
    bp_train_options given = make_auto(BP_OPTIMIZER_ADAMW);
    given.batch_size = 7;
    given.epochs = 3;
    given.learning_rate = 0.25f;
    given.weight_decay = 0.0f;
    const bp_train_options chosen = choose(1000, given);
    cr_assert_eq(memcmp(&chosen, &given, sizeof given), 0);
}

/* Epochs are counted in batches of the size that is given. */
Test(options_auto, epochs_follow_from_a_batch_size_that_is_given)
{
    bp_train_options given = make_auto(BP_OPTIMIZER_ADAMW);
    given.batch_size = 100;
    cr_expect_eq(choose(1500, given).epochs, 100);
    given.batch_size = BP_BATCH_FULL;
    cr_expect_eq(choose(1500, given).batch_size, 1500);
    cr_expect_eq(choose(1500, given).epochs, 200);
    given.batch_size = 1;
    cr_expect_eq(choose(1500, given).epochs, 40);
}

Test(options_auto, a_batch_size_that_is_given_follows_from_no_epochs)
{
    bp_train_options given = make_auto(BP_OPTIMIZER_SGD);
    given.epochs = 20;
    cr_expect_eq(choose(1500, given).batch_size, 64);
    cr_expect_eq(choose(1500, given).epochs, 20);
}

Test(options_auto, gradient_descent_is_slower_where_outputs_have_no_limits)
{
    for (int output = 0; bp_choice_name(BP_CHOICE_ACTIVATION, output); output++) {
        struct bp_auto_table table = iris;
        bp_train_options sgd = make_auto(BP_OPTIMIZER_SGD), adamw = make_auto(BP_OPTIMIZER_ADAMW);
        table.output = (bp_activation)output;
        const bool bounded = output == BP_ACTIVATION_LOGISTIC || output == BP_ACTIVATION_TANH ||
                             output == BP_ACTIVATION_SOFTMAX;
        bp_auto_training(&table, &sgd);
        bp_auto_training(&table, &adamw);
        cr_expect_eq(sgd.learning_rate, bounded ? 1.0f : 0.01f, "%d", output);
        cr_expect_eq(adamw.learning_rate, 0.005f);
    }
}

Test(options_auto, the_hidden_layer_fits_its_activation)
{
    static const struct {
        bp_activation activation;
        size_t layers, width;
    } cases[] = {{BP_ACTIVATION_LOGISTIC, 1, 32},
                 {BP_ACTIVATION_TANH, 1, 32},
                 {BP_ACTIVATION_RELU, 2, 96},
                 {BP_ACTIVATION_GELU, 2, 96}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        bp_model_options options = bp_model_options_default();
        options.activations[0] = cases[k].activation;
        cr_assert(bp_hidden_is_auto(&options));
        bp_auto_hidden(&options);
        cr_assert_eq(options.hidden_count, cases[k].layers);
        for (size_t l = 0; l < cases[k].layers; l++)
            cr_expect_eq(options.hidden[l], cases[k].width, "%zu", options.hidden[l]);
    }
}

Test(options_auto, layers_that_are_given_stay)
{
    static const char *const texts[] = {"none", "7", "16,8"};
    for (size_t k = 0; k < 3; k++) {
        bp_model_options options = bp_model_options_default();
        char text[32];
        cr_assert_eq(bp_model_options_set(&options, "hidden", texts[k], NULL), BP_OK);
        cr_expect(!bp_hidden_is_auto(&options));
        bp_auto_hidden(&options);
        cr_assert_eq(bp_model_options_get(&options, "hidden", text, sizeof text, NULL), BP_OK);
        cr_expect_str_eq(text, texts[k]);
    }
}

/* ---- as texts ---- */

static void expect_text(const bp_train_options *options, const char *name, const char *expected)
{
    char text[32];
    cr_assert_eq(bp_train_options_get(options, name, text, sizeof text, NULL), BP_OK);
    cr_expect_str_eq(text, expected, "%s %s", name, text);
}

Test(options_auto, auto_and_full_are_texts_of_their_options)
{
    bp_train_options options = bp_train_options_default();
    bp_error error;
    expect_text(&options, "batch-size", "auto");
    expect_text(&options, "epochs", "auto");
    expect_text(&options, "learning-rate", "auto");
    expect_text(&options, "weight-decay", "0");
    expect_text(&options, "dropout", "0");
    cr_assert_eq(bp_train_options_set(&options, "weight-decay", "auto", &error), BP_OK);
    cr_assert_eq(options.weight_decay, BP_WEIGHT_DECAY_AUTO);
    expect_text(&options, "weight-decay", "auto");
    cr_assert_eq(bp_train_options_set(&options, "batch-size", "full", &error), BP_OK);
    cr_assert_eq(options.batch_size, BP_BATCH_FULL);
    expect_text(&options, "batch-size", "full");
    cr_assert_eq(bp_options_check(NULL, &options, false, NULL, 0, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_train_options_set(&options, "batch-size", "all", &error), BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message, "batch-size: \"all\" is not a whole number from 1 to "
                                    "4294967295 or \"auto\" or \"full\"");
    options.weight_decay = -0.5f;
    cr_assert_eq(bp_options_check(NULL, &options, false, NULL, 0, &error), BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message, "weight-decay -0.5: give a number from 0, or -1 for auto");
}

/* The presets differ by what the rules look at, not by values of their own; quick has layers. */
Test(options_auto, presets_leave_the_table_to_the_rules)
{
    for (int preset = 0; bp_choice_name(BP_CHOICE_PRESET, preset); preset++) {
        const bool classic = preset == BP_PRESET_CLASSIC;
        bp_model_options model = bp_model_options_default();
        bp_train_options train = bp_train_options_default();
        cr_assert_eq(bp_preset_apply((bp_preset)preset, &model, &train, NULL), BP_OK);
        cr_expect_eq(bp_hidden_is_auto(&model), preset != BP_PRESET_QUICK);
        expect_text(&train, "batch-size", "auto");
        expect_text(&train, "epochs", preset == BP_PRESET_QUICK ? "few" : "auto");
        expect_text(&train, "learning-rate", "auto");
        expect_text(&train, "weight-decay", classic ? "0" : "auto");
        expect_text(&train, "dropout", classic ? "0" : "auto");
        expect_text(&train, "optimizer", classic ? "sgd" : "adamw");
    }
}

/* ---- what the help says of the rules ---- */

static void expect_help(bp_option_owner owner, const char *name, const double *numbers,
                        size_t count)
{
    bp_option_info info;
    char text[32], help[1024];
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (info.owner != owner || strcmp(info.name, name) != 0)
            continue;
        snprintf(help, sizeof help, " %s %s ", info.help, info.instead ? info.instead : "");
        for (size_t i = 0; i < count; i++) {
            snprintf(text, sizeof text, " %.10g", numbers[i]);
            const char *found = strstr(help, text);
            while (found && strspn(found + strlen(text), ".0123456789") > 0)
                found = strstr(found + 1, text);
            cr_expect(found != NULL, "the help of %s does not say%s", name, text);
        }
        return;
    }
    cr_assert_fail("there is no option %s", name);
}

#define EXPECT_HELP(owner, name, ...)                                                              \
    expect_help(owner, name, (const double[]){__VA_ARGS__},                                        \
                sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

Test(options_auto, the_help_tells_the_numbers_of_the_rules)
{
    EXPECT_HELP(BP_OPTION_OF_MODEL, "hidden", BP_AUTO_HIDDEN, BP_AUTO_HIDDEN_SATURATING);
    EXPECT_HELP(BP_OPTION_OF_TRAINING, "batch-size", BP_AUTO_BATCH);
    EXPECT_HELP(BP_OPTION_OF_TRAINING, "epochs", BP_AUTO_UPDATES, BP_AUTO_EPOCHS_MIN,
                BP_AUTO_EPOCHS_MAX, BP_AUTO_SGD_EPOCHS_INPUTS, BP_AUTO_SGD_EPOCHS_MIN,
                BP_AUTO_SGD_EPOCHS_MAX, BP_AUTO_VISITS, 4, BP_AUTO_SGD_NUMBERS,
                BP_AUTO_VISITED_AT_LEAST);
    EXPECT_HELP(BP_OPTION_OF_TRAINING, "learning-rate", (double)BP_AUTO_SGD_RATE_UNBOUNDED,
                BP_AUTO_LINEAR_RATE);
    EXPECT_HELP(BP_OPTION_OF_TRAINING, "dropout", BP_AUTO_DROPOUT);
    EXPECT_HELP(BP_OPTION_OF_TRAINING, "weight-decay", BP_AUTO_DECAY_ROWS, BP_AUTO_DECAY_MIN,
                BP_AUTO_DECAY_MAX);
}
