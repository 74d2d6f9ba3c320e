/* exp in binary64, the same bits on every machine: + - x alone, no libm. */
#ifndef BP_BASE_EXPONENTIAL_H
#define BP_BASE_EXPONENTIAL_H

#include <stdint.h>
#include <string.h>

/*
 * exp x for any x; 0 below -708, where it would soon be subnormal, infinite above 710, NaN for
 * NaN; the error is below 1 unit in the last place. x = k ln 2 + r with |r| <= ln 2 / 2; exp r is
 * its Taylor series up to r^13/13!, whose remainder is below 2^-57 of it. ln 2 comes in two parts,
 * of which k times the first is exact (Cody and Waite 1980). The factor 2^k is applied as two,
 * since 2^1024 is no number.
 */
static inline double bp_exp(double x)
{
    const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    const double shift = 0x1.8p52; /* adding it rounds to an integer */
    if (x != x)
        return x;
    if (x < -708.0)
        return 0.0;
    x = x > 710.0 ? 710.0 : x;
    const double shifted = x * 0x1.71547652b82fep0 + shift;
    const double k = shifted - shift;
    const double high = x - k * ln2_high, low = k * ln2_low;
    const double r = high - low;
    static const double term[] = {1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0,
                                  1.0 / 3628800.0,    1.0 / 362880.0,    1.0 / 40320.0,
                                  1.0 / 5040.0,       1.0 / 720.0,       1.0 / 120.0,
                                  1.0 / 24.0,         1.0 / 6.0,         1.0 / 2.0};
    double sum = 0.0;
    for (int n = 0; n < 12; n++)
        sum = sum * r + term[n];
    /* 1 + r + r^2 sum, r being high - low */
    const double p = 1.0 + (high + (r * r * sum - low));
    const int64_t whole = (int64_t)k, half = whole / 2;
    const uint64_t bits[2] = {(uint64_t)(half + 1023) << 52, (uint64_t)(whole - half + 1023) << 52};
    double factor[2];
    memcpy(factor, bits, sizeof bits);
    return p * factor[0] * factor[1];
}

#endif
