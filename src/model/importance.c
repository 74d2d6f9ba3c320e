/* What the values of a column are worth: the metric once more, with those of other rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "data/samples/match.h"
#include "model/infer.h"
#include "model/metrics.h"

#define MAX_REPEATS 10000

/* Samples whose cells are a copy of those of `source`; one column at a time is permuted. */
struct work {
    bp_importance_options how; /* complete */
    struct bp_samples source;
    struct bp_samples samples; /* nothing of it is its own */
    float *cells;              /* count x cells */
    float *kept;               /* of the column that is permuted: count x its cells */
    uint32_t *order;
    double *worse; /* columns x repeats */
    struct bp_engine engine;
    struct bp_infer *infer;
    struct bp_metric_accumulator accumulator;
};

void bp_importance_options_init(bp_importance_options *options, size_t size)
{
    static const bp_importance_options defaults = {
        .repeats = 5, .seed = 1, .metric = BP_METRIC_AUTO};
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

static void release(struct work *work)
{
    bp_metric_accumulator_release(&work->accumulator);
    bp_infer_free(work->infer);
    bp_engine_release(&work->engine);
    free(work->cells);
    free(work->kept);
    free(work->order);
    free(work->worse);
    bp_samples_release(&work->source);
}

static bp_status complete(struct work *work, const bp_model *model,
                          const bp_importance_options *how, bp_error *error)
{
    bp_importance_options_init(&work->how, sizeof work->how);
    bp_status status =
        bp_sized_copy(&work->how, sizeof work->how, how, "bp_importance_options", error);
    if (status)
        return status;
    if (work->how.repeats < 1 || work->how.repeats > MAX_REPEATS)
        return bp_fail(error, BP_ERROR_ARGUMENT, "repeats of a column are 1 to %d, not %zu",
                       MAX_REPEATS, work->how.repeats);
    work->how.metric = bp_metric_resolve(work->how.metric, model);
    return bp_metric_check(work->how.metric, model->schema, error);
}

static size_t count_cells(const struct bp_schema_column *column)
{
    return bp_schema_column_cells(column) + column->indicator;
}

static size_t find_widest(const struct bp_schema *schema)
{
    size_t widest = 1;
    for (size_t k = 0; k < schema->input_columns; k++)
        widest = bp_size_max(widest, count_cells(&schema->column[k]));
    return widest;
}

static void copy_cells(struct work *work)
{
    const struct bp_samples *source = &work->source;
    for (size_t x = 0; x < source->count; x++) {
        const size_t at = (source->rows ? source->rows[x] : x) * source->stride;
        float *to = work->cells + x * source->cells;
        if (source->values)
            memcpy(to, source->values + at, source->cells * sizeof *to);
        for (size_t c = 0; !source->values && c < source->cells; c++)
            to[c] = (float)source->bytes[at + c];
    }
    work->samples = *source;
    work->samples.values = work->cells;
    work->samples.bytes = NULL;
    work->samples.rows = NULL;
    work->samples.stride = source->cells;
}

static bp_status prepare(struct work *work, const bp_model *model, const bp_run_options *options,
                         bp_error *error)
{
    const size_t count = work->source.count, columns = model->schema->input_columns;
    size_t cells, kept;
    if (!bp_size_mul(count, work->source.cells, &cells) ||
        !bp_size_mul(count, find_widest(model->schema), &kept))
        return bp_fail_memory(error, "a copy of the inputs");
    work->cells = bp_array_alloc(cells, sizeof *work->cells);
    work->kept = bp_array_alloc(kept, sizeof *work->kept);
    work->order = bp_array_alloc(count, sizeof *work->order);
    work->worse = bp_array_alloc(columns * work->how.repeats, sizeof *work->worse);
    if (!work->cells || !work->kept || !work->order || !work->worse)
        return bp_fail_memory(error, "a copy of the inputs");
    copy_cells(work);
    const bp_status status =
        bp_infer_begin(&work->infer, &work->engine, model, &work->samples, options, error);
    return status ? status
                  : bp_metric_accumulator_make(&work->accumulator, model, &work->samples, error);
}

static double measure(struct work *work)
{
    const struct bp_visitor visitor = bp_metric_accumulator_visitor(&work->accumulator);
    bp_metric_accumulator_clear(&work->accumulator);
    bp_infer_run(work->infer, &visitor);
    const bp_metrics metrics = bp_metric_accumulator_metrics(&work->accumulator);
    return bp_metrics_get(&metrics, work->how.metric);
}

/* The metric where cells first ... first + count - 1 of each sample are those of another. */
static double measure_permuted(struct work *work, size_t first, size_t count)
{
    const size_t stride = work->samples.stride;
    float *cell = work->cells + first;
    for (size_t x = 0; x < work->samples.count; x++)
        memcpy(work->kept + x * count, cell + x * stride, count * sizeof *cell);
    for (size_t x = 0; x < work->samples.count; x++)
        memcpy(cell + x * stride, work->kept + work->order[x] * count, count * sizeof *cell);
    const double measured = measure(work);
    for (size_t x = 0; x < work->samples.count; x++)
        memcpy(cell + x * stride, work->kept + x * count, count * sizeof *cell);
    return measured;
}

static void repeat(struct work *work, const struct bp_schema *schema, double measured, size_t r)
{
    const double sign = bp_metric_lower_is_better(work->how.metric) ? 1.0 : -1.0;
    size_t first = 0;
    bp_random_permutation(work->how.seed, bp_stream(BP_STREAM_IMPORTANCE, (uint32_t)r), work->order,
                          (uint32_t)work->samples.count);
    for (size_t k = 0; k < schema->input_columns; k++) {
        const size_t count = count_cells(&schema->column[k]);
        work->worse[k * work->how.repeats + r] =
            sign * (measure_permuted(work, first, count) - measured);
        first += count;
    }
}

static bp_importance sum_up(const struct work *work, const char *name, size_t k)
{
    const double *worse = work->worse + k * work->how.repeats;
    const double repeats = (double)work->how.repeats;
    double sum = 0.0, squares = 0.0;
    for (size_t r = 0; r < work->how.repeats; r++)
        sum += worse[r];
    const double mean = sum / repeats;
    for (size_t r = 0; r < work->how.repeats; r++)
        squares += (worse[r] - mean) * (worse[r] - mean);
    return (bp_importance){.name = name, .mean = mean, .std = sqrt(squares / repeats)};
}

static bp_status run(struct work *work, const bp_model *model, bp_importance *importance,
                     bp_error *error)
{
    const struct bp_schema *schema = model->schema;
    const double measured = measure(work);
    if (isnan(measured))
        return bp_fail(
            error, BP_ERROR_ARGUMENT,
            "metric %s is not defined on these %zu row%s: take another one, or more rows",
            bp_choice_name(BP_CHOICE_METRIC, (int)work->how.metric), work->samples.count,
            work->samples.count == 1 ? "" : "s");
    for (size_t r = 0; r < work->how.repeats; r++)
        repeat(work, schema, measured, r);
    for (size_t k = 0; k < schema->input_columns; k++) {
        importance[k] = sum_up(work, schema->column[k].name, k);
        importance[k].measured = measured;
        importance[k].metric = work->how.metric;
    }
    return BP_OK;
}

bp_status bp_permutation_importance(const bp_model *model, const bp_dataset *dataset,
                                    const bp_run_options *options, const bp_importance_options *how,
                                    bp_importance *importance, bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(dataset, error);
    BP_REQUIRE(importance, error);
    bp_run_options full = bp_run_options_default();
    struct work work = {0};
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_run_options", error);
    if (!status)
        status = complete(&work, model, how, error);
    if (!status)
        status = bp_labelled_bind(&work.source, model, dataset, &full, error);
    if (!status)
        status = prepare(&work, model, &full, error);
    if (!status)
        status = run(&work, model, importance, error);
    release(&work);
    return status;
}
