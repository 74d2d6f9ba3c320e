/* Weights of samples and classes in training and evaluation, through the public interface. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "support/reading.h"

#define ROWS 60
#define TEXT 8192

/* Which rows a text has, and how they count. */
enum rows {
    WEIGHTED, /* row x has weight x % 4 */
    REPEATED, /* row x stands there x % 4 times, with weight 1 */
    ALL_ONE   /* row x has weight 1 */
};

/* Three classes in two overlapping dimensions; a pure function of its argument. */
static bp_dataset *make_data(enum rows rows)
{
    static const char *const kinds[] = {"ash", "elm", "oak"};
    char text[TEXT] = "a,b,w,kind\n";
    size_t length = strlen(text);
    for (size_t x = 0; x < ROWS; x++) {
        const size_t times = rows == REPEATED ? x % 4 : 1, kind = x * x % 7 % 3;
        for (size_t k = 0; k < times; k++)
            length += (size_t)snprintf(text + length, TEXT - length, "%zu,%zu,%zu,%s\n",
                                       x * 37 % 11 + 3 * kind, x * 53 % 13,
                                       rows == WEIGHTED ? x % 4 : 1, kinds[kind]);
    }
    cr_assert_lt(length, TEXT);
    return expect_dataset(read_text("data.csv", text, NULL));
}

/* Fitted to the weighted rows, with the weights of the column w; what it reads is not scaled. */
static bp_model *make_model(void)
{
    bp_dataset *dataset = make_data(WEIGHTED);
    bp_model_options options = bp_model_options_default();
    options.hidden[0] = 5;
    options.scale = BP_SCALE_NONE;
    options.weight = "w";
    bp_model *model;
    bp_error error;
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s", error.message);
    bp_dataset_free(dataset);
    return model;
}

static bp_train_result train(bp_model *model, enum rows rows, const bp_train_options *options)
{
    bp_dataset *dataset = make_data(rows);
    bp_trainer *trainer;
    bp_train_result result;
    bp_error error = {.message = ""};
    cr_assert_eq(bp_trainer_create(&trainer, model, dataset, NULL, options, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, &result, &error), BP_OK, "%s", error.message);
    bp_trainer_free(trainer);
    bp_dataset_free(dataset);
    return result;
}

/* One step down the slope of all rows. */
static bp_train_options one_step(void)
{
    bp_train_options options = bp_train_options_default();
    options.epochs = 1;
    options.batch_size = BP_BATCH_FULL;
    options.shuffle = false;
    return options;
}

static bp_metrics evaluate(const bp_model *model, enum rows rows, const bp_run_options *options)
{
    bp_dataset *dataset = make_data(rows);
    bp_metrics metrics;
    bp_error error = {.message = ""};
    cr_assert_eq(bp_evaluate(model, dataset, options, &metrics, &error), BP_OK, "%s",
                 error.message);
    bp_dataset_free(dataset);
    return metrics;
}

static void expect_near(double found, double wanted, double units, const char *what)
{
    cr_expect_leq(fabs(found - wanted), units * fmax(1.0, fabs(wanted)), "%s is %.17g, not %.17g",
                  what, found, wanted);
}

Test(model_weights, whole_weights_are_repeated_rows_to_every_metric)
{
    bp_model *model = make_model();
    const bp_run_options run = bp_run_options_default();
    const bp_metrics weighted = evaluate(model, WEIGHTED, &run);
    const bp_metrics repeated = evaluate(model, REPEATED, &run);
    cr_expect_eq(weighted.samples, ROWS - ROWS / 4); /* those that have a weight */
    cr_expect_eq(weighted.weight, (double)repeated.samples);
    for (bp_metric metric = BP_METRIC_LOSS; metric <= BP_METRIC_LOG_LOSS; metric++)
        expect_near(bp_metrics_get(&weighted, metric), bp_metrics_get(&repeated, metric),
                    ROWS * 3 * DBL_EPSILON, bp_choice_name(BP_CHOICE_METRIC, (int)metric));
    bp_model_free(model);
}

/* The two sums have up to 3 * ROWS terms of at most |o| <= 20 and |delta| <= 1, each rounded. */
Test(model_weights, whole_weights_are_repeated_rows_to_a_step)
{
    bp_model *weighted = make_model(), *repeated = make_model();
    const bp_train_options options = one_step();
    train(weighted, WEIGHTED, &options);
    train(repeated, REPEATED, &options);
    for (size_t l = 0; l < 2; l++) {
        float w[2][16] = {{0}}, b[2][8] = {{0}};
        bp_model_get_parameters(weighted, l, w[0], b[0], NULL);
        bp_model_get_parameters(repeated, l, w[1], b[1], NULL);
        for (size_t k = 0; k < 16; k++)
            expect_near((double)w[0][k], (double)w[1][k], 3 * ROWS * 20 * (double)FLT_EPSILON,
                        "a weight");
        for (size_t k = 0; k < 8; k++)
            expect_near((double)b[0][k], (double)b[1][k], 3 * ROWS * (double)FLT_EPSILON,
                        "a threshold");
    }
    bp_model_free(weighted);
    bp_model_free(repeated);
}

/* The weights of the batch are rounded to binary32, once each. */
Test(model_weights, the_training_loss_is_that_of_the_weighted_rows)
{
    bp_model *model = make_model();
    const bp_run_options run = bp_run_options_default();
    const bp_train_options options = one_step();
    const double wanted = evaluate(model, WEIGHTED, &run).loss;
    const double plain = evaluate(model, ALL_ONE, &run).loss;
    const double found = train(model, WEIGHTED, &options).train_loss;
    expect_near(found, wanted, (double)FLT_EPSILON, "the loss");
    cr_expect_gt(fabs(plain - wanted), 1e-4, "the rows count differently");
    bp_model_free(model);
}

Test(model_weights, weights_of_one_keep_the_bits)
{
    bp_model *named = make_model(), *balanced = make_model();
    bp_train_options options = bp_train_options_default();
    options.epochs = 2;
    const bp_train_result without = train(named, ALL_ONE, &options);
    options.class_weight = "oak=1,ash=1";
    const bp_train_result with = train(balanced, ALL_ONE, &options);
    cr_expect_str_eq(with.weights_digest, without.weights_digest);
    bp_model_free(named);
    bp_model_free(balanced);
}

Test(model_weights, class_weights_change_what_is_learnt)
{
    bp_model *plain = make_model(), *model = make_model();
    bp_train_options options = bp_train_options_default();
    options.epochs = 100;
    train(plain, ALL_ONE, &options);
    options.class_weight = "elm=0";
    train(model, ALL_ONE, &options);
    const bp_run_options run = bp_run_options_default();
    bp_dataset *dataset = make_data(ALL_ONE);
    bp_evaluation *before, *after;
    bp_class_metrics elm[2];
    cr_assert_eq(bp_evaluation_create(&before, plain, dataset, &run, NULL), BP_OK);
    cr_assert_eq(bp_evaluation_create(&after, model, dataset, &run, NULL), BP_OK);
    bp_evaluation_get_class(before, 1, &elm[0], NULL);
    bp_evaluation_get_class(after, 1, &elm[1], NULL);
    cr_expect_gt(elm[0].predicted, 0.0);
    cr_expect_eq(elm[1].predicted, 0.0, "a class that counts nothing is not learnt");
    bp_evaluation_free(before);
    bp_evaluation_free(after);
    bp_dataset_free(dataset);
    bp_model_free(plain);
    bp_model_free(model);
}

Test(model_weights, threads_and_backends_keep_the_bits)
{
    char digest[BP_DIGEST_SIZE] = "";
    bp_metrics first = {0};
    for (size_t threads = 1; threads <= 4; threads++) {
        bp_model *model = make_model();
        bp_train_options options = bp_train_options_default();
        options.epochs = 3;
        options.batch_size = 7;
        options.class_weight = "balanced";
        options.threads = threads;
        options.backend = threads % 2 && bp_has_backend(BP_BACKEND_PTHREADS) ? BP_BACKEND_PTHREADS
                                                                             : BP_BACKEND_AUTO;
        const bp_train_result result = train(model, WEIGHTED, &options);
        const bp_run_options run = {
            .size = sizeof(bp_run_options), .threads = threads, .class_weight = "balanced"};
        const bp_metrics metrics = evaluate(model, WEIGHTED, &run);
        if (threads == 1) {
            memcpy(digest, result.weights_digest, sizeof digest);
            first = metrics;
        }
        cr_expect_str_eq(result.weights_digest, digest);
        cr_expect_arr_eq(&metrics, &first, sizeof metrics);
        bp_model_free(model);
    }
}

Test(model_weights, balanced_rows_make_accuracy_the_balanced_one)
{
    bp_model *model = make_model();
    const bp_run_options run = {.size = sizeof(bp_run_options), .class_weight = "balanced"};
    const bp_metrics metrics = evaluate(model, WEIGHTED, &run);
    /* The weights of the classes are rounded to binary32. */
    expect_near(metrics.accuracy, metrics.balanced_accuracy, 2 * (double)FLT_EPSILON, "accuracy");
    bp_model_free(model);
}

Test(model_weights, a_confusion_matrix_counts_rows_that_have_a_weight)
{
    bp_model *model = make_model();
    bp_dataset *dataset = make_data(WEIGHTED);
    const bp_run_options run = bp_run_options_default();
    bp_evaluation *evaluation;
    cr_assert_eq(bp_evaluation_create(&evaluation, model, dataset, &run, NULL), BP_OK);
    cr_assert_eq(bp_evaluation_classes(evaluation), 3);
    cr_assert_eq(bp_evaluation_targets(evaluation), 0);
    float outputs[3 * ROWS];
    uint64_t wanted[3][3] = {{0}}, found[3];
    cr_assert_eq(bp_predict(model, dataset, &run, outputs, NULL), BP_OK);
    for (size_t x = 0; x < ROWS; x++) {
        size_t answer = outputs[3 * x + 1] > outputs[3 * x] ? 1 : 0;
        answer = outputs[3 * x + 2] > outputs[3 * x + answer] ? 2 : answer;
        wanted[x * x % 7 % 3][answer] += x % 4 > 0;
    }
    for (size_t c = 0; c < 3; c++) {
        bp_class_metrics class;
        cr_assert_eq(bp_evaluation_get_class(evaluation, c, &class, NULL), BP_OK);
        cr_assert_eq(bp_evaluation_get_confusion(evaluation, c, found, NULL), BP_OK);
        cr_expect_arr_eq(found, wanted[c], sizeof found);
        cr_expect_eq(class.samples, wanted[c][0] + wanted[c][1] + wanted[c][2]);
    }
    bp_evaluation_free(evaluation);
    bp_dataset_free(dataset);
    bp_model_free(model);
}

Test(model_weights, what_an_evaluation_does_not_have_is_an_error)
{
    bp_model *model = make_model();
    bp_dataset *dataset = make_data(WEIGHTED);
    const bp_run_options run = bp_run_options_default();
    bp_evaluation *evaluation;
    cr_assert_eq(bp_evaluation_create(&evaluation, model, dataset, &run, NULL), BP_OK);
    bp_class_metrics class;
    bp_target_metrics target;
    uint64_t counts[3];
    bp_error error;
    cr_expect_eq(bp_evaluation_get_class(evaluation, 3, &class, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "class 3: there are 3");
    cr_expect_eq(bp_evaluation_get_confusion(evaluation, 3, counts, &error), BP_ERROR_ARGUMENT);
    cr_expect_eq(bp_evaluation_get_target(evaluation, 0, &target, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "target 0: there are 0");
    bp_evaluation_free(evaluation);
    bp_dataset_free(dataset);
    bp_model_free(model);
}

Test(model_weights, wrong_weights_end_an_evaluation)
{
    bp_model *model = make_model();
    bp_dataset *dataset = make_data(WEIGHTED);
    const struct {
        bp_run_options run;
        bp_status status;
        const char *message;
    } cases[] = {
        {{.weight = "ww"},
         BP_ERROR_ARGUMENT,
         "weight: there is no column \"ww\"; did you mean \"w\"?"},
        {{.weight = "kind"}, BP_ERROR_INPUT, "data.csv:2:4: \"ash\" is not a number"},
        {{.class_weight = "eml=2"}, BP_ERROR_ARGUMENT, "did you mean \"elm\"?"},
        {{.class_weight = "elm=0,ash=0,oak=0"}, BP_ERROR_INPUT, "the weights of all samples are 0"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        bp_evaluation *evaluation;
        bp_error error = {.message = ""};
        bp_run_options run = cases[k].run;
        run.size = sizeof run;
        cr_expect_eq(bp_evaluation_create(&evaluation, model, dataset, &run, &error),
                     cases[k].status);
        cr_expect_null(evaluation);
        cr_expect_not_null(strstr(error.message, cases[k].message), "%s", error.message);
    }
    bp_dataset_free(dataset);
    bp_model_free(model);
}

Test(model_weights, a_wrong_class_weight_or_metric_makes_no_trainer)
{
    bp_model *model = make_model();
    bp_dataset *dataset = make_data(WEIGHTED);
    bp_train_options options = bp_train_options_default();
    bp_trainer *trainer;
    bp_error error;
    options.class_weight = "elm";
    cr_expect_eq(bp_trainer_create(&trainer, model, dataset, NULL, &options, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_null(trainer);
    options.class_weight = NULL;
    options.metric = BP_METRIC_RMSE;
    cr_expect_eq(bp_trainer_create(&trainer, model, dataset, dataset, &options, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "metric rmse is for numbers"), "%s", error.message);
    bp_dataset_free(dataset);
    bp_model_free(model);
}

/* y counts what x makes likely. */
Test(model_weights, a_poisson_model_predicts_and_is_measured_in_counts)
{
    bp_dataset *dataset =
        expect_dataset(read_text("counts.csv", "x,y\n0,1\n1,2\n2,6\n3,17\n0.5,0\n", NULL));
    bp_model_options options = bp_model_options_default();
    options.loss = BP_LOSS_POISSON;
    options.output_activation = BP_ACTIVATION_IDENTITY;
    bp_model *model;
    bp_error error = {.message = ""};
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s", error.message);
    const bp_run_options run = bp_run_options_default();
    static const float truth[5] = {1, 2, 6, 17, 0}, rows[5] = {0, 1, 2, 3, 0.5f};
    float outputs[5], same[5];
    bp_metrics metrics;
    bp_workspace *workspace;
    cr_assert_eq(bp_predict(model, dataset, &run, outputs, NULL), BP_OK);
    cr_assert_eq(bp_evaluate(model, dataset, &run, &metrics, NULL), BP_OK);
    cr_assert_eq(bp_workspace_create(&workspace, model, NULL), BP_OK);
    cr_assert_eq(bp_predict_rows(model, workspace, rows, 5, same, NULL), BP_OK);
    double mae = 0.0;
    for (size_t x = 0; x < 5; x++) {
        cr_expect_gt(outputs[x], 0.0f);
        mae += fabs((double)outputs[x] - (double)truth[x]) / 5;
    }
    /* Predictions are rounded to binary32. */
    expect_near(metrics.mae, mae, (double)FLT_EPSILON, "mae");
    cr_expect_arr_eq(same, outputs, sizeof same);
    bp_workspace_free(workspace);
    bp_model_free(model);
    bp_dataset_free(dataset);
}
