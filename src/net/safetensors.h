/*
 * The safetensors format: 8 bytes of header length (little-endian), a JSON header, the data.
 * Here every tensor is F32 of rank 1 or 2. A reader trusts nothing: see docs/files.md.
 */
#ifndef BP_NET_SAFETENSORS_H
#define BP_NET_SAFETENSORS_H

#include <stddef.h>

#include "base/status.h"

#define BP_TENSOR_NAME_SIZE 64

struct bp_tensor {
    char name[BP_TENSOR_NAME_SIZE];
    size_t rank;       /* 1 or 2 */
    size_t shape[2];   /* rank 1: shape[0] */
    const float *data; /* row-major */
};

/* A file read: its tensors in order of their data, and its metadata. */
struct bp_safetensors {
    size_t count;
    struct bp_tensor *tensors;
    char *metadata; /* the string under `key` of bp_safetensors_read(), or NULL if absent */
    float *data;
};

/* Writes tensors in the order given with {"__metadata__": {"format": "pt", key: metadata}},
 * atomically (base/file.h). Errors: IO, MEMORY. */
bp_status bp_safetensors_write(const char *path, const struct bp_tensor *tensors, size_t count,
                               const char *key, const char *metadata, bp_error *error);

/* Reads a whole file. Errors: IO; MEMORY; INPUT for a header that is too long, not JSON, holds a
 * key twice, an unknown type, a shape whose product overflows or differs from its range, ranges
 * with holes, overlaps or bytes left over, or a number that is not finite. */
bp_status bp_safetensors_read(struct bp_safetensors **out, const char *path, const char *key,
                              bp_error *error);
void bp_safetensors_free(struct bp_safetensors *file);

/* The tensor of that name, or NULL. */
const struct bp_tensor *bp_safetensors_find(const struct bp_safetensors *file, const char *name);

#endif
