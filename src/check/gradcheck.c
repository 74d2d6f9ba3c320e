/* The gradient that training uses against central differences of the loss. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sized.h"
#include "base/sizes.h"
#include "check/bound.h"
#include "data/samples/batch.h"
#include "model/engine.h"
#include "model/model.h"
#include "step/step.h"

/* Distance of the central differences, times max(1, |w|); smaller ones where there are kinks. */
#define DISTANCE     0x1p-12
#define MIN_DISTANCE 0x1p-27

void bp_gradcheck_options_init(bp_gradcheck_options *options, size_t size)
{
    static const bp_gradcheck_options defaults = {.samples = 16, .parameters = 200};
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

/* The analytic gradient of the first `rows` samples, laid out as network->values. */
static bp_status compute_gradient(const bp_model *model, const struct bp_samples *samples,
                                  size_t rows, const bp_run_options *run, float *gradient,
                                  bp_error *error)
{
    struct bp_engine engine;
    struct bp_step *step = NULL;
    const struct bp_engine_options choice = {run->threads, run->backend, run->isa, 1, 0.0, NULL};
    uint32_t *order = bp_array_alloc(rows, sizeof *order);
    if (!order)
        return bp_fail_memory(error, "the order of the samples");
    bp_batch_number(order, rows);
    bp_status status = bp_engine_make(&engine, &choice, error);
    if (!status) {
        const struct bp_step_options options = {
            .kernels = engine.kernels, .team = engine.team, .batch_size = rows};
        status = bp_step_create(&step, model->network, samples, &options, error);
    }
    if (!status)
        bp_step_gradient(step, order, rows, gradient);
    bp_step_free(step);
    bp_engine_release(&engine);
    free(order);
    return status;
}

/* E at two points around the present weight, at both of which every kink is on the side where it is
 * at the weight itself. */
static bool look_around(struct bp_binary64 *net, double *weight, double distance, double loss[2])
{
    const double at = *weight;
    bp_binary64_loss(net);
    const uint64_t sides = net->sides;
    bool smooth = true;
    for (size_t k = 0; k < 2; k++) {
        *weight = k ? at + distance : at - distance;
        loss[k] = bp_binary64_loss(net);
        smooth = smooth && net->sides == sides;
    }
    *weight = at;
    return smooth;
}

/* dE/dw by two central differences, at distance h and h/2, and Richardson's extrapolation of both;
 * what it changes bounds the error that it leaves. Rounding of the loss adds its share. False if a
 * kink lies within the distance. */
static bool differentiate_at(struct bp_binary64 *net, double *weight, double h, double *slope,
                             double *tolerance)
{
    double wide[2], near[2];
    if (!look_around(net, weight, h, wide) || !look_around(net, weight, h / 2, near))
        return false;
    const double far = (wide[1] - wide[0]) / (2 * h);
    const double close = (near[1] - near[0]) / h;
    double loss = 0.0;
    for (size_t k = 0; k < 2; k++)
        loss = fmax(loss, fmax(fabs(wide[k]), fabs(near[k])));
    double operations = (double)net->rows;
    for (size_t l = 0; l < net->network->layers; l++)
        operations += (double)net->network->layer[l].in + 8.0;
    const double size = (1.0 + loss) * fmax(1.0, net->largest);
    *tolerance = fabs(close - far) + 0x1p-52 * operations * size / h;
    *slope = close + (close - far) / 3;
    return true;
}

/* The same nearer and nearer, until no kink lies in between; a kink at the weight itself leaves no
 * derivative to compare with: false. */
static bool differentiate(struct bp_binary64 *net, double *weight, double *slope, double *tolerance)
{
    const double scale = fmax(1.0, fabs(*weight));
    for (double h = DISTANCE; h >= MIN_DISTANCE; h /= 8) {
        if (differentiate_at(net, weight, h * scale, slope, tolerance))
            return true;
    }
    return false;
}

struct check {
    struct bp_binary64 net;
    float *gradient;
    double *bound[BP_LAYERS_MAX];
    bp_gradcheck_result *result;
};

/* dE/dw of input i (the threshold: i = in) of neuron j; the sign of the threshold is that of the
 * text. */
static double read_gradient(const struct bp_layer *layer, const float *gradient, size_t j, size_t i)
{
    const float *panel = gradient + bp_layer_panel(layer, j / BP_LANES) + j % BP_LANES;
    return i == layer->in ? -(double)panel[0] : (double)panel[(i + 1) * BP_LANES];
}

static double largest_gradient(const struct bp_layer *layer, const float *gradient)
{
    double largest = 0.0;
    for (size_t k = 0; k < layer->panels * (layer->in + 1) * BP_LANES; k++) {
        const double size = fabs((double)gradient[layer->offset + k]);
        if (size > largest) /* fmax() here is an internal error of GCC 12 for ARM */
            largest = size;
    }
    return largest;
}

static void check_parameter(struct check *check, size_t l, size_t j, size_t i, double largest)
{
    bp_gradcheck_result *result = check->result;
    const struct bp_layer *layer = &check->net.network->layer[l];
    const size_t index = j * (layer->in + 1) + i;
    double numeric, tolerance;
    if (!differentiate(&check->net, &check->net.weight[l][index], &numeric, &tolerance)) {
        result->skipped++;
        return;
    }
    const double analytic = read_gradient(layer, check->gradient, j, i);
    const double difference = fabs(analytic - numeric);
    const double ratio = difference / (tolerance + check->bound[l][index]);
    result->parameters++;
    if (!(ratio <= 1.0)) /* a NaN has failed */
        result->failed++;
    if (largest > 0.0)
        result->worst_relative = fmax(result->worst_relative, difference / largest);
    if (ratio > result->worst_ratio || result->parameters == 1 || isnan(ratio)) {
        result->worst_ratio = ratio;
        result->worst_layer = l;
        result->worst_neuron = j;
        result->worst_input = i;
        result->analytic = analytic;
        result->numeric = numeric;
    }
}

static void check_layers(struct check *check, size_t parameters)
{
    const struct bp_network *network = check->net.network;
    const size_t share = parameters ? bp_size_max(1, parameters / network->layers) : SIZE_MAX;
    for (size_t l = 0; l < network->layers; l++) {
        const struct bp_layer *layer = &network->layer[l];
        const size_t each = layer->in + !network->reduced; /* parameters of a neuron */
        const size_t size = layer->out * each;
        const size_t count = bp_size_min(share, size);
        const double largest = largest_gradient(layer, check->gradient);
        for (size_t k = 0; k < count; k++) {
            const size_t index = (size_t)((double)k * (double)size / (double)count);
            check_parameter(check, l, index / each, index % each, largest);
        }
    }
}

/* With options that are complete. */
static bp_status check_model(const bp_model *model, const bp_dataset *dataset,
                             const bp_gradcheck_options *options, const bp_run_options *run,
                             bp_gradcheck_result *result, bp_error *error)
{
    struct check check = {.result = result};
    struct bp_samples samples;
    const struct bp_bind_options binding = {
        .need = BP_TARGETS_REQUIRED, .target = run->target, .unknown = run->unknown};
    bp_status status = bp_samples_bind(&samples, model->schema, dataset, &binding, error);
    if (status)
        return status;
    const size_t rows =
        options->samples ? bp_size_min(options->samples, samples.count) : samples.count;
    *result = (bp_gradcheck_result){.samples = rows, .unknown = samples.unknown};
    check.gradient = bp_aligned_alloc(model->network->floats, sizeof(float));
    status = check.gradient ? compute_gradient(model, &samples, rows, run, check.gradient, error)
                            : bp_fail_memory(error, "the gradient");
    if (!status)
        status = bp_binary64_make(&check.net, model->network, &samples, rows, error);
    if (!status)
        status = bp_bound_make(check.bound, &check.net, error);
    if (!status)
        check_layers(&check, options->parameters);
    free(check.bound[0]);
    bp_binary64_release(&check.net);
    bp_aligned_free(check.gradient);
    bp_samples_release(&samples);
    return status;
}

/* What network m adds to the figures of those before it. */
static void add_result(bp_gradcheck_result *sum, const bp_gradcheck_result *one, size_t m)
{
    const bp_gradcheck_result before = *sum;
    const bool first = m == 0;
    if (first || one->worst_ratio > before.worst_ratio) {
        *sum = *one;
        sum->worst_member = m;
    }
    if (first)
        return;
    sum->parameters = before.parameters + one->parameters;
    sum->skipped = before.skipped + one->skipped;
    sum->failed = before.failed + one->failed;
    sum->worst_relative = fmax(before.worst_relative, one->worst_relative);
}

bp_status bp_gradcheck(const bp_model *model, const bp_dataset *dataset,
                       const bp_gradcheck_options *options, const bp_run_options *run,
                       bp_gradcheck_result *result, bp_error *error)
{
    BP_REQUIRE(model, error);
    BP_REQUIRE(dataset, error);
    BP_REQUIRE(result, error);
    bp_gradcheck_options full = bp_gradcheck_options_default();
    bp_run_options full_run = bp_run_options_default();
    bp_status status = bp_sized_copy(&full, sizeof full, options, "bp_gradcheck_options", error);
    if (!status)
        status = bp_sized_copy(&full_run, sizeof full_run, run, "bp_run_options", error);
    for (size_t m = 0; !status && m < bp_model_networks(model); m++) {
        bp_gradcheck_result one;
        status = check_model(bp_model_at(model, m), dataset, &full, &full_run, &one, error);
        if (!status)
            add_result(result, &one, m);
    }
    return status;
}
