/* Reliability (DeGroot and Fienberg 1983) by bins of probability, and errors by bins of spread. */
#include "ensemble/calibration.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "model/decision.h"
#include "model/infer.h"
#include "model/metrics.h"
#include "step/passes/loss.h"

void bp_calibration_release(struct bp_calibration *calibration)
{
    free(calibration->predicted);
    free(calibration->missed);
    free(calibration->weight);
    *calibration = (struct bp_calibration){.rows = 0};
}

/* False: no memory. */
static bool make_calibration(struct bp_calibration *calibration, const struct bp_samples *samples)
{
    const size_t targets = samples->labels ? 1 : samples->outputs;
    const size_t count = samples->count * targets;
    calibration->rows = samples->count;
    calibration->targets = targets;
    calibration->predicted = bp_array_alloc(count, sizeof *calibration->predicted);
    calibration->missed = bp_array_alloc(count, sizeof *calibration->missed);
    calibration->weight = bp_array_alloc(samples->count, sizeof *calibration->weight);
    if (!calibration->predicted || !calibration->missed || !calibration->weight)
        return false;
    for (size_t x = 0; x < samples->count; x++)
        calibration->weight[x] = bp_samples_weight(samples, x);
    return true;
}

static void note_class(struct bp_calibration *calibration, const struct bp_samples *samples,
                       const double *factor, const float *outputs, size_t x)
{
    const size_t class = bp_decide(factor, outputs, samples->outputs);
    calibration->predicted[x] = (double)outputs[class];
    calibration->missed[x] = samples->labels[x] == class ? 0.0 : 1.0;
}

/* sqrt(sum of share (o - mean)^2) over the kinds. */
static double find_spread(const struct bp_selection *selection, const double *share, size_t at,
                          double mean)
{
    double sum = 0.0;
    for (size_t k = 0; k < selection->kinds; k++) {
        const double difference = selection->outputs[k][at] - mean;
        sum += share[k] * difference * difference;
    }
    return sqrt(sum);
}

/* `columns`: the targets. */
static void note_numbers(struct bp_calibration *calibration, const struct bp_selection *selection,
                         const double *share, const struct bp_schema_column *columns,
                         const float *outputs, size_t x)
{
    const struct bp_samples *samples = selection->samples;
    for (size_t j = 0; j < samples->outputs; j++) {
        const size_t at = x * samples->outputs + j;
        const double scale = fabs((double)columns[j].scale);
        const double mean = (double)outputs[j];
        calibration->predicted[at] = find_spread(selection, share, at, mean) / scale;
        calibration->missed[at] = ((double)bp_loss_target(samples, x, j) - mean) / scale;
    }
}

bp_status bp_calibration_note(struct bp_ensemble *ensemble, const struct bp_selection *selection,
                              const double *share, bp_error *error)
{
    const struct bp_samples *samples = selection->samples;
    const struct bp_schema *schema = ensemble->schema;
    struct bp_calibration *calibration = &ensemble->calibration;
    float *outputs = bp_array_alloc(samples->outputs, sizeof *outputs);
    if (!make_calibration(calibration, samples) || !outputs) {
        free(outputs);
        return bp_fail_memory(error, "how sure the predictions are");
    }
    for (size_t x = 0; x < samples->count; x++) {
        bp_selection_mix(selection, share, x, outputs);
        if (samples->labels)
            note_class(calibration, samples, ensemble->factor, outputs, x);
        else
            note_numbers(calibration, selection, share, schema->column + schema->input_columns,
                         outputs, x);
    }
    free(outputs);
    return BP_OK;
}

/* Sums over the rows of a bin. */
struct bin {
    size_t count;
    double weight, predicted, actual, within;
};

static bp_calibration_bin finish_bin(const struct bin *bin, bool classes)
{
    if (bin->count == 0)
        return (bp_calibration_bin){
            .predicted = (double)NAN, .actual = (double)NAN, .within = (double)NAN};
    const double predicted = bin->predicted / bin->weight, actual = bin->actual / bin->weight;
    return (bp_calibration_bin){
        .count = bin->count,
        .predicted = classes ? predicted : sqrt(predicted),
        .actual = classes ? actual : sqrt(actual),
        .within = classes ? (double)NAN : bin->within / bin->weight,
    };
}

static void add_class(struct bin *bins, const struct bp_calibration *calibration, size_t x)
{
    const double p = calibration->predicted[x], w = calibration->weight[x];
    const double place = fmin(fmax(p * BP_CALIBRATION_BINS, 0.0), BP_CALIBRATION_BINS - 1);
    struct bin *bin = &bins[(size_t)place];
    bin->count++;
    bin->weight += w;
    bin->predicted += w * p;
    bin->actual += w * (1.0 - calibration->missed[x]);
}

static void add_number(struct bin *bin, const struct bp_calibration *calibration, size_t x,
                       size_t target)
{
    const size_t at = x * calibration->targets + target;
    const double spread = calibration->predicted[at], missed = calibration->missed[at];
    const double w = calibration->weight[x];
    bin->count++;
    bin->weight += w;
    bin->predicted += w * spread * spread;
    bin->actual += w * missed * missed;
    bin->within += fabs(missed) <= 2.0 * spread ? w : 0.0;
}

/* A row and its spread, to be sorted. */
struct row {
    double spread;
    size_t x;
};

static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    if (a->spread != b->spread)
        return a->spread < b->spread ? -1 : 1;
    return (a->x > b->x) - (a->x < b->x);
}

static bp_status add_numbers(struct bin *bins, const struct bp_calibration *calibration,
                             size_t target, bp_error *error)
{
    struct row *rows = bp_array_alloc(calibration->rows, sizeof *rows);
    if (!rows)
        return bp_fail_memory(error, "the rows in the order of their spread");
    for (size_t x = 0; x < calibration->rows; x++)
        rows[x] = (struct row){calibration->predicted[x * calibration->targets + target], x};
    qsort(rows, calibration->rows, sizeof *rows, compare_rows);
    for (size_t k = 0; k < calibration->rows; k++)
        add_number(&bins[k * BP_CALIBRATION_BINS / calibration->rows], calibration, rows[k].x,
                   target);
    free(rows);
    return BP_OK;
}

bp_status bp_ensemble_get_calibration(const bp_ensemble *ensemble, size_t target,
                                      bp_calibration_bin bins[BP_CALIBRATION_BINS], bp_error *error)
{
    BP_REQUIRE(ensemble, error);
    BP_REQUIRE(bins, error);
    const struct bp_calibration *calibration = &ensemble->calibration;
    const bool classes = ensemble->info.task == BP_TASK_CLASSIFY;
    struct bin sums[BP_CALIBRATION_BINS] = {{0}};
    bp_status status = BP_OK;
    if (calibration->rows == 0)
        return bp_fail(error, BP_ERROR_ARGUMENT, "no member of the ensemble left out rows");
    if (target >= calibration->targets)
        return bp_fail(error, BP_ERROR_ARGUMENT, "there is no target %zu of %zu, from 0", target,
                       calibration->targets);
    if (!classes)
        status = add_numbers(sums, calibration, target, error);
    for (size_t x = 0; classes && x < calibration->rows; x++)
        add_class(sums, calibration, x);
    for (size_t k = 0; k < BP_CALIBRATION_BINS; k++)
        bins[k] = finish_bin(&sums[k], classes);
    return status;
}

/* Classes of a model, on rows that are known. */
struct calibrating {
    const struct bp_model *model;
    struct bp_samples samples;
    struct bp_calibration calibration;
};

static void note_classes(void *arg, size_t begin, size_t end, const float *outputs)
{
    struct calibrating *work = arg;
    const struct bp_samples *samples = &work->samples;
    for (size_t x = begin; x < end; x++)
        note_class(&work->calibration, samples, work->model->factor,
                   outputs + (x - begin) * samples->outputs, x);
}

static bp_status calibrate(struct calibrating *work, const bp_dataset *dataset,
                           const bp_run_options *options, bp_error *error)
{
    const struct bp_visitor visitor = {.measure = note_classes, .arg = work};
    if (work->model->schema->task != BP_TASK_CLASSIFY)
        return bp_fail(error, BP_ERROR_ARGUMENT, "the model predicts numbers, not classes");
    const bp_status status = bp_labelled_bind(&work->samples, work->model, dataset, options, error);
    if (status)
        return status;
    if (!make_calibration(&work->calibration, &work->samples))
        return bp_fail_memory(error, "how sure the predictions are");
    return bp_infer_once(work->model, &work->samples, options, NULL, &visitor, error);
}

bp_status bp_calibrate(const bp_model *model, const bp_dataset *dataset,
                       const bp_run_options *options, bp_calibration_bin bins[BP_CALIBRATION_BINS],
                       bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(dataset, error);
    BP_REQUIRE(bins, error);
    struct bin sums[BP_CALIBRATION_BINS] = {{0}};
    bp_run_options full = bp_run_options_default();
    struct calibrating work = {.model = model};
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_run_options", error);
    if (!status)
        status = calibrate(&work, dataset, &full, error);
    for (size_t x = 0; !status && x < work.calibration.rows; x++)
        add_class(sums, &work.calibration, x);
    for (size_t k = 0; !status && k < BP_CALIBRATION_BINS; k++)
        bins[k] = finish_bin(&sums[k], true);
    bp_calibration_release(&work.calibration);
    bp_samples_release(&work.samples);
    return status;
}
