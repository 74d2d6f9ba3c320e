/*
 * The header of an NPY file, the format of numpy.save(), versions 1.0 to 3.0:
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
#ifndef BP_DATA_READ_NPY_HEADER_H
#define BP_DATA_READ_NPY_HEADER_H

#include <stddef.h>

#include "data/read/items.h"
#include "data/read/npy_dictionary.h"
#include "data/source/source.h"

struct bp_npy_header {
    /* rows: the first dimension, at most 2^32 - 1; width: the others, at most BP_WIDTH_MAX */
    struct bp_items items;
    struct bp_npy_array array;
    size_t size; /* bytes of the header: where the numbers begin */
};

/* Whether a file that begins with `head` is NPY. */
bool bp_npy_recognizes(const unsigned char *head, size_t size);

/* Reads the header and leaves the source at the first number. Errors: INPUT (also a type that is
 * not read, with what to do), IO, MEMORY. */
bp_status bp_npy_read_header(struct bp_source *source, struct bp_npy_header *header,
                             bp_error *error);

#endif
