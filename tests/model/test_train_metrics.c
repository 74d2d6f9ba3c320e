/* Figures of merit: by hand, against values that tests/peers/sklearn_metrics.py makes anew, and at the
 * edges of what is defined. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "model/metrics.h"

#define COUNT_MAX   64
#define OUTPUTS_MAX 4

/* Samples with what a model is to say of them: nothing is computed but the figures. */
struct made_up {
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
static struct made_up *create(size_t count, size_t outputs, bool classes)
{
    static char names[OUTPUTS_MAX][2] = {"a", "b", "c", "d"};
    struct made_up *made_up = calloc(1, sizeof *made_up);
    cr_assert_not_null(made_up);
    for (size_t k = 0; k < outputs; k++) {
        made_up->names[k] = names[k];
        made_up->column[k] = (struct bp_schema_column){.name = names[k], .scale = 1.0f};
    }
    made_up->column[0].category = made_up->names;
    made_up->schema = (struct bp_schema){.task = classes ? BP_TASK_CLASSIFY : BP_TASK_REGRESS,
                                         .target_columns = classes ? 1 : outputs,
                                         .outputs = outputs,
                                         .column = made_up->column};
    made_up->model = (struct bp_model){.network = &made_up->network, .schema = &made_up->schema};
    made_up->samples = (struct bp_samples){.count = count, .outputs = outputs};
    if (classes)
        made_up->samples.labels = made_up->labels;
    else
        made_up->samples.targets = made_up->targets;
    return made_up;
}

/* Adds the samples in two parts. */
static struct bp_tally tally_all(const struct made_up *made_up)
{
    struct bp_tally tally;
    const size_t count = made_up->samples.count, half = count / 2;
    cr_assert_eq(bp_tally_make(&tally, &made_up->model, &made_up->samples, NULL), BP_OK);
    bp_tally_add(&tally, 0, half, made_up->outputs, made_up->losses);
    bp_tally_add(&tally, half, count, made_up->outputs + half * made_up->samples.outputs,
                 made_up->losses + half);
    return tally;
}

static bp_metrics measure(const struct made_up *made_up)
{
    struct bp_tally tally = tally_all(made_up);
    const bp_metrics metrics = bp_tally_metrics(&tally);
    bp_tally_release(&tally);
    return metrics;
}

/* A sample of class `truth` of which the model is sure that it is of class `answer`. */
static void say(struct made_up *made_up, size_t x, uint32_t truth, uint32_t answer)
{
    made_up->labels[x] = truth;
    made_up->outputs[x * made_up->samples.outputs + answer] = 1.0f;
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

static void expect_figures(const struct made_up *made_up, const struct figure *figure, size_t count)
{
    const bp_metrics metrics = measure(made_up);
    for (size_t k = 0; k < count; k++)
        expect_near(bp_metrics_get(&metrics, figure[k].metric), figure[k].value,
                    bp_choice_name(BP_CHOICE_METRIC, (int)figure[k].metric));
}

#define EXPECT_FIGURES(made_up, figures)                                                           \
    expect_figures(made_up, figures, sizeof figures / sizeof figures[0])

/* The formulas of sklearn_metrics.py: 40 samples. */
static void make_classes(size_t classes, bool weighted, const struct figure *figure, size_t count)
{
    struct made_up *made_up = create(40, classes, true);
    for (size_t x = 0; x < 40; x++) {
        made_up->labels[x] = (uint32_t)(x * x % 7 % classes);
        made_up->weight[x] = (float)(x % 5) / 2;
        for (size_t c = 0; c < classes; c++)
            made_up->outputs[x * classes + c] =
                (float)((x * 37 + c * 101 + x * c * 13) % 97 + 1) / 128;
    }
    made_up->samples.weight = weighted ? made_up->weight : NULL;
    expect_figures(made_up, figure, count);
    free(made_up);
}

Test(train_metrics, classes_have_the_figures_of_scikit_learn)
{
    make_classes(2, false, classes_2, sizeof classes_2 / sizeof classes_2[0]);
    make_classes(2, true, classes_2_weighted, sizeof classes_2_weighted / sizeof classes_2[0]);
    make_classes(4, false, classes_4, sizeof classes_4 / sizeof classes_4[0]);
    make_classes(4, true, classes_4_weighted, sizeof classes_4_weighted / sizeof classes_4[0]);
}

Test(train_metrics, numbers_have_the_figures_of_scikit_learn)
{
    struct made_up *made_up = create(40, 2, false);
    for (size_t x = 0; x < 40; x++) {
        made_up->weight[x] = (float)(x % 5) / 2;
        for (size_t j = 0; j < 2; j++) {
            made_up->outputs[2 * x + j] = (float)((x * 29 + j * 11) % 64) / 8;
            made_up->targets[2 * x + j] = (float)((x * 29 + j * 7 + x % 3 * 5) % 64) / 8;
        }
    }
    EXPECT_FIGURES(made_up, numbers);
    made_up->samples.weight = made_up->weight;
    EXPECT_FIGURES(made_up, numbers_weighted);
    free(made_up);
}

/* Truth 0 0 0 1 1 2, answers 0 0 1 1 1 0, of which the last has weight 2. */
Test(train_metrics, shares_of_three_classes_are_as_counted_by_hand)
{
    struct made_up *made_up = create(6, 3, true);
    static const uint32_t truth[] = {0, 0, 0, 1, 1, 2}, answer[] = {0, 0, 1, 1, 1, 0};
    for (size_t x = 0; x < 6; x++) {
        say(made_up, x, truth[x], answer[x]);
        made_up->weight[x] = x == 5 ? 2.0f : 1.0f;
        made_up->losses[x] = (double)x;
    }
    made_up->samples.weight = made_up->weight;
    struct bp_tally tally = tally_all(made_up);
    const bp_metrics metrics = bp_tally_metrics(&tally);
    const bp_class_metrics first = bp_tally_class(&tally, 0), last = bp_tally_class(&tally, 2);

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
    bp_tally_release(&tally);
    free(made_up);
}

Test(train_metrics, a_class_that_neither_occurs_nor_is_predicted_counts_in_no_mean)
{
    struct made_up *made_up = create(2, 4, true);
    say(made_up, 0, 0, 0);
    say(made_up, 1, 2, 2);
    const bp_metrics metrics = measure(made_up);
    cr_expect_eq(metrics.precision, 1.0);
    cr_expect_eq(metrics.recall, 1.0);
    cr_expect_eq(metrics.f1, 1.0);
    cr_expect_eq(metrics.balanced_accuracy, 1.0);
    free(made_up);
}

Test(train_metrics, a_weight_of_zero_is_as_good_as_no_sample)
{
    struct made_up *made_up = create(3, 3, true);
    for (size_t x = 0; x < 3; x++) {
        say(made_up, x, (uint32_t)x, x == 2 ? 0 : (uint32_t)x);
        made_up->weight[x] = x == 2 ? 0.0f : 1.0f;
    }
    made_up->samples.weight = made_up->weight;
    const bp_metrics weighted = measure(made_up);
    made_up->samples.weight = NULL;
    made_up->samples.count = 2;
    bp_metrics fewer = measure(made_up);
    fewer.samples = 3;
    for (bp_metric metric = BP_METRIC_LOSS; metric <= BP_METRIC_LOG_LOSS; metric++)
        cr_expect_eq(bp_metrics_get(&weighted, metric), bp_metrics_get(&fewer, metric), "%d",
                     (int)metric);
    free(made_up);
}

Test(train_metrics, the_first_of_equal_outputs_is_the_answer)
{
    struct made_up *made_up = create(2, 3, true);
    static const float outputs[] = {0.2f, 0.4f, 0.4f, 0.0f, 0.0f, 0.0f};
    memcpy(made_up->outputs, outputs, sizeof outputs);
    made_up->labels[0] = 1;
    cr_expect_eq(measure(made_up).accuracy, 1.0);
    free(made_up);
}

Test(train_metrics, log_loss_is_finite_whatever_the_outputs_are)
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
        struct made_up *made_up = create(1, 2, true);
        memcpy(made_up->outputs, cases[k].outputs, sizeof cases[k].outputs);
        made_up->labels[0] = 1;
        /* The outputs are binary32: a share is off by one rounding of each. */
        cr_expect_leq(fabs(measure(made_up).log_loss - cases[k].wanted), 2 * (double)FLT_EPSILON,
                      "case %zu: %.17g", k, measure(made_up).log_loss);
        free(made_up);
    }
}

Test(train_metrics, numbers_are_measured_in_the_units_of_the_user)
{
    struct made_up *made_up = create(2, 2, false);
    made_up->column[1].scale = 0.25f;
    static const float targets[] = {0, 0, 1, 1}, outputs[] = {0, 0.5f, 0, 1};
    memcpy(made_up->targets, targets, sizeof targets);
    memcpy(made_up->outputs, outputs, sizeof outputs);
    struct bp_tally tally = tally_all(made_up);
    const bp_metrics metrics = bp_tally_metrics(&tally);
    const bp_target_metrics second = bp_tally_target(&tally, 1);

    expect_near(metrics.mae, (1 + 2) / 4.0, "mae");
    expect_near(metrics.rmse, sqrt((1 + 4) / 4.0), "rmse");
    expect_near(metrics.r2, ((1 - 1 / 0.5) + (1 - 0.25 / 0.5)) / 2, "r2");
    cr_expect_str_eq(second.name, "b");
    expect_near(second.rmse, sqrt(4 / 2.0), "rmse of a target");
    expect_near(second.mae, 1, "mae of a target");
    expect_near(second.r2, 0.5, "r2 of a target");
    cr_expect(isnan(metrics.accuracy) && isnan(metrics.f1) && isnan(metrics.log_loss));
    bp_tally_release(&tally);
    free(made_up);
}

Test(train_metrics, r2_of_a_constant_target_is_not_a_number)
{
    struct made_up *made_up = create(2, 1, false);
    made_up->outputs[0] = 1.0f;
    cr_expect(isnan(measure(made_up).r2));
    cr_expect(!isnan(measure(made_up).rmse));
    free(made_up);
}

Test(train_metrics, errors_and_losses_are_better_when_they_fall)
{
    static const bool falls[] = {true, false, false, false, false, false, true, true, true, false};
    for (int metric = BP_METRIC_LOSS; metric <= BP_METRIC_R2; metric++)
        cr_expect_eq(bp_metric_falls((bp_metric)metric), falls[metric], "%d", metric);
}

Test(train_metrics, a_metric_belongs_to_classes_or_to_numbers)
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
