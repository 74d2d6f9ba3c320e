/* Mutators that know a format. With libFuzzer alone. */
#ifndef BP_TESTS_FUZZ_MUTATE_H
#define BP_TESTS_FUZZ_MUTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Those of libFuzzer: its own, and the one that a target may have. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

/* A line with what belongs to it after a change, of malloc(), or the line itself. */
typedef char *mutate_finish_fn(char *line);

/* Changes a file with an object of JSON a line, or, without `lines`, one in all; sometimes as
 * libFuzzer does. `finish` may be NULL. */
size_t mutate_lines(uint8_t *data, size_t size, size_t max_size, unsigned seed, bool lines,
                    mutate_finish_fn *finish);

/* Reads bytes, and says in a text of BP_ERROR_MESSAGE_SIZE bytes what is wrong with them. */
typedef void mutate_load_fn(const uint8_t *data, size_t size, char *message);

/* Changes a safetensors file: its header, what its metadata say, its numbers, its length; then the
 * length of the header and the digests mostly fit again. */
size_t mutate_model(uint8_t *data, size_t size, size_t max_size, unsigned seed,
                    mutate_load_fn *load);

#endif
