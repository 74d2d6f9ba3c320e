/* The mutator of safetensors files of other programs. */
#include <string.h>

#include "batchprop/batchprop.h"
#include "fuzz/mutate.h"

static void load(const uint8_t *data, size_t size, char *message)
{
    bp_error error = {BP_OK, ""};
    bp_model *model;
    bp_import_options options = bp_import_options_default();
    options.activations = "relu";
    if (bp_model_import_memory(&model, data, size, &options, NULL, &error) == BP_OK)
        bp_model_free(model);
    memcpy(message, error.message, sizeof error.message);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return mutate_model(data, size, max_size, seed, load);
}
