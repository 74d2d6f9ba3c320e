/* Arrays of parameters as tensors, a layer at a time: no second copy of a network is made. */
#include "model/tensors.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/byte_order.h"
#include "base/digest.h"
#include "base/sizes.h"

#define CHUNK 1024 /* floats converted at a time */

/* Of a layer. */
static size_t count_tensors(const struct bp_network *network)
{
    return network->reduced ? 1 : 2;
}

size_t bp_tensors_count(const struct bp_network *network)
{
    return network->layers * count_tensors(network);
}

/* Names and shapes of the two tensors that a layer l may have. */
static void describe_layer(const struct bp_network *network, const char *prefix, size_t l,
                           struct bp_tensor tensor[2])
{
    const struct bp_layer *layer = &network->layer[l];
    for (size_t k = 0; k < 2; k++) {
        tensor[k] = (struct bp_tensor){.rank = 2 - k, .shape = {layer->out, k ? 0 : layer->in}};
        snprintf(tensor[k].name, sizeof tensor[k].name, "%slayers.%zu.%s", prefix, l,
                 k ? "bias" : "weight");
    }
}

void bp_tensors_describe(const struct bp_network *network, const char *prefix,
                         struct bp_tensor *tensors)
{
    for (size_t l = 0; l < network->layers; l++) {
        struct bp_tensor tensor[2];
        describe_layer(network, prefix, l, tensor);
        for (size_t k = 0; k < count_tensors(network); k++)
            *tensors++ = tensor[k];
    }
}

static size_t count_layer(const struct bp_network *network, size_t l)
{
    return (network->layer[l].in + !network->reduced) * network->layer[l].out;
}

size_t bp_tensors_room(const struct bp_network *network)
{
    size_t room = 0;
    for (size_t l = 0; l < network->layers; l++)
        room = bp_size_max(room, count_layer(network, l));
    return room;
}

static void unpack_layer(const struct bp_network *network, size_t l, const float *values,
                         float *room)
{
    const struct bp_layer *layer = &network->layer[l];
    float *bias = room + layer->in * layer->out;
    bp_layer_unpack(layer, values, room, network->reduced ? NULL : bias);
}

bp_status bp_tensors_append(const struct bp_network *network, const float *values, float *room,
                            struct bp_output *output, bp_error *error)
{
    bp_status status = BP_OK;
    for (size_t l = 0; l < network->layers && !status; l++) {
        unpack_layer(network, l, values, room);
        status = bp_safetensors_append(output, room, count_layer(network, l), error);
    }
    return status;
}

static void digest_tensor(struct bp_digest *digest, const struct bp_tensor *tensor)
{
    unsigned char bytes[4 * CHUNK];
    const size_t count = bp_tensor_count(tensor);
    bp_digest_update(digest, tensor->name, strlen(tensor->name) + 1);
    for (size_t begin = 0; begin < count; begin += CHUNK) {
        const size_t end = bp_size_min(begin + CHUNK, count);
        for (size_t i = begin; i < end; i++)
            bp_store_float(bytes + 4 * (i - begin), tensor->data[i]);
        bp_digest_update(digest, bytes, 4 * (end - begin));
    }
}

void bp_tensors_digest(const struct bp_network *network, const char *prefix, const float *values,
                       float *room, struct bp_digest *digest)
{
    for (size_t l = 0; l < network->layers; l++) {
        struct bp_tensor tensor[2];
        describe_layer(network, prefix, l, tensor);
        unpack_layer(network, l, values, room);
        tensor[0].data = room;
        tensor[1].data = room + bp_tensor_count(&tensor[0]);
        for (size_t k = 0; k < count_tensors(network); k++)
            digest_tensor(digest, &tensor[k]);
    }
}

void bp_tensors_digest_file(const struct bp_safetensors *file, struct bp_digest *digest)
{
    for (size_t k = 0; k < file->count; k++)
        digest_tensor(digest, &file->tensors[k]);
}

static bp_status check_finite(const struct bp_tensor *tensor, const char *path, bp_error *error)
{
    const size_t count = bp_tensor_count(tensor);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(tensor->data[i]))
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: number %zu of tensor \"%s\" is not finite (%g)", path, i + 1,
                           tensor->name, (double)tensor->data[i]);
    }
    return BP_OK;
}

bp_status bp_tensors_check(const struct bp_network *network, const char *prefix, bool finite,
                           const struct bp_safetensors *file, const char *path, bp_error *error)
{
    const size_t each = count_tensors(network);
    for (size_t k = 0; k < bp_tensors_count(network); k++) {
        struct bp_tensor layer[2];
        describe_layer(network, prefix, k / each, layer);
        const struct bp_tensor *wanted = &layer[k % each];
        const struct bp_tensor *found = bp_safetensors_find(file, wanted->name);
        if (!found)
            return bp_fail(error, BP_ERROR_INPUT, "%s: tensor %s is missing", path, wanted->name);
        if (found->rank != wanted->rank || found->shape[0] != wanted->shape[0] ||
            (wanted->rank == 2 && found->shape[1] != wanted->shape[1]))
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: tensor %s has another shape than the layers in the metadata", path,
                           wanted->name);
        const bp_status status = finite ? check_finite(found, path, error) : BP_OK;
        if (status)
            return status;
    }
    return BP_OK;
}

void bp_tensors_load(const struct bp_network *network, const char *prefix,
                     const struct bp_safetensors *file, float *values)
{
    for (size_t l = 0; l < network->layers; l++) {
        struct bp_tensor layer[2];
        const float *data[2] = {NULL, NULL};
        describe_layer(network, prefix, l, layer);
        for (size_t k = 0; k < count_tensors(network); k++)
            data[k] = bp_safetensors_find(file, layer[k].name)->data;
        bp_layer_pack(&network->layer[l], values, data[0], data[1]);
    }
}
