/* A run that is no better than one answer for all rows has a reason; a table of the usual ones says
 * what to try. The first that applies is taken. */
#include "cli/run/advice.h"

#include <math.h>
#include <stdio.h>

/* Of fewer validation rows the figures are left to chance: then the training rows are judged. */
#define VALID_ROWS_MIN 10

/* A small table needs about so many updates of the weights (docs/quality.md). */
#define UPDATES_ENOUGH 1500

/* Numbers are as good as their mean where the error is above this share of that of the mean. */
#define ERROR_SHARE 0.995

/* Training rows are learned where their error is below this share. */
#define FITTED_SHARE 0.95

#define NAME_LIMIT 40

static bool is_classes(const struct advice_facts *facts)
{
    return facts->model->task == BP_TASK_CLASSIFY;
}

/* Losses that are linear far from the target do not aim at the mean: it is the mean error that they
 * lower. */
static bool uses_mae(const struct advice_facts *facts)
{
    const bp_loss loss = facts->model->loss;
    return loss == BP_LOSS_MAE || loss == BP_LOSS_HUBER || loss == BP_LOSS_QUANTILE;
}

static double get_error(const struct advice_facts *facts, const bp_metrics *metrics)
{
    if (is_classes(facts))
        return 1.0 - metrics->accuracy;
    return uses_mae(facts) ? metrics->mae : metrics->rmse;
}

/* A target that is constant is not judged: nothing is better than its mean. */
static bool is_poor(const struct advice_facts *facts, const bp_quality *quality)
{
    const double error = get_error(facts, &quality->metrics);
    const double baseline = get_error(facts, &quality->baseline);
    return baseline > 0.0 && error >= baseline * (is_classes(facts) ? 1.0 : ERROR_SHARE);
}

/* The inputs have no effect on the outputs; those of a constant target need none. */
static bool is_constant(const struct advice_facts *facts, const bp_quality *quality)
{
    return quality->constant && get_error(facts, &quality->baseline) > 0.0;
}

static const bp_quality *find_judged(const struct advice_facts *facts)
{
    return facts->valid && facts->valid->metrics.samples >= VALID_ROWS_MIN ? facts->valid
                                                                           : facts->train;
}

/* Whether all hidden layers are logistic; there is one. */
static bool is_logistic(const struct advice_facts *facts)
{
    for (size_t l = 0; l + 1 < facts->model->layers; l++) {
        if (facts->model->activations[l] != BP_ACTIVATION_LOGISTIC)
            return false;
    }
    return facts->model->layers > 1;
}

/* ---- the reasons ---- */

/* A rate that drives all hidden neurons to where they no longer change, or so far that one class is
 * left, which has other causes where the rate is not far from the usual one. */
static bool has_saturating_rate(const struct advice_facts *facts)
{
    const bp_quality *judged = find_judged(facts);
    const float times =
        facts->options->learning_rate / bp_optimizer_learning_rate(facts->options->optimizer);
    return times > 2.0f && (is_constant(facts, judged) || (judged->only_class && times > 10.0f));
}

/* The training rows were learned, if only a little; it is the validation rows that are judged. */
static bool learned_by_heart(const struct advice_facts *facts)
{
    return !is_constant(facts, find_judged(facts)) &&
           get_error(facts, &facts->train->metrics) <
               FITTED_SHARE * get_error(facts, &facts->train->baseline);
}

static void say_by_heart(const struct advice_facts *facts, char *text)
{
    (void)facts;
    snprintf(
        text, ADVICE_SIZE,
        "--weight-decay, --dropout or fewer --hidden neurons: what was learned of the training "
        "rows does not hold for the others");
}

/* The loss is above that of the baseline and does not fall, or began far above it. Below it, as
 * where noise is learned, it is not the rate. */
static bool has_high_rate(const struct advice_facts *facts)
{
    const double loss = facts->train->metrics.loss, baseline = facts->train->baseline.loss;
    if (!is_classes(facts) && facts->first_loss > 3.0 * baseline && loss > baseline)
        return true;
    return loss > 1.02 * baseline && facts->result->epochs > 1 &&
           facts->result->train_loss > 0.98 * facts->first_loss;
}

static void say_rate(const struct advice_facts *facts, char *text)
{
    const double usual = (double)bp_optimizer_learning_rate(facts->options->optimizer);
    const double rate = (double)facts->options->learning_rate;
    snprintf(text, ADVICE_SIZE,
             "--learning-rate %.6g: with %.6g the loss does not fall below that of one answer for "
             "all rows",
             rate > 2.0 * usual ? usual : rate / 10.0, rate);
}

/* Each logistic layer makes the gradient at least four times smaller. */
static bool is_too_deep(const struct advice_facts *facts)
{
    return facts->model->layers > 3 && is_logistic(facts);
}

static void say_deep(const struct advice_facts *facts, char *text)
{
    snprintf(text, ADVICE_SIZE,
             "%s--preset modern or fewer --hidden layers: %zu logistic layers pass on hardly any "
             "gradient",
             facts->continues ? "a new model with " : "", facts->model->layers - 1);
}

static bool is_imbalanced(const struct advice_facts *facts)
{
    return is_classes(facts) && !facts->options->class_weight &&
           facts->train->baseline.accuracy >= 0.75;
}

static void say_imbalanced(const struct advice_facts *facts, char *text)
{
    snprintf(text, ADVICE_SIZE,
             "--class-weight balanced: \"%.*s\" has %.1f %% of the training rows, so that others "
             "count little",
             NAME_LIMIT, facts->train->baseline_class, 100.0 * facts->train->baseline.accuracy);
}

/* Not where it was better before the last quarter of the run. */
static bool is_short(const struct advice_facts *facts)
{
    const bp_train_result *result = facts->result;
    return result->updates < UPDATES_ENOUGH &&
           (result->best_epoch == 0 || 4 * result->best_epoch >= 3 * result->epochs);
}

static void say_short(const struct advice_facts *facts, char *text)
{
    const bp_train_result *result = facts->result;
    const double batches = (double)result->updates / (double)result->epochs;
    const double enough = ceil(UPDATES_ENOUGH / batches);
    snprintf(text, ADVICE_SIZE, "--epochs %.0f: %zu updates of the weights are few",
             fmax(enough, 2.0 * (double)result->epochs), result->updates);
}

/* What was chosen for the table is seldom too much: without success there may be none. */
static bool has_decay(const struct advice_facts *facts)
{
    return facts->options->weight_decay > 0.0f && !facts->decay_is_auto;
}

static void say_decay(const struct advice_facts *facts, char *text)
{
    snprintf(text, ADVICE_SIZE, "--weight-decay %.6g: %.6g may keep the weights too small",
             (double)facts->options->weight_decay / 10.0, (double)facts->options->weight_decay);
}

static bool is_classic(const struct advice_facts *facts)
{
    return !facts->continues && is_logistic(facts) && facts->options->optimizer == BP_OPTIMIZER_SGD;
}

static void say_classic(const struct advice_facts *facts, char *text)
{
    (void)facts;
    snprintf(text, ADVICE_SIZE,
             "--preset modern or more --hidden neurons, if the inputs say anything about the "
             "target");
}

static bool is_any(const struct advice_facts *facts)
{
    (void)facts;
    return true;
}

static void say_any(const struct advice_facts *facts, char *text)
{
    (void)facts;
    snprintf(text, ADVICE_SIZE,
             "--epochs, --hidden or --learning-rate of other sizes, if the inputs say anything "
             "about the target");
}

static const struct {
    bool (*applies)(const struct advice_facts *facts);
    void (*say)(const struct advice_facts *facts, char *text);
} reasons[] = {
    {has_saturating_rate, say_rate}, {learned_by_heart, say_by_heart}, {has_high_rate, say_rate},
    {is_too_deep, say_deep},         {is_imbalanced, say_imbalanced},  {is_short, say_short},
    {has_decay, say_decay},          {is_classic, say_classic},        {is_any, say_any},
};

/* ---- what is wrong ---- */

static void say_problem(const struct advice_facts *facts, const bp_quality *judged, char *text)
{
    const char *rows = judged == facts->valid ? "validation" : "training";
    const char *class = judged->baseline_class;
    if (judged->only_class)
        snprintf(text, ADVICE_SIZE, "all %s rows are predicted as \"%.*s\"", rows, NAME_LIMIT,
                 judged->only_class);
    else if (is_constant(facts, judged))
        snprintf(text, ADVICE_SIZE, "the outputs are the same for all %s rows", rows);
    else if (is_classes(facts))
        snprintf(text, ADVICE_SIZE,
                 "accuracy %.2f %% on the %s rows, and %.2f %% if all were predicted as \"%.*s\"",
                 100.0 * judged->metrics.accuracy, rows, 100.0 * judged->baseline.accuracy,
                 NAME_LIMIT, class);
    else
        snprintf(text, ADVICE_SIZE,
                 "%s %.4g on the %s rows, and %.4g if all were predicted as the mean",
                 uses_mae(facts) ? "mae" : "rmse", get_error(facts, &judged->metrics), rows,
                 get_error(facts, &judged->baseline));
}

struct advice advice_find(const struct advice_facts *facts)
{
    struct advice advice = {.problem = ""};
    const bp_quality *judged = find_judged(facts);
    /* Of the quantiles only the median is near the mean. */
    const bool comparable =
        facts->model->loss != BP_LOSS_QUANTILE || facts->model->loss_parameter == 0.5f;
    const bool poor = comparable && is_poor(facts, judged);
    if (facts->result->epochs == 0 || (!poor && !is_constant(facts, judged)))
        return advice;
    say_problem(facts, judged, advice.problem);
    for (size_t k = 0; k < sizeof reasons / sizeof reasons[0]; k++) {
        if (!reasons[k].applies(facts))
            continue;
        reasons[k].say(facts, advice.remedy);
        break;
    }
    return advice;
}
