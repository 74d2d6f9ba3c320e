/* What is wrong with a checkpoint, for its mutator. */
#ifndef BP_TESTS_FUZZ_CHECKPOINT_H
#define BP_TESTS_FUZZ_CHECKPOINT_H

#include <stddef.h>
#include <stdint.h>

/* Writes a text of BP_ERROR_MESSAGE_SIZE bytes, "" if nothing is. */
void fuzz_checkpoint_load(const uint8_t *data, size_t size, char *message);

#endif
