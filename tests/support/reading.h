/* Datasets read from files that a test makes up. */
#ifndef BP_TESTS_READING_H
#define BP_TESTS_READING_H

#include <stddef.h>

#include "batchprop/batchprop.h"

struct reading {
    bp_status status;
    bp_dataset *dataset;                 /* NULL if it failed */
    char message[BP_ERROR_MESSAGE_SIZE]; /* without the folder of the file; "" if it did not fail */
};

/* Writes a file called `name` to a folder of its own, reads it and removes both. `options` may be
 * NULL. */
struct reading read_bytes(const char *name, const void *data, size_t size,
                          const bp_read_options *options);
struct reading read_text(const char *name, const char *text, const bp_read_options *options);

/* The same, with a second file, "labels", that options.labels names. */
struct reading read_with_labels(const void *data, size_t size, const void *labels,
                                size_t labels_size);

/* The dataset; asserts that there is one. */
bp_dataset *expect_dataset(struct reading reading);

/* Asserts that the reading failed in this way. */
void expect_failure(struct reading reading, bp_status status, const char *message);

/* `data` as a gzip file; freed with free(). */
unsigned char *pack_gzip(const void *data, size_t size, size_t *packed_size);

#endif
