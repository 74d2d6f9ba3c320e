/* The model is made for the columns as any other one, and gets the parameters of the file. */
#include "import/convert.h"

#include <stdlib.h>
#include <string.h>

#include "import/columns.h"
#include "model/model.h"
#include "options/layers.h"

struct conversion {
    const struct bp_foreign *foreign;
    const bp_import_options *options;
    bp_model_options model; /* with the layers of the file */
    const bp_dataset *dataset;
    bp_dataset *made; /* columns without data */
    char *scaling;
    bp_import_info *info;
};

static const struct bp_foreign_layer *get_output(const struct bp_foreign *foreign)
{
    return &foreign->layer[foreign->layers - 1];
}

/* The file says what the activations are: nobody else does. */
static bp_status take_activations(struct conversion *conversion, bp_error *error)
{
    const struct bp_foreign *foreign = conversion->foreign;
    bp_model_options *model = &conversion->model;
    if (conversion->options->activations || model->output_activation != BP_ACTIVATION_AUTO)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "activation: %s says what its activations are: leave out those of hidden "
                       "neurons and of output neurons",
                       foreign->path);
    for (size_t l = 0; l < foreign->layers; l++)
        model->activations[l] = foreign->layer[l].activation;
    model->output_activation = get_output(foreign)->activation;
    return BP_OK;
}

/* A network with another activation would predict something else, so that none is guessed. */
static bp_status read_activations(struct conversion *conversion, bp_error *error)
{
    const struct bp_foreign *foreign = conversion->foreign;
    const char *names = conversion->options->activations;
    const bp_activation output = conversion->model.output_activation;
    bp_error reason;
    if (!names && foreign->layers == 1)
        return BP_OK;
    if (!names)
        return bp_fail(
            error, BP_ERROR_ARGUMENT,
            "activation: %s does not say that of its %zu hidden layer%s, such as \"%s\": "
            "give it: relu, tanh, logistic (a sigmoid), gelu, ...",
            foreign->path, foreign->layers - 1, foreign->layers == 2 ? "" : "s",
            foreign->layer[0].name);
    const bp_status status = bp_activations_store(&conversion->model, names, &reason);
    if (status)
        return bp_fail(error, status, "activation: %s", reason.message);
    if (output != BP_ACTIVATION_AUTO && conversion->model.output_activation != output)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "activation: has a name for the outputs as well: leave it out, or the "
                       "output activation");
    return BP_OK;
}

static bp_status put_layers(struct conversion *conversion, bp_error *error)
{
    const struct bp_foreign *foreign = conversion->foreign;
    bp_model_options *model = &conversion->model;
    model->thresholds = false;
    model->hidden_count = foreign->layers - 1;
    for (size_t l = 0; l < foreign->layers; l++) {
        model->thresholds = model->thresholds || foreign->layer[l].bias;
        if (l + 1 < foreign->layers)
            model->hidden[l] = foreign->layer[l].out;
    }
    return foreign->layer[0].activation == BP_ACTIVATION_AUTO ? read_activations(conversion, error)
                                                              : take_activations(conversion, error);
}

static bool is_of_classes(const struct conversion *conversion)
{
    const bp_model_options *model = &conversion->model;
    return model->task == BP_TASK_CLASSIFY || conversion->options->classes ||
           model->output_activation == BP_ACTIVATION_SOFTMAX;
}

/* The data that the model is made for. */
static bp_status put_columns(struct conversion *conversion, bp_error *error)
{
    const bp_import_options *options = conversion->options;
    bp_model_options *model = &conversion->model;
    const bool classify = is_of_classes(conversion);
    if (options->dataset && options->inputs)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "inputs: the data have names of the inputs: leave them out, or the data");
    if (classify && model->task == BP_TASK_REGRESS)
        return bp_fail(error, BP_ERROR_ARGUMENT, "classes: there are none with task regress");
    if (classify)
        model->task = BP_TASK_CLASSIFY;
    conversion->dataset = options->dataset;
    if (options->dataset)
        return BP_OK;
    const struct bp_import_columns columns = {options->inputs, model->target, options->classes,
                                              classify};
    const bp_status status =
        bp_import_columns_create(&conversion->made, &columns, conversion->foreign, error);
    conversion->dataset = conversion->made;
    model->target = NULL;
    model->task = classify ? BP_TASK_CLASSIFY : BP_TASK_REGRESS;
    return status;
}

/* One logistic output is the probability of the second of two classes; so is the softmax of it and
 * of 0. */
static bp_status split_output(struct conversion *conversion, bp_error *error)
{
    bp_model_options *model = &conversion->model;
    if (model->output_activation != BP_ACTIVATION_AUTO &&
        model->output_activation != BP_ACTIVATION_LOGISTIC)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "output activation %s: one output neuron for two classes (\"%s\" of %s) is "
                       "logistic here: the probability of the second one",
                       bp_choice_name(BP_CHOICE_ACTIVATION, (int)model->output_activation),
                       get_output(conversion->foreign)->name, conversion->foreign->path);
    model->output_activation = BP_ACTIVATION_SOFTMAX;
    if (model->loss == BP_LOSS_BINARY_CROSS_ENTROPY)
        model->loss = BP_LOSS_CROSS_ENTROPY;
    conversion->info->split = true;
    return BP_OK;
}

static bp_status create_model(bp_model **out, const struct conversion *conversion, bp_error *error)
{
    bp_error reason;
    const bp_status status = bp_model_create(out, conversion->dataset, &conversion->model, &reason);
    return status ? bp_fail(error, status, "%s: %s", conversion->foreign->path, reason.message)
                  : BP_OK;
}

/* Makes another model in the place of one. */
static bp_status create_again(bp_model **model, const struct conversion *conversion,
                              bp_error *error)
{
    bp_model_free(*model);
    return create_model(model, conversion, error);
}

/* Whether the columns have the neurons of the file. */
static bp_status check_widths(const struct conversion *conversion, const bp_model *model,
                              bp_error *error)
{
    const struct bp_foreign *foreign = conversion->foreign;
    const struct bp_foreign_layer *output = get_output(foreign);
    const struct bp_network *network = model->network;
    const size_t outputs = network->layer[network->layers - 1].out;
    const char *plural = model->schema->task == BP_TASK_CLASSIFY ? "classes" : "output neurons";
    if (network->layer[0].in != foreign->layer[0].in)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: \"%s\" reads %zu numbers, and the columns of the data are %zu input "
                       "neurons (a category has one for each value)",
                       foreign->path, foreign->layer[0].name, foreign->layer[0].in,
                       network->layer[0].in);
    if (outputs != output->out && !conversion->info->split)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: \"%s\" has %zu neurons, and the data have %zu %s", foreign->path,
                       output->name, output->out, outputs, plural);
    return BP_OK;
}

static bp_status put_scaling(bp_model **model, struct conversion *conversion, bp_error *error)
{
    if (conversion->model.scaling)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "scaling: %s has one of its own (scale_included=1): leave it out",
                       conversion->foreign->path);
    const bp_status status =
        bp_import_write_scaling(&conversion->scaling, *model, conversion->foreign, error);
    conversion->model.scaling = conversion->scaling;
    return status ? status : create_again(model, conversion, error);
}

/* A model for the columns, with first weights. */
static bp_status make_model(bp_model **model, struct conversion *conversion, bp_error *error)
{
    const struct bp_foreign *foreign = conversion->foreign;
    bp_status status = put_layers(conversion, error);
    if (!status)
        status = put_columns(conversion, error);
    if (!status)
        status = create_model(model, conversion, error);
    const bool classes = !status && (*model)->schema->task == BP_TASK_CLASSIFY;
    if (classes && get_output(foreign)->out == 1 && (*model)->schema->outputs == 2) {
        status = split_output(conversion, error);
        if (!status)
            status = create_again(model, conversion, error);
    }
    if (!status)
        status = check_widths(conversion, *model, error);
    return !status && foreign->inputs ? put_scaling(model, conversion, error) : status;
}

/* The last layer with its rows as `place` says; of one row a second one of zeros becomes the
 * first. */
static bp_status place_outputs(struct bp_foreign_layer *to, const struct bp_foreign_layer *from,
                               const size_t *place, size_t outputs, bp_error *error)
{
    const size_t zeros = outputs - from->out; /* rows */
    *to = (struct bp_foreign_layer){.in = from->in, .out = outputs};
    const bp_status status = bp_foreign_layer_create(to, from->bias != NULL, error);
    for (size_t j = 0; j < outputs && !status; j++) {
        const size_t row = place ? place[j] : j;
        if (row < zeros)
            continue;
        memcpy(to->weights + j * from->in, from->weights + (row - zeros) * from->in,
               from->in * sizeof *to->weights);
        if (from->bias)
            to->bias[j] = from->bias[row - zeros];
    }
    return status;
}

static void pack(struct bp_network *network, size_t l, const struct bp_foreign_layer *from)
{
    bp_layer_pack(&network->layer[l], network->values, from->weights, from->bias);
}

static bp_status pack_outputs(bp_model *model, const struct bp_foreign_layer *from,
                              const size_t *place, bp_error *error)
{
    struct bp_foreign_layer placed;
    struct bp_network *network = model->network;
    const bp_status status =
        place_outputs(&placed, from, place, network->layer[network->layers - 1].out, error);
    if (!status)
        pack(network, network->layers - 1, &placed);
    free(placed.weights);
    free(placed.bias);
    return status;
}

static bp_status put_parameters(bp_model *model, struct conversion *conversion, bp_error *error)
{
    const struct bp_foreign *foreign = conversion->foreign;
    const char *classes = conversion->options->classes;
    size_t *place = NULL;
    bp_status status = classes ? bp_import_place_classes(&place, model, classes, error) : BP_OK;
    for (size_t l = 0; l + 1 < foreign->layers && !status; l++)
        pack(model->network, l, &foreign->layer[l]);
    for (size_t j = 0; place && j < model->schema->outputs && !status; j++)
        conversion->info->reordered = conversion->info->reordered || place[j] != j;
    if (!status)
        status = pack_outputs(model, get_output(foreign), place, error);
    if (!status)
        bp_network_transpose(model->network);
    free(place);
    return status;
}

bp_status bp_import_convert(bp_model **out, const struct bp_foreign *foreign,
                            const bp_import_options *options, bp_import_info *info, bp_error *error)
{
    struct conversion conversion = {
        .foreign = foreign, .options = options, .model = *options->model, .info = info};
    *info = (bp_import_info){
        .format = foreign->format, .rounded = foreign->rounded, .by_shapes = foreign->by_shapes};
    bp_model *model = NULL;
    bp_status status = make_model(&model, &conversion, error);
    if (!status)
        status = put_parameters(model, &conversion, error);
    bp_dataset_free(conversion.made);
    free(conversion.scaling);
    if (status) {
        bp_model_free(model);
        return status;
    }
    *out = model;
    return BP_OK;
}
