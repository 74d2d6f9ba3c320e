/*
 * batchprop as a worker of bench/peers.py: a trainer as any program would use it, without shuffling
 * because the others go through the samples in order too. Writes the initial parameters to
 * FOLDER/weights.f32, layer by layer: weights (neurons x inputs), then added biases.
 */
#include <batchprop/batchprop.h>
#include <stdio.h>
#include <stdlib.h>

#include "peer_worker.h"

/* More than are ever asked for: the most that a trainer takes. */
#define EPOCHS_MAX 1000000000

#define TRAINERS_MAX 64

struct trained {
    size_t threads; /* asked for */
    bp_model *model;
    bp_trainer *trainer;
};

struct self {
    const struct peer_problem *problem;
    bp_dataset *dataset;
    struct trained trained[TRAINERS_MAX];
    size_t count;
};

static void check(bp_status status, const bp_error *error)
{
    if (status != BP_OK && status != BP_STOPPED)
        peer_stop(error->message);
}

static bp_model *make_model(const struct self *self)
{
    const struct peer_problem *problem = self->problem;
    bp_model_options options = bp_model_options_default();
    bp_model *model;
    bp_error error;
    options.hidden_count = problem->layers - 1;
    for (size_t l = 0; l < options.hidden_count; l++)
        options.hidden[l] = problem->widths[l + 1];
    if (problem->adam) {
        for (size_t l = 0; l < options.hidden_count; l++)
            options.activations[l] = BP_ACTIVATION_RELU;
        options.output_activation = BP_ACTIVATION_SOFTMAX;
        options.loss = BP_LOSS_CROSS_ENTROPY;
    }
    options.scale = BP_SCALE_NONE;
    check(bp_model_create(&model, self->dataset, &options, &error), &error);
    return model;
}

static bp_trainer *make_trainer(const struct self *self, bp_model *model, size_t threads,
                                size_t epochs)
{
    bp_train_options options = bp_train_options_default();
    bp_trainer *trainer;
    bp_error error;
    options.batch_size = self->problem->batch;
    options.optimizer = self->problem->adam ? BP_OPTIMIZER_ADAM : BP_OPTIMIZER_SGD;
    options.learning_rate = (float)self->problem->rate;
    options.epochs = epochs;
    options.shuffle = false;
    options.threads = threads;
    check(bp_trainer_create(&trainer, model, self->dataset, NULL, &options, &error), &error);
    return trainer;
}

/* The trainer with so many threads; made when it is first asked for. */
static bp_trainer *find_trainer(struct self *self, size_t threads)
{
    for (size_t k = 0; k < self->count; k++) {
        if (self->trained[k].threads == threads)
            return self->trained[k].trainer;
    }
    if (self->count == TRAINERS_MAX)
        peer_stop("too many numbers of threads");
    struct trained *made = &self->trained[self->count++];
    made->threads = threads;
    made->model = make_model(self);
    made->trainer = make_trainer(self, made->model, threads, EPOCHS_MAX);
    return made->trainer;
}

static bool watch(const bp_progress *progress, void *seconds)
{
    return progress->seconds < *(const double *)seconds;
}

static double run(void *arg, size_t threads, double seconds, size_t *used)
{
    bp_train_result result;
    bp_error error;
    check(bp_trainer_run(find_trainer(arg, threads), watch, &seconds, &result, &error), &error);
    *used = result.threads;
    return result.samples_per_second;
}

static bool keep_loss(const bp_progress *progress, void *losses)
{
    if (progress->epoch_done)
        ((double *)losses)[progress->epoch - 1] = progress->train_loss;
    return true;
}

static void compute_losses(void *arg, double losses[])
{
    const struct self *self = arg;
    bp_model *model = make_model(self);
    bp_trainer *trainer = make_trainer(self, model, 1, PEER_EPOCHS);
    bp_train_result result;
    bp_error error;
    check(bp_trainer_run(trainer, keep_loss, losses, &result, &error), &error);
    bp_trainer_free(trainer);
    bp_model_free(model);
}

static void write_floats(FILE *file, const float *values, size_t count)
{
    if (fwrite(values, sizeof *values, count, file) != count)
        peer_stop("the weights cannot be written");
}

static void write_weights(const struct self *self)
{
    const struct peer_problem *problem = self->problem;
    char *path = peer_path(problem, "weights.f32");
    bp_model *model = make_model(self);
    FILE *file = fopen(path, "wb");
    if (!file)
        peer_stop("the weights cannot be written");
    for (size_t l = 0; l < problem->layers; l++) {
        const size_t in = problem->widths[l], out = problem->widths[l + 1];
        float *weights = peer_alloc(in * out, sizeof *weights);
        float *biases = peer_alloc(out, sizeof *biases);
        bp_error error;
        check(bp_model_get_parameters(model, l, weights, biases, &error), &error);
        for (size_t j = 0; j < out; j++)
            biases[j] = -biases[j];
        write_floats(file, weights, in * out);
        write_floats(file, biases, out);
        free(weights);
        free(biases);
    }
    if (fclose(file) != 0)
        peer_stop("the weights cannot be written");
    bp_model_free(model);
    free(path);
}

int main(int argc, char **argv)
{
    const struct peer_problem problem = peer_problem_read(argc, argv);
    const bp_arrays arrays = {
        .size = sizeof(bp_arrays),
        .count = problem.samples,
        .inputs = problem.widths[0],
        .input = problem.inputs,
        .labels = problem.labels,
        .classes = problem.widths[problem.layers],
    };
    struct self self = {.problem = &problem};
    bp_error error;
    check(bp_dataset_from_arrays(&self.dataset, &arrays, &error), &error);
    write_weights(&self);
    peer_serve(&(struct peer){"batchprop " BP_VERSION, &self, run, compute_losses});
    for (size_t k = 0; k < self.count; k++) {
        bp_trainer_free(self.trained[k].trainer);
        bp_model_free(self.trained[k].model);
    }
    bp_dataset_free(self.dataset);
    free(problem.inputs);
    free(problem.labels);
    return 0;
}
