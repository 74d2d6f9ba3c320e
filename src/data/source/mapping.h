/* A file in memory without being read: its pages come when they are looked at. */
#ifndef BP_DATA_SOURCE_MAPPING_H
#define BP_DATA_SOURCE_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

/* All zeros is none. */
struct bp_mapping {
    void *base; /* aligned to a page; read-only */
    size_t size;
};

/* Maps the first `size` bytes, from 1, of the file behind a descriptor, which may be closed then.
 * False: the file is none that can be mapped. What happens to the file afterwards shows in the
 * mapping; pages beyond an end that has moved are a bus error (SIGBUS). */
bool bp_mapping_create(struct bp_mapping *mapping, int file, size_t size);

/* All zeros again. */
void bp_mapping_release(struct bp_mapping *mapping);

#endif
