/* n -> (value, slope) for sixteen neurons. Included by a kernel file behind its vector header. */

/*
 * exp(x) for x <= 0: x = k ln 2 + r with |r| <= ln 2 / 2, exp(x) = 2^k exp(r), where exp(r) is its
 * Taylor series up to r^7/7! (relative remainder 5.2e-9, a tenth of a unit in the last place), by
 * Horner. ln 2 is cut in two (Cody and Waite 1980). Below -104 the result rounds to 0 in any case.
 */
static inline vec exp_of_negative(vec x)
{
    const vec shift = vec_set(0x1.8p23f); /* adding it rounds to an integer */
    x = vec_max(vec_set(-104.0f), x);
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
    p = vec_fma(p, r, vec_set(1.0f));
    return vec_scale(p, shifted);
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

static void activate(bp_activation f, const float *n, float *value, float *slope, size_t count)
{
    for (size_t k = 0; k < count; k += BP_PANEL) {
        vec o = vec_load(n + k), o_slope = vec_set(1.0f);
        if (f == BP_LOGISTIC)
            logistic(o, &o, &o_slope);
        vec_store(value + k, o);
        if (slope)
            vec_store(slope + k, o_slope);
    }
}
