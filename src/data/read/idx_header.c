/* The dimensions are claims; they are checked against each other here, against the data later. */
#include "data/read/idx_header.h"

#include "base/sizes.h"
#include "data/read/readers.h"

/* The types of IDX, by the third byte of a file. */
static const struct idx_type {
    unsigned char code;
    unsigned char size;
    enum bp_item_kind kind;
} idx_types[] = {
    {0x08, 1, BP_ITEM_UNSIGNED}, {0x09, 1, BP_ITEM_SIGNED}, {0x0B, 2, BP_ITEM_SIGNED},
    {0x0C, 4, BP_ITEM_SIGNED},   {0x0D, 4, BP_ITEM_FLOAT},  {0x0E, 8, BP_ITEM_FLOAT},
};

/* NULL for a type that IDX does not have. */
static const struct idx_type *find_type(unsigned char code)
{
    for (size_t k = 0; k < sizeof idx_types / sizeof idx_types[0]; k++)
        if (idx_types[k].code == code)
            return &idx_types[k];
    return NULL;
}

static size_t load_size(const unsigned char *bytes)
{
    return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
}

bool bp_idx_recognizes(const unsigned char *head, size_t size)
{
    return size >= 3 && head[0] == 0 && head[1] == 0 && find_type(head[2]);
}

static bp_status read_exactly(struct bp_source *source, unsigned char *buffer, size_t size,
                              bp_error *error)
{
    size_t got;
    bp_status status = bp_source_read(source, buffer, size, &got, error);
    if (status == BP_OK && got < size)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file ends within its IDX header",
                       bp_source_path(source));
    return status;
}

static bp_status read_dimensions(struct bp_source *source, struct bp_idx_header *header,
                                 bp_error *error)
{
    unsigned char bytes[4 * BP_IDX_DIMENSIONS_MAX];
    bp_status status = read_exactly(source, bytes, 4 * header->dimensions, error);
    if (status != BP_OK)
        return status;
    struct bp_items *items = &header->items;
    items->rows = load_size(bytes);
    items->width = 1;
    for (size_t d = 0; d < header->dimensions; d++) {
        size_t length = load_size(bytes + 4 * d);
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

bp_status bp_idx_read_header(struct bp_source *source, struct bp_idx_header *header,
                             bp_error *error)
{
    unsigned char magic[4];
    bp_status status = read_exactly(source, magic, sizeof magic, error);
    if (status != BP_OK)
        return status;
    const struct idx_type *type = find_type(magic[2]);
    if (magic[0] != 0 || magic[1] != 0 || !type)
        return bp_fail(
            error, BP_ERROR_INPUT,
            "%s: the file is not IDX: it begins with %02X %02X %02X instead of 00 00 and "
            "a type",
            bp_source_path(source), magic[0], magic[1], magic[2]);
    *header = (struct bp_idx_header){.items = {.kind = type->kind,
                                               .size = type->size,
                                               .big_endian = true,
                                               .row_word = "item",
                                               .cell_word = "value"},
                                     .dimensions = magic[3]};
    if (header->dimensions < 1 || header->dimensions > BP_IDX_DIMENSIONS_MAX)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the IDX header has %zu dimensions instead of 1 to %d",
                       bp_source_path(source), header->dimensions, BP_IDX_DIMENSIONS_MAX);
    return read_dimensions(source, header, error);
}
