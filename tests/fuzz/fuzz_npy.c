/* NPY files: read as bytes, with and without labels, or mapped from a file. */
#include "fuzz/table.h"

#define MAPPED 255

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    size_t labels_size = fuzz_byte(&input);
    if (labels_size == MAPPED) {
        fuzz_read_path(fuzz_file(input.data, input.size), BP_FORMAT_NPY);
        return 0;
    }
    labels_size = labels_size < input.size ? labels_size : input.size;
    const struct fuzz_input labels = {input.data, labels_size};
    const struct fuzz_input file = {input.data + labels_size, input.size - labels_size};
    fuzz_read_table(&bp_npy_format, "x.npy", &file, labels_size > 0 ? &labels : NULL);
    return 0;
}
