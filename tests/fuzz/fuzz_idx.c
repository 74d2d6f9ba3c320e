/* IDX files, with and without labels. */
#include "fuzz/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    size_t labels_size = fuzz_byte(&input);
    labels_size = labels_size < input.size ? labels_size : input.size;
    const struct fuzz_input labels = {input.data, labels_size};
    const struct fuzz_input file = {input.data + labels_size, input.size - labels_size};
    fuzz_read_table(&bp_idx_format, "images", &file, labels_size > 0 ? &labels : NULL);
    return 0;
}
