/* The dictionary in an NPY header: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }. */
#ifndef BP_DATA_READ_NPY_DICTIONARY_H
#define BP_DATA_READ_NPY_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>

#define BP_NPY_TYPE_SIZE      16
#define BP_NPY_DIMENSIONS_MAX 32 /* as in NumPy before 2.0 */

struct bp_npy_array {
    bool fortran_order; /* the first index runs fastest */
    size_t dimensions;
    size_t shape[BP_NPY_DIMENSIONS_MAX];
};

/* Reads `size` bytes of text into `array`, and the type as
 * it is written, cut where it is longer. Each of the three keys has to be there once, and no
 * other. Returns NULL, or what is wrong: "the key 'shape' is missing". */
const char *bp_npy_parse_dictionary(const char *text, size_t size, struct bp_npy_array *array,
                                    char type[BP_NPY_TYPE_SIZE]);

#endif
