/*
 * An optimizer of its own: gradient descent whose rate follows from the last step (Barzilai and
 * Borwein 1988), on all rows of iris at a time. The library computes loss and gradient; what
 * becomes of the weights is up to this program.
 *
 *   own_optimizer iris.csv
 */
#include <batchprop/batchprop.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HIDDEN = 8, STEPS = 200 };

/* All parameters in one array: layer by layer, weights before thresholds. */
struct vector {
    size_t count;
    float *value;
};

static size_t count_layer(const bp_model_info *info, size_t layer)
{
    return (info->widths[layer] + 1) * info->widths[layer + 1];
}

static bp_status create_vector(struct vector *vector, const bp_model *model, bp_error *error)
{
    vector->count = bp_model_get_info(model).parameters;
    vector->value = calloc(vector->count, sizeof *vector->value);
    if (!vector->value) {
        *error = (bp_error){BP_ERROR_MEMORY, "there is no memory"};
        return error->status;
    }
    return BP_OK;
}

/* The parameters of the model, or, with a gradient, their gradient. */
static bp_status read_vector(struct vector *vector, const bp_model *model,
                             const bp_gradient *gradient, bp_error *error)
{
    const bp_model_info info = bp_model_get_info(model);
    float *at = vector->value;
    bp_status status = BP_OK;

    for (size_t l = 0; l < info.layers && status == BP_OK; l++) {
        float *thresholds = at + info.widths[l] * info.widths[l + 1];

        status = gradient ? bp_gradient_get_parameters(gradient, l, at, thresholds, error)
                          : bp_model_get_parameters(model, l, at, thresholds, error);
        at += count_layer(&info, l);
    }
    return status;
}

static bp_status write_vector(const struct vector *vector, bp_model *model, bp_error *error)
{
    const bp_model_info info = bp_model_get_info(model);
    const float *at = vector->value;
    bp_status status = BP_OK;

    for (size_t l = 0; l < info.layers && status == BP_OK; l++) {
        status =
            bp_model_set_parameters(model, l, at, at + info.widths[l] * info.widths[l + 1], error);
        at += count_layer(&info, l);
    }
    return status;
}

static double sum_squares(const bp_layer_view *view)
{
    double sum = 0.0;

    for (size_t j = 0; j < view->neurons; j++) {
        const size_t p = j / view->lanes * view->panel_stride + j % view->lanes;

        sum += (double)view->biases[p] * (double)view->biases[p];
        for (size_t i = 0; i < view->inputs; i++) {
            const double weight = (double)view->weights[p + i * view->input_stride];

            sum += weight * weight;
        }
    }
    return sum;
}

/* How long parameters and gradient are, read where they are. */
static bp_status print_state(size_t step, double loss, const bp_model *model,
                             const bp_gradient *gradient, bp_error *error)
{
    const size_t layers = bp_model_get_info(model).layers;
    double weights = 0.0, slopes = 0.0;
    bp_status status = BP_OK;

    for (size_t l = 0; l < layers && status == BP_OK; l++) {
        bp_layer_view view;

        status = bp_model_view_layer(model, l, &view, error);
        weights += status == BP_OK ? sum_squares(&view) : 0.0;
        if (status == BP_OK) {
            status = bp_gradient_view_layer(gradient, l, &view, error);
        }
        slopes += status == BP_OK ? sum_squares(&view) : 0.0;
    }
    printf("step %3zu  loss %.4f  weights %.2f  gradient %.5f\n", step, loss, sqrt(weights),
           sqrt(slopes));
    return status;
}

/* With s the last step and y what it changed the gradient by: s's / |s'y|. */
static double find_rate(const struct vector *step, const struct vector *change)
{
    double squares = 0.0, product = 0.0;

    for (size_t k = 0; k < step->count; k++) {
        squares += (double)step->value[k] * (double)step->value[k];
        product += (double)step->value[k] * (double)change->value[k];
    }
    return product != 0.0 ? squares / fabs(product) : 1.0;
}

/* What the loop works with. */
struct descent {
    struct vector weights, gradient, step, change;
    double rate;
};

static bp_status make_step(struct descent *descent, bp_model *model, bp_error *error)
{
    for (size_t k = 0; k < descent->weights.count; k++) {
        descent->step.value[k] = (float)(-descent->rate * (double)descent->gradient.value[k]);
        descent->weights.value[k] += descent->step.value[k];
    }
    return write_vector(&descent->weights, model, error);
}

static bp_status descend(struct descent *descent, bp_model *model, bp_gradient *gradient,
                         const bp_dataset *dataset, bp_error *error)
{
    bp_status status = read_vector(&descent->weights, model, NULL, error);

    descent->rate = 1.0;
    for (size_t k = 0; k <= STEPS && status == BP_OK; k++) {
        double loss;

        status = bp_gradient_compute(gradient, dataset, &loss, error);
        memcpy(descent->change.value, descent->gradient.value,
               descent->change.count * sizeof *descent->change.value);
        if (status == BP_OK) {
            status = read_vector(&descent->gradient, model, gradient, error);
        }
        for (size_t i = 0; i < descent->change.count; i++) {
            descent->change.value[i] = descent->gradient.value[i] - descent->change.value[i];
        }
        if (k > 0) {
            descent->rate = fmin(find_rate(&descent->step, &descent->change), 30.0);
        }
        if (k % 50 == 0 && status == BP_OK) {
            status = print_state(k, loss, model, gradient, error);
        }
        if (status == BP_OK) {
            status = make_step(descent, model, error);
        }
    }
    return status;
}

/* Fails also if little is learned: this program is one of the project's tests. */
static bp_status check(const bp_model *model, const bp_dataset *dataset, bp_error *error)
{
    bp_metrics metrics;
    bp_status status = bp_evaluate(model, dataset, NULL, &metrics, error);

    if (status == BP_OK) {
        printf("accuracy %.3f\n", metrics.accuracy);
    }
    if (status == BP_OK && metrics.accuracy < 0.95) {
        *error = (bp_error){BP_ERROR_INTERNAL, "the network has not learned its samples"};
        status = error->status;
    }
    return status;
}

static bp_status train(bp_model *model, const bp_dataset *dataset, bp_error *error)
{
    struct descent descent = {.rate = 1.0};
    bp_gradient *gradient = NULL;
    bp_status status = bp_gradient_create(&gradient, model, NULL, error);
    struct vector *vectors[] = {&descent.weights, &descent.gradient, &descent.step,
                                &descent.change};

    for (size_t k = 0; k < 4 && status == BP_OK; k++) {
        status = create_vector(vectors[k], model, error);
    }
    if (status == BP_OK) {
        status = descend(&descent, model, gradient, dataset, error);
    }
    for (size_t k = 0; k < 4; k++) {
        free(vectors[k]->value);
    }
    bp_gradient_free(gradient);
    return status;
}

int main(int argc, char **argv)
{
    bp_dataset *dataset = NULL;
    bp_model *model = NULL;
    bp_model_options options = bp_model_options_default();
    bp_error error;
    bp_status status;

    if (argc != 2) {
        fprintf(stderr, "usage: own_optimizer iris.csv\n");
        return 2;
    }
    options.hidden[0] = HIDDEN;
    options.loss = BP_LOSS_CROSS_ENTROPY;
    options.output_activation = BP_ACTIVATION_SOFTMAX;
    status = bp_dataset_read(&dataset, argv[1], NULL, &error);
    if (status == BP_OK) {
        status = bp_model_create(&model, dataset, &options, &error);
    }
    if (status == BP_OK) {
        status = train(model, dataset, &error);
    }
    if (status == BP_OK) {
        status = check(model, dataset, &error);
    }
    if (status != BP_OK) {
        fprintf(stderr, "own_optimizer: %s\n", error.message);
    }
    bp_model_free(model);
    bp_dataset_free(dataset);
    return status == BP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
