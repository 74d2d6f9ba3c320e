/* FANN's files of training data. */
#include "fuzz/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_read_table(&bp_fann_format, "d.data", &(struct fuzz_input){data, size}, NULL);
    return 0;
}
