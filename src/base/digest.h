/* Digests: XXH3-128 over a sequence of pieces, as 32 hexadecimal digits; XXH3-64 of one piece. They
 * need no memory and cannot fail. */
#ifndef BP_BASE_DIGEST_H
#define BP_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "batchprop/batchprop.h"

struct bp_digest {
    _Alignas(64) unsigned char state[576]; /* of xxhash */
};

void bp_digest_begin(struct bp_digest *digest);
void bp_digest_update(struct bp_digest *digest, const void *data, size_t size);
/* Writes the digest: canonical byte order, lower case. */
void bp_digest_finish(const struct bp_digest *digest, char text[BP_DIGEST_SIZE]);

/* XXH3-64. */
uint64_t bp_digest_short(const void *data, size_t size);

#endif
