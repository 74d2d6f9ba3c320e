/* predict_bits MODEL DATA UNKNOWN: writes the floats of bp_predict() for all rows, as bytes. */
#include <stdio.h>
#include <stdlib.h>

#include "batchprop/batchprop.h"

static void require(bp_status status, const bp_error *error)
{
    if (status == BP_OK)
        return;
    fprintf(stderr, "%s\n", error->message);
    exit(1);
}

int main(int argc, char **argv)
{
    bp_model *model = NULL;
    bp_dataset *data = NULL;
    bp_error error = {0};
    int unknown;
    if (argc != 4)
        return 2;
    require(bp_choice_value(BP_CHOICE_UNKNOWN, argv[3], &unknown, &error), &error);
    require(bp_model_load(&model, argv[1], &error), &error);
    const bp_read_options reading = bp_model_read_options(model);
    bp_read_options options = bp_read_options_default();
    options.of_model = &reading;
    require(bp_dataset_read(&data, argv[2], &options, &error), &error);
    bp_run_options running = bp_run_options_default();
    running.unknown = (bp_unknown)unknown;
    running.threads = 1;
    const size_t count = bp_dataset_get_info(data).rows * bp_model_get_info(model).outputs;
    float *outputs = calloc(count, sizeof *outputs);
    if (!outputs)
        return 3;
    require(bp_predict(model, data, &running, outputs, &error), &error);
    const size_t written = fwrite(outputs, sizeof *outputs, count, stdout);
    free(outputs);
    bp_dataset_free(data);
    bp_model_free(model);
    return written == count && fflush(stdout) == 0 ? 0 : 4;
}
