/* A header decides what must follow, not how much memory is taken: that follows the data. */
#include "data/read/items.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "base/grow.h"
#include "base/sizes.h"

/* Numbers are read and converted in runs of this many. */
#define RUN 4096

/* Each converts `count` numbers and returns the first that cannot be converted, or `count`. */

static size_t convert_to_bytes(const struct bp_items *items, const unsigned char *bytes,
                               size_t count, void *to)
{
    (void)items;
    memcpy(to, bytes, count);
    return count;
}

static uint64_t load_bits(const struct bp_items *items, const unsigned char *bytes)
{
    return items->big_endian ? bp_load_big(bytes, items->size) : bp_load_little(bytes, items->size);
}

static int64_t extend_sign(uint64_t bits, size_t size)
{
    uint64_t sign = UINT64_C(1) << (8 * size - 1);
    return (int64_t)((bits ^ sign) - sign);
}

static size_t convert_to_integers(const struct bp_items *items, const unsigned char *bytes,
                                  size_t count, void *to)
{
    const uint64_t most = items->kind == BP_ITEM_BOOL ? 1 : INT64_MAX;
    int64_t *integers = to;
    for (size_t k = 0; k < count; k++) {
        uint64_t bits = load_bits(items, bytes + k * items->size);
        if (items->kind != BP_ITEM_SIGNED && bits > most)
            return k;
        integers[k] =
            items->kind == BP_ITEM_SIGNED ? extend_sign(bits, items->size) : (int64_t)bits;
    }
    return count;
}

static double convert_double(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static float convert_float(const struct bp_items *items, uint64_t bits)
{
    if (items->size == sizeof(float)) {
        uint32_t low = (uint32_t)bits;
        float value;
        memcpy(&value, &low, sizeof value);
        return value;
    }
    return (float)convert_double(bits);
}

static size_t convert_to_floats(const struct bp_items *items, const unsigned char *bytes,
                                size_t count, void *to)
{
    float *floats = to;
    for (size_t k = 0; k < count; k++) {
        uint64_t bits = load_bits(items, bytes + k * items->size);
        if (items->kind == BP_ITEM_FLOAT)
            floats[k] = convert_float(items, bits);
        else if (items->kind == BP_ITEM_SIGNED)
            floats[k] = (float)extend_sign(bits, items->size);
        else
            floats[k] = (float)bits;
    }
    return count;
}

static bool is_native_double(const struct bp_items *items)
{
    static const double one = 1.0;
    unsigned char bytes[sizeof one];
    memcpy(bytes, &one, sizeof one);
    return items->kind == BP_ITEM_FLOAT && items->size == sizeof one &&
           items->big_endian == (bytes[0] != 0);
}

static size_t convert_to_doubles(const struct bp_items *items, const unsigned char *bytes,
                                 size_t count, void *to)
{
    double *doubles = to;
    if (is_native_double(items)) {
        memcpy(doubles, bytes, count * sizeof *doubles);
        return count;
    }
    for (size_t k = 0; k < count; k++) {
        const uint64_t bits = load_bits(items, bytes + k * items->size);
        if (items->kind == BP_ITEM_SIGNED)
            doubles[k] = (double)extend_sign(bits, items->size);
        else if (items->kind != BP_ITEM_FLOAT)
            doubles[k] = (double)bits;
        else if (items->size == sizeof(float))
            doubles[k] = (double)convert_float(items, bits);
        else
            doubles[k] = convert_double(bits);
    }
    return count;
}

static bp_status fail_cell(const struct bp_items *items, const char *path, size_t index,
                           const char *complaint, bp_error *error)
{
    return bp_fail(error, BP_ERROR_INPUT, "%s: %s %zu of %s %zu %s", path, items->cell_word,
                   index % items->width + 1, items->row_word, index / items->width + 1, complaint);
}

static bp_status check_end(struct bp_source *source, const struct bp_items *items, bp_error *error)
{
    unsigned char more;
    size_t got;
    bp_status status = bp_source_read(source, &more, 1, &got, error);
    if (status == BP_OK && got > 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: more bytes follow the last of the %zu %ss that the header counts",
                       bp_source_path(source), items->rows, items->row_word);
    return status;
}

/* Reads numbers first ... first + count - 1 into `bytes`. */
static bp_status read_run(struct bp_source *source, const struct bp_items *items, size_t first,
                          size_t count, unsigned char *bytes, bp_error *error)
{
    size_t got, size = count * items->size;
    bp_status status = bp_source_read(source, bytes, size, &got, error);
    if (status == BP_OK && got < size)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the file ends within %s %zu; the header counts %zu %ss of %zu %ss",
                       bp_source_path(source), items->row_word,
                       (first + got / items->size) / items->width + 1, items->rows, items->row_word,
                       items->width, items->cell_word);
    return status;
}

static const struct {
    size_t size;
    size_t (*convert)(const struct bp_items *items, const unsigned char *bytes, size_t count,
                      void *to);
} types[] = {
    [BP_AS_BYTES] = {1, convert_to_bytes},
    [BP_AS_FLOATS] = {sizeof(float), convert_to_floats},
    [BP_AS_DOUBLES] = {sizeof(double), convert_to_doubles},
    [BP_AS_INTEGERS] = {sizeof(int64_t), convert_to_integers},
};

bp_status bp_items_read(const struct bp_items *items, struct bp_source *source,
                        enum bp_number_type type, void **out, bp_error *error)
{
    unsigned char bytes[RUN * BP_ITEM_SIZE_MAX];
    const size_t total = items->rows * items->width, size = types[type].size;
    size_t capacity = 0, count;
    bp_status status = BP_OK;
    *out = NULL;
    for (size_t done = 0; done < total; done += count) {
        count = bp_size_min(RUN, total - done);
        status = read_run(source, items, done, count, bytes, error);
        if (status != BP_OK)
            goto fail;
        void *grown = bp_array_grow(*out, &capacity, done + count, size);
        if (!grown) {
            status = bp_fail_memory(error, bp_source_path(source));
            goto fail;
        }
        *out = grown;
        size_t good = types[type].convert(items, bytes, count, (char *)grown + done * size);
        if (good < count) {
            status = fail_cell(items, bp_source_path(source), done + good,
                               "is too large for a label", error);
            goto fail;
        }
    }
    status = check_end(source, items, error);
    if (status != BP_OK)
        goto fail;
    *out = bp_array_trim(*out, total, size);
    return BP_OK;
fail:
    free(*out);
    *out = NULL;
    return status;
}

bp_status bp_items_check_bytes(const struct bp_items *items, const char *path, const uint8_t *bytes,
                               bp_error *error)
{
    size_t total = items->rows * items->width;
    for (size_t k = 0; items->kind == BP_ITEM_BOOL && k < total; k++)
        if (bytes[k] > 1)
            return fail_cell(items, path, k, "is neither true nor false", error);
    return BP_OK;
}

bp_status bp_items_check_floats(const struct bp_items *items, const char *path, const float *values,
                                bp_error *error)
{
    size_t total = items->rows * items->width;
    for (size_t k = 0; k < total; k++)
        if (!isfinite(values[k]))
            return fail_cell(items, path, k, "is not finite as a 32-bit float", error);
    return BP_OK;
}
