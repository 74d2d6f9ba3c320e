/* How good a trainer's weights are on its rows, beside one answer for all rows. */
#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "support/reading.h"
#include "support/training.h"

static struct training begin(const char *train, const char *valid, const bp_model_options *model,
                             const bp_train_options *options)
{
    struct training work = {.train = expect_dataset(read_text("train.csv", train, NULL))};
    bp_error error = {.message = ""};
    if (valid)
        work.valid = expect_dataset(read_text("valid.csv", valid, NULL));
    cr_assert_eq(bp_model_create(&work.model, work.train, model, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(
        bp_trainer_create(&work.trainer, work.model, work.train, work.valid, options, &error),
        BP_OK, "%s", error.message);
    return work;
}

static bp_quality measure(const struct training *work, bool validation)
{
    bp_quality quality;
    bp_error error = {.message = ""};
    cr_assert_eq(bp_trainer_measure(work->trainer, validation, &quality, &error), BP_OK, "%s",
                 error.message);
    return quality;
}

/* Three of u, two of v and one of w; those of validation are others. */
static const char train_classes[] = "a,y\n1,v\n2,u\n3,u\n4,w\n5,v\n6,u\n";
static const char valid_classes[] = "a,y\n1,w\n2,u\n3,w\n4,v\n";

Test(train_quality, the_baseline_of_classes_is_the_most_frequent_one)
{
    struct training work = begin(train_classes, valid_classes, NULL, NULL);

    const bp_quality train = measure(&work, false), valid = measure(&work, true);

    cr_assert_str_eq(train.baseline_class, "u");
    cr_assert_str_eq(valid.baseline_class, "u");
    cr_assert_eq(train.metrics.samples, 6);
    cr_assert_eq(train.baseline.accuracy, 0.5);
    cr_assert_eq(train.baseline.balanced_accuracy, 1.0 / 3);
    cr_assert_eq(valid.metrics.samples, 4);
    cr_assert_eq(valid.baseline.accuracy, 0.25);
    training_free(&work);
}

/* Squared error with the shares s: sum over classes of s (1 - s); the share is a float. */
Test(train_quality, the_loss_of_the_baseline_is_that_of_the_shares)
{
    bp_model_options model = bp_model_options_default();
    struct training work = begin(train_classes, NULL, &model, NULL);
    const double squared = measure(&work, false).baseline.loss;
    training_free(&work);
    cr_assert_eq(bp_preset_apply(BP_PRESET_MODERN, &model, NULL, NULL), BP_OK);
    work = begin(train_classes, NULL, &model, NULL);
    const bp_metrics entropy = measure(&work, false).baseline;
    training_free(&work);
    const double expected = 0.5 * log(2) + log(3) / 3 + log(6) / 6;

    cr_assert_float_eq(squared, 0.25 + 2.0 / 9 + 5.0 / 36, 4 * (double)FLT_EPSILON);
    cr_assert_float_eq(entropy.loss, expected, 4 * (double)FLT_EPSILON);
    cr_assert_float_eq(entropy.log_loss, expected, 4 * (double)FLT_EPSILON);
}

Test(train_quality, the_baseline_of_numbers_is_the_mean_of_the_training_rows)
{
    static const char train[] = "a,y\n1,0.5\n2,1.5\n3,4.0\n", valid[] = "a,y\n1,3.0\n2,4.5\n";
    struct training work = begin(train, valid, NULL, NULL);

    const bp_metrics known = measure(&work, false).baseline, other = measure(&work, true).baseline;

    /* Mean 2: squares 2.25 + 0.25 + 4. The target is fitted to binary32 numbers below 1. */
    cr_assert_float_eq(known.rmse, sqrt(6.5 / 3), 16 * (double)FLT_EPSILON);
    cr_assert_float_eq(known.mae, 4.0 / 3, 16 * (double)FLT_EPSILON);
    cr_assert_float_eq(known.r2, 0, 16 * (double)FLT_EPSILON);
    cr_assert_float_eq(other.rmse, sqrt((1 + 6.25) / 2), 16 * (double)FLT_EPSILON);
    cr_assert_null(measure(&work, true).baseline_class);
    training_free(&work);
}

/* The rate exp(o) is the output of the Poisson loss; that of the mean is 2. */
Test(train_quality, the_baseline_of_counts_is_their_mean_rate)
{
    bp_model_options model = bp_model_options_default();
    model.loss = BP_LOSS_POISSON;
    model.output_activation = BP_ACTIVATION_IDENTITY;
    struct training work = begin("a,y\n1,0\n2,1\n3,5\n", NULL, &model, NULL);

    const bp_metrics baseline = measure(&work, false).baseline;

    cr_assert_float_eq(baseline.rmse, sqrt(14.0 / 3), 16 * (double)FLT_EPSILON);
    cr_assert_float_eq(baseline.loss, 2 - 2 * log(2), 16 * (double)FLT_EPSILON);
    training_free(&work);
}

/* n and o of the mean m are linked by o = 1 / (1 + exp(-n)): m is 2/3. */
Test(train_quality, the_baseline_of_probabilities_is_their_mean)
{
    bp_model_options model = bp_model_options_default();
    model.loss = BP_LOSS_BINARY_CROSS_ENTROPY;
    model.task = BP_TASK_REGRESS;
    struct training work = begin("a,y\n1,0\n2,1\n3,1\n", NULL, &model, NULL);

    const bp_metrics baseline = measure(&work, false).baseline;

    cr_assert_float_eq(baseline.loss, log(3) / 3 + 2 * log(1.5) / 3, 16 * (double)FLT_EPSILON);
    training_free(&work);
}

/* Every row is right: the loss is that of an output 2^-52 away. */
Test(train_quality, the_loss_of_a_constant_probability_is_finite)
{
    bp_model_options model = bp_model_options_default();
    model.loss = BP_LOSS_BINARY_CROSS_ENTROPY;
    model.task = BP_TASK_REGRESS;
    struct training work = begin("a,y\n1,1\n2,1\n3,1\n", NULL, &model, NULL);

    const bp_metrics baseline = measure(&work, false).baseline;

    cr_assert_float_eq(baseline.loss, 0, 2 * DBL_EPSILON);
    training_free(&work);
}

/* Errors e of 0.5 and 2.5 deviations around the mean, and a bend b: e^2 / 2, and b (e - b/2). */
Test(train_quality, the_baseline_has_the_bend_of_the_huber_loss)
{
    bp_model_options model = bp_model_options_default();
    model.loss = BP_LOSS_HUBER;
    model.output_activation = BP_ACTIVATION_IDENTITY;
    model.huber_bend = 0.5f;
    struct training work = begin("a,y\n1,-2.5\n2,-0.5\n3,0.5\n4,2.5\n", NULL, &model, NULL);
    const double std = sqrt(3.25), far = 2.5 / std, near = 0.5 / std;

    const bp_metrics baseline = measure(&work, false).baseline;

    cr_assert_float_eq(baseline.loss, (0.5 * (far - 0.25) + near * near / 2) / 2,
                       16 * (double)FLT_EPSILON);
    training_free(&work);
}

/* The training rows are then all rows; the baseline of validation stays that of the first rows. */
Test(train_quality, after_a_refit_all_rows_are_the_training_rows)
{
    bp_train_options options = bp_train_options_default();
    options.refit = true;
    options.epochs = 2;
    struct training work = begin(train_classes, valid_classes, NULL, &options);
    cr_assert_eq(bp_trainer_run(work.trainer, NULL, NULL, NULL, NULL), BP_OK);

    const bp_quality train = measure(&work, false), valid = measure(&work, true);

    cr_assert_eq(train.metrics.samples, 10);
    cr_assert_eq(train.baseline.accuracy, 0.4);
    cr_assert_eq(valid.metrics.samples, 4);
    cr_assert_eq(valid.baseline.accuracy, 0.25);
    cr_assert_float_eq(valid.baseline.log_loss, (log(2) + log(3) + 2 * log(6)) / 4,
                       16 * (double)FLT_EPSILON);
    cr_assert_eq(train.classes, 3);
    training_free(&work);
}

Test(train_quality, classes_count_by_their_weights)
{
    bp_train_options options = bp_train_options_default();
    options.class_weight = "w=9";
    struct training work = begin(train_classes, NULL, NULL, &options);

    const bp_quality quality = measure(&work, false);

    cr_assert_str_eq(quality.baseline_class, "w");
    cr_assert_float_eq(quality.baseline.accuracy, 9.0 / 14, 16 * (double)FLT_EPSILON);
    training_free(&work);
}

Test(train_quality, a_model_of_constant_outputs_gives_one_class)
{
    bp_model_options model = bp_model_options_default();
    model.hidden[0] = 16;
    struct training work = begin(train_classes, NULL, &model, NULL);
    float weights[3 * 16] = {0}, thresholds[3] = {1, -1, 1};
    cr_assert_eq(bp_model_set_parameters(work.model, 1, weights, thresholds, NULL), BP_OK);

    const bp_quality quality = measure(&work, false);

    cr_assert_str_eq(quality.only_class, "v");
    cr_assert_eq(quality.metrics.accuracy, 2.0 / 6);
    cr_assert_eq(quality.constant, 1);
    training_free(&work);
}

/* Their hidden neurons are all at an end of their range, whatever the inputs are. */
Test(train_quality, saturated_neurons_make_outputs_constant_and_others_do_not)
{
    bp_model_options model = bp_model_options_default();
    model.hidden_count = 1;
    model.hidden[0] = 2;
    struct training work = begin(train_classes, NULL, &model, NULL);
    const float weights[2] = {1e-3f, -1e-3f}, thresholds[2] = {-100, -200};

    cr_assert_eq(measure(&work, false).constant, 0);
    cr_assert_eq(bp_model_set_parameters(work.model, 0, weights, thresholds, NULL), BP_OK);
    cr_assert_eq(measure(&work, false).constant, 1);
    training_free(&work);
}

/* The figures are those of evaluation, with any number of threads. */
Test(train_quality, the_figures_are_those_of_evaluation)
{
    bp_train_options options = bp_train_options_default();
    bp_dataset *iris;
    cr_assert_eq(bp_dataset_read(&iris, DATASETS "/iris.csv", NULL, NULL), BP_OK);
    options.epochs = 5;
    for (options.threads = 1; options.threads <= 3; options.threads++) {
        struct training work = {.train = iris};
        bp_metrics metrics;
        cr_assert_eq(bp_model_create(&work.model, iris, NULL, NULL), BP_OK);
        cr_assert_eq(bp_trainer_create(&work.trainer, work.model, iris, NULL, &options, NULL),
                     BP_OK);
        cr_assert_eq(bp_trainer_run(work.trainer, NULL, NULL, NULL, NULL), BP_OK);
        cr_assert_eq(bp_evaluate(work.model, iris, NULL, &metrics, NULL), BP_OK);

        const bp_quality quality = measure(&work, false);

        cr_assert_eq(memcmp(&quality.metrics, &metrics, sizeof metrics), 0);
        cr_assert_null(quality.only_class);
        cr_assert_eq(quality.constant, 0);
        bp_trainer_free(work.trainer);
        bp_model_free(work.model);
    }
    bp_dataset_free(iris);
}

Test(train_quality, without_validation_rows_there_is_nothing_to_measure_on_them)
{
    struct training work = begin(train_classes, NULL, NULL, NULL);
    bp_quality quality;
    bp_error error;

    cr_assert_eq(bp_trainer_measure(work.trainer, true, &quality, &error), BP_ERROR_ARGUMENT);

    cr_assert_not_null(strstr(error.message, "no validation rows"), "%s", error.message);
    training_free(&work);
}
