/* A model on a whole dataset: evaluation and prediction. */
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
                               const bp_run_options *options, bp_visit_fn *visit, void *arg,
                               bp_error *error)
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
        bp_infer_run(infer, visit, arg);
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
    struct bp_tally tally;
    status = bp_tally_make(&tally, &samples, error);
    if (!status)
        status = infer_samples(model, &samples, options, bp_tally_add, &tally, error);
    if (!status)
        *metrics = bp_tally_metrics(&tally, model->schema);
    bp_tally_release(&tally);
    bp_samples_release(&samples);
    return status;
}

/* Where predictions go. */
struct predictions {
    const struct bp_schema *schema;
    float *outputs;
};

static void take_predictions(void *arg, size_t begin, size_t end, const float *outputs)
{
    const struct predictions *predictions = arg;
    const struct bp_schema *schema = predictions->schema;
    float *to = predictions->outputs + begin * schema->outputs;
    for (size_t k = 0; k < (end - begin) * schema->outputs; k++)
        to[k] = schema->task == BP_TASK_REGRESS
                    ? bp_model_output(&schema->column[schema->input_columns + k % schema->outputs],
                                      outputs[k])
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
    struct predictions predictions = {model->schema, outputs};
    status = infer_samples(model, &samples, options, take_predictions, &predictions, error);
    bp_samples_release(&samples);
    return status;
}
