/* A model on a whole dataset: evaluation and prediction. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "train/infer.h"
#include "train/metrics.h"
#include "train/model.h"

bp_run_options bp_run_options_default(void)
{
    return (bp_run_options){0};
}

/* Rows that are worth a share of their own. */
#define SHARE_ROWS 16

static bp_status infer_samples(const bp_model *model, const struct bp_samples *samples,
                               const bp_run_options *options, float *outputs, bp_error *error)
{
    struct bp_engine engine;
    struct bp_infer *infer = NULL;
    const struct bp_engine_options choice = {
        .threads = options->threads,
        .backend = options->backend,
        .isa = options->isa,
        .shares = samples->count / SHARE_ROWS + 1,
        .operations = 2.0 * (double)model->network->parameters * (double)samples->count,
    };
    bp_status status = bp_engine_make(&engine, &choice, error);
    if (!status)
        status = bp_infer_create(&infer, model->network, samples, &engine, error);
    if (!status)
        bp_infer_run(infer, outputs);
    bp_infer_free(infer);
    bp_engine_release(&engine);
    return status;
}

bp_status bp_evaluate(const bp_model *model, const bp_dataset *dataset,
                      const bp_run_options *options, bp_metrics *metrics, bp_error *error)
{
    struct bp_samples samples;
    bp_status status = bp_samples_bind(&samples, model->schema, dataset, options->target,
                                       BP_TARGETS_REQUIRED, error);
    if (status)
        return status;
    size_t floats = 0;
    float *outputs = bp_size_mul(samples.count, samples.outputs, &floats)
                         ? bp_array_alloc(floats, sizeof *outputs)
                         : NULL;
    status = outputs ? infer_samples(model, &samples, options, outputs, error)
                     : bp_fail_memory(error, "the outputs of all samples");
    if (!status)
        status = bp_metrics_compute(model->schema, &samples, outputs, metrics, error);
    free(outputs);
    bp_samples_release(&samples);
    return status;
}

bp_status bp_predict(const bp_model *model, const bp_dataset *dataset,
                     const bp_run_options *options, float *outputs, bp_error *error)
{
    struct bp_samples samples;
    bp_status status = bp_samples_bind(&samples, model->schema, dataset, options->target,
                                       BP_TARGETS_UNUSED, error);
    if (status)
        return status;
    status = infer_samples(model, &samples, options, outputs, error);
    const struct bp_schema *schema = model->schema;
    if (!status && schema->task == BP_TASK_REGRESS) {
        for (size_t k = 0; k < samples.count * samples.outputs; k++)
            outputs[k] = bp_model_output(
                &schema->column[schema->input_columns + k % samples.outputs], outputs[k]);
    }
    bp_samples_release(&samples);
    return status;
}
