/* The mutator of checkpoints. */
#include "fuzz/checkpoint.h"
#include "fuzz/mutate.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return mutate_model(data, size, max_size, seed, fuzz_checkpoint_load);
}
