/* Prediction for a whole dataset. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sized.h"
#include "data/samples/block_rows.h"
#include "model/decision.h"
#include "model/infer.h"
#include "model/metrics.h"
#include "model/model.h"
#include "step/passes/loss.h"

void bp_predictions_init(bp_predictions *predictions, size_t size)
{
    static const bp_predictions defaults = {0};
    bp_sized_init(predictions, size, &defaults, sizeof defaults);
}

/* A model, and where what it says goes. */
struct predicting {
    const struct bp_model *model;
    bp_predictions to;
};

static void keep_outputs(const struct predicting *predicting, size_t begin, size_t end,
                         const float *outputs)
{
    const struct bp_schema *schema = predicting->model->schema;
    const bool numbers = schema->task == BP_TASK_REGRESS;
    const size_t first = begin * schema->outputs;
    for (size_t k = 0; k < (end - begin) * schema->outputs; k++) {
        const double value =
            numbers ? bp_model_output(predicting->model, k % schema->outputs, outputs[k])
                    : (double)outputs[k];
        if (predicting->to.wide_outputs)
            predicting->to.wide_outputs[first + k] = value;
        if (predicting->to.outputs)
            predicting->to.outputs[first + k] = (float)value;
    }
}

static void keep_predictions(void *arg, size_t begin, size_t end, const float *outputs)
{
    const struct predicting *predicting = arg;
    const size_t count = predicting->model->schema->outputs;
    if (predicting->to.outputs || predicting->to.wide_outputs)
        keep_outputs(predicting, begin, end, outputs);
    for (size_t x = begin; predicting->to.classes && x < end; x++)
        predicting->to.classes[x] =
            (uint32_t)bp_decide(predicting->model->factor, outputs + (x - begin) * count, count);
}

bp_status bp_count_unknown(const bp_model *model, const bp_dataset *dataset, bp_unknown_info *info,
                           bp_error *error)
{
    BP_REQUIRE(info, error);
    *info = (bp_unknown_info){0};
    BP_REQUIRE(model, error);
    BP_REQUIRE(dataset, error);
    return bp_samples_count_unknown(model->schema, dataset, &info->rows, info->values,
                                    sizeof info->values, error);
}

static bp_status bind(struct bp_samples *samples, const bp_model *model, const bp_dataset *dataset,
                      const bp_run_options *options, bp_error *error)
{
    const struct bp_bind_options binding = {.need = BP_TARGETS_UNUSED,
                                            .target = options->target,
                                            .unknown = options->unknown,
                                            .once = true};
    return bp_samples_bind(samples, model->schema, dataset, &binding, error);
}

/* The samples, and how far networks disagree on them. */
static bp_status predict_samples(struct predicting *predicting, const struct bp_samples *samples,
                                 const bp_run_options *options, bp_error *error)
{
    const struct bp_schema *schema = predicting->model->schema;
    const struct bp_visitor visitor = {.measure = keep_predictions, .arg = predicting};
    const size_t count = samples->count * schema->outputs;
    double *spread = predicting->to.spread;
    float *narrow = spread ? bp_array_alloc(count, sizeof *narrow) : NULL;
    if (spread && !narrow)
        return bp_fail_memory(error, "the spread of the predictions");
    const bp_status status =
        bp_infer_once(predicting->model, samples, options, narrow, &visitor, error);
    for (size_t k = 0; !status && spread && k < count; k++) {
        const struct bp_schema_column *target =
            &schema->column[schema->input_columns + k % schema->outputs];
        spread[k] = schema->task == BP_TASK_REGRESS
                        ? (double)narrow[k] / fabs((double)target->scale)
                        : (double)narrow[k];
    }
    free(narrow);
    return status;
}

static bp_status predict(struct predicting *predicting, const bp_dataset *dataset,
                         const bp_run_options *options, bp_error *error)
{
    const struct bp_model *model = predicting->model;
    BP_REQUIRE(model, error);
    BP_REQUIRE(dataset, error);
    bp_run_options full = bp_run_options_default();
    struct bp_samples samples;
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_run_options", error);
    if (!status)
        status = bind(&samples, model, dataset, &full, error);
    if (status)
        return status;
    status = predict_samples(predicting, &samples, &full, error);
    bp_samples_release(&samples);
    return status;
}

bp_status bp_predict(const bp_model *model, const bp_dataset *dataset,
                     const bp_run_options *options, float *outputs, bp_error *error)
{
    struct predicting predicting = {.model = model, .to.outputs = outputs};
    BP_REQUIRE(outputs, error);
    return predict(&predicting, dataset, options, error);
}

bp_status bp_predict_wide(const bp_model *model, const bp_dataset *dataset,
                          const bp_run_options *options, double *outputs, bp_error *error)
{
    struct predicting predicting = {.model = model, .to.wide_outputs = outputs};
    BP_REQUIRE(outputs, error);
    return predict(&predicting, dataset, options, error);
}

bp_status bp_predict_spread(const bp_model *model, const bp_dataset *dataset,
                            const bp_run_options *options, double *outputs, double *spread,
                            bp_error *error)
{
    struct predicting predicting = {.model = model,
                                    .to = {.wide_outputs = outputs, .spread = spread}};
    BP_REQUIRE(outputs, error);
    BP_REQUIRE(spread, error);
    return predict(&predicting, dataset, options, error);
}

/* Rows whose targets are known. */
struct pairing {
    const struct bp_model *model;
    struct bp_samples samples;
    double *pairs;
};

static void keep_pairs(void *arg, size_t begin, size_t end, const float *outputs)
{
    const struct pairing *pairing = arg;
    const size_t count = pairing->samples.outputs;
    for (size_t x = begin; x < end; x++) {
        for (size_t j = 0; j < count; j++) {
            double *pair = pairing->pairs + (x * count + j) * 2;
            pair[0] = bp_model_output(pairing->model, j, bp_loss_target(&pairing->samples, x, j));
            pair[1] = bp_model_output(pairing->model, j, outputs[(x - begin) * count + j]);
        }
    }
}

bp_status bp_predict_pairs(const bp_model *model, const bp_dataset *dataset,
                           const bp_run_options *options, double *pairs, size_t *rows,
                           bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(dataset, error);
    BP_REQUIRE(pairs, error);
    BP_REQUIRE(rows, error);
    bp_run_options full = bp_run_options_default();
    struct pairing pairing = {.model = model, .pairs = pairs};
    const struct bp_visitor visitor = {.measure = keep_pairs, .arg = &pairing};
    *rows = 0;
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_run_options", error);
    if (!status && model->schema->task != BP_TASK_REGRESS)
        status = bp_fail(error, BP_ERROR_ARGUMENT, "the model predicts classes, not numbers");
    if (!status)
        status = bp_labelled_bind(&pairing.samples, model, dataset, &full, error);
    if (!status)
        status = bp_infer_once(model, &pairing.samples, &full, NULL, &visitor, error);
    if (!status)
        *rows = pairing.samples.count;
    bp_samples_release(&pairing.samples);
    return status;
}

/* What is asked for. */
static bp_status read_predictions(bp_predictions *to, const struct bp_model *model,
                                  const bp_predictions *predictions, bp_error *error)
{
    const bp_status status = bp_sized_copy(to, sizeof *to, predictions, "bp_predictions", error);
    if (status)
        return status;
    if (!to->outputs && !to->wide_outputs && !to->spread && !to->classes)
        return bp_fail(error, BP_ERROR_ARGUMENT, "bp_predictions asks for nothing");
    if (to->classes && model->schema->task != BP_TASK_CLASSIFY)
        return bp_fail(error, BP_ERROR_ARGUMENT, "the model predicts numbers, not classes");
    return BP_OK;
}

static bp_status predict_list(struct predicting *predicting, const struct bp_block_list *list,
                              const bp_run_options *options, bp_error *error)
{
    const struct bp_schema *schema = predicting->model->schema;
    struct bp_block_rows *rows;
    bp_status status = bp_block_rows_create(&rows, schema, list, options->unknown, error);
    const struct bp_samples samples = {
        .count = list->rows, .inputs = schema->inputs, .outputs = schema->outputs, .blocks = rows};
    if (!status)
        status = predict_samples(predicting, &samples, options, error);
    if (!status)
        status = bp_block_rows_check(rows, error);
    bp_block_rows_free(rows);
    return status;
}

bp_status bp_predict_blocks(const bp_model *model, const bp_blocks *blocks,
                            const bp_run_options *options, const bp_predictions *predictions,
                            bp_error *error)
{
    struct predicting predicting = {.model = model, .to = bp_predictions_default()};
    bp_run_options full = bp_run_options_default();
    struct bp_block_list list;
    BP_REQUIRE(model, error);
    BP_REQUIRE(blocks, error);
    BP_REQUIRE(predictions, error);
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_run_options", error);
    if (!status)
        status = read_predictions(&predicting.to, model, predictions, error);
    if (!status)
        status = bp_block_list_read(&list, blocks, error);
    if (status)
        return status;
    status = predict_list(&predicting, &list, &full, error);
    bp_block_list_release(&list);
    return status;
}
