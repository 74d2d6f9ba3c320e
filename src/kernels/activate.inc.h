/* n -> (value, slope) for sixteen neurons. Included by a kernel file after its vector header. */

/* x cut off below at `low` and above at `high`; a NaN stays. */
static inline vec clamp(vec x, float low, float high)
{
    return vec_max(vec_set(low), vec_min(vec_set(high), x));
}

/* exp(x) = 2^k (1 + r p), k standing in the low bits of `shifted`. */
struct power {
    vec r, p, shifted;
};

/*
 * x = k ln 2 + r with |r| <= ln 2 / 2, where exp(r) is its Taylor series up to r^7/7! (relative
 * remainder 5.2e-9, a tenth of a unit in the last place), by Horner. ln 2 is cut in two (Cody and
 * Waite 1980).
 */
static inline struct power find_power(vec x)
{
    const vec shift = vec_set(0x1.8p23f);                          /* adding it rounds */
    const vec shifted = vec_fma(x, vec_set(0x1.715476p0f), shift); /* log2(e) */
    const vec k = vec_sub(shifted, shift);
    vec r = vec_fma(k, vec_set(-0x1.62e4p-1f), x);
    r = vec_fma(k, vec_set(-0x1.7f7d1cp-20f), r);
    vec p = vec_set(0x1.a01a02p-13f); /* 1/5040 */
    p = vec_fma(p, r, vec_set(0x1.6c16c2p-10f));
    p = vec_fma(p, r, vec_set(0x1.111112p-7f));
    p = vec_fma(p, r, vec_set(0x1.555556p-5f));
    p = vec_fma(p, r, vec_set(0x1.555556p-3f));
    p = vec_fma(p, r, vec_set(0.5f));
    p = vec_fma(p, r, vec_set(1.0f));
    return (struct power){r, p, shifted};
}

/* exp(r), to be multiplied by 2^k. */
static inline vec find_mantissa(struct power power)
{
    return vec_fma(power.p, power.r, vec_set(1.0f));
}

/* Those next to -126 ln 2 and -128 ln 2, above them: k is -126 or -128 there and r is not negative.
 * 2^-126 is the smallest normal number. */
#define LOWEST_POWER      (-0x1.5d589ep6f)
#define LOWEST_TANH_POWER (-0x1.62e42ep6f)

/* 1.5 2^23 + k, as it stands in `shifted`. */
#define SHIFTED(k) (0x1.8p23f + (k))

/* exp(x) for x <= 0; 0 where it would be subnormal. */
static inline vec exp_of_negative(vec x)
{
    const vec lowest = vec_set(LOWEST_POWER);
    const struct power power = find_power(vec_max(lowest, x));
    return vec_zero_below(x, lowest, vec_scale(find_mantissa(power), power.shifted));
}

/* The same for any x; above 89 the result is infinite. 2^128, which is no number of binary32, is
 * 2^127 and a factor. */
static inline vec exp_of_any(vec x)
{
    const vec lowest = vec_set(LOWEST_POWER);
    const struct power power = find_power(clamp(x, LOWEST_POWER, 89.0f));
    const vec shifted = vec_min(vec_set(SHIFTED(127.0f)), power.shifted);
    const vec factor = vec_add(vec_set(1.0f), vec_sub(power.shifted, shifted));
    const vec e = vec_mul(vec_scale(find_mantissa(power), shifted), factor);
    return vec_zero_below(x, lowest, e);
}

/*
 * sigma(n) = 1/(1 + exp(-n)) without overflow or cancellation: with e = exp(-|n|) it is 1/(1 + e)
 * or e/(1 + e), and sigma'(n) = e/(1 + e)^2, which stays right where sigma(n) rounds to 1.
 */
static inline void logistic(vec n, vec *value, vec *slope)
{
    const vec one = vec_set(1.0f);
    const vec e = exp_of_negative(vec_negative_abs(n));
    const vec d = vec_add(one, e);
    *value = vec_div(vec_select_sign(n, e, one), d);
    *slope = vec_div(e, vec_mul(d, d));
}

static inline void identity(vec n, vec *value, vec *slope)
{
    *value = n;
    *slope = vec_set(1.0f);
}

/*
 * With e = exp(-2|n|): |tanh(n)| = (1 - e)/(1 + e), tanh'(n) = 4e/(1 + e)^2. 1 - e is made of r p
 * before e is rounded, so that nothing cancels near 0: e - 1 = 2^k r p + (2^k - 1), whose second
 * part is exact or rounds to -1, below k = -126 too, which stands for all k below it. 4e is scaled
 * as a whole: it is a normal number for longer than e.
 */
static inline void hyperbolic_tangent(vec n, vec *value, vec *slope)
{
    const vec zero = vec_set(0.0f), one = vec_set(1.0f), lowest = vec_set(LOWEST_TANH_POWER);
    const vec x = vec_mul(vec_set(2.0f), vec_negative_abs(n));
    const struct power power = find_power(vec_max(lowest, x));
    const vec two_k = vec_scale(one, vec_max(vec_set(SHIFTED(-126.0f)), power.shifted));
    const vec less = vec_fma(two_k, vec_mul(power.r, power.p), vec_sub(two_k, one)); /* e - 1 */
    const vec d = vec_add(vec_set(2.0f), less);
    const vec e4 = vec_scale(find_mantissa(power), vec_add(power.shifted, vec_set(2.0f)));
    const vec size = vec_div(vec_sub(zero, less), d);
    *value = vec_select_sign(n, vec_sub(zero, size), size);
    *slope = vec_zero_below(x, lowest, vec_div(e4, vec_mul(d, d)));
}

/* 1 for n > 0, 0 for n <= 0 and NaN for NaN: two factors make every positive number at least 1. */
static inline vec is_positive(vec n)
{
    return clamp(vec_mul(vec_mul(n, vec_set(0x1p127f)), vec_set(0x1p30f)), 0.0f, 1.0f);
}

static inline void rectified_linear(vec n, vec *value, vec *slope)
{
    *value = vec_max(vec_set(0.0f), n);
    *slope = is_positive(n);
}

/* The slope 0.01 + 0.99 rounds to 1. */
static inline void leaky_rectified_linear(vec n, vec *value, vec *slope)
{
    const vec leak = vec_set(0.01f);
    *value = vec_max(vec_mul(leak, n), n);
    *slope = vec_fma(vec_set(0.99f), is_positive(n), leak);
}

/*
 * n sigma(n), and sigma(n) (1 + n sigma(-n)). Beyond +-200 sigma is 0 or 1, so that n may be cut
 * off there: an infinite one times 0 would not be a number.
 */
static inline void sigmoid_linear(vec n, vec *value, vec *slope)
{
    const vec one = vec_set(1.0f);
    const vec e = exp_of_negative(vec_negative_abs(n));
    const vec d = vec_add(one, e);
    const vec sigma = vec_div(vec_select_sign(n, e, one), d);
    const vec mirrored = vec_div(vec_select_sign(n, one, e), d);
    *value = vec_mul(vec_max(vec_set(-200.0f), n), sigma);
    *slope = vec_mul(sigma, vec_fma(clamp(n, -200.0f, 200.0f), mirrored, one));
}

/*
 * Phi(-a) exp(a^2/2) for a from 0 to 15, which falls from 1/2 like 1/a: a polynomial in
 * t = (a - 4)/(a + 4) (after Shepherd and Laframboise 1981), fitted for the smallest relative
 * error, 4.5e-9; its rounding is largest where t is near 1, 7 half units in the last place.
 */
static inline vec find_tail(vec a)
{
    const vec four = vec_set(4.0f);
    const vec t = vec_div(vec_sub(a, four), vec_add(a, four));
    vec p = vec_set(0x1.8f1728p-17f);
    p = vec_fma(p, t, vec_set(-0x1.8b48cep-15f));
    p = vec_fma(p, t, vec_set(-0x1.6b879ap-13f));
    p = vec_fma(p, t, vec_set(0x1.50979ep-11f));
    p = vec_fma(p, t, vec_set(0x1.079de4p-11f));
    p = vec_fma(p, t, vec_set(-0x1.164d24p-7f));
    p = vec_fma(p, t, vec_set(0x1.f9b37cp-6f));
    p = vec_fma(p, t, vec_set(-0x1.25b692p-4f));
    p = vec_fma(p, t, vec_set(0x1.fd750ep-4f));
    p = vec_fma(p, t, vec_set(-0x1.5cf97cp-3f));
    return vec_fma(p, t, vec_set(0x1.82b4bcp-4f));
}

/*
 * n Phi(n), and Phi(n) + n phi(n), with a = |n|, e = exp(-a^2/2): phi = e / sqrt(2 pi), and Phi is
 * e tail(a) or 1 less that. The square is taken in two parts, s and what rounding s left out: exp
 * would magnify that error a hundred times. Beyond +-20 Phi is 0 or 1; of an a below 2^-30 Phi does
 * not depend, and its square could be subnormal. Where e is below 2^-100, e tail(a) could be; n Phi
 * is too small to be stored there, and the slope has a factor of e alone.
 */
static inline void gaussian_linear(vec n, vec *value, vec *slope)
{
    const vec zero = vec_set(0.0f), one = vec_set(1.0f), half = vec_set(-0.5f);
    const vec a = vec_flush(vec_min(vec_set(20.0f), vec_abs(n)), vec_set(0x1p-30f));
    const vec s = vec_mul(a, a);
    const vec rest = vec_fma(a, a, vec_sub(zero, s));
    const vec whole = exp_of_negative(vec_mul(half, s));
    const vec e = vec_fma(vec_mul(half, rest), whole, whole);
    const vec share = find_tail(a);
    const vec tail = vec_mul(vec_flush(e, vec_set(0x1p-100f)), share);
    const vec phi = vec_set(0x1.988454p-2f); /* 1/sqrt(2 pi) */
    const vec below = vec_mul(e, vec_sub(share, vec_mul(a, phi)));
    *value = vec_mul(vec_max(vec_set(-20.0f), n), vec_select_sign(n, tail, vec_sub(one, tail)));
    *slope = vec_select_sign(n, below, vec_sub(one, below));
}

/*
 * exp(n) - 1 and exp(n) for n <= 0, as for tanh: e - 1 = 2^k r p + (2^k - 1). For n > 0, exp(0) = 1
 * is the slope, and n is added to exp(0) - 1 = 0.
 */
static inline void exponential_linear(vec n, vec *value, vec *slope)
{
    const vec zero = vec_set(0.0f), one = vec_set(1.0f), lowest = vec_set(LOWEST_POWER);
    const struct power power = find_power(clamp(n, LOWEST_POWER, 0.0f));
    const vec two_k = vec_scale(one, power.shifted);
    const vec less = vec_fma(two_k, vec_mul(power.r, power.p), vec_sub(two_k, one));
    *value = vec_add(vec_max(zero, n), less);
    *slope = vec_zero_below(n, lowest, vec_scale(find_mantissa(power), power.shifted));
}

/*
 * max(n, 0) + ln(1 + e) with e = exp(-|n|), and sigma(n). With s = e/(2 + e), at most 1/3, the
 * logarithm is 2s (1 + s^2/3 + s^4/5 + ...), cut off after s^14/15 (relative remainder 1.6e-9). It
 * begins with 2s = 2e/(2 + e), which keeps the bits of a small e. Of e below 2^-63 the value is too
 * small to be stored; s^2 does not count where s is below 2^-62, and could be subnormal.
 */
static inline void soft_plus(vec n, vec *value, vec *slope)
{
    const vec one = vec_set(1.0f);
    const vec e = exp_of_negative(vec_negative_abs(n));
    const vec counts = vec_stored(e);
    const vec twice = vec_div(vec_add(counts, counts), vec_add(vec_set(2.0f), counts));
    const vec s = vec_flush(vec_mul(vec_set(0.5f), twice), vec_set(0x1p-62f));
    const vec square = vec_mul(s, s);
    vec p = vec_set(0x1.111112p-4f); /* 1/15 */
    p = vec_fma(p, square, vec_set(0x1.3b13b2p-4f));
    p = vec_fma(p, square, vec_set(0x1.745d18p-4f));
    p = vec_fma(p, square, vec_set(0x1.c71c72p-4f));
    p = vec_fma(p, square, vec_set(0x1.24924ap-3f));
    p = vec_fma(p, square, vec_set(0x1.99999ap-3f));
    p = vec_fma(p, square, vec_set(0x1.555556p-2f));
    const vec logarithm = vec_fma(vec_mul(square, p), twice, twice);
    *value = vec_add(vec_max(vec_set(0.0f), n), logarithm);
    *slope = vec_div(vec_select_sign(n, e, one), vec_add(one, e));
}

/* value[k], slope[k] = f(n[k]) for all k; the choice of f stays outside of the loops. Slopes are 0
 * or normal numbers as f makes them, and stored as they are. */
#define ACTIVATE_EACH(f)                                                                           \
    for (size_t k = 0; k < count; k += BP_LANES) {                                                 \
        vec o, o_slope;                                                                            \
        f(vec_load(n + k), &o, &o_slope);                                                          \
        vec_store(value + k, vec_stored(o));                                                       \
        if (slope)                                                                                 \
            vec_store(slope + k, o_slope);                                                         \
    }

static void activate(bp_activation f, const float *n, float *value, float *slope, size_t count)
{
    switch (f) {
    case BP_ACTIVATION_LOGISTIC:
        ACTIVATE_EACH(logistic)
        return;
    case BP_ACTIVATION_TANH:
        ACTIVATE_EACH(hyperbolic_tangent)
        return;
    case BP_ACTIVATION_RELU:
        ACTIVATE_EACH(rectified_linear)
        return;
    case BP_ACTIVATION_LEAKY_RELU:
        ACTIVATE_EACH(leaky_rectified_linear)
        return;
    case BP_ACTIVATION_GELU:
        ACTIVATE_EACH(gaussian_linear)
        return;
    case BP_ACTIVATION_SILU:
        ACTIVATE_EACH(sigmoid_linear)
        return;
    case BP_ACTIVATION_ELU:
        ACTIVATE_EACH(exponential_linear)
        return;
    case BP_ACTIVATION_SOFTPLUS:
        ACTIVATE_EACH(soft_plus)
        return;
    case BP_ACTIVATION_IDENTITY:
    case BP_ACTIVATION_SOFTMAX: /* the pass over the row follows */
    case BP_ACTIVATION_AUTO:
        ACTIVATE_EACH(identity)
    }
}

#undef ACTIVATE_EACH

static void exponential(const float *n, float *value, size_t count)
{
    for (size_t k = 0; k < count; k += BP_LANES)
        vec_store(value + k, vec_stored(exp_of_any(vec_load(n + k))));
}
