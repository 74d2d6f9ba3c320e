/* Prediction of a few rows on the calling thread. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "step/passes.h"

struct bp_workspace {
    const bp_model *model; /* whose rows fit the activations */
    const struct bp_kernels *kernels;
    struct bp_activations activations;
    size_t inputs;
    double *origin; /* of each input neuron */
    float *shift;
    float *scale;
};

bp_status bp_workspace_create(bp_workspace **out, const bp_model *model, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(model, error);
    const struct bp_schema *schema = model->schema;
    struct bp_workspace *workspace = calloc(1, sizeof *workspace);
    if (!workspace)
        return bp_fail_memory(error, "a workspace");
    workspace->model = model;
    workspace->kernels = bp_kernels_select(BP_ISA_AUTO);
    workspace->inputs = schema->inputs;
    workspace->origin = bp_array_alloc(schema->inputs, sizeof(double));
    workspace->shift = bp_array_alloc(schema->inputs, sizeof(float));
    workspace->scale = bp_array_alloc(schema->inputs, sizeof(float));
    bp_status status = BP_OK;
    if (!workspace->origin || !workspace->shift || !workspace->scale)
        status = bp_fail_memory(error, "a workspace");
    if (!status)
        status = bp_activations_make(&workspace->activations, model->network,
                                     bp_activations_capacity(model->network), false, error);
    if (status) {
        bp_workspace_free(workspace);
        return status;
    }
    for (size_t c = 0; c < schema->input_columns; c++) {
        const struct bp_schema_column *column = &schema->column[c];
        for (size_t k = 0; k < column->neurons; k++) {
            workspace->origin[column->first + k] = column->origin;
            workspace->shift[column->first + k] = column->shift;
            workspace->scale[column->first + k] = column->scale;
        }
    }
    *out = workspace;
    return BP_OK;
}

void bp_workspace_free(bp_workspace *workspace)
{
    if (!workspace)
        return;
    bp_activations_release(&workspace->activations);
    free(workspace->origin);
    free(workspace->shift);
    free(workspace->scale);
    free(workspace);
}

static void scale_rows(const struct bp_workspace *workspace, const float *inputs, size_t rows)
{
    for (size_t r = 0; r < rows; r++) {
        float *to = workspace->activations.value[0];
        const float *from = inputs + r * workspace->inputs;
        for (size_t i = 0; i < workspace->inputs; i++) {
            const float cell = (float)((double)from[i] - workspace->origin[i]);
            to[bp_panels_at(workspace->activations.stride, r, i)] =
                (cell - workspace->shift[i]) * workspace->scale[i];
        }
    }
}

/* Outputs of `rows` samples in the workspace, in the user's units. */
static void copy_outputs(const struct bp_model *model, const struct bp_activations *activations,
                         size_t rows, float *outputs)
{
    const struct bp_schema *schema = model->schema;
    bp_activations_outputs(activations, model->network, rows, outputs);
    if (schema->task == BP_TASK_CLASSIFY)
        return;
    for (size_t k = 0; k < rows * schema->outputs; k++)
        outputs[k] = bp_model_output(model, k % schema->outputs, outputs[k]);
}

bp_status bp_predict_rows(const bp_model *model, bp_workspace *workspace, const float *inputs,
                          size_t rows, float *outputs, bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(workspace, error);
    if (rows > 0) {
        BP_REQUIRE(inputs, error);
        BP_REQUIRE(outputs, error);
    }
    if (workspace->model != model)
        return bp_fail(error, BP_ERROR_ARGUMENT, "the workspace belongs to another model");
    struct bp_activations *activations = &workspace->activations;
    while (rows) {
        const size_t block = bp_size_min(rows, activations->capacity);
        scale_rows(workspace, inputs, block);
        bp_forward(model->network, workspace->kernels, activations, block);
        copy_outputs(model, activations, block, outputs);
        inputs += block * workspace->inputs;
        outputs += block * model->schema->outputs;
        rows -= block;
    }
    return BP_OK;
}
