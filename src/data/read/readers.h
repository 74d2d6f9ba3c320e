/* The formats, and reading files by any list of them. */
#ifndef BP_DATA_READ_READERS_H
#define BP_DATA_READ_READERS_H

#include "data/table/reader.h"
#include "data/table/table.h"

extern const struct bp_reader bp_idx_format;
extern const struct bp_reader bp_npy_format;
extern const struct bp_reader bp_fann_format;

struct bp_readers {
    const struct bp_reader *const *row; /* asked in this order whether they recognize a file */
    size_t count;
};

/* A row for each value of bp_format but AUTO. */
extern const struct bp_readers bp_all_readers;

/* What a member of type bool of a row, `member` bytes into struct bp_reader, says. */
bool bp_reader_has(const struct bp_reader *reader, size_t member);

#define BP_READERS_NAMES_SIZE 128

/* "idx, npy": the names of the formats whose rows have such a member. Returns `text`, cut to
 * BP_READERS_NAMES_SIZE bytes. */
const char *bp_readers_names(const struct bp_readers *readers, size_t member, char *text);

/* The row of a format, or NULL. */
const struct bp_reader *bp_readers_find(const struct bp_readers *readers, bp_format format);

/* bp_dataset_read_files() with formats of its own; `options` is not NULL. */
bp_status bp_dataset_read_by(bp_dataset **out, const struct bp_readers *readers,
                             const char *const *paths, size_t count, const bp_read_options *options,
                             bp_error *error);

#endif
