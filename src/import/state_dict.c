/*
 * The state dict of a PyTorch module in a safetensors file: a layer is NAME.weight, neurons x
 * inputs, and NAME.bias. What is not one of these belongs to a layer that there is not here, and
 * nothing is left out.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "import/foreign.h"
#include "import/layer_order.h"
#include "model/model_file.h"
#include "net/tensor_type.h"

/* The tensors of a layer. */
struct pair {
    const struct bp_tensor *weight, *bias;
};

struct reading {
    struct bp_foreign *foreign;
    const struct bp_safetensors *file;
    struct pair pair[BP_LAYERS_MAX];
    struct bp_order_item item[BP_LAYERS_MAX]; /* of each pair */
    size_t count;
};

static bp_status fail_tensor(const struct reading *reading, const struct bp_tensor *tensor,
                             const char *why, bp_error *error)
{
    return bp_fail(error, BP_ERROR_INPUT, "%s: tensor \"%s\" %s", reading->foreign->path,
                   tensor->name, why);
}

/* Whether a name ends in a word after a point, or is the word; *length is what is before it. */
static bool ends_in(const char *name, const char *word, size_t *length)
{
    const size_t size = strlen(name), ending = strlen(word);
    if (size < ending || strcmp(name + size - ending, word) != 0)
        return false;
    *length = size - ending;
    if (*length == 0)
        return true;
    return name[--*length] == '.';
}

/* What a tensor is that is no weight and no bias. */
static const char *explain_name(const char *name)
{
    static const char *const norms[] = {"running_mean", "running_var", "num_batches_tracked"};
    size_t length;
    for (size_t k = 0; k < sizeof norms / sizeof norms[0]; k++)
        if (ends_in(name, norms[k], &length))
            return "belongs to a batch normalization, which there is not here: fold it into the "
                   "linear layer before it";
    return "is neither the weight nor the bias of a linear layer (NAME.weight, NAME.bias), and "
           "other layers are not read";
}

static const char *explain_rank(size_t rank)
{
    if (rank > 2)
        return "has more than two dimensions, as those of a convolution: only linear layers are "
               "read, whose weights are neurons x inputs";
    return "has fewer than two dimensions, as those of a normalization: only linear layers are "
           "read, whose weights are neurons x inputs";
}

static bp_status check_type(const struct reading *reading, const struct bp_tensor *tensor,
                            bp_error *error)
{
    if (tensor->type->load)
        return BP_OK;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: tensor \"%s\" holds numbers of type %s: only F32, F64, F16 and BF16 are "
                   "read",
                   reading->foreign->path, tensor->name, tensor->type->name);
}

static bp_status add_weight(struct reading *reading, const struct bp_tensor *tensor, size_t length,
                            bp_error *error)
{
    if (tensor->rank != 2)
        return fail_tensor(reading, tensor, explain_rank(tensor->rank), error);
    for (size_t k = 0; k < 2; k++)
        if (tensor->shape[k] == 0 || tensor->shape[k] > BP_WIDTH_MAX)
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: tensor \"%s\" is %zu x %zu: a layer has 1 to %d neurons and inputs",
                           reading->foreign->path, tensor->name, tensor->shape[0], tensor->shape[1],
                           BP_WIDTH_MAX);
    if (reading->count == BP_LAYERS_MAX)
        return bp_fail(error, BP_ERROR_INPUT, "%s: tensor \"%s\" is of one more than %d layers",
                       reading->foreign->path, tensor->name, BP_LAYERS_MAX);
    struct bp_order_item *item = &reading->item[reading->count];
    *item = (struct bp_order_item){.in = tensor->shape[1], .out = tensor->shape[0]};
    memcpy(item->name, tensor->name, length);
    reading->pair[reading->count++].weight = tensor;
    return BP_OK;
}

static bp_status add_bias(struct reading *reading, const struct bp_tensor *tensor, size_t length,
                          bp_error *error)
{
    for (size_t k = 0; k < reading->count; k++) {
        const struct bp_order_item *item = &reading->item[k];
        if (strlen(item->name) != length || strncmp(item->name, tensor->name, length) != 0)
            continue;
        if (tensor->rank != 1 || tensor->shape[0] != item->out)
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: tensor \"%s\" is not a list of %zu numbers, one for each of the "
                           "neurons of \"%s\"",
                           reading->foreign->path, tensor->name, item->out,
                           reading->pair[k].weight->name);
        reading->pair[k].bias = tensor;
        return BP_OK;
    }
    return fail_tensor(reading, tensor, "has no weight beside it", error);
}

/* Weights first: a bias is one of a weight. Tensors of integers are not weights, whatever their
 * names. */
static bp_status list_pairs(struct reading *reading, bp_error *error)
{
    const struct bp_safetensors *file = reading->file;
    bp_status status = BP_OK;
    size_t length;
    for (size_t k = 0; k < file->count && !status; k++) {
        const struct bp_tensor *tensor = &file->tensors[k];
        const bool is_weight = ends_in(tensor->name, "weight", &length);
        if (!is_weight && !ends_in(tensor->name, "bias", &length))
            status = fail_tensor(reading, tensor, explain_name(tensor->name), error);
        else
            status = check_type(reading, tensor, error);
        if (!status && is_weight)
            status = add_weight(reading, tensor, length, error);
    }
    for (size_t k = 0; k < file->count && !status; k++)
        if (ends_in(file->tensors[k].name, "bias", &length))
            status = add_bias(reading, &file->tensors[k], length, error);
    if (!status && reading->count == 0)
        return bp_fail(error, BP_ERROR_INPUT, "%s: there is no tensor in it",
                       reading->foreign->path);
    return status;
}

static bp_status convert(struct bp_foreign *foreign, const struct bp_tensor *tensor, float *to,
                         bp_error *error)
{
    const size_t count = bp_tensor_count(tensor), width = tensor->type->width;
    for (size_t i = 0; i < count; i++) {
        to[i] = bp_foreign_round(foreign, tensor->type->load(tensor->bytes + i * width));
        if (!isfinite(to[i]))
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: tensor \"%s\": number %zu is not finite, or beyond binary32",
                           foreign->path, tensor->name, i + 1);
    }
    return BP_OK;
}

static bp_status fill_layer(struct bp_foreign *foreign, struct bp_foreign_layer *layer,
                            const struct pair *pair, bp_error *error)
{
    *layer = (struct bp_foreign_layer){.in = pair->weight->shape[1],
                                       .out = pair->weight->shape[0],
                                       .activation = BP_ACTIVATION_AUTO};
    memcpy(layer->name, pair->weight->name, sizeof layer->name);
    bp_status status = bp_foreign_layer_create(layer, pair->bias != NULL, error);
    if (!status)
        status = convert(foreign, pair->weight, layer->weights, error);
    if (!status && pair->bias)
        status = convert(foreign, pair->bias, layer->bias, error);
    return status;
}

static bp_status read_layers(struct reading *reading, const char *layers, bp_error *error)
{
    struct bp_foreign *foreign = reading->foreign;
    size_t order[BP_LAYERS_MAX];
    bp_status status = list_pairs(reading, error);
    if (!status)
        status = bp_layer_order_find(reading->item, reading->count, layers, order,
                                     &foreign->by_shapes, foreign->path, error);
    for (size_t l = 0; l < reading->count && !status; l++)
        status = fill_layer(foreign, &foreign->layer[l], &reading->pair[order[l]], error);
    foreign->layers = reading->count;
    return status;
}

bp_status bp_foreign_read_tensors(struct bp_foreign *foreign, const struct bp_import_source *source,
                                  bp_error *error)
{
    struct bp_input input = source->input;
    struct bp_safetensors *file;
    input.any = true;
    bp_status status = bp_safetensors_read(&file, &input, error);
    if (status)
        return status;
    struct reading reading = {.foreign = foreign, .file = file};
    if (bp_safetensors_text(file, BP_MODEL_KEY))
        status = bp_fail(error, BP_ERROR_INPUT,
                         "%s: is a model of batchprop already: use it as it is", foreign->path);
    else
        status = read_layers(&reading, source->layers, error);
    bp_safetensors_free(file);
    return status;
}
