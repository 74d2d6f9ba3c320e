/* The natural logarithm in binary64, the same bits on every machine: + - x / alone, no libm. */
#ifndef BP_BASE_LOGARITHM_H
#define BP_BASE_LOGARITHM_H

#include <stdint.h>
#include <string.h>

/*
 * ln x for a finite x > 0, subnormal numbers among them; the error is below 1 unit in the last
 * place. x = 2^e m with m from sqrt(1/2) to sqrt(2); with s = (m - 1) / (m + 1)
 *
 *     ln x = e ln 2 + 2s + 2s^3/3 + 2s^5/5 + ...
 *
 * where |s| < 0.1716: what follows the term of s^23 is below 2^-63 of ln m. ln 2 comes in two
 * parts, of which e times the first is exact (Cody and Waite 1980).
 */
static inline double bp_log(double x)
{
    const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    const uint64_t root_half = 0x3fe6a09e667f3bcd; /* the bits of sqrt(1/2) */
    double shift = 0.0;
    if (x < 0x1p-1022) {
        x *= 0x1p54;
        shift = -54.0;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int64_t exponent = (int64_t)(bits - root_half) >> 52;
    bits -= (uint64_t)exponent << 52;
    double m;
    memcpy(&m, &bits, sizeof m);
    const double e = (double)exponent + shift;
    const double s = (m - 1.0) / (m + 1.0);
    const double z = s * s;
    double sum = 0.0;
    for (int k = 23; k >= 3; k -= 2)
        sum = (sum + 2.0 / k) * z;
    /* 2s itself is m - 1 - s (m - 1), whose first part is exact. */
    const double low = s * (sum - (m - 1.0)) + e * ln2_low;
    return e * ln2_high + ((m - 1.0) + low);
}

#endif
