/*
 * The header of an NPY file, the format of numpy.save(), versions 1.0 to 3.0:
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
#ifndef BP_DATA_NPY_HEADER_H
#define BP_DATA_NPY_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "data/items.h"
#include "data/source.h"

#define BP_NPY_DIMENSIONS_MAX 32 /* as in NumPy before 2.0 */

struct bp_npy_header {
    struct bp_items
        items;          /* rows: the first dimension, at most 2^32 - 1; width: the others, at most
                              BP_WIDTH_MAX */
    bool fortran_order; /* the first index runs fastest */
    size_t dimensions;  /* from 1 */
    size_t shape[BP_NPY_DIMENSIONS_MAX];
    size_t size; /* bytes of the header: where the numbers begin */
};

/* Reads the header and leaves the source at the first number. Errors: INPUT (also a type that is
 * not read, with what to do), IO, MEMORY. */
bp_status bp_npy_read_header(struct bp_source *source, struct bp_npy_header *header,
                             bp_error *error);

#endif
