/* The header decides what must follow, not how much memory is taken: that follows the data. */
#include "data/idx_items.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/sizes.h"
#include "data/grow.h"

/* Values are read and converted in runs of this many. */
#define RUN 4096

/* Converts `count` values; returns the first that is no finite float, or `count`. */
typedef size_t convert_fn(const struct bp_idx_header *header, const unsigned char *bytes,
                          size_t count, void *to);

static size_t convert_to_bytes(const struct bp_idx_header *header, const unsigned char *bytes,
                               size_t count, void *to)
{
    (void)header;
    memcpy(to, bytes, count);
    return count;
}

static int32_t load_integer(enum bp_idx_type type, const unsigned char *bytes)
{
    switch (type) {
    case BP_IDX_SIGNED_BYTE:
        return (int8_t)bytes[0];
    case BP_IDX_SHORT:
        return (int16_t)bp_idx_load(bytes, 2);
    case BP_IDX_INT:
        return (int32_t)bp_idx_load(bytes, 4);
    case BP_IDX_UNSIGNED_BYTE:
    case BP_IDX_FLOAT:
    case BP_IDX_DOUBLE:
        break;
    }
    return bytes[0];
}

static size_t convert_to_integers(const struct bp_idx_header *header, const unsigned char *bytes,
                                  size_t count, void *to)
{
    int32_t *integers = to;
    for (size_t k = 0; k < count; k++)
        integers[k] = load_integer(header->type, bytes + k * header->value_size);
    return count;
}

static float load_float(enum bp_idx_type type, const unsigned char *bytes)
{
    if (type == BP_IDX_FLOAT) {
        uint32_t bits = (uint32_t)bp_idx_load(bytes, 4);
        float value;
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    if (type == BP_IDX_DOUBLE) {
        uint64_t bits = bp_idx_load(bytes, 8);
        double value;
        memcpy(&value, &bits, sizeof value);
        return (float)value;
    }
    return (float)load_integer(type, bytes);
}

static size_t convert_to_floats(const struct bp_idx_header *header, const unsigned char *bytes,
                                size_t count, void *to)
{
    float *floats = to;
    for (size_t k = 0; k < count; k++) {
        floats[k] = load_float(header->type, bytes + k * header->value_size);
        if (!isfinite(floats[k]))
            return k;
    }
    return count;
}

static bp_status check_end(struct bp_source *source, const struct bp_idx_header *header,
                           bp_error *error)
{
    unsigned char more;
    size_t got;
    bp_status status = bp_source_read(source, &more, 1, &got, error);
    if (status == BP_OK && got > 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: more bytes follow the last of the %zu items that the header counts",
                       bp_source_path(source), header->rows);
    return status;
}

/* Reads values first ... first + count - 1 into `bytes`. */
static bp_status read_run(struct bp_source *source, const struct bp_idx_header *header,
                          size_t first, size_t count, unsigned char *bytes, bp_error *error)
{
    size_t got, size = count * header->value_size;
    bp_status status = bp_source_read(source, bytes, size, &got, error);
    if (status == BP_OK && got < size)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the file ends within item %zu; the header counts %zu items of %zu "
                       "values",
                       bp_source_path(source),
                       (first + got / header->value_size) / header->width + 1, header->rows,
                       header->width);
    return status;
}

static bp_status read_values(struct bp_source *source, const struct bp_idx_header *header,
                             convert_fn *convert, size_t size, void **out, bp_error *error)
{
    unsigned char bytes[RUN * BP_IDX_VALUE_SIZE_MAX];
    size_t total = header->rows * header->width, capacity = 0, count;
    bp_status status = BP_OK;
    *out = NULL;
    for (size_t done = 0; done < total; done += count) {
        count = bp_size_min(RUN, total - done);
        status = read_run(source, header, done, count, bytes, error);
        if (status != BP_OK)
            goto fail;
        void *grown = bp_array_grow(*out, &capacity, done + count, size);
        if (!grown) {
            status = bp_fail_memory(error, bp_source_path(source));
            goto fail;
        }
        *out = grown;
        size_t good = convert(header, bytes, count, (char *)grown + done * size);
        if (good < count) {
            status = bp_fail(error, BP_ERROR_INPUT,
                             "%s: value %zu of item %zu is not finite as a 32-bit float",
                             bp_source_path(source), (done + good) % header->width + 1,
                             (done + good) / header->width + 1);
            goto fail;
        }
    }
    status = check_end(source, header, error);
    if (status != BP_OK)
        goto fail;
    *out = bp_array_trim(*out, total, size);
    return BP_OK;
fail:
    free(*out);
    *out = NULL;
    return status;
}

bp_status bp_idx_read_bytes(struct bp_source *source, const struct bp_idx_header *header,
                            uint8_t **out, bp_error *error)
{
    void *values;
    bp_status status = read_values(source, header, convert_to_bytes, 1, &values, error);
    *out = values;
    return status;
}

bp_status bp_idx_read_floats(struct bp_source *source, const struct bp_idx_header *header,
                             float **out, bp_error *error)
{
    void *values;
    bp_status status = read_values(source, header, convert_to_floats, sizeof **out, &values, error);
    *out = values;
    return status;
}

bp_status bp_idx_read_integers(struct bp_source *source, const struct bp_idx_header *header,
                               int32_t **out, bp_error *error)
{
    void *values;
    bp_status status =
        read_values(source, header, convert_to_integers, sizeof **out, &values, error);
    *out = values;
    return status;
}
