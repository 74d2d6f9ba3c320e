/* Prediction for a whole dataset. */
#include "model/infer.h"
#include "model/model.h"

bp_run_options bp_run_options_default(void)
{
    return (bp_run_options){0};
}

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

bp_status bp_predict(const bp_model *model, const bp_dataset *dataset,
                     const bp_run_options *options, float *outputs, bp_error *error)
{
    struct bp_samples samples;
    bp_status status = bp_samples_bind(&samples, model->schema, dataset, options->target,
                                       BP_TARGETS_UNUSED, error);
    if (status)
        return status;
    struct predictions predictions = {model, outputs};
    status =
        bp_infer_once(model->network, &samples, options, take_predictions, &predictions, error);
    bp_samples_release(&samples);
    return status;
}
