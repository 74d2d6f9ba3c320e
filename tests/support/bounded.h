/*
 * Numbers with an error bound: `value` is computed in binary64, and a binary32 evaluation of the
 * same expression, rounded once an operation, is at most `error` away from it (running error
 * analysis: Higham, Accuracy and Stability of Numerical Algorithms, 3.3). Each function stands for
 * one operation of the trainer and takes over the errors of its operands in full, products of
 * errors included.
 */
#ifndef BP_TESTS_BOUNDED_H
#define BP_TESTS_BOUNDED_H

#include <math.h>
#include <stdbool.h>

struct bounded {
    double value;
    double error;
};

/* Half a unit in the last place of binary32, and what the 2^29 times finer roundings of binary64 in
 * `value` and `error` add to it. */
#define BOUNDED_ROUNDING (0x1p-24 * (1 + 0x1p-20))

/* Half of the smallest subnormal number: the rounding error below the normal range. */
#define BOUNDED_UNDERFLOW 0x1p-150

/* What is lost where a number that is stored, or a slope, becomes 0. */
#define BOUNDED_STORED 0x1p-63
#define BOUNDED_SLOPE  0x1p-126

static inline struct bounded bounded_exact(double value)
{
    return (struct bounded){value, 0.0};
}

/* Rounds to binary32. */
static inline struct bounded bounded_round(struct bounded a)
{
    a.error += BOUNDED_ROUNDING * (fabs(a.value) + a.error) + BOUNDED_UNDERFLOW;
    return a;
}

/* As a number is stored. */
static inline struct bounded bounded_store(struct bounded a)
{
    a.error += BOUNDED_STORED;
    return a;
}

static inline struct bounded bounded_negate(struct bounded a)
{
    a.value = -a.value;
    return a;
}

/* a * b, not rounded. */
static inline struct bounded bounded_product(struct bounded a, struct bounded b)
{
    return (struct bounded){a.value * b.value,
                            fabs(a.value) * b.error + fabs(b.value) * a.error + a.error * b.error};
}

static inline struct bounded bounded_multiply(struct bounded a, struct bounded b)
{
    return bounded_round(bounded_product(a, b));
}

static inline struct bounded bounded_subtract(struct bounded a, struct bounded b)
{
    return bounded_round((struct bounded){a.value - b.value, a.error + b.error});
}

/* a * b + c, rounded once. */
static inline struct bounded bounded_fma(struct bounded a, struct bounded b, struct bounded c)
{
    const struct bounded product = bounded_product(a, b);
    return bounded_round((struct bounded){product.value + c.value, product.error + c.error});
}

/* Whether `actual` is as near as it must be; false for a NaN. */
static inline bool bounded_holds(struct bounded expected, double actual)
{
    return fabs(actual - expected.value) <= expected.error;
}

#endif
