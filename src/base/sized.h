/*
 * Option structs of a caller, who may have been built with another version of the header. Each
 * begins with its size in bytes, a size_t; members are only ever added at the end.
 */
#ifndef BP_BASE_SIZED_H
#define BP_BASE_SIZED_H

#include <stdbool.h>

#include "base/status.h"

/* Fills the caller's struct of `size` bytes from `defaults` of `known` bytes, as far as both go;
 * zeroes what it has more, and sets its size. NULL, or a size that cannot be: nothing. */
void bp_sized_init(void *options, size_t size, const void *defaults, size_t known);

/* Copies the caller's struct (NULL: nothing) over `full` of `known` bytes, which holds the
 * defaults. `type` names the struct in messages. Error: ARGUMENT (its size cannot be, and nothing
 * is copied; or it sets a member that this library does not have, and the others are copied). */
bp_status bp_sized_copy(void *full, size_t known, const void *options, const char *type,
                        bp_error *error);

/* Copies `full` of `known` bytes back to a caller's struct that bp_sized_copy() accepted. */
void bp_sized_store(void *options, const void *full, size_t known);

/* Whether a caller's struct has the bytes of a member: `width` of them from `offset` on. */
bool bp_sized_has(const void *options, size_t offset, size_t width);

#endif
