/* Small NPY files. */
#include "support/npy_bytes.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

static void append_bytes(struct npy_bytes *file, const void *bytes, size_t size)
{
    cr_assert_leq(file->size + size, sizeof file->data);
    memcpy(file->data + file->size, bytes, size);
    file->size += size;
}

void npy_append(struct npy_bytes *file, uint64_t bits, size_t size)
{
    for (size_t k = 0; k < size; k++) {
        unsigned char byte = (unsigned char)(bits >> (8 * k));
        append_bytes(file, &byte, 1);
    }
}

struct npy_bytes npy_begin(unsigned major, const char *dictionary)
{
    struct npy_bytes file = {{0}, 0};
    size_t length = strlen(dictionary), width = major == 1 ? 2 : 4, begin = 8 + width;
    size_t padded = (begin + length + 1 + 63) / 64 * 64 - begin;
    append_bytes(&file, "\x93NUMPY", 6);
    npy_append(&file, major, 2);
    npy_append(&file, padded, width);
    append_bytes(&file, dictionary, length);
    while (file.size < begin + padded - 1)
        append_bytes(&file, " ", 1);
    append_bytes(&file, "\n", 1);
    return file;
}

struct npy_bytes npy_header(const char *type, const char *shape)
{
    char dictionary[256];
    snprintf(dictionary, sizeof dictionary,
             "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", type, shape);
    return npy_begin(1, dictionary);
}

void npy_append_float(struct npy_bytes *file, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    npy_append(file, bits, sizeof bits);
}

struct npy_bytes npy_floats(const char *shape, size_t count, const float *values)
{
    struct npy_bytes file = npy_header("<f4", shape);
    for (size_t k = 0; k < count; k++)
        npy_append_float(&file, values[k]);
    return file;
}

struct npy_bytes npy_bytes(const char *shape, size_t count, const uint8_t *values)
{
    struct npy_bytes file = npy_header("|u1", shape);
    append_bytes(&file, values, count);
    return file;
}

size_t npy_mapped(const struct npy_bytes *file)
{
    static const union {
        uint16_t number;
        unsigned char byte[2];
    } one = {.number = 1};
    return one.byte[0] ? file->size : 0;
}
