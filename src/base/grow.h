/* Arrays that grow as data arrive, so that memory follows what was read and not what a file claims.
 */
#ifndef BP_BASE_GROW_H
#define BP_BASE_GROW_H

#include <stddef.h>

/* Room for `needed` objects of `size` bytes in an array from malloc (or NULL) that has room for
 * *capacity: the array, moved perhaps, or NULL if there is no memory (the old one is untouched). */
void *bp_array_grow(void *array, size_t *capacity, size_t needed, size_t size);

/* Gives back what lies after `count` objects; returns the array, moved perhaps. */
void *bp_array_trim(void *array, size_t count, size_t size);

#endif
