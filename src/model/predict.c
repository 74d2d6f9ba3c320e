/* Prediction for a whole dataset. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sized.h"
#include "model/infer.h"
#include "model/model.h"

/* Where predictions go: one of both arrays. */
struct predictions {
    const struct bp_model *model;
    float *outputs;
    double *wide;
};

static void keep_predictions(void *arg, size_t begin, size_t end, const float *outputs)
{
    const struct predictions *predictions = arg;
    const struct bp_schema *schema = predictions->model->schema;
    const bool numbers = schema->task == BP_TASK_REGRESS;
    const size_t first = begin * schema->outputs;
    for (size_t k = 0; k < (end - begin) * schema->outputs; k++) {
        const double value =
            numbers ? bp_model_output(predictions->model, k % schema->outputs, outputs[k])
                    : (double)outputs[k];
        if (predictions->wide)
            predictions->wide[first + k] = value;
        else
            predictions->outputs[first + k] = (float)value;
    }
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

/* `spread`: as of bp_infer_once(). */
static bp_status predict(struct predictions *predictions, const bp_dataset *dataset,
                         const bp_run_options *options, float *spread, bp_error *error)
{
    const struct bp_model *model = predictions->model;
    BP_REQUIRE(model, error);
    BP_REQUIRE(dataset, error);
    bp_run_options full = bp_run_options_default();
    struct bp_samples samples;
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_run_options", error);
    if (!status)
        status = bind(&samples, model, dataset, &full, error);
    if (status)
        return status;
    const struct bp_visitor visitor = {.measure = keep_predictions, .arg = predictions};
    status = bp_infer_once(model, &samples, &full, spread, &visitor, error);
    bp_samples_release(&samples);
    return status;
}

bp_status bp_predict(const bp_model *model, const bp_dataset *dataset,
                     const bp_run_options *options, float *outputs, bp_error *error)
{
    struct predictions predictions = {.model = model, .outputs = outputs};
    BP_REQUIRE(outputs, error);
    return predict(&predictions, dataset, options, NULL, error);
}

bp_status bp_predict_wide(const bp_model *model, const bp_dataset *dataset,
                          const bp_run_options *options, double *outputs, bp_error *error)
{
    struct predictions predictions = {.model = model, .wide = outputs};
    BP_REQUIRE(outputs, error);
    return predict(&predictions, dataset, options, NULL, error);
}

bp_status bp_predict_spread(const bp_model *model, const bp_dataset *dataset,
                            const bp_run_options *options, double *outputs, double *spread,
                            bp_error *error)
{
    struct predictions predictions = {.model = model, .wide = outputs};
    BP_REQUIRE(model, error);
    BP_REQUIRE(dataset, error);
    BP_REQUIRE(outputs, error);
    BP_REQUIRE(spread, error);
    const struct bp_schema *schema = model->schema;
    const size_t count = dataset->count * schema->outputs;
    float *narrow = bp_array_alloc(count, sizeof *narrow);
    if (!narrow)
        return bp_fail_memory(error, "the spread of the predictions");
    const bp_status status = predict(&predictions, dataset, options, narrow, error);
    for (size_t k = 0; !status && k < count; k++) {
        const struct bp_schema_column *target =
            &schema->column[schema->input_columns + k % schema->outputs];
        spread[k] = schema->task == BP_TASK_REGRESS
                        ? (double)narrow[k] / fabs((double)target->scale)
                        : (double)narrow[k];
    }
    free(narrow);
    return status;
}
