/* Reading safetensors: every size in the file is checked against that of the file before it is
 * used. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/byte_order.h"
#include "base/files/open_input.h"
#include "base/json/json_read.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "net/safetensors_header.h"
#include "net/tensor_type.h"

#define HEADER_LENGTH_MAX 100000000 /* the limit of the reference implementation */

/* What is being read. */
struct source {
    const char *path;           /* or what messages call it */
    const unsigned char *bytes; /* in memory, those that come next; NULL: a file */
    int descriptor;             /* of a file, or -1 */
    size_t size;                /* of the whole in bytes */
    bool any;                   /* as in bp_input */
};

static bp_status open_source(struct source *source, bp_error *error)
{
    /* A FIFO without a writer must not block before it can be refused. */
    source->descriptor = bp_open_input(source->path, O_NONBLOCK | O_NOCTTY);
    struct stat status;
    if (source->descriptor < 0 || fstat(source->descriptor, &status) != 0)
        return bp_fail_system(error, errno, "%s: cannot be opened", source->path);
    if (S_ISDIR(status.st_mode))
        return bp_fail(error, BP_ERROR_IO, "%s: is a folder, not a model file", source->path);
    if (!S_ISREG(status.st_mode))
        return bp_fail(error, BP_ERROR_IO, "%s: is not a regular file", source->path);
    if ((uintmax_t)status.st_size > SIZE_MAX)
        return bp_fail(error, BP_ERROR_IO, "%s: is larger than this machine can address",
                       source->path);
    source->size = (size_t)status.st_size;
    return BP_OK;
}

static bp_status read_bytes(struct source *source, void *memory, size_t size, bp_error *error)
{
    unsigned char *to = memory;
    if (source->bytes) {
        memcpy(memory, source->bytes, size);
        source->bytes += size;
        return BP_OK;
    }
    while (size > 0) {
        ssize_t got = read(source->descriptor, to, bp_size_min(size, (size_t)1 << 30));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return bp_fail_system(error, errno, "%s: cannot be read", source->path);
        if (got == 0)
            return bp_fail(error, BP_ERROR_IO, "%s: became shorter while it was read",
                           source->path);
        to += got;
        size -= (size_t)got;
    }
    return BP_OK;
}

#define NOT_SAFETENSORS "%s: is not a safetensors file, which models and checkpoints are: "

static bp_status read_header_length(struct source *source, size_t *length, bp_error *error)
{
    if (source->size < BP_HEADER_LENGTH_SIZE)
        return bp_fail(error, BP_ERROR_INPUT, NOT_SAFETENSORS "it has %zu bytes, fewer than %d",
                       source->path, source->size, BP_HEADER_LENGTH_SIZE);
    unsigned char bytes[BP_HEADER_LENGTH_SIZE];
    bp_status status = read_bytes(source, bytes, sizeof bytes, error);
    if (status != BP_OK)
        return status;
    uint64_t claimed = bp_load_little(bytes, sizeof bytes);
    if (claimed > HEADER_LENGTH_MAX)
        return bp_fail(error, BP_ERROR_INPUT,
                       NOT_SAFETENSORS
                       "its first %d bytes give no length of a header, which is %d at most",
                       source->path, BP_HEADER_LENGTH_SIZE, HEADER_LENGTH_MAX);
    if (claimed > source->size - BP_HEADER_LENGTH_SIZE)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: the header should have %" PRIu64
                       " bytes, but %zu follow: the file is truncated or damaged",
                       source->path, claimed, source->size - BP_HEADER_LENGTH_SIZE);
    *length = (size_t)claimed;
    return BP_OK;
}

static bp_status read_header(struct bp_safetensors *file, struct source *source, size_t *data_size,
                             bp_error *error)
{
    size_t length = 0;
    bp_status status = read_header_length(source, &length, error);
    if (status != BP_OK)
        return status;
    char *text = bp_array_alloc(length, 1);
    if (!text)
        return bp_fail_memory(error, "the header of a model file");
    *data_size = source->size - BP_HEADER_LENGTH_SIZE - length;
    const struct bp_header_source header = {source->path, text, length, *data_size, source->any};
    status = read_bytes(source, text, length, error);
    if (status == BP_OK)
        status = bp_safetensors_parse(file, &header, error);
    free(text);
    return status;
}

/* Turns the bytes of a tensor into numbers where they stand. */
static void convert_tensor(const struct bp_tensor *tensor, float *values)
{
    const size_t count = bp_tensor_count(tensor);
    for (size_t i = 0; i < count; i++)
        values[i] = bp_load_float((const unsigned char *)&values[i]);
}

static bp_status read_data(struct bp_safetensors *file, struct source *source, size_t data_size,
                           bp_error *error)
{
    file->data = bp_aligned_alloc(data_size, 1);
    if (!file->data)
        return bp_fail_memory(error, "the tensors of a model file");
    bp_status status = read_bytes(source, file->data, data_size, error);
    const unsigned char *bytes = (const unsigned char *)file->data;
    float *values = file->data;
    for (size_t k = 0; k < file->count && status == BP_OK; k++) {
        struct bp_tensor *tensor = &file->tensors[k];
        const size_t count = bp_tensor_count(tensor);
        if (source->any) {
            tensor->bytes = bytes;
            bytes += count * tensor->type->width;
            continue;
        }
        convert_tensor(tensor, values);
        tensor->data = values;
        values += count;
    }
    return status;
}

bp_status bp_safetensors_read(struct bp_safetensors **out, const struct bp_input *input,
                              bp_error *error)
{
    *out = NULL;
    struct bp_safetensors *file = calloc(1, sizeof *file);
    if (!file)
        return bp_fail_memory(error, "a model file");
    struct source source = {.path = bp_input_name(input),
                            .bytes = input->path ? NULL : input->bytes,
                            .descriptor = -1,
                            .size = input->size,
                            .any = input->any};
    size_t data_size = 0;
    bp_status status = input->path ? open_source(&source, error) : BP_OK;
    if (status == BP_OK)
        status = read_header(file, &source, &data_size, error);
    if (status == BP_OK)
        status = read_data(file, &source, data_size, error);
    if (source.descriptor >= 0)
        close(source.descriptor);
    if (status == BP_OK) {
        *out = file;
        return BP_OK;
    }
    bp_safetensors_free(file);
    return status;
}

void bp_safetensors_free(struct bp_safetensors *file)
{
    if (!file)
        return;
    free(file->tensors);
    json_decref(file->metadata);
    bp_aligned_free(file->data);
    free(file);
}

const char *bp_safetensors_text(const struct bp_safetensors *file, const char *key)
{
    return json_string_value(json_object_get(file->metadata, key));
}

const struct bp_tensor *bp_safetensors_find(const struct bp_safetensors *file, const char *name)
{
    for (size_t k = 0; k < file->count; k++) {
        if (strcmp(file->tensors[k].name, name) == 0)
            return &file->tensors[k];
    }
    return NULL;
}

bp_status bp_metadata_read(json_t **out, const char *text, const char *what, const char *path,
                           bp_error *error)
{
    bp_error reason;
    const bp_status status =
        bp_json_read(out, text, strlen(text), &(struct bp_json_limits){.what = what}, &reason);
    if (status == BP_ERROR_INPUT)
        return bp_fail(error, status, "%s: metadata: %s", path, reason.message);
    return status ? bp_fail(error, status, "%s", reason.message) : BP_OK;
}
