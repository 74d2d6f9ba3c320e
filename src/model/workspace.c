/* Prediction of a few rows on the calling thread. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "data/samples/scaling.h"
#include "kernels/kernels.h"
#include "model/mixture.h"

struct bp_workspace {
    const bp_model *model; /* whose rows fit the activations */
    const struct bp_kernels *kernels;
    struct bp_mixture mixture;
    size_t capacity; /* rows */
    size_t inputs;
    bool has_origin; /* an input has */
    double *origin;  /* of each input neuron */
    float *shift;
    float *scale;
    float *outputs; /* of as many rows as the activations hold */
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
    workspace->capacity = bp_mixture_capacity(model);
    if (!status)
        status = bp_mixture_make(&workspace->mixture, model, workspace->capacity, error);
    if (!status && !(workspace->outputs =
                         bp_array_alloc(workspace->capacity * schema->outputs, sizeof(float))))
        status = bp_fail_memory(error, "a workspace");
    if (status) {
        bp_workspace_free(workspace);
        return status;
    }
    for (size_t c = 0; c < schema->input_columns; c++) {
        const struct bp_schema_column *column = &schema->column[c];
        workspace->has_origin |= column->origin != 0.0;
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
    bp_mixture_release(&workspace->mixture);
    free(workspace->origin);
    free(workspace->shift);
    free(workspace->scale);
    free(workspace->outputs);
    free(workspace);
}

/* Rows of the caller, of one kind of number. */
struct rows {
    const float *inputs;
    float *outputs;
    const double *wide_inputs;
    double *wide_outputs;
    size_t count;
};

/* Some numbers of a row of the caller. */
struct place {
    size_t row;
    size_t first; /* input neuron */
};

/* `count` of them, less their origins. */
BP_INLINED void load_cells(const struct bp_workspace *workspace, const struct rows *rows,
                           const struct place *place, size_t count, float *restrict cell)
{
    const size_t at = place->row * workspace->inputs + place->first;
    const double *restrict origin = workspace->origin + place->first;
    if (rows->wide_inputs) {
        for (size_t k = 0; k < count; k++)
            cell[k] = (float)(rows->wide_inputs[at + k] - origin[k]);
    } else if (workspace->has_origin) {
        for (size_t k = 0; k < count; k++)
            cell[k] = (float)((double)rows->inputs[at + k] - origin[k]);
    } else {
        for (size_t k = 0; k < count; k++)
            cell[k] = rows->inputs[at + k];
    }
}

static bp_status fail_input(const struct bp_workspace *workspace, const struct rows *rows,
                            const struct place *place, bp_error *error)
{
    for (size_t k = 0;; k++) {
        const size_t i = place->first + k, at = place->row * workspace->inputs + i;
        const double number = rows->wide_inputs ? rows->wide_inputs[at] : (double)rows->inputs[at];
        const float cell = (float)(number - workspace->origin[i]);
        if (!isfinite(number))
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "input %zu of row %zu (from 1) is %g, not a finite number%s", i + 1,
                           place->row + 1, number,
                           isnan(number) ? ": bp_predict_blocks() takes missing cells" : "");
        if (!isfinite((cell - workspace->shift[i]) * workspace->scale[i]))
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "input %zu of row %zu (from 1) is %g, too large in the scale of the "
                           "training data",
                           i + 1, place->row + 1, number);
    }
}

/* `count` numbers, in one panel, to `out`; false: one is not finite. */
BP_INLINED bool scale_cells(const struct bp_workspace *workspace, const struct rows *rows,
                            const struct place *place, size_t count, float *out)
{
    float cell[BP_LANES];
    load_cells(workspace, rows, place, count, cell);
    return bp_cells_scale(cell, workspace->shift + place->first, workspace->scale + place->first,
                          count, out);
}

/* Rows `begin` and the next ones. */
static bp_status scale_rows(const struct bp_workspace *workspace, const struct rows *rows,
                            size_t begin, size_t count, bp_error *error)
{
    const struct bp_activations *activations = &workspace->mixture.activations[0];
    const size_t inputs = workspace->inputs;
    for (size_t r = 0; r < count; r++) {
        struct place place = {.row = begin + r};
        float *out = activations->value[0] + r * BP_LANES;
        bool finite = true;
        for (; finite && place.first + BP_LANES <= inputs; out += activations->stride) {
            finite = scale_cells(workspace, rows, &place, BP_LANES, out);
            place.first += finite ? BP_LANES : 0;
        }
        if (finite && place.first < inputs)
            finite = scale_cells(workspace, rows, &place, inputs - place.first, out);
        if (!finite)
            return fail_input(workspace, rows, &place, error);
    }
    return BP_OK;
}

/* Outputs of `count` samples in the workspace, in the user's units. */
static void copy_outputs(const struct bp_workspace *workspace, const struct rows *rows,
                         size_t begin, size_t count)
{
    const struct bp_model *model = workspace->model;
    const struct bp_schema *schema = model->schema;
    const bool numbers = schema->task == BP_TASK_REGRESS;
    for (size_t k = 0; k < count * schema->outputs; k++) {
        const float output = workspace->outputs[k];
        const double value =
            numbers ? bp_model_output(model, k % schema->outputs, output) : (double)output;
        if (rows->wide_outputs)
            rows->wide_outputs[begin * schema->outputs + k] = value;
        else
            rows->outputs[begin * schema->outputs + k] = (float)value;
    }
}

static bp_status predict_rows(const bp_model *model, bp_workspace *workspace,
                              const struct rows *rows, bp_error *error)
{
    if (workspace->model != model)
        return bp_fail(error, BP_ERROR_ARGUMENT, "the workspace belongs to another model");
    for (size_t begin = 0; begin < rows->count; begin += workspace->capacity) {
        const size_t block = bp_size_min(rows->count - begin, workspace->capacity);
        if (workspace->mixture.activations[0].capacity != block)
            bp_mixture_set_rows(&workspace->mixture, block);
        const bp_status status = scale_rows(workspace, rows, begin, block, error);
        if (status)
            return status;
        bp_mixture_forward(&workspace->mixture, workspace->kernels, block, workspace->outputs,
                           NULL);
        copy_outputs(workspace, rows, begin, block);
    }
    return BP_OK;
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
    const struct rows narrow = {.inputs = inputs, .outputs = outputs, .count = rows};
    return predict_rows(model, workspace, &narrow, error);
}

bp_status bp_predict_rows_wide(const bp_model *model, bp_workspace *workspace, const double *inputs,
                               size_t rows, double *outputs, bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(workspace, error);
    if (rows > 0) {
        BP_REQUIRE(inputs, error);
        BP_REQUIRE(outputs, error);
    }
    const struct rows wide = {.wide_inputs = inputs, .wide_outputs = outputs, .count = rows};
    return predict_rows(model, workspace, &wide, error);
}
