/* Arithmetic on sizes that may not overflow unnoticed. */
#ifndef BP_BASE_SIZES_H
#define BP_BASE_SIZES_H

#include <stdbool.h>
#include <stddef.h>

#define BP_THREADS_MAX 1024 /* of a team */

/* *out = a * b; false on overflow. */
static inline bool bp_size_mul(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

/* *out = a + b; false on overflow. */
static inline bool bp_size_add(size_t a, size_t b, size_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

/* The smallest multiple of `step` (a power of two) not below n; n must leave room for it. */
static inline size_t bp_size_round_up(size_t n, size_t step)
{
    return (n + step - 1) & ~(step - 1);
}

/* n / by, rounded up; by is not 0. */
static inline size_t bp_size_divide_up(size_t n, size_t by)
{
    return n / by + (n % by != 0);
}

static inline size_t bp_size_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static inline size_t bp_size_max(size_t a, size_t b)
{
    return a > b ? a : b;
}

#endif
