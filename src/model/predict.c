/* Prediction for a whole dataset. */
#include "base/sized.h"
#include "model/infer.h"
#include "model/model.h"

/* Where predictions go. */
struct predictions {
    const struct bp_model *model;
    float *outputs;
};

static void take_predictions(void *arg, size_t begin, size_t end, const float *outputs,
                             const double *losses)
{
    (void)losses;
    const struct predictions *predictions = arg;
    const struct bp_schema *schema = predictions->model->schema;
    const bool numbers = schema->task == BP_TASK_REGRESS;
    float *to = predictions->outputs + begin * schema->outputs;
    for (size_t k = 0; k < (end - begin) * schema->outputs; k++)
        to[k] = numbers ? bp_model_output(predictions->model, k % schema->outputs, outputs[k])
                        : outputs[k];
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
    const struct bp_bind_options binding = {
        .need = BP_TARGETS_UNUSED, .target = options->target, .unknown = options->unknown};
    return bp_samples_bind(samples, model->schema, dataset, &binding, error);
}

bp_status bp_predict(const bp_model *model, const bp_dataset *dataset,
                     const bp_run_options *options, float *outputs, bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(dataset, error);
    BP_REQUIRE(outputs, error);
    bp_run_options full = bp_run_options_default();
    struct bp_samples samples;
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_run_options", error);
    if (!status)
        status = bind(&samples, model, dataset, &full, error);
    if (status)
        return status;
    struct predictions predictions = {model, outputs};
    status = bp_infer_once(model->network, &samples, &full, take_predictions, &predictions, error);
    bp_samples_release(&samples);
    return status;
}
