/* Arrays of parameters as tensors, a layer at a time: no second copy of a network is made. */
#include "model/tensors.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/sizes.h"
#include "net/little_endian.h"

#define CHUNK 1024 /* floats converted at a time */

/* Names and shapes of the two tensors of layer l. */
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
    for (size_t l = 0; l < network->layers; l++)
        describe_layer(network, prefix, l, &tensors[2 * l]);
}

static size_t count_layer(const struct bp_layer *layer)
{
    return (layer->in + 1) * layer->out;
}

size_t bp_tensors_room(const struct bp_network *network)
{
    size_t room = 0;
    for (size_t l = 0; l < network->layers; l++)
        room = bp_size_max(room, count_layer(&network->layer[l]));
    return room;
}

static void unpack_layer(const struct bp_layer *layer, const float *values, float *room)
{
    bp_layer_unpack(layer, values, room, room + layer->in * layer->out);
}

bp_status bp_tensors_append(const struct bp_network *network, const float *values, float *room,
                            struct bp_file *file, bp_error *error)
{
    bp_status status = BP_OK;
    for (size_t l = 0; l < network->layers && !status; l++) {
        unpack_layer(&network->layer[l], values, room);
        status = bp_safetensors_append(file, room, count_layer(&network->layer[l]), error);
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
        unpack_layer(&network->layer[l], values, room);
        tensor[0].data = room;
        tensor[1].data = room + bp_tensor_count(&tensor[0]);
        digest_tensor(digest, &tensor[0]);
        digest_tensor(digest, &tensor[1]);
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
    for (size_t k = 0; k < 2 * network->layers; k++) {
        struct bp_tensor layer[2];
        describe_layer(network, prefix, k / 2, layer);
        const struct bp_tensor *wanted = &layer[k % 2];
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
        describe_layer(network, prefix, l, layer);
        bp_layer_pack(&network->layer[l], values, bp_safetensors_find(file, layer[0].name)->data,
                      bp_safetensors_find(file, layer[1].name)->data);
    }
}
