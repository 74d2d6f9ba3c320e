/*
 * The bytes of an input file, plain, gzip or zstd (told apart by content), read once from the
 * start. What a packed file may unpack to is bounded, so that a small file cannot fill the memory.
 */
#ifndef BP_DATA_SOURCE_SOURCE_H
#define BP_DATA_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/status.h"

/* A packed file may unpack to this many times its size, and some more so that small files may be
 * anything. Real tables pack 3 to 60 times; a file made to do harm reaches 1030 times with gzip,
 * and far more with zstd. */
#define BP_SOURCE_RATIO_MAX  100
#define BP_SOURCE_RATIO_FREE ((size_t)64 << 20)

struct bp_source;

/* Whether a path stands for the standard input. */
static inline bool bp_path_is_standard_input(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* "-" is the standard input, which messages call "stdin" and which stays open. Errors: IO (with the
 * reason), INPUT (damaged gzip or zstd), MEMORY. */
bp_status bp_source_open(struct bp_source **out, const char *path, bp_error *error);
/* The same without unpacking: a packed file is the bytes that it has. */
bp_status bp_source_open_packed(struct bp_source **out, const char *path, bp_error *error);
/* What is in the file `path`, at `bytes`, which stay there until the source is closed. Errors:
 * INPUT, MEMORY. */
bp_status bp_source_open_bytes(struct bp_source **out, const char *path, const unsigned char *bytes,
                               size_t size, bp_error *error);
void bp_source_close(struct bp_source *source);

const char *bp_source_path(const struct bp_source *source);

/* The first bytes, up to 4096 of them, without reading past them. */
const unsigned char *bp_source_head(const struct bp_source *source, size_t *size);

/* The whole file in memory without being read: its pages come when they are looked at. Aligned to a
 * page, read-only, valid after the source is closed, for munmap(). What happens to the file later
 * shows; pages after an end that has moved are a bus error (SIGBUS). NULL: the file is packed, not
 * regular, standard input, or not of `size` bytes. */
void *bp_source_map(const struct bp_source *source, size_t size);

/* Reads `size` bytes into `buffer`; fewer, *got of them, only at the end. Only when *got < size has
 * the end of a packed file been seen and its checksum been compared. */
bp_status bp_source_read(struct bp_source *source, void *buffer, size_t size, size_t *got,
                         bp_error *error);

/* Reads the next `size` bytes of a header of the format `name`. Errors: also INPUT if there are
 * fewer. */
bp_status bp_source_read_header(struct bp_source *source, void *buffer, size_t size,
                                const char *name, bp_error *error);

#endif
