/* The shape of a network to JSON and back. */
#include "net/spec_json.h"

#include "net/loss_table.h"

/* Appends `value` (taken, may be NULL) to `array`; false if there is no memory. */
static bool append(json_t *array, json_t *value)
{
    return json_array_append_new(array, value) == 0;
}

static json_t *name_to_json(bp_choice choice, int value)
{
    const char *name = bp_choice_name(choice, value);
    return name ? json_string(name) : NULL;
}

json_t *bp_spec_to_json(const struct bp_network_spec *spec)
{
    json_t *json = json_object(), *widths = json_array(), *activations = json_array();
    const char *parameter =
        spec->loss_parameter != 0.0f ? bp_loss_get(spec->loss)->parameter : NULL;
    bool complete = json && widths && activations;
    for (size_t l = 0; complete && l <= spec->layers; l++)
        complete = append(widths, json_integer((json_int_t)spec->widths[l]));
    for (size_t l = 0; complete && l < spec->layers; l++)
        complete =
            append(activations, name_to_json(BP_CHOICE_ACTIVATION, (int)spec->activations[l]));
    complete =
        complete && json_object_set(json, "widths", widths) == 0 &&
        json_object_set(json, "activations", activations) == 0 &&
        json_object_set_new(json, "loss", name_to_json(BP_CHOICE_LOSS, (int)spec->loss)) == 0 &&
        json_object_set_new(json, "hidden_delta",
                            name_to_json(BP_CHOICE_HIDDEN_DELTA, (int)spec->hidden_delta)) == 0 &&
        (!parameter ||
         json_object_set_new(json, parameter, json_real((double)spec->loss_parameter)) == 0) &&
        (!spec->reduced || json_object_set_new(json, "thresholds", json_false()) == 0);
    json_decref(widths);
    json_decref(activations);
    if (complete)
        return json;
    json_decref(json);
    return NULL;
}

/* The choice that the JSON string `json` names. `where` is its place in a message. */
static bp_status name_from_json(const json_t *json, bp_choice choice, const char *path,
                                const char *where, int *value, bp_error *error)
{
    if (!json_is_string(json))
        return bp_fail(error, BP_ERROR_INPUT, "%s: \"%s\" of the network is not text", path, where);
    bp_error reason;
    if (bp_choice_value(choice, json_string_value(json), value, &reason) != BP_OK)
        return bp_fail(error, BP_ERROR_INPUT, "%s: \"%s\" of the network: %s", path, where,
                       reason.message);
    return BP_OK;
}

static bp_status find_key(const json_t *json, const char *key, const char *path,
                          const json_t **value, bp_error *error)
{
    *value = json_object_get(json, key);
    if (!*value)
        return bp_fail(error, BP_ERROR_INPUT, "%s: \"%s\" of the network is missing", path, key);
    return BP_OK;
}

static bp_status read_choice(const json_t *json, const char *key, bp_choice choice,
                             const char *path, int *value, bp_error *error)
{
    const json_t *name;
    bp_status status = find_key(json, key, path, &name, error);
    return status == BP_OK ? name_from_json(name, choice, path, key, value, error) : status;
}

static bp_status read_widths(const json_t *json, const char *path, struct bp_network_spec *spec,
                             bp_error *error)
{
    const json_t *widths;
    bp_status status = find_key(json, "widths", path, &widths, error);
    if (status != BP_OK)
        return status;
    size_t count = json_array_size(widths);
    if (!json_is_array(widths) || count < 2 || count > BP_LAYERS_MAX + 1)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: \"widths\" of the network is not a list of 2 to %d integers", path,
                       BP_LAYERS_MAX + 1);
    for (size_t l = 0; l < count; l++) {
        const json_t *width = json_array_get(widths, l);
        json_int_t value = json_integer_value(width);
        if (!json_is_integer(width) || value < 1 || value > BP_WIDTH_MAX)
            return bp_fail(
                error, BP_ERROR_INPUT,
                "%s: entry %zu of \"widths\" of the network is not an integer from 1 to %d", path,
                l + 1, BP_WIDTH_MAX);
        spec->widths[l] = (size_t)value;
    }
    spec->layers = count - 1;
    return BP_OK;
}

static bp_status read_activations(const json_t *json, const char *path,
                                  struct bp_network_spec *spec, bp_error *error)
{
    const json_t *activations;
    bp_status status = find_key(json, "activations", path, &activations, error);
    if (status != BP_OK)
        return status;
    if (!json_is_array(activations) || json_array_size(activations) != spec->layers)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: \"activations\" of the network is not a list of %zu names", path,
                       spec->layers);
    for (size_t l = 0; l < spec->layers; l++) {
        int value;
        status = name_from_json(json_array_get(activations, l), BP_CHOICE_ACTIVATION, path,
                                "activations", &value, error);
        if (status != BP_OK)
            return status;
        spec->activations[l] = (bp_activation)value;
    }
    return BP_OK;
}

/* A file without the key has the usual parameter. */
static bp_status read_parameter(const json_t *json, const char *path, struct bp_network_spec *spec,
                                bp_error *error)
{
    const char *name = bp_loss_get(spec->loss)->parameter;
    const json_t *value = name ? json_object_get(json, name) : NULL;
    if (value && !((float)json_number_value(value) > 0.0f))
        return bp_fail(error, BP_ERROR_INPUT, "%s: \"%s\" of the network is not a number above 0",
                       path, name);
    spec->loss_parameter = value ? (float)json_number_value(value) : 0.0f;
    return BP_OK;
}

/* A file without the key has thresholds. */
static bp_status read_thresholds(const json_t *json, const char *path, struct bp_network_spec *spec,
                                 bp_error *error)
{
    const json_t *thresholds = json_object_get(json, "thresholds");
    if (thresholds && !json_is_boolean(thresholds))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: \"thresholds\" of the network is neither true nor false", path);
    spec->reduced = json_is_false(thresholds);
    return BP_OK;
}

bp_status bp_spec_from_json(const json_t *json, const char *path, struct bp_network_spec *spec,
                            bp_error *error)
{
    if (!json_is_object(json))
        return bp_fail(error, BP_ERROR_INPUT, "%s: the description of the network is not an object",
                       path);
    *spec = (struct bp_network_spec){0};
    bp_status status = read_widths(json, path, spec, error);
    if (status == BP_OK)
        status = read_activations(json, path, spec, error);
    int loss = 0, hidden_delta = 0;
    if (status == BP_OK)
        status = read_choice(json, "loss", BP_CHOICE_LOSS, path, &loss, error);
    if (status == BP_OK)
        status =
            read_choice(json, "hidden_delta", BP_CHOICE_HIDDEN_DELTA, path, &hidden_delta, error);
    if (status == BP_OK)
        status = read_thresholds(json, path, spec, error);
    if (status)
        return status;
    spec->loss = (bp_loss)loss;
    spec->hidden_delta = (bp_hidden_delta)hidden_delta;
    status = read_parameter(json, path, spec, error);
    if (status)
        return status;
    bp_error reason;
    if (bp_spec_check(spec, &reason) != BP_OK)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the network: %s", path, reason.message);
    return BP_OK;
}
