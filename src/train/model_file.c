/* The model file: tensors in the order of the layers, everything else in the metadata. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"
#include "net/safetensors.h"
#include "net/spec_json.h"
#include "train/model.h"

#define METADATA_KEY   "batchprop"
#define FORMAT_VERSION 1
#define SEED_SIZE      24 /* 64 bits in decimal */

/* The metadata as JSON text (freed with free()), or NULL if there is no memory. The seed is a
 * string, since it may be above what JSON readers hold exactly. */
static char *format_metadata(const struct bp_model *model)
{
    char seed[SEED_SIZE], digest[BP_DIGEST_SIZE];
    snprintf(seed, sizeof seed, "%" PRIu64, model->seed);
    if (bp_network_digest(model->network, digest, NULL))
        return NULL;
    const struct bp_network_spec spec = bp_network_get_spec(model->network);
    json_t *json = json_pack("{s:i, s:s, s:o, s:o, s:s, s:i, s:s}", "format", FORMAT_VERSION,
                             "library", BP_VERSION, "network", bp_spec_to_json(&spec), "columns",
                             bp_schema_to_json(model->schema), "seed", seed, "numerics",
                             (int)model->numerics, "weights_digest", digest);
    char *text = json ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return text;
}

/* Names and shapes of the tensors of layer l: its weights, then its bias. */
static void describe_tensors(const struct bp_layer *layer, size_t l, struct bp_tensor tensor[2])
{
    snprintf(tensor[0].name, sizeof tensor[0].name, "layers.%zu.weight", l);
    tensor[0].rank = 2;
    tensor[0].shape[0] = layer->out;
    tensor[0].shape[1] = layer->in;
    snprintf(tensor[1].name, sizeof tensor[1].name, "layers.%zu.bias", l);
    tensor[1].rank = 1;
    tensor[1].shape[0] = layer->out;
}

static bp_status write_tensors(const struct bp_model *model, const char *path, float *rows,
                               const char *metadata, bp_error *error)
{
    const struct bp_network *network = model->network;
    struct bp_tensor tensors[2 * BP_LAYERS_MAX] = {0};
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        struct bp_tensor *tensor = &tensors[2 * l];
        describe_tensors(layer, l, tensor);
        tensor[0].data = rows;
        tensor[1].data = rows + layer->in * layer->out;
        bp_layer_unpack(layer, network->values, rows, rows + layer->in * layer->out);
        rows += (layer->in + 1) * layer->out;
    }
    return bp_safetensors_write(path, tensors, 2 * network->layers, METADATA_KEY, metadata, error);
}

bp_status bp_model_save(const bp_model *model, const char *path, bp_error *error)
{
    if (!bp_network_finite(model->network))
        return bp_fail(error, BP_ERROR_NOT_FINITE,
                       "%s: is left as it is: a parameter of the model is not finite", path);
    char *metadata = format_metadata(model);
    float *rows = bp_array_alloc(model->network->parameters, sizeof *rows);
    const bp_status status = metadata && rows ? write_tensors(model, path, rows, metadata, error)
                                              : bp_fail_memory(error, "a copy of the parameters");
    free(rows);
    free(metadata);
    return status;
}

/* The parts of the metadata outside the network and the columns. */
struct stamp {
    uint64_t seed;
    int numerics;
    const char *digest;
    const json_t *network;
    const json_t *columns;
};

/* Digits alone, at most 2^64 - 1. */
static bool parse_seed(const char *text, uint64_t *seed)
{
    const size_t digits = strspn(text, "0123456789");
    if (digits == 0 || text[digits] != '\0')
        return false;
    *seed = 0;
    for (const char *p = text; *p; p++) {
        const uint64_t digit = (uint64_t)(*p - '0');
        if (*seed > (UINT64_MAX - digit) / 10)
            return false;
        *seed = *seed * 10 + digit;
    }
    return true;
}

static bp_status read_stamp(const json_t *json, const char *path, struct stamp *stamp,
                            bp_error *error)
{
    int format = 0;
    const char *seed = NULL;
    json_error_t why;
    if (json_unpack_ex((json_t *)json, &why, 0, "{s:i}", "format", &format))
        return bp_fail(error, BP_ERROR_INPUT, "%s: metadata: %s", path, why.text);
    if (format != FORMAT_VERSION)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: model format %d; this version of batchprop reads format %d", path,
                       format, FORMAT_VERSION);
    if (json_unpack_ex((json_t *)json, &why, 0, "{s:s, s:i, s:s, s:o, s:o}", "seed", &seed,
                       "numerics", &stamp->numerics, "weights_digest", &stamp->digest, "network",
                       &stamp->network, "columns", &stamp->columns))
        return bp_fail(error, BP_ERROR_INPUT, "%s: metadata: %s", path, why.text);
    if (!parse_seed(seed, &stamp->seed))
        return bp_fail(error, BP_ERROR_INPUT, "%s: metadata: the seed is not a number", path);
    if (stamp->numerics < 1)
        return bp_fail(error, BP_ERROR_INPUT, "%s: metadata: numerics %d is not a version", path,
                       stamp->numerics);
    return BP_OK;
}

static bp_status read_parameters(struct bp_model *model, const struct bp_safetensors *file,
                                 const char *path, bp_error *error)
{
    struct bp_network *network = model->network;
    if (file->count != 2 * network->layers)
        return bp_fail(error, BP_ERROR_INPUT, "%s: %zu tensors where %zu layers have %zu", path,
                       file->count, network->layers, 2 * network->layers);
    for (size_t l = 0; l < network->layers; l++) {
        struct bp_tensor wanted[2] = {0};
        const struct bp_tensor *found[2];
        describe_tensors(&network->layer[l], l, wanted);
        for (size_t k = 0; k < 2; k++) {
            found[k] = bp_safetensors_find(file, wanted[k].name);
            if (!found[k])
                return bp_fail(error, BP_ERROR_INPUT, "%s: tensor %s is missing", path,
                               wanted[k].name);
            if (found[k]->rank != wanted[k].rank || found[k]->shape[0] != wanted[k].shape[0] ||
                (wanted[k].rank == 2 && found[k]->shape[1] != wanted[k].shape[1]))
                return bp_fail(error, BP_ERROR_INPUT,
                               "%s: tensor %s has another shape than the layers in the metadata",
                               path, wanted[k].name);
        }
        bp_layer_pack(&network->layer[l], network->values, found[0]->data, found[1]->data);
    }
    bp_network_transpose(network);
    return BP_OK;
}

static bp_status check_digest(const struct bp_model *model, const char *path, const char *stored,
                              bp_error *error)
{
    char digest[BP_DIGEST_SIZE];
    const bp_status status = bp_network_digest(model->network, digest, error);
    if (status || strcmp(digest, stored) == 0)
        return status;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: the parameters have digest %s, not %.32s as the file says: it is damaged",
                   path, digest, stored);
}

/* The tensors that the layers ask for hold as many numbers as the file does, so that a network is
 * made only if its parameters are really there. */
static bp_status check_size(const struct bp_network_spec *spec, const struct bp_safetensors *file,
                            const char *path, bp_error *error)
{
    size_t asked = 0, held = 0;
    for (size_t l = 0; l < spec->layers; l++)
        asked += (spec->widths[l] + 1) * spec->widths[l + 1];
    for (size_t k = 0; k < file->count; k++)
        held += file->tensors[k].shape[0] *
                (file->tensors[k].rank == 2 ? file->tensors[k].shape[1] : 1);
    if (asked == held)
        return BP_OK;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: %zu parameters where the layers in the metadata have %zu", path, held,
                   asked);
}

static bp_status read_model(struct bp_model *model, const struct bp_safetensors *file,
                            const json_t *metadata, const char *path, bp_error *error)
{
    struct stamp stamp;
    struct bp_network_spec spec;
    bp_status status = read_stamp(metadata, path, &stamp, error);
    if (!status)
        status = bp_spec_from_json(stamp.network, path, &spec, error);
    if (!status)
        status = check_size(&spec, file, path, error);
    if (!status)
        status = bp_schema_from_json(&model->schema, stamp.columns, path, error);
    if (status)
        return status;
    if (model->schema->inputs != spec.widths[0] ||
        model->schema->outputs != spec.widths[spec.layers])
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: metadata: columns for %zu inputs and %zu outputs in a network with %zu "
                       "and %zu",
                       path, model->schema->inputs, model->schema->outputs, spec.widths[0],
                       spec.widths[spec.layers]);
    model->seed = stamp.seed;
    model->numerics = (unsigned)stamp.numerics;
    status = bp_network_create(&model->network, &spec, error);
    if (!status)
        status = read_parameters(model, file, path, error);
    return status ? status : check_digest(model, path, stamp.digest, error);
}

bp_status bp_model_load(bp_model **out, const char *path, bp_error *error)
{
    *out = NULL;
    struct bp_safetensors *file = NULL;
    json_t *metadata = NULL;
    struct bp_model *model = calloc(1, sizeof *model);
    bp_status status = model ? bp_safetensors_read(&file, path, METADATA_KEY, error)
                             : bp_fail_memory(error, "a model");
    if (!status && !file->metadata)
        status =
            bp_fail(error, BP_ERROR_INPUT,
                    "%s: no \"" METADATA_KEY "\" in the metadata: not a model of batchprop", path);
    if (!status) {
        json_error_t why;
        metadata = json_loads(file->metadata, JSON_REJECT_DUPLICATES, &why);
        status = metadata ? read_model(model, file, metadata, path, error)
                          : bp_fail(error, BP_ERROR_INPUT, "%s: metadata: %s", path, why.text);
    }
    json_decref(metadata);
    bp_safetensors_free(file);
    if (status)
        bp_model_free(model);
    else
        *out = model;
    return status;
}
