/* XXH3-128 over a sequence of pieces, as 32 hexadecimal digits. */
#ifndef BP_BASE_DIGEST_H
#define BP_BASE_DIGEST_H

#include <stddef.h>

#include "batchprop/batchprop.h"

struct bp_digest;

/* NULL if there is no memory. */
struct bp_digest *bp_digest_create(void);
void bp_digest_update(struct bp_digest *digest, const void *data, size_t size);
/* Writes the digest (canonical byte order, lower case) and frees `digest`. */
void bp_digest_finish(struct bp_digest *digest, char text[BP_DIGEST_SIZE]);

#endif
