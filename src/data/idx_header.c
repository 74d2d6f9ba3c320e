/* The dimensions are claims; they are checked against each other here, against the data later. */
#include "data/idx_header.h"

#include "base/sizes.h"
#include "data/readers.h"

/* 0 for a type that IDX does not have. */
static size_t measure_value(unsigned char type)
{
    switch (type) {
    case BP_IDX_UNSIGNED_BYTE:
    case BP_IDX_SIGNED_BYTE:
        return 1;
    case BP_IDX_SHORT:
        return 2;
    case BP_IDX_INT:
    case BP_IDX_FLOAT:
        return 4;
    case BP_IDX_DOUBLE:
        return 8;
    }
    return 0;
}

bool bp_idx_recognizes(const unsigned char *head, size_t size)
{
    return size >= 3 && head[0] == 0 && head[1] == 0 && measure_value(head[2]) > 0;
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
    header->rows = (size_t)bp_idx_load(bytes, 4);
    header->width = 1;
    for (size_t d = 0; d < header->dimensions; d++) {
        size_t length = (size_t)bp_idx_load(bytes + 4 * d, 4);
        if (length == 0)
            return bp_fail(error, BP_ERROR_INPUT, "%s: dimension %zu of the IDX header is 0",
                           bp_source_path(source), d + 1);
        size_t all;
        if ((d > 0 && !bp_size_mul(header->width, length, &header->width)) ||
            !bp_size_mul(header->width, header->rows, &all) ||
            !bp_size_mul(all, BP_IDX_VALUE_SIZE_MAX, &all))
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
    *header = (struct bp_idx_header){.type = (enum bp_idx_type)magic[2],
                                     .value_size = measure_value(magic[2]),
                                     .dimensions = magic[3]};
    if (magic[0] != 0 || magic[1] != 0 || header->value_size == 0)
        return bp_fail(
            error, BP_ERROR_INPUT,
            "%s: the file is not IDX: it begins with %02X %02X %02X instead of 00 00 and "
            "a type",
            bp_source_path(source), magic[0], magic[1], magic[2]);
    if (header->dimensions < 1 || header->dimensions > BP_IDX_DIMENSIONS_MAX)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the IDX header has %zu dimensions instead of 1 to %d",
                       bp_source_path(source), header->dimensions, BP_IDX_DIMENSIONS_MAX);
    return read_dimensions(source, header, error);
}
