/* The dictionary in an NPY header: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. */
#ifndef BP_DATA_NPY_DICTIONARY_H
#define BP_DATA_NPY_DICTIONARY_H

#include <stddef.h>

#include "data/npy_header.h"

#define BP_NPY_TYPE_SIZE 16

/* Reads `size` bytes of text into fortran_order, dimensions and shape of `header`, and the type as
 * it is written, cut where it is longer. Each of the three keys has to be there once, and no
 * other. Returns NULL, or what is wrong: "the key 'shape' is missing". */
const char *bp_npy_parse_dictionary(const char *text, size_t size, struct bp_npy_header *header,
                                    char type[BP_NPY_TYPE_SIZE]);

#endif
