/* Option structs of two versions of the header: what both have is copied, the rest is a default. */
#include "base/sized.h"

#include <string.h>

#include "base/sizes.h"

/* No version of a struct is longer by more: a greater size comes from memory that nobody filled. */
#define GROWTH_MAX 4096

static size_t get_size(const void *options)
{
    size_t size;
    memcpy(&size, options, sizeof size);
    return size;
}

/* The size of a struct with at least one member, of any version. */
static bool can_be(size_t size, size_t known)
{
    return size % sizeof size == 0 && size >= 2 * sizeof size && size <= known + GROWTH_MAX;
}

void bp_sized_init(void *options, size_t size, const void *defaults, size_t known)
{
    if (!options || !can_be(size, known))
        return;
    memset(options, 0, size);
    memcpy(options, defaults, bp_size_min(size, known));
    memcpy(options, &size, sizeof size);
}

static bool is_zero(const unsigned char *bytes, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        if (bytes[k] != 0)
            return false;
    }
    return true;
}

bp_status bp_sized_copy(void *full, size_t known, const void *options, const char *type,
                        bp_error *error)
{
    if (!options)
        return BP_OK;
    const size_t size = get_size(options);
    const unsigned char *from = options;
    if (!can_be(size, known))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s.size is %zu: fill the struct with %s_default(), or set its size to "
                       "sizeof(%s)",
                       type, size, type, type);
    memcpy((unsigned char *)full + sizeof size, from + sizeof size,
           bp_size_min(size, known) - sizeof size);
    if (size > known && !is_zero(from + known, size - known))
        return bp_fail(
            error, BP_ERROR_ARGUMENT,
            "%s sets an option that this library, version %s, does not have: leave it at "
            "its default or use a newer library",
            type, bp_version());
    return BP_OK;
}

void bp_sized_store(void *options, const void *full, size_t known)
{
    const size_t size = bp_size_min(get_size(options), known);
    memcpy((unsigned char *)options + sizeof size, (const unsigned char *)full + sizeof size,
           size - sizeof size);
}

bool bp_sized_has(const void *options, size_t offset, size_t width)
{
    size_t end;
    return bp_size_add(offset, width, &end) && end <= get_size(options);
}
