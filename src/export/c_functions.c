#include "export/c_functions.h"

#define ACTIVATION(a) (BP_C_ACTIVATION << (a))

/* A function: its bit, those that it calls, and its text. */
struct function {
    uint32_t bit, calls;
    const char *text;
};

/* A function comes after those that it calls. */
static const struct function functions[] = {
    {BP_C_LARGER, 0, "static float larger(float a, float b) { return a > b ? a : b; }\n"},
    {BP_C_SMALLER, 0, "static float smaller(float a, float b) { return a < b ? a : b; }\n"},
    {BP_C_STORED, 0,
     "/* Numbers that are very small count as 0. */\n"
     "static float stored(float a) { return fabsf(a) < 0x1p-63f ? 0.0f : a; }\n"},
    {BP_C_POWER, 0,
     "/* exp(x) = 2^k (1 + r p) */\n"
     "static void power(float x, float *k, float *r, float *p)\n"
     "{\n"
     "    *k = fmaf(x, 0x1.715476p+0f, 0x1.8p+23f) - 0x1.8p+23f;\n"
     "    *r = fmaf(*k, -0x1.7f7d1cp-20f, fmaf(*k, -0x1.62e4p-1f, x));\n"
     "    *p = fmaf(0x1.a01a02p-13f, *r, 0x1.6c16c2p-10f);\n"
     "    *p = fmaf(fmaf(*p, *r, 0x1.111112p-7f), *r, 0x1.555556p-5f);\n"
     "    *p = fmaf(fmaf(fmaf(*p, *r, 0x1.555556p-3f), *r, 0.5f), *r, 1.0f);\n"
     "}\n"},
    {BP_C_EXP_NEGATIVE, BP_C_POWER | BP_C_LARGER,
     "/* exp(x) for x <= 0, or 0 where it would be subnormal */\n"
     "static float exp_negative(float x)\n"
     "{\n"
     "    float k, r, p;\n"
     "    power(larger(-0x1.5d589ep+6f, x), &k, &r, &p);\n"
     "    return x < -0x1.5d589ep+6f ? 0.0f : ldexpf(fmaf(p, r, 1.0f), (int)k);\n"
     "}\n"},
    {BP_C_EXP, BP_C_POWER | BP_C_LARGER | BP_C_SMALLER,
     "static float exponential(float x)\n"
     "{\n"
     "    float k, r, p;\n"
     "    power(larger(-0x1.5d589ep+6f, smaller(89.0f, x)), &k, &r, &p);\n"
     "    return x < -0x1.5d589ep+6f ? 0.0f : ldexpf(fmaf(p, r, 1.0f), (int)k);\n"
     "}\n"},
    {ACTIVATION(BP_ACTIVATION_IDENTITY), 0, "static float identity(float n) { return n; }\n"},
    {ACTIVATION(BP_ACTIVATION_LOGISTIC), BP_C_EXP_NEGATIVE,
     "static float logistic(float n)\n"
     "{\n"
     "    const float e = exp_negative(-fabsf(n));\n"
     "    return (n < 0.0f ? e : 1.0f) / (1.0f + e);\n"
     "}\n"},
    {ACTIVATION(BP_ACTIVATION_TANH), BP_C_POWER | BP_C_LARGER,
     "static float hyperbolic_tangent(float n)\n"
     "{\n"
     "    float k, r, p, power_of_2, less, size;\n"
     "    power(larger(-0x1.62e42ep+6f, -2.0f * fabsf(n)), &k, &r, &p);\n"
     "    power_of_2 = ldexpf(1.0f, (int)larger(-126.0f, k));\n"
     "    less = fmaf(power_of_2, r * p, power_of_2 - 1.0f); /* exp(-2|n|) - 1 */\n"
     "    size = (0.0f - less) / (2.0f + less);\n"
     "    return n < 0.0f ? 0.0f - size : size;\n"
     "}\n"},
    {ACTIVATION(BP_ACTIVATION_RELU), BP_C_LARGER,
     "static float relu(float n) { return larger(0.0f, n); }\n"},
    {ACTIVATION(BP_ACTIVATION_LEAKY_RELU), BP_C_LARGER,
     "static float leaky_relu(float n) { return larger(0.01f * n, n); }\n"},
    {ACTIVATION(BP_ACTIVATION_SILU), BP_C_EXP_NEGATIVE | BP_C_LARGER,
     "static float silu(float n)\n"
     "{\n"
     "    const float e = exp_negative(-fabsf(n));\n"
     "    return larger(-200.0f, n) * ((n < 0.0f ? e : 1.0f) / (1.0f + e));\n"
     "}\n"},
    {ACTIVATION(BP_ACTIVATION_GELU), BP_C_EXP_NEGATIVE | BP_C_LARGER | BP_C_SMALLER,
     "/* n Phi(n) */\n"
     "static float gelu(float n)\n"
     "{\n"
     "    const float least = smaller(20.0f, fabsf(n)), a = least < 0x1p-30f ? 0.0f : least;\n"
     "    const float s = a * a, rest = fmaf(a, a, 0.0f - s), whole = exp_negative(-0.5f * s);\n"
     "    const float e = fmaf(-0.5f * rest, whole, whole), t = (a - 4.0f) / (a + 4.0f);\n"
     "    float p = fmaf(0x1.8f1728p-17f, t, -0x1.8b48cep-15f);\n"
     "    volatile float tail; /* rounded before it is subtracted */\n"
     "    p = fmaf(fmaf(p, t, -0x1.6b879ap-13f), t, 0x1.50979ep-11f);\n"
     "    p = fmaf(fmaf(p, t, 0x1.079de4p-11f), t, -0x1.164d24p-7f);\n"
     "    p = fmaf(fmaf(p, t, 0x1.f9b37cp-6f), t, -0x1.25b692p-4f);\n"
     "    p = fmaf(fmaf(fmaf(p, t, 0x1.fd750ep-4f), t, -0x1.5cf97cp-3f), t, 0x1.82b4bcp-4f);\n"
     "    tail = (e < 0x1p-100f ? 0.0f : e) * p;\n"
     "    return larger(-20.0f, n) * (n < 0.0f ? tail : 1.0f - tail);\n"
     "}\n"},
    {ACTIVATION(BP_ACTIVATION_ELU), BP_C_POWER | BP_C_LARGER | BP_C_SMALLER,
     "static float elu(float n)\n"
     "{\n"
     "    float k, r, p, power_of_2;\n"
     "    power(larger(-0x1.5d589ep+6f, smaller(0.0f, n)), &k, &r, &p);\n"
     "    power_of_2 = ldexpf(1.0f, (int)k);\n"
     "    return larger(0.0f, n) + fmaf(power_of_2, r * p, power_of_2 - 1.0f);\n"
     "}\n"},
    {ACTIVATION(BP_ACTIVATION_SOFTPLUS), BP_C_EXP_NEGATIVE | BP_C_LARGER | BP_C_STORED,
     "/* max(n, 0) + ln(1 + exp(-|n|)) */\n"
     "static float softplus(float n)\n"
     "{\n"
     "    const float e = stored(exp_negative(-fabsf(n))), twice = (e + e) / (2.0f + e);\n"
     "    const float half = 0.5f * twice, s = half < 0x1p-62f ? 0.0f : half, q = s * s;\n"
     "    float p = fmaf(0x1.111112p-4f, q, 0x1.3b13b2p-4f);\n"
     "    p = fmaf(fmaf(p, q, 0x1.745d18p-4f), q, 0x1.c71c72p-4f);\n"
     "    p = fmaf(fmaf(fmaf(p, q, 0x1.24924ap-3f), q, 0x1.99999ap-3f), q, 0x1.555556p-2f);\n"
     "    return larger(0.0f, n) + fmaf(q * p, twice, twice);\n"
     "}\n"},
    {BP_C_SOFTMAX, BP_C_EXP_NEGATIVE | BP_C_LARGER | BP_C_SMALLER | BP_C_STORED,
     "static void softmax(float *n, int count)\n"
     "{\n"
     "    float most = -INFINITY, sum = 0.0f;\n"
     "    int j;\n"
     "    for (j = 0; j < count; j++)\n"
     "        most = larger(n[j] = stored(n[j]), most);\n"
     "    for (j = 0; j < count; j++)\n"
     "        sum += n[j] = stored(exp_negative(smaller(0.0f, n[j] - most)));\n"
     "    for (j = 0; j < count; j++)\n"
     "        n[j] = stored(n[j] / sum);\n"
     "}\n"},
    {BP_C_LAYER, 0,
     "/* n = bias + w x; w has a row for each input. */\n"
     "static void layer(const float *w, const float *bias, int in, int out, const float *x, "
     "float *n)\n"
     "{\n"
     "    int i, j;\n"
     "    for (j = 0; j < out; j++)\n"
     "        n[j] = bias[j];\n"
     "    for (i = 0; i < in; i++, w += out)\n"
     "        for (j = 0; j < out; j++)\n"
     "            n[j] = fmaf(w[j], x[i], n[j]);\n"
     "}\n"},
    {BP_C_APPLY, BP_C_STORED,
     "static void apply(float (*f)(float), float *n, int count)\n"
     "{\n"
     "    int j;\n"
     "    for (j = 0; j < count; j++)\n"
     "        n[j] = stored(f(n[j]));\n"
     "}\n"},
    {BP_C_ADD, 0,
     "/* The product is rounded before it is added. */\n"
     "static void add(double weight, const float *n, double *sum)\n"
     "{\n"
     "    int j;\n"
     "    for (j = 0; j < OUTPUTS; j++) {\n"
     "        volatile double product = weight * (double)n[j];\n"
     "        sum[j] += product;\n"
     "    }\n"
     "}\n"},
};

#define FUNCTIONS (sizeof functions / sizeof functions[0])

static uint32_t add_calls(uint32_t bits)
{
    for (size_t k = FUNCTIONS; k > 0; k--) {
        if (bits & functions[k - 1].bit)
            bits |= functions[k - 1].calls;
    }
    return bits;
}

uint32_t bp_c_functions_of(bp_activation activation, bool counts)
{
    if (activation == BP_ACTIVATION_SOFTMAX)
        return BP_C_SOFTMAX;
    return BP_C_APPLY | (counts ? (uint32_t)BP_C_EXP : (uint32_t)ACTIVATION(activation));
}

const char *bp_c_function_name(bp_activation activation, bool counts)
{
    static const char *const names[] = {
        [BP_ACTIVATION_LOGISTIC] = "logistic", [BP_ACTIVATION_TANH] = "hyperbolic_tangent",
        [BP_ACTIVATION_RELU] = "relu",         [BP_ACTIVATION_LEAKY_RELU] = "leaky_relu",
        [BP_ACTIVATION_GELU] = "gelu",         [BP_ACTIVATION_SILU] = "silu",
        [BP_ACTIVATION_ELU] = "elu",           [BP_ACTIVATION_SOFTPLUS] = "softplus",
        [BP_ACTIVATION_SOFTMAX] = "softmax",   [BP_ACTIVATION_IDENTITY] = "identity",
    };
    return counts ? "exponential" : names[activation];
}

void bp_c_functions_put(struct bp_export_text *text, uint32_t bits)
{
    bits = add_calls(bits);
    for (size_t k = 0; k < FUNCTIONS; k++) {
        if (bits & functions[k].bit)
            bp_export_put(text, "%s\n", functions[k].text);
    }
}
