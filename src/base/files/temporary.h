/*
 * Temporary files, in which the new content of a target grows in the target's own folder.
 *     .batchprop-0123456789abcdef-N.tmp    XXH3-64 of the target's name, N from 0
 * Its writer holds a lock on it (flock) until it is renamed or removed. The kernel drops that lock
 * when the process ends, in whatever way: a temporary file without a lock is a leftover, and one
 * with a lock never is. No number of a process is looked at, since another one may have it by now,
 * or the process may live in another container.
 */
#ifndef BP_BASE_TEMPORARY_H
#define BP_BASE_TEMPORARY_H

#include <sys/types.h>

#include "base/status.h"

/* Creates a temporary file for `target` (a file in `folder`) with `mode`, and removes what killed
 * runs left for the same target. Sets `*descriptor`, open for writing, which keeps the lock, and
 * `*path`, freed with free(). Errors: IO, MEMORY. */
bp_status bp_temporary_create(int *descriptor, char **path, const char *target, const char *folder,
                              mode_t mode, bp_error *error);

/* Removes all leftovers in a folder, whatever their targets. What cannot be removed stays. */
void bp_temporary_clean(const char *folder);

#endif
