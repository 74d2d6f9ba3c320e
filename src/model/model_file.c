/* The model file: tensors in the order of the layers, everything else in the metadata. */
#include "model/model_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "model/exact_json.h"
#include "model/recipe.h"
#include "model/tensors.h"
#include "net/spec_json.h"

#define FORMAT_VERSION 1
#define RECIPE         "recipe"

char *bp_model_format(const struct bp_model *model)
{
    char digest[BP_DIGEST_SIZE];
    if (bp_network_digest(model->network, digest, NULL))
        return NULL;
    const struct bp_network_spec spec = bp_network_get_spec(model->network);
    json_t *json =
        json_pack("{s:i, s:s, s:o, s:o, s:o, s:i, s:s}", "format", FORMAT_VERSION, "library",
                  BP_VERSION, "network", bp_spec_to_json(&spec), "columns",
                  bp_schema_to_json(model->schema), "seed", bp_json_from_whole(model->seed),
                  "numerics", (int)model->numerics, "weights_digest", digest);
    /* A copy: a reference would be counted, and other threads may use the model. */
    const bool complete =
        json &&
        (!model->recipe || json_object_set_new(json, RECIPE, json_deep_copy(model->recipe)) == 0);
    char *text = complete ? json_dumps(json, JSON_COMPACT) : NULL;
    json_decref(json);
    return text;
}

static bp_status write_model(const struct bp_model *model, const char *path, float *room,
                             const char *text, bp_error *error)
{
    const struct bp_network *network = model->network;
    const struct bp_metadata metadata[] = {{BP_MODEL_KEY, text}, {NULL, NULL}};
    struct bp_tensor tensors[2 * BP_LAYERS_MAX];
    bp_tensors_describe(network, BP_NO_PREFIX, tensors);
    struct bp_file *file;
    bp_status status =
        bp_safetensors_begin(&file, path, tensors, bp_tensors_count(network), metadata, error);
    if (!status)
        status = bp_tensors_append(network, network->values, room, file, error);
    if (!status)
        return bp_file_commit(file, error);
    bp_file_abandon(file);
    return status;
}

bp_status bp_model_check_finite(const struct bp_model *model, const char *path, bp_error *error)
{
    if (bp_network_finite(model->network))
        return BP_OK;
    return bp_fail(error, BP_ERROR_NOT_FINITE,
                   "%s: is left as it is: a parameter of the model is not finite", path);
}

bp_status bp_model_save(const bp_model *model, const char *path, bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(path, error);
    bp_status status = bp_model_check_finite(model, path, error);
    if (status)
        return status;
    char *text = bp_model_format(model);
    float *room = bp_array_alloc(bp_tensors_room(model->network), sizeof *room);
    status = text && room ? write_model(model, path, room, text, error)
                          : bp_fail_memory(error, "a copy of the largest layer");
    free(room);
    free(text);
    return status;
}

/* The parts of the metadata outside the network and the columns. */
struct stamp {
    uint64_t seed;
    int numerics;
    const char *digest;
    const json_t *network;
    const json_t *columns;
    json_t *recipe; /* or NULL */
};

static bp_status read_stamp(const json_t *json, const char *path, struct stamp *stamp,
                            bp_error *error)
{
    int format = 0;
    const json_t *seed = NULL;
    json_error_t why;
    if (json_unpack_ex((json_t *)json, &why, 0, "{s:i}", "format", &format))
        return bp_fail(error, BP_ERROR_INPUT, "%s: metadata: %s", path, why.text);
    if (format != FORMAT_VERSION)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: model format %d; this version of batchprop reads format %d", path,
                       format, FORMAT_VERSION);
    if (json_unpack_ex((json_t *)json, &why, 0, "{s:o, s:i, s:s, s:o, s:o}", "seed", &seed,
                       "numerics", &stamp->numerics, "weights_digest", &stamp->digest, "network",
                       &stamp->network, "columns", &stamp->columns))
        return bp_fail(error, BP_ERROR_INPUT, "%s: metadata: %s", path, why.text);
    if (!bp_json_to_whole(seed, &stamp->seed))
        return bp_fail(error, BP_ERROR_INPUT, "%s: metadata: the seed is not a number", path);
    if (stamp->numerics < 1)
        return bp_fail(error, BP_ERROR_INPUT, "%s: metadata: numerics %d is not a version", path,
                       stamp->numerics);
    stamp->recipe = json_object_get(json, RECIPE);
    return stamp->recipe ? bp_recipe_check(stamp->recipe, path, error) : BP_OK;
}

static bp_status read_parameters(struct bp_model *model, const struct bp_safetensors *file,
                                 const char *path, bp_error *error)
{
    struct bp_network *network = model->network;
    const bp_status status = bp_tensors_check(network, BP_NO_PREFIX, true, file, path, error);
    if (status)
        return status;
    bp_tensors_load(network, BP_NO_PREFIX, file, network->values);
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
 * made only if its parameters are really there. A checkpoint holds other tensors besides. */
static bp_status check_size(const struct bp_network_spec *spec, const struct bp_safetensors *file,
                            const char *path, bp_error *error)
{
    const bool is_checkpoint = bp_safetensors_text(file, BP_CHECKPOINT_KEY) != NULL;
    const size_t tensors = spec->layers * (spec->reduced ? 1 : 2);
    size_t asked = 0, held = 0, count = 0;
    for (size_t l = 0; l < spec->layers; l++)
        asked += (spec->widths[l] + !spec->reduced) * spec->widths[l + 1];
    for (size_t k = 0; k < file->count; k++) {
        if (is_checkpoint && strncmp(file->tensors[k].name, "layers.", strlen("layers.")) != 0)
            continue;
        held += bp_tensor_count(&file->tensors[k]);
        count++;
    }
    if (count != tensors)
        return bp_fail(error, BP_ERROR_INPUT, "%s: %zu tensors where %zu layers%s have %zu", path,
                       count, spec->layers, spec->reduced ? " without thresholds" : "", tensors);
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
    bp_recipe_set(model, stamp.recipe);
    status = bp_network_create(&model->network, &spec, error);
    if (!status)
        status = read_parameters(model, file, path, error);
    return status ? status : check_digest(model, path, stamp.digest, error);
}

bp_status bp_model_parse(bp_model **out, const struct bp_safetensors *file, const char *path,
                         bp_error *error)
{
    *out = NULL;
    const char *text = bp_safetensors_text(file, BP_MODEL_KEY);
    if (!text)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: no \"" BP_MODEL_KEY "\" in the metadata: not a model of batchprop",
                       path);
    struct bp_model *model = calloc(1, sizeof *model);
    if (!model)
        return bp_fail_memory(error, "a model");
    json_error_t why;
    json_t *metadata = json_loads(text, JSON_REJECT_DUPLICATES, &why);
    const bp_status status =
        metadata ? read_model(model, file, metadata, path, error)
                 : bp_fail(error, BP_ERROR_INPUT, "%s: metadata: %s", path, why.text);
    json_decref(metadata);
    if (status)
        bp_model_free(model);
    else
        *out = model;
    return status;
}

bp_status bp_model_load(bp_model **out, const char *path, bp_error *error)
{
    BP_REQUIRE(out, error);
    *out = NULL;
    BP_REQUIRE(path, error);
    struct bp_safetensors *file;
    bp_status status = bp_safetensors_read(&file, path, error);
    if (!status)
        status = bp_model_parse(out, file, path, error);
    bp_safetensors_free(file);
    return status;
}
