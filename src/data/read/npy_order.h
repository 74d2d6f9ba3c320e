/*
 * Arrays in Fortran order. Seen as a table, such a file holds column after column, and the columns
 * of an array of three dimensions and more in an order of their own.
 */
#ifndef BP_DATA_READ_NPY_ORDER_H
#define BP_DATA_READ_NPY_ORDER_H

#include "data/read/npy_header.h"

/* The numbers as they follow each other in the file: rows, or columns. */
struct bp_items bp_npy_items_in_file(const struct bp_npy_header *header);

/* Each replaces an array from malloc that holds the numbers as in a file in Fortran order by one
 * that holds rows x width cells. Errors: MEMORY. */
bp_status bp_npy_order_bytes(const struct bp_npy_header *header, uint8_t **bytes, bp_error *error);
bp_status bp_npy_order_floats(const struct bp_npy_header *header, float **values, bp_error *error);

#endif
