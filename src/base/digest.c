/* XXH3-128 through xxhash. */
#include "base/digest.h"

#include <stdlib.h>

#include <xxhash.h>

struct bp_digest {
    XXH3_state_t *state;
};

struct bp_digest *bp_digest_create(void)
{
    struct bp_digest *digest = malloc(sizeof *digest);
    if (!digest)
        return NULL;
    digest->state = XXH3_createState();
    if (!digest->state) {
        free(digest);
        return NULL;
    }
    XXH3_128bits_reset(digest->state);
    return digest;
}

void bp_digest_update(struct bp_digest *digest, const void *data, size_t size)
{
    XXH3_128bits_update(digest->state, data, size);
}

void bp_digest_finish(struct bp_digest *digest, char text[BP_DIGEST_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(digest->state));
    for (size_t i = 0; i < sizeof canonical.digest; i++) {
        text[2 * i] = digits[canonical.digest[i] >> 4];
        text[2 * i + 1] = digits[canonical.digest[i] & 0xF];
    }
    text[BP_DIGEST_SIZE - 1] = '\0';
    XXH3_freeState(digest->state);
    free(digest);
}
