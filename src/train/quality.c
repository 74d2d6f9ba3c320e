/* How good a trainer's weights are on its rows, and how good one answer for all of them would be:
 * what scikit-learn's DummyClassifier ("prior") and DummyRegressor ("mean") say. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "step/passes/loss.h"
#include "train/quality.h"
#include "train/trainer.h"

/* One answer for all rows. */
struct baseline {
    const struct bp_network *network;
    float *output;  /* of each output neuron */
    double *losses; /* of each class, NaN where no row had it yet; NULL: numbers */
    size_t class;   /* the most frequent one */
};

static void release_baseline(struct baseline *baseline)
{
    free(baseline->output);
    free(baseline->losses);
}

/* `train` is of the training rows. */
static bp_status make_baseline(struct baseline *baseline, const struct bp_network *network,
                               const struct bp_metric_accumulator *train, bp_error *error)
{
    const size_t outputs = train->samples->outputs;
    *baseline = (struct baseline){.network = network,
                                  .output = bp_array_alloc(outputs, sizeof *baseline->output)};
    if (train->classes > 0)
        baseline->losses = bp_array_alloc(outputs, sizeof *baseline->losses);
    if (!baseline->output || (train->classes > 0 && !baseline->losses)) {
        release_baseline(baseline);
        return bp_fail_memory(error, "the baseline");
    }
    for (size_t j = 0; j < outputs; j++) {
        baseline->output[j] =
            (float)(train->classes > 0 ? train->support[j] / train->weight : train->mean[j]);
        if (train->classes > 0)
            baseline->losses[j] = (double)NAN;
        if (train->classes > 0 && train->support[j] > train->support[baseline->class])
            baseline->class = j;
    }
    return BP_OK;
}

/* All rows of a class have the same loss. */
static double get_loss(const struct baseline *baseline, const struct bp_samples *samples, size_t x)
{
    if (!baseline->losses)
        return bp_loss_of_outputs(baseline->network, baseline->output, samples, x);
    double *loss = &baseline->losses[samples->labels[x]];
    if (isnan(*loss))
        *loss = bp_loss_of_outputs(baseline->network, baseline->output, samples, x);
    return *loss;
}

static bp_metrics measure_baseline(const struct baseline *baseline,
                                   struct bp_metric_accumulator *accumulator)
{
    bp_metric_accumulator_clear(accumulator);
    accumulator->factor = NULL; /* its class is the most frequent one, whatever a model decides */
    for (size_t x = 0; x < accumulator->samples->count; x++) {
        const double loss = get_loss(baseline, accumulator->samples, x);
        bp_metric_accumulator_add(accumulator, x, x + 1, baseline->output, &loss);
    }
    return bp_metric_accumulator_metrics(accumulator);
}

static const char *get_class_name(const struct bp_model *model, size_t class)
{
    const struct bp_schema *schema = model->schema;
    return schema->column[schema->input_columns].category[class];
}

static const char *find_only_class(const struct bp_metric_accumulator *accumulator)
{
    const char *only = NULL;
    for (size_t c = 0; c < accumulator->classes; c++) {
        if (!(accumulator->predicted[c] > 0.0))
            continue;
        if (only)
            return NULL;
        only = get_class_name(accumulator->model, c);
    }
    return only;
}

bp_status bp_quality_fill(bp_quality *quality, const struct bp_metric_accumulator *train,
                          struct bp_metric_accumulator *measured, bp_error *error)
{
    struct baseline baseline;
    const bp_status status = make_baseline(&baseline, bp_model_first(train->model), train, error);
    if (status)
        return status;
    *quality = (bp_quality){
        .metrics = bp_metric_accumulator_metrics(measured),
        .only_class = find_only_class(measured),
        .classes = train->classes,
    };
    if (train->classes > 0)
        quality->baseline_class = get_class_name(train->model, baseline.class);
    quality->baseline = measure_baseline(&baseline, measured);
    release_baseline(&baseline);
    return BP_OK;
}

/* ---- outputs that are the same for all rows ---- */

/* Outputs that differ by less of the largest one are rounded differently, and no more. */
#define CONSTANT_SHARE 1e-6f

/* The range of each output, beside what another visitor does with them. */
struct ranges {
    struct bp_visitor inner;
    size_t outputs;
    float *low, *high;
};

static void pass_on(void *arg, size_t begin, size_t end, const float *outputs)
{
    const struct ranges *ranges = arg;
    ranges->inner.measure(ranges->inner.arg, begin, end, outputs);
}

static void widen(void *arg, size_t begin, size_t end, const float *outputs, const double *losses)
{
    const struct ranges *ranges = arg;
    for (size_t x = 0; x < end - begin; x++) {
        for (size_t j = 0; j < ranges->outputs; j++) {
            const float output = outputs[x * ranges->outputs + j];
            ranges->low[j] = fminf(ranges->low[j], output);
            ranges->high[j] = fmaxf(ranges->high[j], output);
        }
    }
    ranges->inner.take(ranges->inner.arg, begin, end, outputs, losses);
}

static bool is_constant(const struct ranges *ranges)
{
    float widest = 0, largest = 0;
    for (size_t j = 0; j < ranges->outputs; j++) {
        widest = fmaxf(widest, ranges->high[j] - ranges->low[j]);
        largest = fmaxf(largest, fmaxf(fabsf(ranges->low[j]), fabsf(ranges->high[j])));
    }
    return isfinite(largest) && widest <= CONSTANT_SHARE * largest;
}

/* Adds the outputs to `accumulator`. */
static bp_status run_model(const bp_trainer *trainer, struct bp_metric_accumulator *accumulator,
                           bool *constant, bp_error *error)
{
    const size_t outputs = accumulator->samples->outputs;
    float *memory = bp_array_alloc(outputs, 2 * sizeof *memory);
    struct bp_infer *infer;
    if (!memory)
        return bp_fail_memory(error, "the ranges of outputs");
    const bp_status status = bp_infer_create(&infer, trainer->model, accumulator->samples,
                                             &trainer->setup.engine, error);
    if (!status) {
        bp_metric_accumulator_clear(accumulator);
        struct ranges ranges = {bp_metric_accumulator_visitor(accumulator), outputs, memory,
                                memory + outputs};
        for (size_t j = 0; j < outputs; j++) {
            ranges.low[j] = INFINITY;
            ranges.high[j] = -INFINITY;
        }
        bp_infer_run(infer, &(struct bp_visitor){pass_on, widen, &ranges});
        *constant = is_constant(&ranges);
        bp_infer_free(infer);
    }
    free(memory);
    return status;
}

bp_status bp_trainer_measure(bp_trainer *trainer, bool validation, bp_quality *quality,
                             bp_error *error)
{
    BP_REQUIRE(trainer, error);
    BP_REQUIRE(quality, error);
    *quality = (bp_quality){0};
    if (validation && !trainer->has_validation)
        return bp_fail(error, BP_ERROR_ARGUMENT, "the trainer has no validation rows to measure");
    const struct bp_samples *samples = validation ? &trainer->samples : bp_trainer_samples(trainer);
    struct bp_metric_accumulator train = {0}, valid = {0};
    struct bp_metric_accumulator *measured = validation ? &valid : &train;
    bool constant = false;
    bp_status status = bp_team_check(trainer->setup.engine.team, error);
    if (!status)
        status = bp_metric_accumulator_make(&train, trainer->model, samples, error);
    if (!status && validation)
        status = bp_metric_accumulator_make(&valid, trainer->model, &trainer->valid.samples, error);
    if (!status)
        status = run_model(trainer, measured, &constant, error);
    if (!status)
        status = bp_quality_fill(quality, &train, measured, error);
    quality->constant = !status && constant;
    bp_metric_accumulator_release(&train);
    bp_metric_accumulator_release(&valid);
    return status;
}
