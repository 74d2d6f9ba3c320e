/* Safetensors files of other programs. Their size chooses options: all bytes are theirs. */
#include "fuzz/fuzz.h"
#include "fuzz/imported.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bp_import_options options = bp_import_options_default();
    bp_model_options model = bp_import_model_options_default();
    options.format = size & 1 ? BP_IMPORT_SAFETENSORS : BP_IMPORT_AUTO;
    options.activations = size & 2 ? "relu" : "tanh,gelu";
    options.layers = (size & 12) == 12 ? "b,a" : NULL;
    options.classes = (size & 48) == 48 ? "9,10" : NULL;
    model.task = (size & 48) == 16 ? BP_TASK_CLASSIFY : BP_TASK_AUTO;
    options.model = &model;
    fuzz_import(data, size, &options);
    return 0;
}
