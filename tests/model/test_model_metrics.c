/* Figures of merit: by hand, against values that tests/peers/sklearn_metrics.py makes again, and at
 * the edges of what is defined. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "model/metrics.h"

#define COUNT_MAX   64
#define OUTPUTS_MAX 4

/* Samples with what a model is to say of them: nothing is computed but the figures. */
struct synthetic {
    struct bp_network network;
    struct bp_schema schema;
    struct bp_schema_column column[OUTPUTS_MAX];
    char *names[OUTPUTS_MAX];
    struct bp_model model;
    struct bp_samples samples;
    uint32_t labels[COUNT_MAX];
    float weight[COUNT_MAX];
    float targets[COUNT_MAX * OUTPUTS_MAX];
    float outputs[COUNT_MAX * OUTPUTS_MAX];
    double losses[COUNT_MAX];
};

/* Zeroed; `outputs` classes, or targets of numbers in the scale of the user. */
static struct synthetic *create(size_t count, size_t outputs, bool classes)
{
    static char names[OUTPUTS_MAX][2] = {"a", "b", "c", "d"};
    struct synthetic *synthetic = calloc(1, sizeof *synthetic);
    cr_assert_not_null(synthetic);
    for (size_t k = 0; k < outputs; k++) {
        synthetic->names[k] = names[k];
        synthetic->column[k] = (struct bp_schema_column){.name = names[k], .scale = 1.0f};
    }
    synthetic->column[0].category = synthetic->names;
    synthetic->schema = (struct bp_schema){.task = classes ? BP_TASK_CLASSIFY : BP_TASK_REGRESS,
                                           .target_columns = classes ? 1 : outputs,
                                           .outputs = outputs,
                                           .column = synthetic->column};
    synthetic->model =
        (struct bp_model){.network = &synthetic->network, .schema = &synthetic->schema};
    synthetic->samples = (struct bp_samples){.count = count, .outputs = outputs};
    if (classes)
        synthetic->samples.labels = synthetic->labels;
    else
        synthetic->samples.targets = synthetic->targets;
    return synthetic;
}

/* Adds the samples in two parts. */
static struct bp_metric_accumulator accumulate_all(const struct synthetic *synthetic)
{
    struct bp_metric_accumulator accumulator;
    const size_t count = synthetic->samples.count, half = count / 2;
    cr_assert_eq(
        bp_metric_accumulator_make(&accumulator, &synthetic->model, &synthetic->samples, NULL),
        BP_OK);
    bp_metric_accumulator_add(&accumulator, 0, half, synthetic->outputs, synthetic->losses);
    bp_metric_accumulator_add(&accumulator, half, count,
                              synthetic->outputs + half * synthetic->samples.outputs,
                              synthetic->losses + half);
    return accumulator;
}

static bp_metrics measure(const struct synthetic *synthetic)
{
    struct bp_metric_accumulator accumulator = accumulate_all(synthetic);
    const bp_metrics metrics = bp_metric_accumulator_metrics(&accumulator);
    bp_metric_accumulator_release(&accumulator);
    return metrics;
}

/* A sample of class `truth` of which the model is sure that it is of class `answer`. */
static void say(struct synthetic *synthetic, size_t x, uint32_t truth, uint32_t answer)
{
    synthetic->labels[x] = truth;
    synthetic->outputs[x * synthetic->samples.outputs + answer] = 1.0f;
}

static void expect_near(double found, double wanted, const char *what)
{
    /* Some hundred binary64 operations. */
    cr_expect_leq(fabs(found - wanted), 200 * DBL_EPSILON * fmax(1.0, fabs(wanted)),
                  "%s is %.17g, not %.17g", what, found, wanted);
}

struct figure {
    bp_metric metric;
    double value;
};

static const struct figure classes_2[] = {
    {BP_METRIC_ACCURACY, 0.5},
    {BP_METRIC_BALANCED_ACCURACY, 0.48589341692789967},
    {BP_METRIC_PRECISION, 0.2631578947368421},
    {BP_METRIC_RECALL, 0.45454545454545453},
    {BP_METRIC_F1, 0.3333333333333333},
    {BP_METRIC_LOG_LOSS, 0.7893074799283102},
};
static const struct figure classes_2_weighted[] = {
    {BP_METRIC_ACCURACY, 0.5125},
    {BP_METRIC_BALANCED_ACCURACY, 0.5008071025020178},
    {BP_METRIC_PRECISION, 0.2631578947368421},
    {BP_METRIC_RECALL, 0.47619047619047616},
    {BP_METRIC_F1, 0.3389830508474576},
    {BP_METRIC_LOG_LOSS, 0.7228860628828363},
};
static const struct figure classes_4[] = {
    {BP_METRIC_ACCURACY, 0.25},
    {BP_METRIC_BALANCED_ACCURACY, 0.23380867498514557},
    {BP_METRIC_PRECISION, 0.24931318681318682},
    {BP_METRIC_RECALL, 0.17535650623885918},
    {BP_METRIC_F1, 0.20526315789473684},
    {BP_METRIC_LOG_LOSS, 1.6149935223572505},
};
static const struct figure classes_4_weighted[] = {
    {BP_METRIC_ACCURACY, 0.3125},
    {BP_METRIC_BALANCED_ACCURACY, 0.304728835978836},
    {BP_METRIC_PRECISION, 0.2909289352413291},
    {BP_METRIC_RECALL, 0.22854662698412698},
    {BP_METRIC_F1, 0.25134533488192023},
    {BP_METRIC_LOG_LOSS, 1.4524393000135654},
};
static const struct figure numbers[] = {
    {BP_METRIC_RMSE, 2.214741096607005},
    {BP_METRIC_MAE, 1.090625},
    {BP_METRIC_R2, 0.0907226271695824},
};
static const struct figure numbers_weighted[] = {
    {BP_METRIC_RMSE, 2.284586601006843},
    {BP_METRIC_MAE, 1.1234375},
    {BP_METRIC_R2, 0.0796205308834762},
};

static void expect_figures(const struct synthetic *synthetic, const struct figure *figure,
                           size_t count)
{
    const bp_metrics metrics = measure(synthetic);
    for (size_t k = 0; k < count; k++)
        expect_near(bp_metrics_get(&metrics, figure[k].metric), figure[k].value,
                    bp_choice_name(BP_CHOICE_METRIC, (int)figure[k].metric));
}

#define EXPECT_FIGURES(synthetic, figures)                                                         \
    expect_figures(synthetic, figures, sizeof figures / sizeof figures[0])

/* The formulas of sklearn_metrics.py: 40 samples. */
static void make_classes(size_t classes, bool weighted, const struct figure *figure, size_t count)
{
    struct synthetic *synthetic = create(40, classes, true);
    for (size_t x = 0; x < 40; x++) {
        synthetic->labels[x] = (uint32_t)(x * x % 7 % classes);
        synthetic->weight[x] = (float)(x % 5) / 2;
        for (size_t c = 0; c < classes; c++)
            synthetic->outputs[x * classes + c] =
                (float)((x * 37 + c * 101 + x * c * 13) % 97 + 1) / 128;
    }
    synthetic->samples.weight = weighted ? synthetic->weight : NULL;
    expect_figures(synthetic, figure, count);
    free(synthetic);
}

Test(model_metrics, classes_have_the_figures_of_scikit_learn)
{
    make_classes(2, false, classes_2, sizeof classes_2 / sizeof classes_2[0]);
    make_classes(2, true, classes_2_weighted, sizeof classes_2_weighted / sizeof classes_2[0]);
    make_classes(4, false, classes_4, sizeof classes_4 / sizeof classes_4[0]);
    make_classes(4, true, classes_4_weighted, sizeof classes_4_weighted / sizeof classes_4[0]);
}

Test(model_metrics, numbers_have_the_figures_of_scikit_learn)
{
    struct synthetic *synthetic = create(40, 2, false);
    for (size_t x = 0; x < 40; x++) {
        synthetic->weight[x] = (float)(x % 5) / 2;
        for (size_t j = 0; j < 2; j++) {
            synthetic->outputs[2 * x + j] = (float)((x * 29 + j * 11) % 64) / 8;
            synthetic->targets[2 * x + j] = (float)((x * 29 + j * 7 + x % 3 * 5) % 64) / 8;
        }
    }
    EXPECT_FIGURES(synthetic, numbers);
    synthetic->samples.weight = synthetic->weight;
    EXPECT_FIGURES(synthetic, numbers_weighted);
    free(synthetic);
}

/* Truth 0 0 0 1 1 2, answers 0 0 1 1 1 0, of which the last has weight 2. */
Test(model_metrics, shares_of_three_classes_are_as_counted_by_hand)
{
    struct synthetic *synthetic = create(6, 3, true);
    static const uint32_t truth[] = {0, 0, 0, 1, 1, 2}, answer[] = {0, 0, 1, 1, 1, 0};
    for (size_t x = 0; x < 6; x++) {
        say(synthetic, x, truth[x], answer[x]);
        synthetic->weight[x] = x == 5 ? 2.0f : 1.0f;
        synthetic->losses[x] = (double)x;
    }
    synthetic->samples.weight = synthetic->weight;
    struct bp_metric_accumulator accumulator = accumulate_all(synthetic);
    const bp_metrics metrics = bp_metric_accumulator_metrics(&accumulator);
    const bp_class_metrics first = bp_metric_accumulator_class(&accumulator, 0),
                           last = bp_metric_accumulator_class(&accumulator, 2);

    cr_expect_eq(metrics.samples, 6);
    cr_expect_eq(metrics.weight, 7.0);
    expect_near(metrics.loss, (0 + 1 + 2 + 3 + 4 + 2 * 5) / 7.0, "loss");
    expect_near(metrics.accuracy, 4 / 7.0, "accuracy");
    expect_near(metrics.balanced_accuracy, (2 / 3.0 + 1 + 0) / 3, "balanced accuracy");
    expect_near(metrics.precision, (2 / 4.0 + 2 / 3.0 + 0) / 3, "precision");
    expect_near(metrics.f1, (4 / 7.0 + 4 / 5.0 + 0) / 3, "f1");
    cr_expect_str_eq(first.name, "a");
    cr_expect_eq(first.weight, 3.0);
    cr_expect_eq(first.predicted, 4.0);
    expect_near(first.recall, 2 / 3.0, "recall of a class");
    cr_expect_eq(last.precision, 0.0, "a share of nothing is 0");
    cr_expect(isnan(metrics.rmse) && isnan(metrics.mae) && isnan(metrics.r2));
    bp_metric_accumulator_release(&accumulator);
    free(synthetic);
}

Test(model_metrics, a_class_that_neither_occurs_nor_is_predicted_counts_in_no_mean)
{
    struct synthetic *synthetic = create(2, 4, true);
    say(synthetic, 0, 0, 0);
    say(synthetic, 1, 2, 2);
    const bp_metrics metrics = measure(synthetic);
    cr_expect_eq(metrics.precision, 1.0);
    cr_expect_eq(metrics.recall, 1.0);
    cr_expect_eq(metrics.f1, 1.0);
    cr_expect_eq(metrics.balanced_accuracy, 1.0);
    free(synthetic);
}

Test(model_metrics, a_weight_of_zero_is_as_good_as_no_sample)
{
    struct synthetic *synthetic = create(3, 3, true);
    for (size_t x = 0; x < 3; x++) {
        say(synthetic, x, (uint32_t)x, x == 2 ? 0 : (uint32_t)x);
        synthetic->weight[x] = x == 2 ? 0.0f : 1.0f;
    }
    synthetic->samples.weight = synthetic->weight;
    const bp_metrics weighted = measure(synthetic);
    synthetic->samples.weight = NULL;
    synthetic->samples.count = 2;
    bp_metrics fewer = measure(synthetic);
    fewer.samples = 3;
    for (bp_metric metric = BP_METRIC_LOSS; metric <= BP_METRIC_LOG_LOSS; metric++)
        cr_expect_eq(bp_metrics_get(&weighted, metric), bp_metrics_get(&fewer, metric), "%d",
                     (int)metric);
    free(synthetic);
}

Test(model_metrics, the_first_of_equal_outputs_is_the_answer)
{
    struct synthetic *synthetic = create(2, 3, true);
    static const float outputs[] = {0.2f, 0.4f, 0.4f, 0.0f, 0.0f, 0.0f};
    memcpy(synthetic->outputs, outputs, sizeof outputs);
    synthetic->labels[0] = 1;
    cr_expect_eq(measure(synthetic).accuracy, 1.0);
    free(synthetic);
}

Test(model_metrics, log_loss_is_finite_whatever_the_outputs_are)
{
    static const struct {
        float outputs[2];
        double wanted;
    } cases[] = {
        {{1.0f, 0.0f}, 52 * 0.69314718055994530942},    /* sure and wrong: -ln 2^-52 */
        {{0.5f, 0.5f}, 0.69314718055994530942},         /* ln 2 */
        {{0.1f, 0.3f}, 0.28768207245178092744},         /* ln 4/3: shares, not values */
        {{-1.0f, 0.5f}, 0.0},                           /* below 0 counts 0 */
        {{-1.0f, -2.0f}, 0.69314718055994530942},       /* no share at all: all are equal */
        {{INFINITY, INFINITY}, 52 * 0.6931471805599453} /* not a number: the worst */
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct synthetic *synthetic = create(1, 2, true);
        memcpy(synthetic->outputs, cases[k].outputs, sizeof cases[k].outputs);
        synthetic->labels[0] = 1;
        /* The outputs are binary32: a share is off by one rounding of each. */
        cr_expect_leq(fabs(measure(synthetic).log_loss - cases[k].wanted), 2 * (double)FLT_EPSILON,
                      "case %zu: %.17g", k, measure(synthetic).log_loss);
        free(synthetic);
    }
}

Test(model_metrics, numbers_are_measured_in_the_units_of_the_user)
{
    struct synthetic *synthetic = create(2, 2, false);
    synthetic->column[1].scale = 0.25f;
    static const float targets[] = {0, 0, 1, 1}, outputs[] = {0, 0.5f, 0, 1};
    memcpy(synthetic->targets, targets, sizeof targets);
    memcpy(synthetic->outputs, outputs, sizeof outputs);
    struct bp_metric_accumulator accumulator = accumulate_all(synthetic);
    const bp_metrics metrics = bp_metric_accumulator_metrics(&accumulator);
    const bp_target_metrics second = bp_metric_accumulator_target(&accumulator, 1);

    expect_near(metrics.mae, (1 + 2) / 4.0, "mae");
    expect_near(metrics.rmse, sqrt((1 + 4) / 4.0), "rmse");
    expect_near(metrics.r2, ((1 - 1 / 0.5) + (1 - 0.25 / 0.5)) / 2, "r2");
    cr_expect_str_eq(second.name, "b");
    expect_near(second.rmse, sqrt(4 / 2.0), "rmse of a target");
    expect_near(second.mae, 1, "mae of a target");
    expect_near(second.r2, 0.5, "r2 of a target");
    cr_expect(isnan(metrics.accuracy) && isnan(metrics.f1) && isnan(metrics.log_loss));
    bp_metric_accumulator_release(&accumulator);
    free(synthetic);
}

Test(model_metrics, r2_of_a_constant_target_is_not_a_number)
{
    struct synthetic *synthetic = create(2, 1, false);
    synthetic->outputs[0] = 1.0f;
    cr_expect(isnan(measure(synthetic).r2));
    cr_expect(!isnan(measure(synthetic).rmse));
    free(synthetic);
}

Test(model_metrics, errors_and_losses_are_better_when_they_fall)
{
    static const bool falls[] = {true, false, false, false, false, false, true, true, true, false};
    for (int metric = BP_METRIC_LOSS; metric <= BP_METRIC_R2; metric++)
        cr_expect_eq(bp_metric_lower_is_better((bp_metric)metric), falls[metric], "%d", metric);
}

Test(model_metrics, a_metric_belongs_to_classes_or_to_numbers)
{
    const struct bp_schema classes = {.task = BP_TASK_CLASSIFY}, others = {.task = BP_TASK_REGRESS};
    bp_error error;
    cr_expect_eq(bp_metric_check(BP_METRIC_F1, &classes, &error), BP_OK);
    cr_expect_eq(bp_metric_check(BP_METRIC_LOSS, &others, &error), BP_OK);
    cr_expect_eq(bp_metric_check(BP_METRIC_RMSE, &others, &error), BP_OK);
    cr_expect_eq(bp_metric_check(BP_METRIC_RMSE, &classes, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message,
                     "metric rmse is for numbers, and the model predicts classes: take loss, "
                     "accuracy, balanced-accuracy, precision, recall, f1 or log-loss");
    cr_expect_eq(bp_metric_check(BP_METRIC_F1, &others, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "metric f1 is for classes, and the model predicts numbers: "
                                    "take loss, rmse, mae or r2");
    cr_expect_eq(bp_metric_check((bp_metric)77, &classes, &error), BP_ERROR_ARGUMENT);
}
