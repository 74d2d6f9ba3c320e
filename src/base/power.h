/* Powers with whole exponents by multiplications alone, so that every machine gives the same bits.
 */
#ifndef BP_BASE_POWER_H
#define BP_BASE_POWER_H

#include <stdint.h>

/* base^exponent by squaring, from the lowest bit of the exponent up. */
static inline double bp_power(double base, uint64_t exponent)
{
    double power = 1.0;
    for (; exponent > 0; exponent >>= 1) {
        if (exponent & 1)
            power *= base;
        base *= base;
    }
    return power;
}

#endif
