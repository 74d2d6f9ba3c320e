/*
 * The safetensors format: 8 bytes of header length (little-endian), a JSON header, the data.
 * Every tensor that is written is F32 of rank 1 or 2, and others are read only if they are asked
 * for. A reader trusts nothing: see docs/files.md.
 */
#ifndef BP_NET_SAFETENSORS_H
#define BP_NET_SAFETENSORS_H

#include <stddef.h>

#include <jansson.h>

#include "base/files/output.h"

#define BP_TENSOR_NAME_SIZE 128
#define BP_TENSOR_RANK_MAX  8

struct bp_tensor_type;

struct bp_tensor {
    char name[BP_TENSOR_NAME_SIZE];
    size_t rank;                       /* 1 or 2; with bp_input.any from 0 to BP_TENSOR_RANK_MAX */
    size_t shape[BP_TENSOR_RANK_MAX];  /* `rank` of them */
    const float *data;                 /* row-major; NULL with bp_input.any */
    const struct bp_tensor_type *type; /* of a tensor that was read */
    const unsigned char *bytes;        /* with bp_input.any: its numbers, row-major */
};

/* A text of "__metadata__". */
struct bp_metadata {
    const char *key;  /* not "format", which is "pt" in every file */
    const char *text; /* UTF-8 */
};

/* Begins an output (base/files/output.h) with the header for `count` tensors
 * in the order given, of which `data` is not looked at, and `metadata`, which ends with a key NULL.
 * bp_safetensors_append() has to follow with the numbers of all tensors, then bp_output_commit().
 * Errors: IO, MEMORY; then there is nothing to abandon. */
bp_status bp_safetensors_begin(struct bp_output *output, const struct bp_tensor *tensors,
                               size_t count, const struct bp_metadata *metadata, bp_error *error);
bp_status bp_safetensors_append(struct bp_output *output, const float *values, size_t count,
                                bp_error *error);

/* A file read: its tensors in order of their data, and its metadata. */
struct bp_safetensors {
    size_t count;
    struct bp_tensor *tensors;
    json_t *metadata; /* an object of texts, or NULL */
    float *data;      /* of all tensors; with bp_input.any bytes */
};

/* What is read. */
struct bp_input {
    const char *path; /* of a file, or NULL: */
    const void *bytes;
    size_t size;
    bool any; /* tensors of all types and ranks, which stay as they are */
};

/* What messages call it. */
static inline const char *bp_input_name(const struct bp_input *input)
{
    return input->path ? input->path : BP_MEMORY_NAME;
}

/* Reads a whole file, or its bytes. Errors: IO; MEMORY; INPUT for a header that is too long, not
 * JSON, holds a key twice, an unknown type, a shape whose product overflows or differs from its
 * range, ranges with holes, overlaps or bytes left over. */
bp_status bp_safetensors_read(struct bp_safetensors **out, const struct bp_input *input,
                              bp_error *error);
void bp_safetensors_free(struct bp_safetensors *file);

/* The text under a key of the metadata, or NULL. */
const char *bp_safetensors_text(const struct bp_safetensors *file, const char *key);

/* Makes *out the value of a text of the metadata of `path`; the caller owns the reference. `what`
 * is what the message calls the text where there is no memory. Errors: INPUT, with the place;
 * MEMORY. */
bp_status bp_metadata_read(json_t **out, const char *text, const char *what, const char *path,
                           bp_error *error);

/* The tensor of that name, or NULL. */
const struct bp_tensor *bp_safetensors_find(const struct bp_safetensors *file, const char *name);

/* Numbers in a tensor. */
static inline size_t bp_tensor_count(const struct bp_tensor *tensor)
{
    size_t count = 1;
    for (size_t k = 0; k < tensor->rank; k++)
        count *= tensor->shape[k];
    return count;
}

#endif
