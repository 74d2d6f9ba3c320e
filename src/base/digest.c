/* XXH3, compiled in from the header of xxhash: how large its state is, is no promise of the shared
 * library, which nothing links. */
#define XXH_INLINE_ALL
#include "base/digest.h"

#include <assert.h>

#include <xxhash.h>

static_assert(sizeof(XXH3_state_t) <= sizeof(struct bp_digest), "the state fits");
static_assert(_Alignof(XXH3_state_t) <= _Alignof(struct bp_digest), "the state is aligned");

static XXH3_state_t *get_state(struct bp_digest *digest)
{
    return (XXH3_state_t *)(void *)digest->state;
}

void bp_digest_begin(struct bp_digest *digest)
{
    XXH3_128bits_reset(get_state(digest));
}

void bp_digest_update(struct bp_digest *digest, const void *data, size_t size)
{
    XXH3_128bits_update(get_state(digest), data, size);
}

void bp_digest_finish(const struct bp_digest *digest, char text[BP_DIGEST_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    const XXH3_state_t *state = (const XXH3_state_t *)(const void *)digest->state;
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
    for (size_t i = 0; i < sizeof canonical.digest; i++) {
        text[2 * i] = digits[canonical.digest[i] >> 4];
        text[2 * i + 1] = digits[canonical.digest[i] & 0xF];
    }
    text[BP_DIGEST_SIZE - 1] = '\0';
}

uint64_t bp_digest_short(const void *data, size_t size)
{
    return XXH3_64bits(data, size);
}
