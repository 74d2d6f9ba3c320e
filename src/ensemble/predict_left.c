/* The network predicts its rows as it predicts others, once, and what it says is kept. */
#include "ensemble/predict_left.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "model/infer.h"
#include "train/train_options.h"

/* Where predictions go. */
struct target {
    struct bp_left_out *left;
    size_t outputs;
};

static void keep_outputs(void *arg, size_t begin, size_t end, const float *outputs)
{
    const struct target *target = arg;
    memcpy(target->left->outputs + begin * target->outputs, outputs,
           (end - begin) * target->outputs * sizeof *outputs);
}

/* Whether the predictions can be averaged with those of others. */
static bp_status check_outputs(const struct bp_left_out *left, size_t outputs, bp_error *error)
{
    for (size_t k = 0; k < left->rows->count * outputs; k++) {
        if (!isfinite(left->outputs[k]))
            return bp_fail(error, BP_ERROR_NOT_FINITE,
                           "training diverged: an output for a row that was left out is %g; try a "
                           "smaller learning rate",
                           (double)left->outputs[k]);
    }
    return BP_OK;
}

bp_status bp_ensemble_make_outputs(struct bp_ensemble *ensemble, size_t m, bp_error *error)
{
    struct bp_left_out *left = &ensemble->left[m];
    left->outputs =
        bp_array_alloc(left->rows->count * ensemble->schema->outputs, sizeof *left->outputs);
    return left->outputs ? BP_OK : bp_fail_memory(error, "the predictions for the rows left out");
}

bp_status bp_ensemble_predict_left(struct bp_ensemble *ensemble, size_t m, bp_error *error)
{
    struct bp_left_out *left = &ensemble->left[m];
    struct target target = {left, ensemble->schema->outputs};
    const bp_train_options *train = &ensemble->kind[ensemble->member[m].kind].train;
    bp_run_options options = bp_run_options_default();
    options.threads = 1;
    options.backend = BP_BACKEND_SERIAL;
    options.isa = train->isa;
    const struct bp_bind_options binding = {
        .need = BP_TARGETS_UNUSED, .unknown = bp_train_options_unknown(train), .once = true};
    struct bp_samples samples;
    bp_status status = bp_samples_bind(&samples, ensemble->schema, left->rows, &binding, error);
    if (status)
        return status;
    const struct bp_visitor visitor = {.measure = keep_outputs, .arg = &target};
    status = bp_ensemble_make_outputs(ensemble, m, error);
    if (!status)
        status = bp_infer_once(ensemble->network[m], &samples, &options, NULL, &visitor, error);
    bp_samples_release(&samples);
    return status ? status : check_outputs(left, target.outputs, error);
}
