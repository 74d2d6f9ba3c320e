/* Private: nobody writes to it, and read-only, so that a stray write is found at once. */
#include "data/source/mapping.h"

#include <sys/mman.h>

bool bp_mapping_create(struct bp_mapping *mapping, int file, size_t size)
{
    void *base = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
    if (base == MAP_FAILED)
        return false;
    *mapping = (struct bp_mapping){.base = base, .size = size};
    return true;
}

void bp_mapping_release(struct bp_mapping *mapping)
{
    if (mapping->base)
        munmap(mapping->base, mapping->size);
    *mapping = (struct bp_mapping){0};
}
