/* Writing safetensors. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "base/json/json_write.h"
#include "base/sizes.h"
#include "net/safetensors_header.h"

#define CHUNK 4096 /* floats converted at a time */

/* {"dtype": "F32", "shape": [...], "data_offsets": [begin, end]}, or NULL without memory. */
static json_t *describe_tensor(const struct bp_tensor *tensor, size_t begin, size_t end)
{
    json_t *json =
        json_pack("{s:s, s:[I], s:[I, I]}", "dtype", "F32", "shape", (json_int_t)tensor->shape[0],
                  "data_offsets", (json_int_t)begin, (json_int_t)end);
    if (json && tensor->rank == 2 &&
        json_array_append_new(json_object_get(json, "shape"),
                              json_integer((json_int_t)tensor->shape[1])) != 0) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static bool add_metadata(json_t *json, const struct bp_metadata *metadata)
{
    json_t *texts = json_pack("{s:s}", "format", "pt");
    bool complete = json_object_set_new(json, "__metadata__", texts) == 0;
    for (; complete && metadata->key; metadata++) {
        assert(strcmp(metadata->key, "format") != 0);
        complete = json_object_set_new(texts, metadata->key, json_string(metadata->text)) == 0;
    }
    return complete;
}

/* The header as text, or NULL without memory; freed with free(). `*data` becomes the bytes of all
 * tensors. */
static char *make_header(const struct bp_tensor *tensors, size_t count,
                         const struct bp_metadata *metadata, size_t *data)
{
    json_t *json = json_object();
    bool complete = json && add_metadata(json, metadata);
    size_t begin = 0;
    for (size_t k = 0; complete && k < count; k++) {
        size_t end = begin + bp_tensor_count(&tensors[k]) * 4;
        complete = json_object_set_new(json, tensors[k].name,
                                       describe_tensor(&tensors[k], begin, end)) == 0;
        begin = end;
    }
    *data = begin;
    char *text = complete ? bp_json_write(json, JSON_COMPACT, NULL) : NULL;
    json_decref(json);
    return text;
}

/* Spaces after the header let the data begin at a multiple of 8, as in files of the reference
 * implementation, so that others may map them. */
static bp_status write_header(struct bp_output *output, const char *header, size_t padded,
                              bp_error *error)
{
    static const char spaces[] = "       ";
    const size_t length = strlen(header);
    unsigned char bytes[BP_HEADER_LENGTH_SIZE];
    bp_store_little(bytes, padded, sizeof bytes);
    bp_status status = bp_output_write(output, bytes, sizeof bytes, error);
    if (status == BP_OK)
        status = bp_output_write(output, header, length, error);
    return status == BP_OK ? bp_output_write(output, spaces, padded - length, error) : status;
}

bp_status bp_safetensors_begin(struct bp_output *output, const struct bp_tensor *tensors,
                               size_t count, const struct bp_metadata *metadata, bp_error *error)
{
    size_t data;
    char *header = make_header(tensors, count, metadata, &data);
    if (!header)
        return bp_fail_memory(error, "the header of a model file");
    const size_t padded = bp_size_round_up(strlen(header), 8);
    bp_status status = bp_output_begin(output, BP_HEADER_LENGTH_SIZE + padded + data, error);
    if (status == BP_OK && (status = write_header(output, header, padded, error)) != BP_OK)
        bp_output_abandon(output);
    free(header);
    return status;
}

bp_status bp_safetensors_append(struct bp_output *output, const float *values, size_t count,
                                bp_error *error)
{
    unsigned char bytes[4 * CHUNK];
    bp_status status = BP_OK;
    for (size_t begin = 0; begin < count && status == BP_OK; begin += CHUNK) {
        size_t end = bp_size_min(begin + CHUNK, count);
        for (size_t i = begin; i < end; i++)
            bp_store_float(bytes + 4 * (i - begin), values[i]);
        status = bp_output_write(output, bytes, 4 * (end - begin), error);
    }
    return status;
}
