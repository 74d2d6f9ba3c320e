/* Tables that a target has read. */
#ifndef BP_TESTS_FUZZ_TABLE_H
#define BP_TESTS_FUZZ_TABLE_H

#include "data/read/readers.h"
#include "data/source/source.h"
#include "fuzz/fuzz.h"

/* Reads bytes as a file of one format, and labels from a second one if the reader takes some and
 * `labels` is not NULL; then looks at the table. */
void fuzz_read_table(const struct bp_reader *reader, const char *path,
                     const struct fuzz_input *file, const struct fuzz_input *labels);

/* The same with a file at `path`. */
void fuzz_read_path(const char *path, bp_format format);

/* Looks at every column of a table that was read with this status, and frees it. */
void fuzz_look_at_table(bp_status status, struct bp_table *table);

void fuzz_expect_same_table(const struct bp_table *a, const struct bp_table *b);

#endif
