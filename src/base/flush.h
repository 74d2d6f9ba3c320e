/* The magnitude below which numbers that training stores become 0 (docs/numerics.md, "No subnormal
 * numbers"). */
#ifndef BP_BASE_FLUSH_H
#define BP_BASE_FLUSH_H

#include <math.h>

/* A product of two numbers of at least this magnitude is a normal number of binary32. */
#define BP_FLUSH_BELOW 0x1p-63f

/* x, or +0 where |x| is below BP_FLUSH_BELOW; a NaN stays. */
static inline float bp_flush(float x)
{
    return fabsf(x) < BP_FLUSH_BELOW ? 0.0f : x;
}

#endif
