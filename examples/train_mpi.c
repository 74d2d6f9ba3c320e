/*
 * Two trainings in one job of a program that uses MPI itself: the processes are cut into two
 * groups, and each group trains a network of its own seed together. Prints the digest of each,
 * which does not depend on how many processes there are:
 *
 *   mpirun -n 4 train_mpi
 */
#include <batchprop/mpi.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLES = 1000, INPUTS = 2, CLASSES = 2, GROUPS = 2 };

static void require(bp_status status, const bp_error *error)
{
    if (status == BP_OK)
        return;
    fprintf(stderr, "train_mpi: %s\n", error->message);
    MPI_Abort(MPI_COMM_WORLD, EXIT_FAILURE);
}

/* The next number of a linear congruential generator (Knuth's MMIX), between -1 and 1. */
static float draw_coordinate(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (float)(*state >> 40) / (float)(1 << 23) - 1.0f;
}

/* Points of a square, in class 1 where their coordinates have the same sign. */
static bp_dataset *make_dataset(void)
{
    static float input[SAMPLES * INPUTS];
    static uint32_t labels[SAMPLES];
    uint64_t state = 1;
    bp_dataset *dataset;
    bp_error error;
    for (size_t k = 0; k < SAMPLES * INPUTS; k++)
        input[k] = draw_coordinate(&state);
    for (size_t x = 0; x < SAMPLES; x++)
        labels[x] = (input[x * INPUTS] > 0) == (input[x * INPUTS + 1] > 0);
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = SAMPLES,
                              .inputs = INPUTS,
                              .input = input,
                              .labels = labels,
                              .classes = CLASSES};
    require(bp_dataset_from_arrays(&dataset, &arrays, &error), &error);
    return dataset;
}

/* By the ranks of a group; NULL: by this process alone. */
static bp_train_result train(const bp_dataset *dataset, uint64_t seed, bp_ranks *ranks)
{
    bp_model_options layers = bp_model_options_default();
    bp_train_options options = bp_train_options_default();
    bp_model *model;
    bp_trainer *trainer;
    bp_train_result result;
    bp_error error;
    layers.seed = options.seed = seed;
    options.epochs = 10;
    options.ranks = ranks;
    require(bp_model_create(&model, dataset, &layers, &error), &error);
    require(bp_trainer_create(&trainer, model, dataset, NULL, &options, &error), &error);
    require(bp_trainer_run(trainer, NULL, NULL, &result, &error), &error);
    bp_trainer_free(trainer);
    bp_model_free(model);
    return result;
}

int main(int argc, char **argv)
{
    int rank, level;
    MPI_Comm comm;
    bp_ranks *ranks;
    bp_error error;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &level);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    const int group = rank % GROUPS;
    MPI_Comm_split(MPI_COMM_WORLD, group, rank, &comm);
    require(bp_ranks_from_mpi(&ranks, comm, &error), &error);
    bp_dataset *dataset = make_dataset();
    const bp_train_result result = train(dataset, (uint64_t)group + 1, ranks);
    if (bp_ranks_rank(ranks) == 0)
        printf("group %d: %s\n", group, result.weights_digest);
    bp_dataset_free(dataset);
    bp_ranks_close(ranks);
    MPI_Comm_free(&comm);
    MPI_Finalize();
    return EXIT_SUCCESS;
}
