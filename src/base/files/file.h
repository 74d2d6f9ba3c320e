/*
 * Output files: every write checked and tried again after a signal. What happens depends on where
 * the path leads, and is the same for everything that is written:
 *     an ordinary file      replaced as a whole by bp_file_begin(): a temporary file in the same
 *                           folder, written, fsync, rename, fsync of the folder. Its mode is kept,
 *                           and its owner where the user may give files away
 *     nothing yet           the same
 *     a symbolic link       stays, and what it leads to is written; a dangling one has its target
 *                           made
 *     /dev/stdout,          written at the place where the descriptor stands, through a duplicate
 *                           of it:
 *     /dev/fd/N             after `>` nothing is cut off, after `>>` all comes at the end
 *     a FIFO, a character   opened and written
 *     device
 *     a folder, a socket,   an error
 *     a block device
 * A temporary file that a killed run left is removed by the next one that writes the same target.
 */
#ifndef BP_BASE_FILE_H
#define BP_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct bp_file;

/* Whether bp_file_begin() (`replaced`) or bp_file_open() could write `path` now. Nothing is opened
 * or changed. Errors: IO with path and reason, MEMORY. */
bp_status bp_file_check(const char *path, bool replaced, bp_error *error);

/* Begins a new content for `path`; nothing of it is seen before bp_file_commit(), except where it
 * is written straight to a pipe or device. A file that the user may not write is an error, although
 * its folder would allow to replace it. Errors: IO with path and reason, MEMORY. */
bp_status bp_file_begin(struct bp_file **out, const char *path, bp_error *error);

/* Begins a file that others follow while it grows: all of it is seen after each bp_file_flush(). An
 * ordinary file is emptied. With `continued` (may be NULL) it is kept up to its last newline, and
 * `*continued` says whether that is more than nothing. Errors: IO with path and reason, MEMORY. */
bp_status bp_file_open(struct bp_file **out, const char *path, bool *continued, bp_error *error);

/* The path of the temporary file in which the new content of `file` grows, or NULL if there is
 * none; kept until bp_file_commit() or bp_file_abandon(). */
const char *bp_file_temporary(const struct bp_file *file);

/* Appends; a failure may show only in a later call. After a failure only bp_file_abandon() may
 * follow. */
bp_status bp_file_write(struct bp_file *file, const void *data, size_t size, bp_error *error);

/* Writes out what is held in memory. */
bp_status bp_file_flush(struct bp_file *file, bp_error *error);

/* The same, and onto the disk: what was written to a file that grows stays there if the machine
 * loses power, and so does its name. */
bp_status bp_file_synchronize(struct bp_file *file, bp_error *error);

/* Puts the new content in place and frees `file`, also when it fails: then the old content stays,
 * except where the message says that the new one is written. */
bp_status bp_file_commit(struct bp_file *file, bp_error *error);

/* Drops the content that is not in place and frees `file`; NULL is legal. */
void bp_file_abandon(struct bp_file *file);

#endif
