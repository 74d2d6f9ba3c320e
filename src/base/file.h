/*
 * Output files that are replaced as a whole: a temporary file in the same folder, every write
 * checked, fsync, close, rename, fsync of the folder. What cannot be replaced (/dev/stdout, a FIFO,
 * a character device) is written to directly.
 */
#ifndef BP_BASE_FILE_H
#define BP_BASE_FILE_H

#include <stddef.h>

#include "base/status.h"

struct bp_file;

/* Begins a new content for `path`. A symbolic link is followed: its target is replaced. The mode of
 * an existing file is kept; one that the user may not write is an error. Errors: IO with path and
 * reason, MEMORY. */
bp_status bp_file_begin(struct bp_file **out, const char *path, bp_error *error);
/* Appends; a failure may show only in a later call. After a failure only bp_file_abandon() may
 * follow. */
bp_status bp_file_write(struct bp_file *file, const void *data, size_t size, bp_error *error);
/* Puts the new content in place and frees `file`, also when it fails: then the old content stays,
 * except where the message says that only the folder could not be synchronized. */
bp_status bp_file_commit(struct bp_file *file, bp_error *error);
/* Drops the new content and frees `file`; NULL is legal. */
void bp_file_abandon(struct bp_file *file);

#endif
