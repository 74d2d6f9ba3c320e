/* What holds for every file that is imported. */
#ifndef BP_TESTS_FUZZ_IMPORTED_H
#define BP_TESTS_FUZZ_IMPORTED_H

#include <stddef.h>
#include <stdint.h>

#include "batchprop/batchprop.h"

/* An error with a sentence, or a model that predicts, and whose file is one of the same
 * parameters. */
void fuzz_import(const uint8_t *data, size_t size, const bp_import_options *options);

#endif
