/*
 * A network file of FANN: neurons, each with how many it reads, its activation and steepness; then
 * the connections of all, in their order. The last neuron of each layer is the bias, which is 1. A
 * neuron is f(steepness * sum), which here is f of a sum whose weights are that much larger.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "import/fann_head.h"

/* The values of enum fann_activationfunc_enum that there are here. With FANN's sigmoid, 1 / (1 +
 * exp(-2 steepness sum)), weights double once more. */
static const struct {
    const char *name; /* of FANN */
    bp_activation activation;
    double factor; /* 0: there is none here */
} functions[] = {
    {"FANN_LINEAR", BP_ACTIVATION_IDENTITY, 1},
    {.name = "FANN_THRESHOLD"},
    {.name = "FANN_THRESHOLD_SYMMETRIC"},
    {"FANN_SIGMOID", BP_ACTIVATION_LOGISTIC, 2},
    {.name = "FANN_SIGMOID_STEPWISE"},
    {"FANN_SIGMOID_SYMMETRIC", BP_ACTIVATION_TANH, 1},
    {.name = "FANN_SIGMOID_SYMMETRIC_STEPWISE"},
    {.name = "FANN_GAUSSIAN"},
    {.name = "FANN_GAUSSIAN_SYMMETRIC"},
    {.name = "FANN_GAUSSIAN_STEPWISE"},
    {.name = "FANN_ELLIOT"},
    {.name = "FANN_ELLIOT_SYMMETRIC"},
    {.name = "FANN_LINEAR_PIECE"},
    {.name = "FANN_LINEAR_PIECE_SYMMETRIC"},
    {.name = "FANN_SIN_SYMMETRIC"},
    {.name = "FANN_COS_SYMMETRIC"},
    {.name = "FANN_SIN"},
    {.name = "FANN_COS"},
    {"FANN_LINEAR_PIECE_RECT", BP_ACTIVATION_RELU, 1},
    {"FANN_LINEAR_PIECE_RECT_LEAKY", BP_ACTIVATION_LEAKY_RELU, 1},
};
#define FUNCTIONS (sizeof functions / sizeof functions[0])

struct reading {
    struct bp_foreign *foreign;
    struct bp_fann_words words;
    struct bp_fann_head head;
    double *factor; /* of each neuron read so far, the biases too */
    size_t neurons, capacity;
    double *numbers; /* of the connections of a layer */
};

/* A tuple of the list of neurons. */
struct neuron {
    size_t reads; /* connections */
    size_t function;
    double steepness;
};

static bp_status fail_neuron(const struct reading *reading, size_t layer, size_t neuron,
                             const char *why, bp_error *error)
{
    return bp_fail(error, BP_ERROR_INPUT, "%s: layer %zu: neuron %zu %s", reading->foreign->path,
                   layer, neuron + 1, why);
}

static bp_status take_neuron(struct bp_fann_words *words, struct neuron *neuron, bp_error *error)
{
    static const struct bp_fann_count reads = {"the number of connections of a neuron", 0,
                                               BP_WIDTH_MAX + 1};
    static const struct bp_fann_count function = {"the number of an activation", 0, 1000};
    bp_status status = bp_fann_take_count(words, "(", ",", &reads, &neuron->reads, error);
    if (!status)
        status = bp_fann_take_count(words, "", ",", &function, &neuron->function, error);
    return status ? status
                  : bp_fann_take_number(words, "", ")", "the steepness of a neuron",
                                        &neuron->steepness, error);
}

/* Of a neuron that is neither input nor bias. */
static bp_status check_neuron(struct reading *reading, size_t layer, size_t j,
                              const struct neuron *neuron, bp_error *error)
{
    const size_t function = neuron->function;
    struct bp_foreign_layer *to = &reading->foreign->layer[layer - 1];
    char why[200];
    if (neuron->reads != reading->head.sizes[layer - 1]) {
        snprintf(why, sizeof why,
                 "reads %zu of %zu neurons of the layer before it (with the bias): only layers "
                 "that are connected in full are read",
                 neuron->reads, reading->head.sizes[layer - 1]);
        return fail_neuron(reading, layer, j, why, error);
    }
    if (function >= FUNCTIONS || functions[function].factor == 0) {
        snprintf(why, sizeof why,
                 "has the activation %zu (%s), which there is not here: FANN_LINEAR, FANN_SIGMOID, "
                 "FANN_SIGMOID_SYMMETRIC and FANN_LINEAR_PIECE_RECT are read",
                 function, function < FUNCTIONS ? functions[function].name : "unknown");
        return fail_neuron(reading, layer, j, why, error);
    }
    if (j > 0 && functions[function].activation != to->activation)
        return fail_neuron(reading, layer, j,
                           "has another activation than neuron 1: all neurons of a layer have the "
                           "same here",
                           error);
    to->activation = functions[function].activation;
    if (neuron->steepness > 0)
        return BP_OK;
    return fail_neuron(reading, layer, j, "has a steepness that is not above 0", error);
}

static bp_status add_neuron(struct reading *reading, const struct neuron *neuron, bp_error *error)
{
    double *grown =
        bp_array_grow(reading->factor, &reading->capacity, reading->neurons + 1, sizeof *grown);
    if (!grown)
        return bp_fail_memory(error, "the neurons of a network");
    reading->factor = grown;
    grown[reading->neurons++] =
        neuron->function < FUNCTIONS ? functions[neuron->function].factor * neuron->steepness : 0;
    return BP_OK;
}

static bp_status read_neurons(struct reading *reading, bp_error *error)
{
    const struct bp_fann_head *head = &reading->head;
    bp_status status = BP_OK;
    for (size_t l = 0; l < head->layers && !status; l++) {
        for (size_t j = 0; j < head->sizes[l] && !status; j++) {
            struct neuron neuron;
            const bool computes = l > 0 && j + 1 < head->sizes[l];
            status = take_neuron(&reading->words, &neuron, error);
            if (!status && computes)
                status = check_neuron(reading, l, j, &neuron, error);
            else if (!status && neuron.reads > 0)
                status =
                    fail_neuron(reading, l, j, "is an input or a bias, and reads others", error);
            if (!status)
                status = add_neuron(reading, &neuron, error);
        }
    }
    return status;
}

/* Passes over words that are always the same, up to the equals sign at the end of the last one. */
static bp_status skip_heading(struct bp_fann_words *words, const char *const *heading,
                              bp_error *error)
{
    bp_status status = BP_OK;
    for (; heading[1]; heading++) {
        if (!bp_fann_is(words, *heading))
            return bp_fann_fail(words, *heading, error);
        if ((status = bp_fann_next(words, error)))
            return status;
    }
    return bp_fann_cut(words, *heading, &status, error) ? status
                                                        : bp_fann_fail(words, *heading, error);
}

/* Connection i of a neuron, which has to come from neuron i of the layer before it. */
static bp_status read_connection(struct reading *reading, size_t layer, size_t from, double *number,
                                 bp_error *error)
{
    const struct bp_fann_count allowed = {"the number of the neuron that is next in the layer "
                                          "before (only layers connected in full are read)",
                                          from, from};
    char what[80];
    size_t found;
    snprintf(what, sizeof what, "a weight of layer %zu", layer);
    const bp_status status = bp_fann_take_count(&reading->words, "(", ",", &allowed, &found, error);
    return status ? status : bp_fann_take_number(&reading->words, "", ")", what, number, error);
}

/* Those of a layer, whose first neuron is neuron `first` of all and reads from neuron `before` on.
 * Memory follows what is read. */
static bp_status read_connections(struct reading *reading, size_t layer, size_t before,
                                  bp_error *error)
{
    const size_t *sizes = reading->head.sizes;
    size_t capacity = 0, count = 0;
    bp_status status = BP_OK;
    free(reading->numbers);
    reading->numbers = NULL;
    for (size_t j = 0; j + 1 < sizes[layer] && !status; j++) {
        for (size_t i = 0; i < sizes[layer - 1] && !status; i++) {
            double *grown = bp_array_grow(reading->numbers, &capacity, count + 1, sizeof *grown);
            if (!grown)
                return bp_fail_memory(error, "the weights of a network");
            reading->numbers = grown;
            status = read_connection(reading, layer, before + i, &grown[count++], error);
        }
    }
    return status;
}

/* A weight with the factor in it, in binary32. */
static float fold(struct bp_foreign *foreign, double weight, double factor)
{
    const double product = weight * factor;
    const size_t rounded = foreign->rounded;
    const float value = bp_foreign_round(foreign, product);
    if (foreign->rounded == rounded && fma(weight, factor, -product) != 0)
        foreign->rounded++;
    return value;
}

static bp_status fill_layer(struct reading *reading, size_t layer, size_t first, bp_error *error)
{
    struct bp_foreign *foreign = reading->foreign;
    struct bp_foreign_layer *to = &foreign->layer[layer - 1];
    const double *number = reading->numbers;
    to->in = reading->head.sizes[layer - 1] - 1;
    to->out = reading->head.sizes[layer] - 1;
    snprintf(to->name, sizeof to->name, "layer %zu", layer);
    const bp_status status = bp_foreign_layer_create(to, true, error);
    for (size_t j = 0; j < to->out && !status; j++) {
        const double factor = reading->factor[first + j];
        for (size_t i = 0; i <= to->in; i++) {
            const float value = fold(foreign, *number++, factor);
            if (!isfinite(value))
                return fail_neuron(reading, layer, j,
                                   "has a weight that is beyond binary32 with its steepness",
                                   error);
            if (i < to->in)
                to->weights[j * to->in + i] = value;
            else
                to->bias[j] = value;
        }
    }
    return status;
}

static bp_status read_layers(struct reading *reading, bp_error *error)
{
    const struct bp_fann_head *head = &reading->head;
    size_t before = 0;
    bp_status status = BP_OK;
    for (size_t l = 1; l < head->layers && !status; l++) {
        status = read_connections(reading, l, before, error);
        before += head->sizes[l - 1];
        if (!status)
            status = fill_layer(reading, l, before, error);
    }
    reading->foreign->layers = head->layers - 1;
    return status;
}

static bp_status read_network(struct reading *reading, bp_error *error)
{
    static const char *const neurons[] = {"neurons", "(num_inputs,", "activation_function,",
                                          "activation_steepness)=", NULL};
    static const char *const connections[] = {"connections", "(connected_to_neuron,",
                                              "weight)=", NULL};
    struct bp_fann_words *words = &reading->words;
    bp_status status = bp_fann_head_read(&reading->head, reading->foreign, words, error);
    if (!status)
        status = skip_heading(words, neurons, error);
    if (!status)
        status = read_neurons(reading, error);
    if (!status)
        status = skip_heading(words, connections, error);
    if (!status)
        status = read_layers(reading, error);
    if (!status && words->length > 0)
        return bp_fann_fail(words, "the end of the file, which follows the last weight", error);
    return status;
}

static bp_status open_source(struct bp_source **source, const struct bp_input *input,
                             bp_error *error)
{
    if (input->path)
        return bp_source_open(source, input->path, error);
    return bp_source_open_bytes(source, bp_input_name(input), input->bytes, input->size, error);
}

bp_status bp_foreign_read_fann(struct bp_foreign *foreign, const struct bp_import_source *source,
                               bp_error *error)
{
    struct reading reading = {.foreign = foreign};
    struct bp_source *bytes;
    bp_status status = open_source(&bytes, &source->input, error);
    if (status)
        return status;
    status = bp_tokens_begin(&reading.words.tokens, bytes, error);
    if (!status)
        status = read_network(&reading, error);
    bp_tokens_release(&reading.words.tokens);
    bp_source_close(bytes);
    free(reading.factor);
    free(reading.numbers);
    return status;
}
