/* The header grows as text, the data beside it. */
#include "support/tensor_bytes.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/byte_order.h"

void tensor_add(struct tensor_bytes *tensors, const char *name, const char *type, const char *shape,
                const void *bytes, size_t size)
{
    cr_assert_leq(tensors->size + size, sizeof tensors->data);
    tensors->length += (size_t)snprintf(
        tensors->header + tensors->length, sizeof tensors->header - tensors->length,
        "%c\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%zu,%zu]}",
        tensors->length ? ',' : '{', name, type, shape, tensors->size, tensors->size + size);
    cr_assert_lt(tensors->length + 1, sizeof tensors->header);
    if (size > 0)
        memcpy(tensors->data + tensors->size, bytes, size);
    tensors->size += size;
}

void tensor_add_steps(struct tensor_bytes *tensors, const char *name, const char *shape,
                      size_t count, float step)
{
    unsigned char bytes[TENSOR_BYTES_MAX];
    cr_assert_leq(4 * count, sizeof bytes);
    for (size_t k = 0; k < count; k++)
        bp_store_float(bytes + 4 * k, (float)(k + 1) * step);
    tensor_add(tensors, name, "F32", shape, bytes, 4 * count);
}

void tensor_add_layer(struct tensor_bytes *tensors, const char *name, size_t neurons, size_t inputs)
{
    char tensor[128], shape[64];
    snprintf(tensor, sizeof tensor, "%s.weight", name);
    snprintf(shape, sizeof shape, "[%zu,%zu]", neurons, inputs);
    tensor_add_steps(tensors, tensor, shape, neurons * inputs, 0.1f);
    snprintf(tensor, sizeof tensor, "%s.bias", name);
    snprintf(shape, sizeof shape, "[%zu]", neurons);
    tensor_add_steps(tensors, tensor, shape, neurons, -0.3f);
}

void tensor_end(struct tensor_bytes *tensors)
{
    tensors->header[tensors->length++] = '}';
    bp_store_little(tensors->file, tensors->length, 8);
    memcpy(tensors->file + 8, tensors->header, tensors->length);
    memcpy(tensors->file + 8 + tensors->length, tensors->data, tensors->size);
    tensors->file_size = 8 + tensors->length + tensors->size;
}
