/* Many small trainings in one job, since starting a job takes longer than any of them: threads,
 * sizes of batches, optimizers, on three tables. Prints the digest of each, which all ranks have.
 *
 *   trainings IRIS.csv
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batchprop/batchprop.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Beyond a chunk, which has up to 1024 rows. */
enum { ROWS = 1300, INPUTS = 3, THREADS_MAX = 3 };

/* One table, and what is trained on it. */
struct table {
    const char *name;
    bp_dataset *dataset;
    const size_t *batch_sizes;
    size_t count;
};

static bp_ranks *ranks;

static void require(bp_status status, const bp_error *error)
{
    if (status == BP_OK)
        return;
    fprintf(stderr, "trainings: rank %zu: %s\n", bp_ranks_rank(ranks), error->message);
    bp_ranks_abort(ranks, 1);
    exit(1);
}

static void make_samples(bp_dataset **dataset, size_t rows)
{
    static float input[ROWS * INPUTS];
    static uint32_t labels[ROWS];
    uint32_t state = 1;
    bp_error error;
    for (size_t k = 0; k < rows * INPUTS; k++) {
        state = state * 1664525u + 1013904223u; /* Numerical Recipes */
        input[k] = (float)(state >> 8) / (float)(1 << 23) - 1.0f;
    }
    for (size_t x = 0; x < rows; x++)
        labels[x] = input[x * INPUTS] * input[x * INPUTS + 1] > input[x * INPUTS + 2];
    const bp_arrays arrays = {.size = sizeof arrays,
                              .count = rows,
                              .inputs = INPUTS,
                              .input = input,
                              .labels = labels,
                              .classes = 2};
    require(bp_dataset_from_arrays(dataset, &arrays, &error), &error);
}

static void train(const struct table *table, bp_train_options options, const char *name)
{
    bp_model_options layers = bp_model_options_default();
    layers.hidden[0] = 17;
    layers.hidden[1] = 5;
    bp_model *model;
    bp_trainer *trainer;
    bp_train_result result;
    bp_error error;
    options.epochs = 2;
    options.ranks = ranks;
    require(bp_model_create(&model, table->dataset, &layers, &error), &error);
    require(bp_trainer_create(&trainer, model, table->dataset, NULL, &options, &error), &error);
    require(bp_trainer_run(trainer, NULL, NULL, &result, &error), &error);
    char first[BP_DIGEST_SIZE];
    memcpy(first, result.weights_digest, sizeof first);
    bp_ranks_broadcast(ranks, first, sizeof first);
    if (strcmp(first, result.weights_digest) != 0)
        require(BP_ERROR_INTERNAL,
                &(bp_error){BP_ERROR_INTERNAL, "its digest is not that of rank 0"});
    if (bp_ranks_rank(ranks) == 0)
        printf("%s, %s, batch size %zu, threads %zu: %s\n", table->name, name, options.batch_size,
               options.threads, first);
    bp_trainer_free(trainer);
    bp_model_free(model);
}

static void train_batches(const struct table *table, size_t threads)
{
    for (size_t k = 0; k < table->count; k++) {
        bp_train_options options = bp_train_options_default();
        options.threads = threads;
        options.batch_size = table->batch_sizes[k];
        train(table, options, "sgd");
    }
}

static void train_optimizers(const struct table *table, size_t threads)
{
    const char *name;
    for (int kind = 0; (name = bp_choice_name(BP_CHOICE_OPTIMIZER, kind)); kind++) {
        bp_train_options options = bp_train_options_default();
        options.threads = threads;
        options.optimizer = (bp_optimizer)kind;
        options.learning_rate = 0.01f;
        options.batch_size = kind == BP_OPTIMIZER_IRPROP ? BP_BATCH_FULL : 50;
        train(table, options, name);
    }
}

int main(int argc, char **argv)
{
    /* Shards have 16 samples in batches of up to 32, then 32. */
    static const size_t tiny[] = {1, 2};
    static const size_t small[] = {15, 16, 17, 31, 32, 33, 63, 64, 65, BP_BATCH_FULL};
    static const size_t large[] = {400, 1024, 1025, BP_BATCH_FULL};
    struct table tables[] = {{"20 points", NULL, tiny, COUNT(tiny)},
                             {"iris", NULL, small, COUNT(small)},
                             {"1300 points", NULL, large, COUNT(large)}};
    bp_error error;
    if (argc != 2)
        return 2;
    require(bp_ranks_open(&ranks, BP_LAUNCH_AUTO, &error), &error);
    make_samples(&tables[0].dataset, 20);
    require(bp_dataset_read(&tables[1].dataset, argv[1], NULL, &error), &error);
    make_samples(&tables[2].dataset, ROWS);
    for (size_t threads = 1; threads <= THREADS_MAX; threads++) {
        for (size_t k = 0; k < COUNT(tables); k++)
            train_batches(&tables[k], threads);
        train_optimizers(&tables[1], threads);
    }
    for (size_t k = 0; k < COUNT(tables); k++)
        bp_dataset_free(tables[k].dataset);
    bp_ranks_close(ranks);
    return 0;
}
