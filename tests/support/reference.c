/* The equations of the text, sample by sample; the sections are named above each. */
#include "support/reference.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct bounded *make_numbers(size_t count)
{
    struct bounded *numbers = calloc(count, sizeof *numbers);
    cr_assert(numbers, "no memory for the reference network");
    return numbers;
}

struct reference *reference_create(const struct bp_network_spec *spec, size_t samples)
{
    struct reference *reference = calloc(1, sizeof *reference);
    cr_assert(reference, "no memory for the reference network");
    reference->layers = spec->layers;
    reference->samples = samples;
    reference->hidden_delta = spec->hidden_delta;
    reference->reduced = spec->reduced;
    reference->input = make_numbers(samples * spec->widths[0]);
    for (size_t l = 0; l < spec->layers; l++) {
        struct reference_layer *layer = &reference->layer[l];
        layer->in = spec->widths[l];
        layer->out = spec->widths[l + 1];
        layer->activation = spec->activations[l];
        layer->weight = make_numbers(layer->in * layer->out);
        layer->threshold = make_numbers(layer->out);
        layer->weight_sum = make_numbers(layer->in * layer->out);
        layer->threshold_sum = make_numbers(layer->out);
        layer->value = make_numbers(samples * layer->out);
        layer->slope = make_numbers(samples * layer->out);
        layer->delta = make_numbers(samples * layer->out);
    }
    return reference;
}

void reference_free(struct reference *reference)
{
    for (size_t l = 0; reference && l < reference->layers; l++) {
        const struct reference_layer *layer = &reference->layer[l];
        free(layer->weight);
        free(layer->threshold);
        free(layer->weight_sum);
        free(layer->threshold_sum);
        free(layer->value);
        free(layer->slope);
        free(layer->delta);
    }
    if (reference)
        free(reference->input);
    free(reference);
}

void reference_set(struct reference *reference, size_t l, const float *weights,
                   const float *thresholds)
{
    const struct reference_layer *layer = &reference->layer[l];
    for (size_t j = 0; j < layer->out; j++) {
        for (size_t i = 0; i < layer->in; i++)
            layer->weight[i * layer->out + j] = bounded_exact((double)weights[j * layer->in + i]);
        layer->threshold[j] = bounded_exact((double)thresholds[j]);
    }
}

/*
 * sigma(n) = 1 / (1 + exp(-n)), sigma'(n) = sigma(n) (1 - sigma(n)) = e / (1 + e)^2, e = exp(-|n|).
 *
 * An error d of n: |(ln sigma)'| <= 1 and |(ln sigma')'| <= 1, so that neither changes by more than
 * a factor exp(d); sigma changes by sigma'(n) exp(d) d at most. Roundings of the trainer:
 * test_math_saturation.c derives 4 and 6 halves of a unit; and what is lost where they become 0.
 */
struct bounded reference_logistic(struct bounded n, struct bounded *slope)
{
    const double e = exp(-fabs(n.value));
    const double value = (n.value < 0 ? e : 1.0) / (1.0 + e);
    const double derivative = e / ((1.0 + e) * (1.0 + e));
    const double moved = derivative * expm1(n.error);
    const double shift = derivative * exp(n.error) * n.error;
    *slope = (struct bounded){derivative,
                              moved + 6 * BOUNDED_ROUNDING * (derivative + moved) + BOUNDED_SLOPE};
    return (struct bounded){value, shift + 4 * BOUNDED_ROUNDING * (value + shift) + BOUNDED_STORED};
}

static struct bounded activate(bp_activation activation, struct bounded n, struct bounded *slope)
{
    if (activation == BP_ACTIVATION_LOGISTIC)
        return reference_logistic(n, slope);
    cr_assert_eq(activation, BP_ACTIVATION_IDENTITY, "the reference knows logistic and identity");
    *slope = bounded_exact(1.0);
    return bounded_store(n);
}

/* Sections 1.1 and 2.1: n_j = (sum_i w_ij o_i) - b_j, o_j = sigma(n_j). The trainer's chain starts
 * at -b_j and takes i in ascending order. */
static void run_layer(const struct reference_layer *layer, const struct bounded *input, size_t x)
{
    for (size_t j = 0; j < layer->out; j++) {
        struct bounded n = bounded_negate(layer->threshold[j]);
        for (size_t i = 0; i < layer->in; i++)
            n = bounded_fma(layer->weight[i * layer->out + j], input[x * layer->in + i], n);
        layer->value[x * layer->out + j] =
            activate(layer->activation, n, &layer->slope[x * layer->out + j]);
    }
}

/* Section 1.6: delta_j(x) = (2/n) (o_j(x) - t_j(x)) sigma'(n_j(x)). Returns the sample's term of n
 * E. */
static struct bounded run_output_delta(const struct reference_layer *layer, const float *target,
                                       size_t x, size_t n)
{
    const struct bounded factor = bounded_round(bounded_exact(2.0 / (double)n));
    struct bounded loss = bounded_exact(0.0);
    for (size_t j = 0; j < layer->out; j++) {
        const size_t at = x * layer->out + j;
        const struct bounded difference =
            bounded_subtract(layer->value[at], bounded_exact((double)target[at]));
        const struct bounded square = bounded_product(difference, difference);
        loss.value += square.value;
        loss.error += square.error + 0x1p-50 * square.value; /* binary64 */
        const struct bounded product = bounded_store(bounded_multiply(factor, difference));
        layer->delta[at] = bounded_store(bounded_multiply(product, layer->slope[at]));
    }
    return loss;
}

/* Section 1.5: dE/do_j = sum_l delta_l w_jl, and delta_j = dE/do_j do_j/dn_j. As printed, the
 * second factor is missing. `next` is the layer of the neurons l. */
static void run_hidden_delta(const struct reference_layer *layer,
                             const struct reference_layer *next, size_t x, bp_hidden_delta rule)
{
    for (size_t j = 0; j < layer->out; j++) {
        struct bounded sum = bounded_exact(0.0);
        for (size_t l = 0; l < next->out; l++)
            sum = bounded_fma(next->delta[x * next->out + l], next->weight[j * next->out + l], sum);
        const size_t at = x * layer->out + j;
        layer->delta[at] = bounded_store(
            rule == BP_HIDDEN_DELTA_AS_PRINTED ? sum : bounded_multiply(sum, layer->slope[at]));
    }
}

/*
 * Roundings that a term goes through in a sum over n samples. In any order there are n at the
 * most; in the trainer's, those of a chain through one shard and of the tree over the shards of a
 * chunk, for up to 1024 samples.
 */
static double count_roundings(size_t n)
{
    const size_t shard = n <= 32 ? 16 : 32;
    return (double)(n < shard + 5 || n > 1024 ? n : shard + 5);
}

/* sum_x a(x) b(x) over n samples, where a lies a_stride apart and NULL stands for 1. */
static struct bounded sum_products(const struct bounded *a, size_t a_stride,
                                   const struct bounded *b, size_t b_stride, size_t n)
{
    struct bounded sum = bounded_exact(0.0);
    double magnitude = 0.0;
    for (size_t x = 0; x < n; x++) {
        const struct bounded factor = a ? a[x * a_stride] : bounded_exact(1.0);
        const struct bounded product = bounded_product(factor, b[x * b_stride]);
        sum.value += product.value;
        sum.error += product.error;
        magnitude += fabs(product.value) + product.error;
    }
    const double units = count_roundings(n) * BOUNDED_ROUNDING; /* u K / (1 - u K), Higham 3.1 */
    sum.error += units / (1 - units) * magnitude + (double)n * BOUNDED_UNDERFLOW;
    return sum;
}

/* Sections 1.6 and 2.2: the sums over x of the updates. */
static void run_sums(struct reference_layer *layer, bool reduced, const struct bounded *input,
                     size_t n)
{
    for (size_t j = 0; j < layer->out; j++) {
        for (size_t i = 0; i < layer->in; i++)
            layer->weight_sum[i * layer->out + j] =
                sum_products(input + i, layer->in, layer->delta + j, layer->out, n);
        if (!reduced)
            layer->threshold_sum[j] = sum_products(NULL, 0, layer->delta + j, layer->out, n);
    }
}

struct bounded reference_propagate(struct reference *reference, const float *input,
                                   const float *target, size_t n)
{
    cr_assert_leq(n, reference->samples);
    const size_t last = reference->layers - 1;
    for (size_t k = 0; k < n * reference->layer[0].in; k++)
        reference->input[k] = bounded_exact((double)input[k]);
    struct bounded loss = bounded_exact(0.0);
    for (size_t x = 0; x < n; x++) {
        for (size_t l = 0; l <= last; l++)
            run_layer(&reference->layer[l], l ? reference->layer[l - 1].value : reference->input,
                      x);
        const struct bounded term = run_output_delta(&reference->layer[last], target, x, n);
        loss.value += term.value;
        loss.error += term.error + 0x1p-52 * loss.value; /* binary64 */
        for (size_t l = last; l > 0; l--)
            run_hidden_delta(&reference->layer[l - 1], &reference->layer[l], x,
                             reference->hidden_delta);
    }
    for (size_t l = 0; l <= last; l++)
        run_sums(&reference->layer[l], reference->reduced,
                 l ? reference->layer[l - 1].value : reference->input, n);
    return loss;
}

/* The values of layer l for sample x; `from` are those before it. */
static void evaluate_layer(const struct reference_layer *layer, const double *from, double *to)
{
    for (size_t j = 0; j < layer->out; j++) {
        double n = 0.0;
        for (size_t i = 0; i < layer->in; i++)
            n += layer->weight[i * layer->out + j].value * from[i];
        n -= layer->threshold[j].value;
        to[j] = layer->activation == BP_ACTIVATION_LOGISTIC ? 1.0 / (1.0 + exp(-n)) : n;
    }
}

double reference_loss(const struct reference *reference, const float *input, const float *target,
                      size_t n)
{
    size_t most = reference->layer[0].in;
    for (size_t l = 0; l < reference->layers; l++)
        most = most > reference->layer[l].out ? most : reference->layer[l].out;
    double *room = calloc(2 * most, sizeof *room), loss = 0.0;
    cr_assert(room);
    for (size_t x = 0; x < n; x++) {
        double *from = room, *to = room + most;
        for (size_t i = 0; i < reference->layer[0].in; i++)
            from[i] = (double)input[x * reference->layer[0].in + i];
        for (size_t l = 0; l < reference->layers; l++) {
            evaluate_layer(&reference->layer[l], from, to);
            double *const swap = from;
            from = to;
            to = swap;
        }
        const size_t out = reference->layer[reference->layers - 1].out;
        for (size_t j = 0; j < out; j++)
            loss +=
                (from[j] - (double)target[x * out + j]) * (from[j] - (double)target[x * out + j]);
    }
    free(room);
    return loss;
}

void reference_descend(struct reference *reference, float rate)
{
    const struct bounded step = bounded_exact((double)rate);
    for (size_t l = 0; l < reference->layers; l++) {
        const struct reference_layer *layer = &reference->layer[l];
        for (size_t k = 0; k < layer->in * layer->out; k++)
            layer->weight[k] =
                bounded_fma(bounded_negate(step), layer->weight_sum[k], layer->weight[k]);
        for (size_t j = 0; j < layer->out && !reference->reduced; j++)
            layer->threshold[j] = bounded_fma(step, layer->threshold_sum[j], layer->threshold[j]);
    }
}
