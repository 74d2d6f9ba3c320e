/* Network files of FANN, after a byte that chooses what their outputs are. */
#include "fuzz/fuzz.h"
#include "fuzz/imported.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const unsigned choice = fuzz_byte(&input);
    bp_import_options options = bp_import_options_default();
    options.format = choice & 1 ? BP_IMPORT_FANN : BP_IMPORT_AUTO;
    options.classes = choice & 2 ? "no,yes" : NULL;
    options.inputs = choice & 4 ? "a,\"b=\",c" : NULL;
    fuzz_import(input.data, input.size, &options);
    return 0;
}
