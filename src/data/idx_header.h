/* The header of an IDX file: a type and up to four dimensions, as in the files of MNIST. */
#ifndef BP_DATA_IDX_HEADER_H
#define BP_DATA_IDX_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/source.h"

/* The third byte of the file. */
enum bp_idx_type {
    BP_IDX_UNSIGNED_BYTE = 0x08,
    BP_IDX_SIGNED_BYTE = 0x09,
    BP_IDX_SHORT = 0x0B,
    BP_IDX_INT = 0x0C,
    BP_IDX_FLOAT = 0x0D,
    BP_IDX_DOUBLE = 0x0E
};

#define BP_IDX_DIMENSIONS_MAX 4
#define BP_IDX_VALUE_SIZE_MAX 8 /* bytes of a value of the largest type */

struct bp_idx_header {
    enum bp_idx_type type;
    size_t value_size; /* bytes of a value of that type */
    size_t dimensions; /* 1 to 4 */
    size_t rows;       /* the first dimension, 1 to 2^32 - 1: items */
    size_t width;      /* the product of the others, from 1: values of an item */
};

/* Reads the header and leaves the source at the first value; rows x width x 8 does not overflow.
 * Errors: INPUT, IO. */
bp_status bp_idx_read_header(struct bp_source *source, struct bp_idx_header *header,
                             bp_error *error);

/* A big-endian number of `size` bytes. */
static inline uint64_t bp_idx_load(const unsigned char *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t k = 0; k < size; k++)
        value = value << 8 | bytes[k];
    return value;
}

#endif
