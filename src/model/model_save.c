/* Writing models: tensors in the order of members and layers, everything else in the metadata. */
#include "model/model_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json/json_write.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "model/decision.h"
#include "model/exact_json.h"
#include "model/members.h"
#include "model/model_keys.h"
#include "model/recipe.h"
#include "model/tensors.h"
#include "net/spec_json.h"

void bp_model_prefix(bool has_members, size_t m, char prefix[BP_PREFIX_SIZE])
{
    if (has_members)
        snprintf(prefix, BP_PREFIX_SIZE, BP_KEY_MEMBERS ".%zu.", m);
    else
        snprintf(prefix, BP_PREFIX_SIZE, "%s", BP_NO_PREFIX);
}

/* What belongs to one network, except its weight. False if there is no memory. */
static bool put_network(json_t *json, const struct bp_model *model)
{
    char digest[BP_DIGEST_SIZE];
    const struct bp_network_spec spec = bp_network_get_spec(model->network);
    bp_network_digest(model->network, digest);
    return json_object_set_new(json, "network", bp_spec_to_json(&spec)) == 0 &&
           json_object_set_new(json, "seed", bp_json_from_whole(model->seed)) == 0 &&
           json_object_set_new(json, "numerics", json_integer((int)model->numerics)) == 0 &&
           json_object_set_new(json, BP_KEY_DIGEST, json_string(digest)) == 0 &&
           /* A copy: a reference would be counted, and other threads may use the model. */
           (!model->recipe ||
            json_object_set_new(json, BP_KEY_RECIPE, json_deep_copy(model->recipe)) == 0);
}

static bool put_members(json_t *json, const struct bp_model *model)
{
    char digest[BP_DIGEST_SIZE];
    json_t *members = json_array();
    bp_model_digest(model, digest);
    bool complete = members && json_object_set_new(json, BP_KEY_DIGEST, json_string(digest)) == 0;
    for (size_t m = 0; complete && m < model->members; m++) {
        json_t *member = json_object();
        complete = member && put_network(member, model->member[m].model) &&
                   json_object_set_new(member, BP_KEY_WEIGHT,
                                       bp_json_from_bits(model->member[m].weight)) == 0 &&
                   json_array_append(members, member) == 0;
        json_decref(member);
    }
    complete = complete && json_object_set(json, BP_KEY_MEMBERS, members) == 0 &&
               (!model->recipe ||
                json_object_set_new(json, BP_KEY_RECIPE, json_deep_copy(model->recipe)) == 0);
    json_decref(members);
    return complete;
}

static bool put_factors(json_t *json, const struct bp_model *model)
{
    json_t *factors = json_array();
    bool complete = factors != NULL;
    for (size_t c = 0; complete && c < model->schema->outputs; c++)
        complete = json_array_append_new(factors, bp_json_from_bits(model->factor[c])) == 0;
    complete = complete && json_object_set(json, BP_KEY_FACTORS, factors) == 0;
    json_decref(factors);
    return complete;
}

char *bp_model_format(const struct bp_model *model)
{
    const int format = model->member || model->factor ? BP_FORMAT_EXTENDED : BP_FORMAT_PLAIN;
    json_t *json = json_pack("{s:i, s:s}", "format", format, "library", BP_VERSION);
    const bool complete =
        json && json_object_set_new(json, BP_KEY_COLUMNS, bp_schema_to_json(model->schema)) == 0 &&
        (model->member ? put_members(json, model) : put_network(json, model)) &&
        (!model->factor || put_factors(json, model));
    char *text = complete ? bp_json_write(json, JSON_COMPACT, NULL) : NULL;
    json_decref(json);
    return text;
}

/* Of all networks. */
static size_t count_tensors(const struct bp_model *model)
{
    size_t count = 0;
    for (size_t m = 0; m < bp_model_networks(model); m++)
        count += bp_tensors_count(bp_model_at(model, m)->network);
    return count;
}

/* The numbers of the largest layer of any. */
static size_t count_room(const struct bp_model *model)
{
    size_t room = 0;
    for (size_t m = 0; m < bp_model_networks(model); m++)
        room = bp_size_max(room, bp_tensors_room(bp_model_at(model, m)->network));
    return room;
}

static void describe_tensors(const struct bp_model *model, struct bp_tensor *tensors)
{
    for (size_t m = 0; m < bp_model_networks(model); m++) {
        const struct bp_network *network = bp_model_at(model, m)->network;
        char prefix[BP_PREFIX_SIZE];
        bp_model_prefix(model->member != NULL, m, prefix);
        bp_tensors_describe(network, prefix, tensors);
        tensors += bp_tensors_count(network);
    }
}

/* `tensors` and `room` are to be filled. */
static bp_status write_out(const struct bp_model *model, struct bp_output *output, const char *text,
                           struct bp_tensor *tensors, float *room, bp_error *error)
{
    const struct bp_metadata metadata[] = {{BP_MODEL_KEY, text}, {NULL, NULL}};
    describe_tensors(model, tensors);
    bp_status status = bp_safetensors_begin(output, tensors, count_tensors(model), metadata, error);
    if (status)
        return status;
    for (size_t m = 0; !status && m < bp_model_networks(model); m++) {
        const struct bp_network *network = bp_model_at(model, m)->network;
        status = bp_tensors_append(network, network->values, room, output, error);
    }
    if (!status)
        return bp_output_commit(output, error);
    bp_output_abandon(output);
    return status;
}

bp_status bp_model_check_finite(const struct bp_model *model, const char *path, bp_error *error)
{
    for (size_t m = 0; m < bp_model_networks(model); m++) {
        if (!bp_network_finite(bp_model_at(model, m)->network))
            return bp_fail(error, BP_ERROR_NOT_FINITE,
                           "%s: is left as it is: a parameter of the model is not finite", path);
    }
    return BP_OK;
}

static bp_status write_model(const struct bp_model *model, struct bp_output *output,
                             bp_error *error)
{
    bp_status status = bp_model_check_finite(model, bp_output_name(output), error);
    if (status)
        return status;
    char *text = bp_model_format(model);
    struct bp_tensor *tensors = bp_array_alloc(count_tensors(model), sizeof *tensors);
    float *room = bp_array_alloc(count_room(model), sizeof *room);
    status = text && tensors && room ? write_out(model, output, text, tensors, room, error)
                                     : bp_fail_memory(error, "a copy of the largest layer");
    free(room);
    free(tensors);
    free(text);
    return status;
}

bp_status bp_model_save(const bp_model *model, const char *path, bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(path, error);
    return write_model(model, &(struct bp_output){.path = path}, error);
}

bp_status bp_model_save_memory(const bp_model *model, void **bytes, size_t *size, bp_error *error)
{
    BP_REQUIRE(bytes, error);
    *bytes = NULL;
    BP_REQUIRE(size, error);
    *size = 0;
    BP_REQUIRE(model, error);
    struct bp_output output = {.path = NULL};
    const bp_status status = write_model(model, &output, error);
    if (!status)
        *bytes = bp_output_take(&output, size);
    return status;
}

void bp_memory_free(void *bytes)
{
    free(bytes);
}
