/* Numbers that are too small to be stored become 0: what keeps subnormal numbers out of training,
 * the same on every instruction set. Included by a kernel file after its vector header. */
#include "base/flush.h"

/* a, or +0 where |a| < limit. */
static inline vec vec_flush(vec a, vec limit)
{
    return vec_zero_below(vec_abs(a), limit, a);
}

/* a b as it is stored, of which no subnormal number is made on the way; b is not subnormal. */
static inline vec vec_product(vec a, vec b)
{
    return vec_stored(vec_mul(vec_guard(a, b), b));
}
