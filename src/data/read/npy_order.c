/* One pass in the order of the file, a column at a time. */
#include "data/read/npy_order.h"

#include <stdlib.h>

#include "base/memory.h"

struct bp_items bp_npy_items_in_file(const struct bp_npy_header *header)
{
    struct bp_items items = header->items;
    if (header->array.fortran_order) {
        items.rows = header->items.width;
        items.width = header->items.rows;
        items.row_word = header->items.cell_word;
        items.cell_word = header->items.row_word;
    }
    return items;
}

/*
 * The place in a row of column `k` of the file. With the indices of its dimension 1 running
 * fastest,
 *
 *   k     = i1 + n1 (i2 + n2 (i3 + ...))
 *   place = (...(i1 n2 + i2) n3 + i3)...
 */
static size_t find_place(const struct bp_npy_header *header, size_t k)
{
    size_t place = 0;
    for (size_t d = 1; d < header->array.dimensions; d++) {
        place = place * header->array.shape[d] + k % header->array.shape[d];
        k /= header->array.shape[d];
    }
    return place;
}

bp_status bp_npy_order_bytes(const struct bp_npy_header *header, uint8_t **bytes, bp_error *error)
{
    const size_t rows = header->items.rows, width = header->items.width;
    uint8_t *ordered = bp_array_alloc(rows * width, sizeof *ordered);
    if (!ordered)
        return bp_fail_memory(error, "an array in Fortran order");
    for (size_t k = 0; k < width; k++) {
        const uint8_t *column = *bytes + k * rows;
        uint8_t *cell = ordered + find_place(header, k);
        for (size_t r = 0; r < rows; r++)
            cell[r * width] = column[r];
    }
    free(*bytes);
    *bytes = ordered;
    return BP_OK;
}

bp_status bp_npy_order_floats(const struct bp_npy_header *header, float **values, bp_error *error)
{
    const size_t rows = header->items.rows, width = header->items.width;
    float *ordered = bp_array_alloc(rows * width, sizeof *ordered);
    if (!ordered)
        return bp_fail_memory(error, "an array in Fortran order");
    for (size_t k = 0; k < width; k++) {
        const float *column = *values + k * rows;
        float *cell = ordered + find_place(header, k);
        for (size_t r = 0; r < rows; r++)
            cell[r * width] = column[r];
    }
    free(*values);
    *values = ordered;
    return BP_OK;
}
