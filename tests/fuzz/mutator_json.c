/* The mutator of texts of JSON. */
#include "fuzz/mutate.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    if (seed % 2)
        return LLVMFuzzerMutate(data, size, max_size);
    return mutate_lines(data, size, max_size, seed, false, NULL);
}
