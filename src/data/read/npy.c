/*
 * Tables and labels from NPY files. Where the file holds the cells as a table does, they stay
 * there: a mapping costs no memory of its own and no time but that of looking for what is not
 * finite. All else is read and converted; an array in Fortran order, which holds column after
 * column, is put in order.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/read/labels.h"
#include "data/read/npy_header.h"
#include "data/read/readers.h"
#include "data/table/columns.h"
#include "data/table/exact.h"
#include "data/table/origin.h"

static bool has_bytes(const struct bp_items *items)
{
    return items->kind == BP_ITEM_BOOL || (items->kind == BP_ITEM_UNSIGNED && items->size == 1);
}

static bool is_big_endian(void)
{
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, 1);
    return first == 0;
}

/* Whether the numbers are in the file as they would be in memory. */
static bool suits_memory(const struct bp_npy_header *header)
{
    const struct bp_items *items = &header->items;
    if (header->array.fortran_order)
        return false;
    return has_bytes(items) ||
           (items->kind == BP_ITEM_FLOAT && items->size == sizeof(float) &&
            items->big_endian == is_big_endian() && header->size % sizeof(float) == 0);
}

/* False also for a file of a wrong size: reading will say what is wrong with it. */
static bool map_cells(struct bp_table *table, const struct bp_source *source,
                      const struct bp_npy_header *header)
{
    const struct bp_items *items = &header->items;
    const size_t size = header->size + items->rows * items->width * items->size;
    if (!suits_memory(header) || !(table->mapping = bp_source_map(source, size)))
        return false;
    table->mapped = size;
    unsigned char *cells = (unsigned char *)table->mapping + header->size;
    if (has_bytes(items))
        table->bytes = cells;
    else
        table->values = (float *)(void *)cells;
    return true;
}

/* The numbers as they follow each other in the file: rows, or columns in Fortran order. */
static struct bp_items items_in_file(const struct bp_npy_header *header)
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
 * The place in a row of column `k` of a file in Fortran order. With the indices of its dimension 1
 * running fastest,
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

/* Inlined, so that `size` is a constant. */
static inline void copy_column(unsigned char *cell, const unsigned char *column, size_t rows,
                               size_t width, size_t size)
{
    for (size_t r = 0; r < rows; r++)
        memcpy(cell + r * width * size, column + r * size, size);
}

/* rows x width cells from what a file in Fortran order holds, by malloc; NULL: no memory. */
static void *order_cells(const struct bp_npy_header *header, const unsigned char *cells,
                         size_t size)
{
    const size_t rows = header->items.rows, width = header->items.width;
    unsigned char *ordered = bp_array_alloc(rows * width, size);
    for (size_t k = 0; ordered && k < width; k++) {
        const unsigned char *column = cells + k * rows * size;
        unsigned char *cell = ordered + find_place(header, k) * size;
        if (size == 1)
            copy_column(cell, column, rows, width, 1);
        else if (size == sizeof(float))
            copy_column(cell, column, rows, width, sizeof(float));
        else
            copy_column(cell, column, rows, width, sizeof(double));
    }
    return ordered;
}

/* Reads rows x width cells, in the order of a table. */
static bp_status read_rows(const struct bp_npy_header *header, struct bp_source *source,
                           enum bp_number_type type, void **out, bp_error *error)
{
    const struct bp_items items = items_in_file(header);
    bp_status status = bp_items_read(&items, source, type, out, error);
    if (status != BP_OK || !header->array.fortran_order)
        return status;
    const size_t size = type == BP_AS_BYTES    ? 1
                        : type == BP_AS_FLOATS ? sizeof(float)
                                               : sizeof(double);
    void *ordered = order_cells(header, *out, size);
    free(*out);
    *out = ordered;
    return ordered ? BP_OK : bp_fail_memory(error, "an array in Fortran order");
}

/* What floats do not hold of large numbers. False: no memory. */
static bool add_exact(struct bp_exact *exact, const struct bp_items *items, const double *numbers)
{
    bool done = true;
    for (size_t k = 0; done && k < items->rows * items->width; k++)
        done = !isfinite((float)numbers[k]) ||
               bp_exact_add_double(exact, k / items->width, k % items->width, numbers[k]);
    return done;
}

/* Numbers as floats, less the origins of their columns; with `together` all have that of the first.
 * `exact` gets what floats do not hold, or is NULL. */
static bp_status read_numbers(const struct bp_npy_header *header, struct bp_source *source,
                              bool together, float **out, double *origin, struct bp_exact *exact,
                              bp_error *error)
{
    const struct bp_items *items = &header->items;
    const bool wide = bp_items_are_wide(items);
    void *numbers;
    bp_status status =
        read_rows(header, source, wide ? BP_AS_DOUBLES : BP_AS_FLOATS, &numbers, error);
    *out = numbers;
    if (!status && wide && exact && !add_exact(exact, items, numbers))
        status = bp_fail_memory(error, bp_source_path(source));
    if (!status && wide)
        *out = bp_origin_narrow(numbers, items->rows, items->width, together, origin);
    return status ? status : bp_items_check_floats(items, bp_source_path(source), *out, error);
}

static bp_status read_cells(struct bp_table *table, struct bp_source *source,
                            const struct bp_npy_header *header, double *origin, bp_error *error)
{
    const bool image = header->array.dimensions > 2;
    if (!has_bytes(&header->items))
        return read_numbers(header, source, image, &table->values, origin, NULL, error);
    void *cells;
    const bp_status status = read_rows(header, source, BP_AS_BYTES, &cells, error);
    table->bytes = cells;
    return status;
}

/* Cells that are mapped, and read as they are. */
static bp_status check_cells(const struct bp_table *table, const struct bp_items *items,
                             bp_error *error)
{
    if (table->bytes)
        return bp_items_check_bytes(items, table->path, table->bytes, error);
    return table->mapping ? bp_items_check_floats(items, table->path, table->values, error) : BP_OK;
}

static bp_status read_npy(struct bp_table *table, struct bp_source *source,
                          const bp_read_options *options, bp_error *error)
{
    (void)options;
    struct bp_npy_header header;
    bp_status status = bp_npy_read_header(source, &header, error);
    if (status != BP_OK)
        return status;
    const struct bp_items *items = &header.items;
    const bool image = header.array.dimensions > 2;
    double *origin = calloc(items->width, sizeof *origin);
    if (!origin)
        return bp_fail_memory(error, table->path);
    table->rows = items->rows;
    table->cells = items->width;
    if (!map_cells(table, source, &header))
        status = read_cells(table, source, &header, origin, error);
    if (status == BP_OK)
        status = check_cells(table, items, error);
    if (status == BP_OK &&
        (!bp_table_add_columns(table, image ? 1 : items->width) ||
         !(image ? bp_column_set_image(&table->column[0], items->width)
                 : bp_columns_set_numbers(table, 0, items->width, BP_ROLE_INPUT, "x"))))
        status = bp_fail_memory(error, table->path);
    for (size_t c = 0; status == BP_OK && c < table->columns; c++)
        table->column[c].origin = origin[c];
    free(origin);
    return status;
}

/* Floats are numbers to predict. */
static bp_status read_targets(struct bp_table *table, struct bp_source *source,
                              const struct bp_npy_header *header, struct bp_exact *exact,
                              bp_error *error)
{
    const size_t first = table->columns, width = header->items.width;
    const char *path = bp_source_path(source);
    double *origin = calloc(width, sizeof *origin);
    if (!origin)
        return bp_fail_memory(error, path);
    bp_status status = read_numbers(header, source, false, &table->targets, origin, exact, error);
    table->target_cells = width;
    if (status == BP_OK && (!bp_table_add_columns(table, width) ||
                            !bp_columns_set_numbers(table, first, width, BP_ROLE_TARGET, "y")))
        status = bp_fail_memory(error, path);
    for (size_t k = 0; status == BP_OK && k < width; k++) {
        table->column[first + k].offset = k;
        table->column[first + k].origin = origin[k];
    }
    free(origin);
    if (status == BP_OK && !bp_exact_finish(exact, table, first))
        status = bp_fail_memory(error, path);
    return status;
}

static bp_status read_npy_labels(struct bp_table *table, struct bp_source *source, bp_error *error)
{
    const char *path = bp_source_path(source);
    struct bp_npy_header header;
    bp_status status = bp_npy_read_header(source, &header, error);
    if (status != BP_OK)
        return status;
    if (header.array.dimensions > 2)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: labels have 1 dimension, and targets 1 or 2, but this array has %zu; "
                       "are samples and labels swapped?",
                       path, header.array.dimensions);
    status = bp_labels_check_rows(table, &header.items, path, error);
    if (status != BP_OK)
        return status;
    if (header.items.kind == BP_ITEM_FLOAT) {
        struct bp_exact exact = {0};
        status = read_targets(table, source, &header, &exact, error);
        bp_exact_release(&exact);
        return status;
    }
    if (header.items.width > 1)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: labels are one integer a row, but this array has %zu columns; save "
                       "array.astype(\"float32\") if they are numbers to predict",
                       path, header.items.width);
    return bp_labels_read_classes(table, source, &header.items, error);
}

static bool recognizes_npy(const char *path, const unsigned char *head, size_t size)
{
    (void)path;
    return bp_npy_recognizes(head, size);
}

const struct bp_reader bp_npy_format = {.format = BP_FORMAT_NPY,
                                        .recognizes = recognizes_npy,
                                        .read = read_npy,
                                        .read_labels = read_npy_labels,
                                        .takes_labels = true,
                                        .has_roles = true,
                                        .row_word = "row"};
