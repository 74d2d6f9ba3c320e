/* The mutator of configurations, before which a byte stands. */
#include "fuzz/mutate.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    if (size == 0 || max_size < 2 || seed % 16 == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    return 1 + mutate_lines(data + 1, size - 1, max_size - 1, seed, false, NULL);
}
