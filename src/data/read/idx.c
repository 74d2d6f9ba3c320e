/*
 * IDX files, as those of MNIST: a type, one to four dimensions, and the numbers, the highest byte
 * first. Samples become one wide column, whose bytes stay bytes: floats would take four times the
 * memory. The dimensions are claims, checked against each other first and against the data while
 * these are read.
 */
#include <string.h>

#include "base/byte_order.h"
#include "base/sizes.h"
#include "data/read/items.h"
#include "data/read/labels.h"
#include "data/read/readers.h"
#include "data/table/columns.h"
#include "data/table/origin.h"

#define DIMENSIONS_MAX 4

/* The types of IDX, by the third byte of a file. */
static const struct idx_type {
    unsigned char code;
    unsigned char size;
    enum bp_item_kind kind;
} idx_types[] = {
    {0x08, 1, BP_ITEM_UNSIGNED}, {0x09, 1, BP_ITEM_SIGNED}, {0x0B, 2, BP_ITEM_SIGNED},
    {0x0C, 4, BP_ITEM_SIGNED},   {0x0D, 4, BP_ITEM_FLOAT},  {0x0E, 8, BP_ITEM_FLOAT},
};

struct header {
    struct bp_items items; /* rows: the first dimension, at most 2^32 - 1; width: the others */
    size_t dimensions;     /* 1 to DIMENSIONS_MAX */
};

/* NULL for a type that IDX does not have. */
static const struct idx_type *find_type(unsigned char code)
{
    for (size_t k = 0; k < sizeof idx_types / sizeof idx_types[0]; k++)
        if (idx_types[k].code == code)
            return &idx_types[k];
    return NULL;
}

static bool recognizes_idx(const char *path, const unsigned char *head, size_t size)
{
    (void)path;
    return size >= 3 && head[0] == 0 && head[1] == 0 && find_type(head[2]);
}

static bp_status read_dimensions(struct bp_source *source, struct header *header, bp_error *error)
{
    unsigned char bytes[4 * DIMENSIONS_MAX];
    bp_status status = bp_source_read_header(source, bytes, 4 * header->dimensions, "IDX", error);
    if (status != BP_OK)
        return status;
    struct bp_items *items = &header->items;
    items->rows = (size_t)bp_load_big(bytes, 4);
    items->width = 1;
    for (size_t d = 0; d < header->dimensions; d++) {
        size_t length = (size_t)bp_load_big(bytes + 4 * d, 4);
        if (length == 0)
            return bp_fail(error, BP_ERROR_INPUT, "%s: dimension %zu of the IDX header is 0",
                           bp_source_path(source), d + 1);
        size_t all;
        if ((d > 0 && !bp_size_mul(items->width, length, &items->width)) ||
            !bp_size_mul(items->width, items->rows, &all) ||
            !bp_size_mul(all, BP_ITEM_SIZE_MAX, &all))
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: the dimensions of the IDX header are too large",
                           bp_source_path(source));
    }
    return BP_OK;
}

/* Leaves the source at the first number. */
static bp_status read_header(struct bp_source *source, struct header *header, bp_error *error)
{
    unsigned char magic[4];
    bp_status status = bp_source_read_header(source, magic, sizeof magic, "IDX", error);
    if (status != BP_OK)
        return status;
    const struct idx_type *type = find_type(magic[2]);
    if (magic[0] != 0 || magic[1] != 0 || !type)
        return bp_fail(
            error, BP_ERROR_INPUT,
            "%s: the file is not IDX: it begins with %02X %02X %02X instead of 00 00 and "
            "a type",
            bp_source_path(source), magic[0], magic[1], magic[2]);
    *header = (struct header){.items = {.kind = type->kind,
                                        .size = type->size,
                                        .big_endian = true,
                                        .row_word = "item",
                                        .cell_word = "value"},
                              .dimensions = magic[3]};
    if (header->dimensions < 1 || header->dimensions > DIMENSIONS_MAX)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the IDX header has %zu dimensions instead of 1 to %d",
                       bp_source_path(source), header->dimensions, DIMENSIONS_MAX);
    return read_dimensions(source, header, error);
}

static bp_status read_idx(struct bp_table *table, struct bp_source *source,
                          const bp_read_options *options, bp_error *error)
{
    (void)options;
    struct header header;
    const struct bp_items *items = &header.items;
    bp_status status = read_header(source, &header, error);
    if (status != BP_OK)
        return status;
    if (!bp_table_add_columns(table, 1) || !bp_column_set_image(&table->column[0], items->width))
        return bp_fail_memory(error, table->path);
    table->cells = items->width;
    table->rows = items->rows;
    void *cells;
    const bool bytes = items->kind == BP_ITEM_UNSIGNED, wide = bp_items_are_wide(items);
    status = bp_items_read(items, source,
                           bytes  ? BP_AS_BYTES
                           : wide ? BP_AS_DOUBLES
                                  : BP_AS_FLOATS,
                           &cells, error);
    if (bytes)
        table->bytes = cells;
    else
        table->values = cells;
    if (status != BP_OK || bytes)
        return status;
    if (wide)
        table->values =
            bp_origin_narrow(cells, items->rows, items->width, true, &table->column[0].origin);
    return bp_items_check_floats(items, table->path, table->values, error);
}

static bp_status read_idx_labels(struct bp_table *table, struct bp_source *source, bp_error *error)
{
    const char *path = bp_source_path(source);
    struct header header;
    bp_status status = read_header(source, &header, error);
    if (status != BP_OK)
        return status;
    if (header.dimensions != 1)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: labels have 1 dimension, but this file has %zu; are samples and labels "
                       "swapped?",
                       path, header.dimensions);
    if (header.items.kind == BP_ITEM_FLOAT)
        return bp_fail(error, BP_ERROR_INPUT, "%s: labels are integers, but this file holds floats",
                       path);
    status = bp_labels_check_rows(table, &header.items, path, error);
    return status == BP_OK ? bp_labels_read_classes(table, source, &header.items, error) : status;
}

const struct bp_reader bp_idx_format = {.format = BP_FORMAT_IDX,
                                        .recognizes = recognizes_idx,
                                        .read = read_idx,
                                        .read_labels = read_idx_labels,
                                        .takes_labels = true,
                                        .has_roles = true,
                                        .row_word = "item"};
