/* Reading models: nothing in a file is believed before it is checked. */
#include "model/model_file.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json/json_value.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "model/decision.h"
#include "model/exact_json.h"
#include "model/members.h"
#include "model/model_keys.h"
#include "model/recipe.h"
#include "model/tensors.h"
#include "net/safetensors.h"
#include "net/spec_json.h"

/* What the metadata say of one network. */
struct stamp {
    struct bp_network_spec spec;
    uint64_t seed;
    unsigned numerics;
    const char *digest;
    json_t *recipe; /* or NULL */
    double weight;
};

/* What the metadata say. */
struct contents {
    const json_t *columns;
    const char *digest; /* of all networks */
    bool has_members;
    json_t *recipe; /* of all networks, or NULL */
    size_t count;
    struct stamp *stamp; /* of each network */
};

static bp_status fail_key(const char *path, const char *key, const char *what, bp_error *error)
{
    return bp_fail(error, BP_ERROR_INPUT, "%s: metadata: \"%s\" is not %s", path, key, what);
}

static bp_status read_stamp(const json_t *json, const char *path, struct stamp *stamp,
                            bp_error *error)
{
    int64_t numerics;
    if (!bp_json_to_whole(json_object_get(json, "seed"), &stamp->seed))
        return fail_key(path, "seed", "a whole number as text", error);
    if (!bp_json_get_whole(json, "numerics", 1, INT_MAX, &numerics))
        return fail_key(path, "numerics", "a whole number from 1 to 2147483647", error);
    if (!(stamp->digest = bp_json_get_text(json, BP_KEY_DIGEST)))
        return fail_key(path, BP_KEY_DIGEST, "a text", error);
    stamp->numerics = (unsigned)numerics;
    stamp->recipe = json_object_get(json, BP_KEY_RECIPE);
    const bp_status status = stamp->recipe ? bp_recipe_check(stamp->recipe, path, error) : BP_OK;
    return status ? status
                  : bp_spec_from_json(json_object_get(json, "network"), path, &stamp->spec, error);
}

/* Those of a weight that is a number above 0. */
static bp_status read_member(const json_t *json, const char *path, struct stamp *stamp,
                             bp_error *error)
{
    if (!bp_json_to_bits(json_object_get(json, BP_KEY_WEIGHT), &stamp->weight) ||
        !(stamp->weight > 0 && stamp->weight <= 1))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: metadata: the weight of a member is not a number above 0 and up to 1",
                       path);
    return read_stamp(json, path, stamp, error);
}

static bp_status read_members(const json_t *json, const char *path, struct contents *contents,
                              bp_error *error)
{
    const json_t *members = json_object_get(json, BP_KEY_MEMBERS);
    const size_t count = json_array_size(members);
    if (count < 2 || count > BP_MEMBERS_MAX)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: metadata: \"" BP_KEY_MEMBERS "\" is not a list of 2 to %d", path,
                       BP_MEMBERS_MAX);
    contents->has_members = true;
    contents->count = count;
    contents->stamp = calloc(count, sizeof *contents->stamp);
    if (!contents->stamp)
        return bp_fail_memory(error, "the members of a model");
    contents->recipe = json_object_get(json, BP_KEY_RECIPE);
    bp_status status = contents->recipe ? bp_recipe_check(contents->recipe, path, error) : BP_OK;
    for (size_t m = 0; !status && m < count; m++)
        status = read_member(json_array_get(members, m), path, &contents->stamp[m], error);
    return status;
}

/* On failure too, contents->stamp is to be freed. */
static bp_status read_contents(const json_t *json, const char *path, struct contents *contents,
                               bp_error *error)
{
    int64_t format;
    *contents = (struct contents){.count = 1};
    if (!bp_json_get_whole(json, "format", 1, INT64_MAX, &format))
        return fail_key(path, "format", "a whole number from 1", error);
    if (format != BP_FORMAT_PLAIN && format != BP_FORMAT_EXTENDED)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: model format %" PRId64
                       "; this version of batchprop reads formats %d and %d",
                       path, format, BP_FORMAT_PLAIN, BP_FORMAT_EXTENDED);
    if (!(contents->digest = bp_json_get_text(json, BP_KEY_DIGEST)))
        return fail_key(path, BP_KEY_DIGEST, "a text", error);
    if (!(contents->columns = json_object_get(json, BP_KEY_COLUMNS)))
        return fail_key(path, BP_KEY_COLUMNS, "there", error);
    if (format == BP_FORMAT_EXTENDED && json_object_get(json, BP_KEY_MEMBERS))
        return read_members(json, path, contents, error);
    contents->stamp = calloc(1, sizeof *contents->stamp);
    if (!contents->stamp)
        return bp_fail_memory(error, "a model");
    return read_stamp(json, path, contents->stamp, error);
}

static bp_status read_parameters(struct bp_network *network, const char *prefix,
                                 const struct bp_safetensors *file, const char *path,
                                 bp_error *error)
{
    const bp_status status = bp_tensors_check(network, prefix, true, file, path, error);
    if (status)
        return status;
    bp_tensors_load(network, prefix, file, network->values);
    bp_network_transpose(network);
    return BP_OK;
}

/* `stored`: what the file says. */
static bp_status check_digest(const struct bp_model *model, const char *path, const char *stored,
                              bp_error *error)
{
    char digest[BP_DIGEST_SIZE];
    bp_model_digest(model, digest);
    if (strcmp(digest, stored) == 0)
        return BP_OK;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: the parameters have digest %s, not %.32s as the file says: it is damaged",
                   path, digest, stored);
}

/* Whether a tensor is one of the model: a checkpoint of one network holds other tensors besides. */
static bool is_counted(const struct bp_tensor *tensor, const struct contents *contents,
                       bool is_checkpoint)
{
    return contents->has_members || !is_checkpoint ||
           strncmp(tensor->name, "layers.", strlen("layers.")) == 0;
}

/* The tensors that the layers ask for hold as many numbers as the file does, so that networks are
 * made only if their parameters are really there. */
static bp_status check_size(const struct contents *contents, const struct bp_safetensors *file,
                            const char *path, bp_error *error)
{
    const bool is_checkpoint = bp_safetensors_text(file, BP_CHECKPOINT_KEY) != NULL;
    size_t tensors = 0, layers = 0, held = 0, count = 0;
    uint64_t asked = 0; /* more than the memory of a machine with 32 bits may hold */
    bool reduced = false;
    for (size_t m = 0; m < contents->count; m++) {
        const struct bp_network_spec *spec = &contents->stamp[m].spec;
        tensors += spec->layers * (spec->reduced ? 1 : 2);
        layers += spec->layers;
        reduced = spec->reduced;
        for (size_t l = 0; l < spec->layers; l++)
            asked += ((uint64_t)spec->widths[l] + !spec->reduced) * spec->widths[l + 1];
    }
    for (size_t k = 0; k < file->count; k++) {
        if (!is_counted(&file->tensors[k], contents, is_checkpoint))
            continue;
        held += bp_tensor_count(&file->tensors[k]);
        count++;
    }
    if (count != tensors)
        return bp_fail(error, BP_ERROR_INPUT, "%s: %zu tensors where %zu layers%s have %zu", path,
                       count, layers, reduced ? " without thresholds" : "", tensors);
    if (asked == held)
        return BP_OK;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: %zu parameters where the layers in the metadata have %" PRIu64, path, held,
                   asked);
}

/* A network of the file, which gets a reference to `schema`. */
static bp_status read_network(struct bp_model *model, const struct stamp *stamp,
                              struct bp_schema *schema, const char *prefix,
                              const struct bp_safetensors *file, const char *path, bp_error *error)
{
    const struct bp_network_spec *spec = &stamp->spec;
    if (schema->inputs != spec->widths[0] || schema->outputs != spec->widths[spec->layers])
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: metadata: columns for %zu inputs and %zu outputs in a network with %zu "
                       "and %zu",
                       path, schema->inputs, schema->outputs, spec->widths[0],
                       spec->widths[spec->layers]);
    model->schema = bp_schema_share(schema);
    model->seed = stamp->seed;
    model->numerics = stamp->numerics;
    bp_recipe_set(model, stamp->recipe);
    bp_status status = bp_network_create(&model->network, spec, error);
    if (!status)
        status = read_parameters(model->network, prefix, file, path, error);
    return status ? status : check_digest(model, path, stamp->digest, error);
}

/* All networks of the file, as a model of one or of several. */
static bp_status read_networks(bp_model **out, const struct contents *contents,
                               struct bp_schema *schema, const struct bp_safetensors *file,
                               const char *path, bp_error *error)
{
    struct bp_model *models[BP_MEMBERS_MAX] = {NULL};
    double weights[BP_MEMBERS_MAX];
    bp_status status = BP_OK;
    for (size_t m = 0; !status && m < contents->count; m++) {
        char prefix[BP_PREFIX_SIZE];
        bp_model_prefix(contents->has_members, m, prefix);
        weights[m] = contents->stamp[m].weight;
        models[m] = calloc(1, sizeof *models[m]);
        status = models[m] ? read_network(models[m], &contents->stamp[m], schema, prefix, file,
                                          path, error)
                           : bp_fail_memory(error, "a model");
    }
    bp_error reason;
    if (!status && contents->has_members &&
        (status = bp_members_join(out, models, weights, contents->count, &reason)))
        status = bp_fail(error, status == BP_ERROR_MEMORY ? status : BP_ERROR_INPUT,
                         "%s: metadata: %s", path, reason.message);
    if (!status && contents->has_members) {
        bp_recipe_set(*out, contents->recipe);
        return BP_OK;
    }
    if (!status) {
        *out = models[0];
        return BP_OK;
    }
    for (size_t m = 0; m < contents->count; m++)
        bp_model_free(models[m]);
    return status;
}

/* Those of classes, if the file has some. */
static bp_status read_factors(bp_model *model, const json_t *json, const char *path,
                              bp_error *error)
{
    const json_t *factors = json_object_get(json, BP_KEY_FACTORS);
    const struct bp_schema *schema = model->schema;
    if (!factors)
        return BP_OK;
    bool good = schema->task == BP_TASK_CLASSIFY && json_array_size(factors) == schema->outputs;
    double *factor = bp_array_alloc(schema->outputs, sizeof *factor);
    if (!factor)
        return bp_fail_memory(error, "the factors of classes");
    for (size_t c = 0; good && c < schema->outputs; c++)
        good = bp_json_to_bits(json_array_get(factors, c), &factor[c]) &&
               bp_factor_is_valid(factor[c]);
    const bp_status status = good ? bp_model_set_factors(model, factor, error)
                                  : bp_fail(error, BP_ERROR_INPUT,
                                            "%s: metadata: \"" BP_KEY_FACTORS
                                            "\" is not a list of a number above 0 for each "
                                            "class",
                                            path);
    free(factor);
    return status;
}

static bp_status read_model(bp_model **out, const struct bp_safetensors *file,
                            const json_t *metadata, const char *path, bp_error *error)
{
    struct contents contents;
    struct bp_schema *schema = NULL;
    bp_status status = read_contents(metadata, path, &contents, error);
    if (!status)
        status = check_size(&contents, file, path, error);
    if (!status)
        status = bp_schema_from_json(&schema, contents.columns, path, error);
    if (!status)
        status = read_networks(out, &contents, schema, file, path, error);
    if (!status && contents.has_members)
        status = check_digest(*out, path, contents.digest, error);
    if (!status)
        status = read_factors(*out, metadata, path, error);
    if (status) {
        bp_model_free(*out);
        *out = NULL;
    }
    bp_schema_free(schema);
    free(contents.stamp);
    return status;
}

bp_status bp_model_parse(bp_model **out, const struct bp_safetensors *file, const char *path,
                         bp_error *error)
{
    *out = NULL;
    const char *text = bp_safetensors_text(file, BP_MODEL_KEY);
    if (!text)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: no \"" BP_MODEL_KEY
                       "\" in the metadata: not a model of batchprop; a network "
                       "of another program becomes one by an import",
                       path);
    json_t *metadata;
    bp_status status = bp_metadata_read(&metadata, text, "the metadata of a model", path, error);
    if (status)
        return status;
    status = read_model(out, file, metadata, path, error);
    json_decref(metadata);
    return status;
}

static bp_status load(bp_model **out, const struct bp_input *input, bp_error *error)
{
    struct bp_safetensors *file;
    bp_status status = bp_safetensors_read(&file, input, error);
    if (!status)
        status = bp_model_parse(out, file, bp_input_name(input), error);
    bp_safetensors_free(file);
    return status;
}

bp_status bp_model_load(bp_model **out, const char *path, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(path, error);
    return load(out, &(struct bp_input){.path = path}, error);
}

bp_status bp_model_load_memory(bp_model **out, const void *bytes, size_t size, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(bytes, error);
    return load(out, &(struct bp_input){.bytes = bytes, .size = size}, error);
}
