/* Small safetensors files with tensors of any type. */
#ifndef BP_TESTS_TENSOR_BYTES_H
#define BP_TESTS_TENSOR_BYTES_H

#include <stddef.h>

#define TENSOR_BYTES_MAX 8192

struct tensor_bytes {
    char header[TENSOR_BYTES_MAX];
    unsigned char data[TENSOR_BYTES_MAX];
    size_t length, size;
    unsigned char file[2 * TENSOR_BYTES_MAX + 8]; /* of tensor_end() */
    size_t file_size;
};

/* Appends a tensor: its type and shape as the header has them, "F32" and "[2,3]". `bytes` of `size`
 * are little-endian. */
void tensor_add(struct tensor_bytes *tensors, const char *name, const char *type, const char *shape,
                const void *bytes, size_t size);

/* The same with F32, of so many numbers 1, 2, 3, ..., times `step`. */
void tensor_add_steps(struct tensor_bytes *tensors, const char *name, const char *shape,
                      size_t count, float step);

/* A weight, neurons x inputs, and its bias, "NAME.weight" and "NAME.bias", of such numbers. */
void tensor_add_layer(struct tensor_bytes *tensors, const char *name, size_t neurons,
                      size_t inputs);

/* Makes `file`. */
void tensor_end(struct tensor_bytes *tensors);

#endif
