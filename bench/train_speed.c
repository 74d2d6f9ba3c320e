/*
 * How fast training is: samples/s and GFLOP/s of whole training steps for a few networks, with one
 * thread, with all usable processors, and with as many as the library chooses. Data are made up and
 * in memory; each figure is the median of several runs, with the least and the greatest.
 *
 *   train_speed [SECONDS]      seconds for each figure, default 1
 */
#include <batchprop/batchprop.h>
#include <stdio.h>
#include <stdlib.h>

#define RUNS 5

struct grid {
    size_t inputs;
    size_t hidden_count;
    size_t hidden[2];
    size_t classes;
    size_t batch;
};

static const struct grid grids[] = {
    {4, 1, {8}, 3, 16},
    {10, 2, {45, 45}, 10, 32},
    {64, 1, {32}, 10, 64},
    {784, 1, {128}, 10, 32},
    {784, 1, {128}, 10, 64},
    {784, 1, {128}, 10, 1024},
    {784, 2, {256, 128}, 10, 128},
    {784, 2, {1024, 1024}, 10, 1024},
};

static void stop(const bp_error *error)
{
    fprintf(stderr, "train_speed: %s\n", error->message);
    exit(1);
}

/* Inputs and labels from a linear congruential generator: only their shape matters. */
static bp_dataset *make_data(const struct grid *grid, size_t count)
{
    float *input = malloc(count * grid->inputs * sizeof *input);
    uint32_t *labels = malloc(count * sizeof *labels);
    if (!input || !labels) {
        fprintf(stderr, "train_speed: out of memory\n");
        exit(1);
    }
    uint32_t state = 1;
    for (size_t k = 0; k < count * grid->inputs; k++) {
        state = state * 1664525u + 1013904223u;
        input[k] = (float)(state >> 8) / 16777216.0f;
    }
    for (size_t x = 0; x < count; x++)
        labels[x] = (uint32_t)(x % grid->classes);
    const bp_arrays arrays = {.count = count,
                              .inputs = grid->inputs,
                              .input = input,
                              .labels = labels,
                              .classes = grid->classes};
    bp_error error;
    bp_dataset *dataset;
    if (bp_dataset_from_arrays(&dataset, &arrays, &error))
        stop(&error);
    free(input);
    free(labels);
    return dataset;
}

static bool watch(const bp_progress *progress, void *seconds)
{
    return progress->seconds < *(const double *)seconds;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* One line of the table. */
static void measure(const struct grid *grid, const bp_dataset *dataset, size_t threads,
                    double seconds)
{
    bp_error error;
    bp_model *model;
    bp_trainer *trainer;
    bp_model_options shape = bp_model_options_default();
    shape.hidden_count = grid->hidden_count;
    for (size_t l = 0; l < grid->hidden_count; l++)
        shape.hidden[l] = grid->hidden[l];
    bp_train_options how = bp_train_options_default();
    how.batch_size = grid->batch;
    how.learning_rate = 0.01f;
    how.epochs = 1000000000;
    how.threads = threads;
    if (bp_model_create(&model, dataset, &shape, &error) ||
        bp_trainer_create(&trainer, model, dataset, NULL, &how, &error))
        stop(&error);
    const bp_model_info info = bp_model_get_info(model);
    bp_train_result result;
    double speed[RUNS], run = seconds / RUNS;
    for (size_t k = 0; k < RUNS; k++) {
        const bp_status status = bp_trainer_run(trainer, watch, &run, &result, &error);
        if (status != BP_OK && status != BP_STOPPED)
            stop(&error);
        speed[k] = result.samples_per_second;
    }
    qsort(speed, RUNS, sizeof *speed, compare);
    /* Forward and gradient: 2 operations a weight and sample; delta: 2 but in layer 0. */
    const double operations =
        6.0 * (double)info.parameters - 2.0 * (double)((grid->inputs + 1) * grid->hidden[0]);
    char name[64];
    snprintf(name, sizeof name, grid->hidden_count == 2 ? "%zu-%zu-%zu-%zu" : "%zu-%zu-%zu",
             grid->inputs, grid->hidden[0],
             grid->hidden_count == 2 ? grid->hidden[1] : grid->classes, grid->classes);
    printf("%-18s %5zu  %4s %2zu  %11.0f  %11.0f %11.0f  %8.1f\n", name, grid->batch,
           threads ? "" : "auto", result.threads, speed[RUNS / 2], speed[0], speed[RUNS - 1],
           speed[RUNS / 2] * operations * 1e-9);
    fflush(stdout);
    bp_trainer_free(trainer);
    bp_model_free(model);
}

int main(int argc, char **argv)
{
    const double seconds = argc > 1 ? atof(argv[1]) : 1.0;
    if (argc > 2 || !(seconds > 0.0)) {
        fprintf(stderr, "usage: train_speed [SECONDS]\n");
        return 2;
    }
    const size_t usable = bp_usable_processors();
    printf("kernels: %s, usable processors: %zu\n\n",
           bp_choice_name(BP_CHOICE_ISA, (int)bp_best_isa()), usable);
    printf("%-18s %5s  %7s  %11s  %11s %11s  %8s\n", "network", "batch", "threads", "samples/s",
           "least", "greatest", "GFLOP/s");
    for (size_t g = 0; g < sizeof grids / sizeof grids[0]; g++) {
        bp_dataset *dataset = make_data(&grids[g], 4096);
        measure(&grids[g], dataset, 1, seconds);
        if (usable > 1)
            measure(&grids[g], dataset, usable, seconds);
        measure(&grids[g], dataset, 0, seconds);
        bp_dataset_free(dataset);
    }
    return 0;
}
