/*
 * FANN as a worker of bench/peers.py. It trains on full batches only. With one thread this is its
 * own fann_train_epoch(). Its parallel training is not in every package (Debian's has none), so
 * more threads are done here as it does them: each has a copy of the net and sums the slopes of its
 * part of the samples with FANN's own passes; then the sums are merged and the weights updated.
 * Unlike FANN's own, this allocates nothing in an epoch.
 */
#include <floatfann.h>
/* The passes of fann_train_epoch(). */
#include <fann_internal.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer_worker.h"

#define THREADS_MAX 64

struct self {
    const struct peer_problem *problem;
    struct fann_train_data *data;
    struct fann *net;
    struct fann *copies[THREADS_MAX]; /* of threads 1 ...; [0] is not used */
};

/* The weights that batchprop begins with: FANN keeps a neuron's weights, then its bias,
 * together. */
static void load_weights(const struct peer_problem *problem, struct fann *net)
{
    char *path = peer_path(problem, "weights.f32");
    FILE *file = fopen(path, "rb");
    fann_type *to = net->weights;
    for (size_t l = 0; l < problem->layers; l++) {
        const size_t in = problem->widths[l], out = problem->widths[l + 1];
        float *values = peer_alloc((in + 1) * out, sizeof *values);
        if (!file || fread(values, sizeof *values, (in + 1) * out, file) != (in + 1) * out)
            peer_stop("the weights cannot be read");
        for (size_t j = 0; j < out; j++) {
            memcpy(to, values + j * in, in * sizeof *to);
            to[in] = values[in * out + j];
            to += in + 1;
        }
        free(values);
    }
    fclose(file);
    free(path);
}

/* FANN leaves out the 2 of the derivative of a square. */
static struct fann *make_net(const struct peer_problem *problem)
{
    unsigned widths[PEER_LAYERS_MAX + 1];
    for (size_t l = 0; l <= problem->layers; l++)
        widths[l] = (unsigned)problem->widths[l];
    struct fann *net = fann_create_standard_array((unsigned)problem->layers + 1, widths);
    if (!net)
        peer_stop("FANN cannot create the network");
    fann_set_activation_function_hidden(net, FANN_SIGMOID);
    fann_set_activation_function_output(net, FANN_SIGMOID);
    fann_set_activation_steepness_hidden(net, 0.5f);
    fann_set_activation_steepness_output(net, 0.5f);
    fann_set_training_algorithm(net, FANN_TRAIN_BATCH);
    fann_set_train_error_function(net, FANN_ERRORFUNC_LINEAR);
    fann_set_learning_rate(net, 2.0f * (float)problem->rate);
    load_weights(problem, net);
    return net;
}

static struct fann_train_data *make_data(const struct peer_problem *problem)
{
    const size_t in = problem->widths[0], out = problem->widths[problem->layers];
    struct fann_train_data *data =
        fann_create_train((unsigned)problem->samples, (unsigned)in, (unsigned)out);
    if (!data)
        peer_stop("FANN cannot create the data");
    for (size_t x = 0; x < problem->samples; x++) {
        memcpy(data->input[x], problem->inputs + x * in, in * sizeof *data->input[x]);
        for (size_t j = 0; j < out; j++)
            data->output[x][j] = problem->labels[x] == j ? 1.0f : 0.0f;
    }
    return data;
}

/* The sums of the slopes of samples begin ... end - 1. */
static void sum_slopes(struct fann *net, const struct fann_train_data *data, size_t begin,
                       size_t end)
{
    for (size_t x = begin; x < end; x++) {
        fann_run(net, data->input[x]);
        fann_compute_MSE(net, data->output[x]);
        fann_backpropagate_MSE(net);
        fann_update_slopes_batch(net, net->first_layer + 1, net->last_layer - 1);
    }
}

/* One part of the samples for each thread, then one part of the weights. */
static void train_parallel(struct self *self, size_t threads)
{
    const size_t samples = self->problem->samples, weights = self->net->total_connections;
#pragma omp parallel num_threads((int)threads)
    {
#pragma omp for schedule(static)
        for (size_t t = 0; t < threads; t++) {
            struct fann *net = t ? self->copies[t] : self->net;
            if (t) {
                memcpy(net->weights, self->net->weights, weights * sizeof *net->weights);
                if (net->train_slopes)
                    memset(net->train_slopes, 0, weights * sizeof *net->train_slopes);
            }
            sum_slopes(net, self->data, samples * t / threads, samples * (t + 1) / threads);
        }
#pragma omp for schedule(static)
        for (size_t k = 0; k < weights; k++) {
            for (size_t t = 1; t < threads; t++)
                self->net->train_slopes[k] += self->copies[t]->train_slopes[k];
        }
    }
    fann_update_weights_batch(self->net, (unsigned)samples, 0, (unsigned)weights);
}

static void train_epoch(struct self *self, size_t threads)
{
    if (threads == 1)
        fann_train_epoch(self->net, self->data);
    else
        train_parallel(self, threads);
}

static double run(void *arg, size_t threads, double seconds, size_t *used)
{
    struct self *self = arg;
    size_t epochs = 0;
    double passed = 0;
#ifdef _OPENMP
    *used = threads && threads <= THREADS_MAX ? threads : 1;
#else
    *used = 1;
#endif
    for (size_t t = 1; t < *used; t++) {
        if (!self->copies[t])
            self->copies[t] = fann_copy(self->net);
        if (!self->copies[t])
            peer_stop("FANN cannot copy the network");
    }
    const double start = peer_clock();
    while (passed < seconds) {
        train_epoch(self, *used);
        epochs++;
        passed = peer_clock() - start;
    }
    return (double)(epochs * self->problem->samples) / passed;
}

/* FANN's mean is over samples and outputs. */
static void compute_losses(void *arg, double losses[])
{
    const struct self *self = arg;
    struct self fresh = {self->problem, self->data, make_net(self->problem), {NULL}};
    const double outputs = (double)self->problem->widths[self->problem->layers];
    for (size_t k = 0; k < PEER_EPOCHS; k++)
        losses[k] = outputs * (double)fann_train_epoch(fresh.net, fresh.data);
    fann_destroy(fresh.net);
}

int main(int argc, char **argv)
{
    const struct peer_problem problem = peer_problem_read(argc, argv);
    if (problem.adam)
        peer_stop("FANN has neither softmax nor Adam");
    struct self self = {&problem, make_data(&problem), make_net(&problem), {NULL}};
    peer_serve(&(struct peer){"FANN 2.2, full batches", &self, run, compute_losses});
    for (size_t t = 1; t < THREADS_MAX; t++) {
        if (self.copies[t])
            fann_destroy(self.copies[t]);
    }
    fann_destroy(self.net);
    fann_destroy_train(self.data);
    free(problem.inputs);
    free(problem.labels);
    return 0;
}
