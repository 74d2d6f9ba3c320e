/*
 * Trains on arrays in memory: points of a square, in class 1 where their coordinates have the same
 * sign (XOR, spread over the plane). Prints the loss as it falls, then predicts four points.
 */
#include <batchprop/batchprop.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLES = 1000, INPUTS = 2, CLASSES = 2 };

/* The next number of a linear congruential generator (Knuth's MMIX), between -1 and 1. */
static float draw_coordinate(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (float)(*state >> 40) / (float)(1 << 23) - 1.0f;
}

static void draw_samples(float *input, uint32_t *labels)
{
    uint64_t state = 1;

    for (size_t x = 0; x < SAMPLES; x++) {
        float *point = input + x * INPUTS;

        point[0] = draw_coordinate(&state);
        point[1] = draw_coordinate(&state);
        labels[x] = (point[0] > 0) == (point[1] > 0);
    }
}

/* Every tenth epoch; the library itself never prints. */
static bool print_progress(const bp_progress *progress, void *user)
{
    (void)user;
    if (progress->epoch_done && progress->epoch % 10 == 0) {
        printf("epoch %3zu  loss %.4f\n", progress->epoch, progress->train_loss);
    }
    return true;
}

static bp_status create_dataset(bp_dataset **dataset, bp_error *error)
{
    static float input[SAMPLES * INPUTS];
    static uint32_t labels[SAMPLES];
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = SAMPLES,
                              .inputs = INPUTS,
                              .input = input,
                              .labels = labels,
                              .classes = CLASSES};

    draw_samples(input, labels);
    return bp_dataset_from_arrays(dataset, &arrays, error);
}

static bp_status train(bp_model *model, const bp_dataset *dataset, bp_error *error)
{
    bp_train_options options = bp_train_options_default();
    bp_train_result result;
    bp_trainer *trainer;
    bp_status status;

    options.epochs = 50;
    options.batch_size = 16;
    status = bp_trainer_create(&trainer, model, dataset, NULL, &options, error);
    if (status == BP_OK) {
        status = bp_trainer_run(trainer, print_progress, NULL, &result, error);
    }
    if (status == BP_OK) {
        printf("threads %zu, %.0f samples/s, digest %s\n", result.threads,
               result.samples_per_second, result.weights_digest);
    }
    bp_trainer_free(trainer);
    return status;
}

/* Fails also if a point gets the wrong class: this program is one of the project's tests. */
static bp_status predict(const bp_model *model, bp_error *error)
{
    static const float points[4][INPUTS] = {
        {-0.5f, -0.5f}, {-0.5f, 0.5f}, {0.5f, -0.5f}, {0.5f, 0.5f}};
    static const uint32_t expected[4] = {1, 0, 0, 1};
    float outputs[4][CLASSES];
    bp_workspace *workspace;
    bp_status status = bp_workspace_create(&workspace, model, error);

    if (status == BP_OK) {
        status = bp_predict_rows(model, workspace, points[0], 4, outputs[0], error);
    }
    for (size_t x = 0; x < 4 && status == BP_OK; x++) {
        uint32_t class = outputs[x][1] > outputs[x][0];

        printf("(%4.1f, %4.1f) is in class %u\n", (double)points[x][0], (double)points[x][1],
               (unsigned)class);
        if (class != expected[x]) {
            *error = (bp_error){BP_ERROR_INTERNAL, "the network has not learned its samples"};
            status = error->status;
        }
    }
    bp_workspace_free(workspace);
    return status;
}

int main(void)
{
    bp_dataset *dataset = NULL;
    bp_model *model = NULL;
    bp_model_options options = bp_model_options_default();
    bp_error error;
    bp_status status = create_dataset(&dataset, &error);

    if (status == BP_OK) {
        status = bp_model_create(&model, dataset, &options, &error);
    }
    if (status == BP_OK) {
        status = train(model, dataset, &error);
    }
    if (status == BP_OK) {
        status = predict(model, &error);
    }
    if (status != BP_OK) {
        fprintf(stderr, "train_arrays: %s\n", error.message);
    }
    bp_model_free(model);
    bp_dataset_free(dataset);
    return status == BP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
