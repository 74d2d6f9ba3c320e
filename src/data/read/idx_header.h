/* The header of an IDX file: a type and up to four dimensions, as in the files of MNIST. */
#ifndef BP_DATA_READ_IDX_HEADER_H
#define BP_DATA_READ_IDX_HEADER_H

#include <stddef.h>

#include "data/read/items.h"
#include "data/source/source.h"

#define BP_IDX_DIMENSIONS_MAX 4

struct bp_idx_header {
    struct bp_items items; /* rows: the first dimension, at most 2^32 - 1; width: the others */
    size_t dimensions;     /* 1 to 4 */
};

/* Reads the header and leaves the source at the first value. Errors: INPUT, IO. */
bp_status bp_idx_read_header(struct bp_source *source, struct bp_idx_header *header,
                             bp_error *error);

#endif
