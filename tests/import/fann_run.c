/*
 * fann_run FILE: networks that libfann has trained and saved to FILE predict what it does. It reads
 * them again first, because it writes scaling with six decimals.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <floatfann.h>

#include "batchprop/batchprop.h"

#define INPUTS  3
#define OUTPUTS 2
#define ROWS    40

struct net {
    enum fann_activationfunc_enum hidden, output;
    float steepness;
    bool scaled;
    double tolerance; /* of outputs about 1, or 10 where they are scaled */
};

static double draw(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (double)(*state >> 8) / (1 << 24) * 2 - 1;
}

/* Targets that are a function of the inputs, about 10 +- 2. */
static struct fann_train_data *make_data(unsigned *state)
{
    struct fann_train_data *data = fann_create_train(ROWS, INPUTS, OUTPUTS);
    for (unsigned r = 0; r < ROWS; r++) {
        for (unsigned i = 0; i < INPUTS; i++)
            data->input[r][i] = (fann_type)(5 + 3 * draw(state));
        for (unsigned j = 0; j < OUTPUTS; j++)
            data->output[r][j] = (fann_type)(10 + sin(data->input[r][j]) + sin(data->input[r][2]));
    }
    return data;
}

static void train(const struct net *net, struct fann_train_data *data, const char *path)
{
    struct fann *ann = fann_create_standard(4, INPUTS, 6, 5, OUTPUTS);
    fann_set_activation_function_hidden(ann, net->hidden);
    fann_set_activation_function_output(ann, net->output);
    fann_set_activation_steepness_hidden(ann, net->steepness);
    fann_set_activation_steepness_output(ann, net->steepness);
    fann_randomize_weights(ann, -1, 1);
    if (net->scaled) {
        struct fann_train_data *scaled = fann_duplicate_train_data(data);
        fann_set_scaling_params(ann, data, -1, 1, -1, 1);
        fann_scale_train(ann, scaled);
        for (unsigned epoch = 0; epoch < 30; epoch++)
            fann_train_epoch(ann, scaled);
        fann_destroy_train(scaled);
    }
    fann_save(ann, path);
    fann_destroy(ann);
}

/* What FANN makes of a row. */
static void run(struct fann *ann, bool scaled, const fann_type *inputs, double *outputs)
{
    fann_type row[INPUTS], answer[OUTPUTS];
    memcpy(row, inputs, sizeof row);
    if (scaled)
        fann_scale_input(ann, row);
    memcpy(answer, fann_run(ann, row), sizeof answer);
    if (scaled)
        fann_descale_output(ann, answer);
    for (size_t j = 0; j < OUTPUTS; j++)
        outputs[j] = (double)answer[j];
}

/* The greatest difference over the rows. */
static double compare(const bp_model *model, struct fann *ann, bool scaled,
                      const struct fann_train_data *data)
{
    bp_workspace *workspace;
    double worst = 0;
    if (bp_workspace_create(&workspace, model, NULL) != BP_OK)
        return (double)INFINITY;
    for (unsigned r = 0; r < ROWS; r++) {
        double inputs[INPUTS], wanted[OUTPUTS], found[OUTPUTS] = {0};
        for (size_t i = 0; i < INPUTS; i++)
            inputs[i] = (double)data->input[r][i];
        run(ann, scaled, data->input[r], wanted);
        bp_predict_rows_wide(model, workspace, inputs, 1, found, NULL);
        for (size_t j = 0; j < OUTPUTS; j++)
            worst = fmax(worst, fabs(found[j] - wanted[j]));
    }
    bp_workspace_free(workspace);
    return worst;
}

static bool check(const struct net *net, struct fann_train_data *data, const char *path)
{
    bp_model *model = NULL;
    bp_error error = {BP_OK, ""};
    train(net, data, path);
    struct fann *ann = fann_create_from_file(path);
    double worst = (double)INFINITY;
    if (ann && bp_model_import(&model, path, NULL, NULL, &error) == BP_OK)
        worst = compare(model, ann, net->scaled, data);
    const bool good = worst <= net->tolerance;
    printf("%s: activations %d and %d, steepness %g%s: %g %s\n", good ? "ok" : "wrong",
           (int)net->hidden, (int)net->output, (double)net->steepness,
           net->scaled ? ", scaled" : "", worst, error.message);
    bp_model_free(model);
    fann_destroy(ann);
    return good;
}

/* FANN's sums are binary32 in another order: a few of its roundings, each of 2^-24 of what is
 * summed up, go through three layers. */
static const struct net nets[] = {
    {FANN_SIGMOID, FANN_SIGMOID, 0.5f, false, 2e-6},
    {FANN_SIGMOID_SYMMETRIC, FANN_LINEAR, 0.5f, false, 4e-6},
    {FANN_LINEAR, FANN_SIGMOID_SYMMETRIC, 0.25f, false, 2e-6},
    {FANN_SIGMOID_SYMMETRIC, FANN_SIGMOID, 0.7f, false, 2e-6},
    {FANN_SIGMOID_SYMMETRIC, FANN_LINEAR, 0.5f, true, 1e-5},
    {FANN_SIGMOID, FANN_SIGMOID_SYMMETRIC, 0.3f, true, 1e-5},
};

int main(int argc, char **argv)
{
    unsigned state = 7;
    bool good = argc == 2;
    struct fann_train_data *data = make_data(&state);
    for (size_t k = 0; good && k < sizeof nets / sizeof nets[0]; k++)
        good = check(&nets[k], data, argv[1]);
    fann_destroy_train(data);
    if (argc == 2)
        remove(argv[1]);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
