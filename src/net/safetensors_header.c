/* The JSON header of a safetensors file, checked against the size of the data after it. */
#include "net/safetensors_header.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/json/json_read.h"
#include "base/sizes.h"
#include "net/tensor_type.h"

/* The format needs no more: header, tensor, list. */
#define DEPTH_MAX 3
/* A tensor takes eight values. This is room for thousands of them, yet a few megabytes of memory
 * however long the header. */
#define VALUES_MAX 65536

/* A tensor and the bytes of the data that belong to it. */
struct entry {
    struct bp_tensor tensor;
    size_t begin;
    size_t end;
};

static bp_status fail_tensor(const struct bp_header_source *source, const char *name,
                             const char *what, bp_error *error)
{
    return bp_fail(error, BP_ERROR_INPUT, "%s: tensor \"%.100s\" %s", source->path, name, what);
}

static bp_status parse_json(json_t **json, const struct bp_header_source *source, bp_error *error)
{
    static const struct bp_json_limits limits = {
        .what = "the header of a model file", .depth = DEPTH_MAX, .values = VALUES_MAX};
    bp_error reason;
    const bp_status status = bp_json_read(json, source->text, source->length, &limits, &reason);
    if (status == BP_ERROR_INPUT)
        return bp_fail(error, status, "%s: the header is not JSON of a model: %s", source->path,
                       reason.message);
    if (status)
        return bp_fail(error, status, "%s", reason.message);
    if (!json_is_object(*json))
        return bp_fail(error, BP_ERROR_INPUT, "%s: the header is not a JSON object", source->path);
    return BP_OK;
}

static bp_status read_metadata(struct bp_safetensors *file, json_t *metadata,
                               const struct bp_header_source *source, bp_error *error)
{
    if (!json_is_object(metadata))
        return bp_fail(error, BP_ERROR_INPUT, "%s: \"__metadata__\" is not a JSON object",
                       source->path);
    const char *key;
    json_t *value;
    json_object_foreach(metadata, key, value)
    {
        if (!json_is_string(value))
            return bp_fail(error, BP_ERROR_INPUT, "%s: \"%.100s\" of \"__metadata__\" is not text",
                           source->path, key);
    }
    file->metadata = json_incref(metadata);
    return BP_OK;
}

/* Reads `count` integers from 0 out of the list `json`; false if it is anything else. */
static bool read_sizes(const json_t *json, size_t count, size_t *sizes)
{
    if (json_array_size(json) != count)
        return false;
    for (size_t k = 0; k < count; k++) {
        const json_t *size = json_array_get(json, k);
        json_int_t value = json_integer_value(size);
        if (!json_is_integer(size) || value < 0 || (uintmax_t)value > SIZE_MAX)
            return false;
        sizes[k] = (size_t)value;
    }
    return true;
}

static bp_status read_shape(struct bp_tensor *tensor, const json_t *shape,
                            const struct bp_header_source *source, bp_error *error)
{
    if (!json_is_array(shape))
        return fail_tensor(source, tensor->name, "has no list \"shape\"", error);
    tensor->rank = json_array_size(shape);
    if (source->any ? tensor->rank > BP_TENSOR_RANK_MAX : tensor->rank != 1 && tensor->rank != 2)
        return bp_fail(error, BP_ERROR_INPUT, "%s: tensor \"%s\" has rank %zu; only %s are read",
                       source->path, tensor->name, tensor->rank,
                       source->any ? "those up to 8" : "1 and 2");
    if (!read_sizes(shape, tensor->rank, tensor->shape))
        return fail_tensor(source, tensor->name, "has a shape that is not made of integers from 0",
                           error);
    return BP_OK;
}

static bp_status read_range(struct entry *entry, const json_t *offsets,
                            const struct bp_header_source *source, bp_error *error)
{
    const struct bp_tensor *tensor = &entry->tensor;
    size_t range[2];
    if (!read_sizes(offsets, 2, range) || range[0] > range[1])
        return fail_tensor(source, tensor->name,
                           "has no \"data_offsets\" of two ascending integers from 0", error);
    entry->begin = range[0];
    entry->end = range[1];
    if (entry->end > source->data_size)
        return bp_fail(
            error, BP_ERROR_INPUT,
            "%s: tensor \"%s\" ends at byte %zu of the data, which have %zu: the file is "
            "truncated or damaged",
            source->path, tensor->name, entry->end, source->data_size);
    size_t bytes = 1;
    bool fits = true;
    for (size_t k = 0; k < tensor->rank; k++)
        fits = fits && bp_size_mul(bytes, tensor->shape[k], &bytes);
    if (!fits || !bp_size_mul(bytes, tensor->type->width, &bytes))
        return fail_tensor(source, tensor->name, "has a shape whose product overflows", error);
    if (bytes != entry->end - entry->begin)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: tensor \"%s\" needs %zu bytes by its shape but has %zu", source->path,
                       tensor->name, bytes, entry->end - entry->begin);
    return BP_OK;
}

static bp_status read_type(struct bp_tensor *tensor, const json_t *json,
                           const struct bp_header_source *source, bp_error *error)
{
    const char *name = json_string_value(json);
    if (!name)
        return fail_tensor(source, tensor->name, "has no text \"dtype\"", error);
    tensor->type = bp_tensor_type_find(name);
    if (!tensor->type || (!source->any && strcmp(name, "F32") != 0))
        return bp_fail(error, BP_ERROR_INPUT, "%s: tensor \"%s\" is of type \"%.20s\"%s",
                       source->path, tensor->name, name,
                       source->any ? ", which is none" : "; only F32 is read");
    return BP_OK;
}

static bp_status read_tensor(struct entry *entry, const char *name, const json_t *json,
                             const struct bp_header_source *source, bp_error *error)
{
    size_t length = strlen(name);
    if (length >= BP_TENSOR_NAME_SIZE)
        return fail_tensor(source, name, "has a name that is too long", error);
    memcpy(entry->tensor.name, name, length + 1);
    if (!json_is_object(json) || json_object_size(json) != 3)
        return fail_tensor(source, name,
                           "is not described by \"dtype\", \"shape\" and \"data_offsets\" alone",
                           error);
    bp_status status = read_type(&entry->tensor, json_object_get(json, "dtype"), source, error);
    if (!status)
        status = read_shape(&entry->tensor, json_object_get(json, "shape"), source, error);
    if (status)
        return status;
    return read_range(entry, json_object_get(json, "data_offsets"), source, error);
}

/* By place in the data; empty tensors, which share one, by name. */
static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    if (a->end != b->end)
        return a->end < b->end ? -1 : 1;
    return strcmp(a->tensor.name, b->tensor.name);
}

static bp_status check_ranges(const struct entry *entries, size_t count,
                              const struct bp_header_source *source, bp_error *error)
{
    size_t end = 0;
    for (size_t k = 0; k < count; k++) {
        const struct entry *entry = &entries[k];
        if (entry->begin < end)
            return bp_fail(error, BP_ERROR_INPUT, "%s: tensors \"%s\" and \"%s\" overlap",
                           source->path, entries[k - 1].tensor.name, entry->tensor.name);
        if (entry->begin > end)
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: %zu bytes before tensor \"%s\" belong to no tensor", source->path,
                           entry->begin - end, entry->tensor.name);
        end = entry->end;
    }
    if (end != source->data_size)
        return bp_fail(error, BP_ERROR_INPUT, "%s: %zu bytes follow the last tensor", source->path,
                       source->data_size - end);
    return BP_OK;
}

/* Fills `entries`, which have room for every key of `json`. */
static bp_status read_entries(struct bp_safetensors *file, struct entry *entries, json_t *json,
                              const struct bp_header_source *source, bp_error *error)
{
    const char *key;
    json_t *value;
    size_t count = 0;
    bp_status status = BP_OK;
    json_object_foreach(json, key, value)
    {
        if (strcmp(key, "__metadata__") == 0)
            status = read_metadata(file, value, source, error);
        else
            status = read_tensor(&entries[count++], key, value, source, error);
        if (status != BP_OK)
            return status;
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    file->count = count;
    return check_ranges(entries, count, source, error);
}

bp_status bp_safetensors_parse(struct bp_safetensors *file, const struct bp_header_source *source,
                               bp_error *error)
{
    json_t *json;
    struct entry *entries = NULL;
    bp_status status = parse_json(&json, source, error);
    if (status != BP_OK)
        goto done;
    entries = calloc(json_object_size(json) + 1, sizeof *entries);
    file->tensors = calloc(json_object_size(json) + 1, sizeof *file->tensors);
    if (!entries || !file->tensors) {
        status = bp_fail_memory(error, "the tensors of a model file");
        goto done;
    }
    status = read_entries(file, entries, json, source, error);
    for (size_t k = 0; status == BP_OK && k < file->count; k++)
        file->tensors[k] = entries[k].tensor;

done:
    free(entries);
    json_decref(json);
    return status;
}
