/* Which decoder a file is for. */
#include "data/source/unpack.h"

#include <string.h>

const struct bp_unpacker *bp_unpacker_find(const unsigned char *head, size_t size)
{
    if (size >= 2 && memcmp(head, "\x1F\x8B", 2) == 0)
        return &bp_unpacker_gzip;
    if (size >= 4 && memcmp(head, "\x28\xB5\x2F\xFD", 4) == 0)
        return &bp_unpacker_zstd;
    return NULL;
}
