/* Greedy selection, on outputs that are made for one result. */
#include <math.h>

#include <criterion/criterion.h>

#include "ensemble/selection.h"

#define ROWS 10

/* A network of one output and squared error; all targets are the same. */
struct data {
    struct bp_network *network;
    struct bp_samples samples;
    float target[ROWS];
    double output[2][ROWS]; /* of two kinds */
    const double *outputs[2];
    struct bp_selection selection;
};

static void make(struct data *data, double target, double first, double second)
{
    const struct bp_network_spec spec = {
        .layers = 1, .widths = {1, 1}, .activations = {BP_ACTIVATION_IDENTITY}};
    cr_assert_eq(bp_network_create(&data->network, &spec, NULL), BP_OK);
    for (size_t x = 0; x < ROWS; x++) {
        data->target[x] = (float)target;
        data->output[0][x] = first;
        data->output[1][x] = second;
    }
    for (size_t k = 0; k < 2; k++)
        data->outputs[k] = data->output[k];
    data->samples = (struct bp_samples){.count = ROWS, .outputs = 1, .targets = data->target};
    data->selection = (struct bp_selection){
        .network = data->network, .samples = &data->samples, .kinds = 2, .outputs = data->outputs};
}

static void expect(const struct data *data, double first, double second)
{
    double share[2];
    cr_assert_eq(bp_selection_run(&data->selection, BP_SELECTION_PARTS, share, NULL), BP_OK);
    cr_expect_float_eq(share[0], first, 1e-15, "%g", share[0]);
    cr_expect_float_eq(share[1], second, 1e-15, "%g", share[1]);
}

/* 1 of 20 is the best: the steps after that change nothing. */
Test(ensemble_selection, the_best_mixture_on_the_way_counts)
{
    struct data data;
    make(&data, 0.05, 0, 1);
    expect(&data, 0.95, 0.05);
    bp_network_free(data.network);
}

/* 1 of 25 is the best, and less than a twentieth. */
Test(ensemble_selection, what_is_left_out_leaves_the_rest_that_adds_up_to_1)
{
    struct data data;
    make(&data, 0.04, 0, 1);
    expect(&data, 1, 0);
    bp_network_free(data.network);
}

Test(ensemble_selection, of_equals_the_first_is_chosen)
{
    struct data data;
    make(&data, 0.5, 3, 3);
    expect(&data, 1, 0);
    bp_network_free(data.network);
}

/* A loss that is not finite is never the lowest. */
Test(ensemble_selection, kinds_without_a_finite_loss_count_the_same)
{
    struct data data;
    make(&data, 0.5, NAN, INFINITY);
    expect(&data, 0.5, 0.5);
    bp_network_free(data.network);
    make(&data, 0.5, NAN, 7);
    expect(&data, 0, 1);
    bp_network_free(data.network);
}
