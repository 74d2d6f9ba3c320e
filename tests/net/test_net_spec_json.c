/* The shape of a network as JSON. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "net/spec_json.h"

#define VALID                                                                                      \
    "{\"widths\":[4,3,2],\"activations\":[\"logistic\",\"identity\"],\"loss\":\"mse\","            \
    "\"hidden_delta\":\"as-printed\"}"

Test(net_spec_json, a_spec_is_written_as_documented)
{
    const struct bp_network_spec spec = {
        .layers = 2,
        .widths = {4, 3, 2},
        .activations = {BP_ACTIVATION_LOGISTIC, BP_ACTIVATION_IDENTITY},
        .hidden_delta = BP_HIDDEN_DELTA_AS_PRINTED};
    json_t *json = bp_spec_to_json(&spec), *expected = json_loads(VALID, 0, NULL);
    cr_assert(json && expected);
    cr_assert(json_equal(json, expected));
    json_decref(json);
    json_decref(expected);
}

Test(net_spec_json, a_spec_survives_the_round_trip)
{
    struct bp_network_spec spec = {.layers = BP_LAYERS_MAX}, back;
    for (size_t l = 0; l <= BP_LAYERS_MAX; l++)
        spec.widths[l] = BP_WIDTH_MAX - l;
    for (size_t l = 0; l < BP_LAYERS_MAX; l++)
        spec.activations[l] = l % 3 ? BP_ACTIVATION_IDENTITY : BP_ACTIVATION_LOGISTIC;
    json_t *json = bp_spec_to_json(&spec);
    cr_assert_eq(bp_spec_from_json(json, "m", &back, NULL), BP_OK);
    cr_assert_eq(back.layers, spec.layers);
    cr_assert_arr_eq(back.widths, spec.widths, sizeof spec.widths);
    cr_assert_arr_eq(back.activations, spec.activations, sizeof spec.activations);
    cr_assert_eq(back.loss, BP_LOSS_MSE);
    cr_assert_eq(back.hidden_delta, BP_HIDDEN_DELTA_CHAIN_RULE);
    json_decref(json);
}

Test(net_spec_json, a_spec_with_a_value_without_a_name_is_not_written)
{
    const struct bp_network_spec spec = {
        .layers = 1, .widths = {1, 1}, .activations = {(bp_activation)99}};
    cr_assert_null(bp_spec_to_json(&spec));
}

/* VALID with `from` replaced by `to`. */
static json_t *change(const char *from, const char *to)
{
    char text[1024];
    static const char valid[] = VALID;
    const char *place = strstr(valid, from);
    cr_assert_not_null(place);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(place - valid), valid, to, place + strlen(from));
    json_t *json = json_loads(text, 0, NULL);
    cr_assert_not_null(json, "%s", text);
    return json;
}

static void check_refused(const char *from, const char *to, const char *reason)
{
    json_t *json = change(from, to);
    struct bp_network_spec spec;
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_spec_from_json(json, "m.safetensors", &spec, &error), BP_ERROR_INPUT,
                 "%s accepted", to);
    cr_assert_eq(strncmp(error.message, "m.safetensors: ", 15), 0, "%s", error.message);
    cr_assert_not_null(strstr(error.message, reason), "%s", error.message);
    json_decref(json);
}

Test(net_spec_json, thresholds_are_spoken_of_only_where_there_are_none)
{
    for (int reduced = 0; reduced < 2; reduced++) {
        const struct bp_network_spec spec = {.layers = 1, .widths = {1, 1}, .reduced = reduced};
        struct bp_network_spec back;
        json_t *json = bp_spec_to_json(&spec);
        cr_assert_eq(json_object_get(json, "thresholds") != NULL, reduced);
        cr_assert_eq(bp_spec_from_json(json, "m", &back, NULL), BP_OK);
        cr_assert_eq(back.reduced, reduced);
        json_decref(json);
    }
    struct bp_network_spec back;
    json_t *json = change("\"loss\"", "\"thresholds\":true,\"loss\"");
    cr_assert_eq(bp_spec_from_json(json, "m", &back, NULL), BP_OK);
    cr_assert_not(back.reduced);
    json_decref(json);
    check_refused("\"loss\"", "\"thresholds\":\"off\",\"loss\"", "neither true nor false");
}

Test(net_spec_json, a_missing_key_is_an_error)
{
    check_refused("\"widths\"", "\"width\"", "\"widths\" of the network is missing");
    check_refused("\"activations\"", "\"x\"", "\"activations\" of the network is missing");
    check_refused("\"loss\"", "\"x\"", "\"loss\" of the network is missing");
    check_refused("\"hidden_delta\"", "\"x\"", "\"hidden_delta\" of the network is missing");
}

Test(net_spec_json, a_value_of_another_type_is_an_error)
{
    check_refused("[4,3,2]", "4", "list");
    check_refused("[4,3,2]", "{}", "list");
    check_refused("4,", "4.0,", "entry 1");
    check_refused("3,", "\"3\",", "entry 2");
    check_refused("[\"logistic\",\"identity\"]", "\"logistic\"", "list of 2 names");
    check_refused("\"identity\"", "1", "not text");
    check_refused("\"mse\"", "null", "not text");
    check_refused("\"as-printed\"", "[]", "not text");
}

Test(net_spec_json, a_value_out_of_range_is_an_error)
{
    check_refused("4,", "0,", "entry 1");
    check_refused("4,", "-1,", "entry 1");
    check_refused("4,", "1048577,", "entry 1");
    check_refused("4,", "9223372036854775807,", "entry 1");
    check_refused("[4,3,2]", "[4]", "2 to 65");
    check_refused("[4,3,2]", "[]", "2 to 65");
    check_refused("[4,3,2]", "[4,3]", "list of 1 names");
    check_refused("\"logistic\"", "\"logistik\"", "did you mean \"logistic\"?");
    check_refused("\"mse\"", "\"hinge\"", "unknown loss");
    check_refused("\"as-printed\"", "\"\"", "unknown hidden-delta rule");
}

Test(net_spec_json, what_only_options_may_say_is_an_error)
{
    check_refused("\"identity\"", "\"auto\"", "activation auto is a choice");
    check_refused("\"mse\"", "\"auto\"", "loss auto is a choice");
}

Test(net_spec_json, a_network_that_cannot_be_is_an_error)
{
    check_refused("\"logistic\"", "\"softmax\"", "softmax is an activation of output neurons");
    check_refused("\"mse\"", "\"cross-entropy\"", "needs softmax output neurons, not identity");
    check_refused("\"mse\"", "\"binary-cross-entropy\"", "give output activation logistic");
}

Test(net_spec_json, every_activation_and_loss_survives_the_round_trip)
{
    static const struct {
        bp_activation output;
        bp_loss loss;
    } pairs[] = {{BP_ACTIVATION_TANH, BP_LOSS_MAE},
                 {BP_ACTIVATION_LEAKY_RELU, BP_LOSS_HUBER},
                 {BP_ACTIVATION_SOFTMAX, BP_LOSS_CROSS_ENTROPY},
                 {BP_ACTIVATION_LOGISTIC, BP_LOSS_BINARY_CROSS_ENTROPY},
                 {BP_ACTIVATION_IDENTITY, BP_LOSS_POISSON},
                 {BP_ACTIVATION_SILU, BP_LOSS_MSE},
                 {BP_ACTIVATION_ELU, BP_LOSS_QUANTILE},
                 {BP_ACTIVATION_SOFTPLUS, BP_LOSS_MSE}};
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
        const struct bp_network_spec spec = {
            .layers = 3,
            .widths = {4, 3, 2, 5},
            .activations = {BP_ACTIVATION_RELU, BP_ACTIVATION_GELU, pairs[k].output},
            .loss = pairs[k].loss};
        struct bp_network_spec back;
        json_t *json = bp_spec_to_json(&spec);
        cr_assert_eq(bp_spec_from_json(json, "m", &back, NULL), BP_OK);
        cr_assert_arr_eq(back.activations, spec.activations, sizeof spec.activations);
        cr_assert_eq(back.loss, spec.loss);
        json_decref(json);
    }
}

/* {"huber_bend": TEXT} beside a loss huber, or no such key. */
static bp_status read_bend(const char *text, struct bp_network_spec *spec, bp_error *error)
{
    json_t *json = change("\"mse\"", "\"huber\"");
    if (text)
        json_object_set_new(json, "huber_bend", json_loads(text, JSON_DECODE_ANY, NULL));
    const bp_status status = bp_spec_from_json(json, "m", spec, error);
    json_decref(json);
    return status;
}

Test(net_spec_json, the_bend_of_huber_survives_the_round_trip_and_is_1_in_files_without_it)
{
    struct bp_network_spec spec, back;
    cr_assert_eq(read_bend(NULL, &spec, NULL), BP_OK);
    struct bp_network *network;
    cr_assert_eq(bp_network_create(&network, &spec, NULL), BP_OK);
    cr_assert_eq(network->loss_parameter, 1.0f);
    bp_network_free(network);
    cr_assert_eq(read_bend("0.3", &spec, NULL), BP_OK);
    cr_assert_eq(spec.loss_parameter, 0.3f);
    json_t *json = bp_spec_to_json(&spec);
    cr_assert_eq(bp_spec_from_json(json, "m", &back, NULL), BP_OK);
    cr_assert_eq(back.loss_parameter, 0.3f);
    json_decref(json);
}

Test(net_spec_json, a_bend_that_is_no_number_above_0_is_an_error)
{
    static const char *const texts[] = {"0", "-1", "\"1\"", "null", "1e-300", "1e300", "[1]"};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        struct bp_network_spec spec;
        bp_error error;
        cr_assert_eq(read_bend(texts[k], &spec, &error), BP_ERROR_INPUT, "%s", texts[k]);
        cr_assert_not_null(strstr(error.message, "huber_bend"), "%s", error.message);
    }
}

Test(net_spec_json, more_layers_than_the_limit_are_an_error)
{
    char widths[512] = "[1";
    for (size_t l = 0; l <= BP_LAYERS_MAX; l++)
        strcat(widths, ",1");
    strcat(widths, "]");
    check_refused("[4,3,2]", widths, "2 to 65");
}

Test(net_spec_json, what_is_not_an_object_is_an_error)
{
    struct bp_network_spec spec;
    json_t *json = json_array();
    cr_assert_eq(bp_spec_from_json(json, "m", &spec, NULL), BP_ERROR_INPUT);
    cr_assert_eq(bp_spec_from_json(NULL, "m", &spec, NULL), BP_ERROR_INPUT);
    json_decref(json);
}
