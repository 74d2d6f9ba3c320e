/* Numbers of 16 bits are put together from their parts: no compiler needs to know them. */
#include "net/tensor_type.h"

#include <math.h>
#include <string.h>

#include "base/byte_order.h"

static double load_f32(const unsigned char *bytes)
{
    return (double)bp_load_float(bytes);
}

static double load_f64(const unsigned char *bytes)
{
    const uint64_t bits = bp_load_little(bytes, sizeof bits);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Sign, 5 bits of the exponent, 10 of the fraction. */
static double load_f16(const unsigned char *bytes)
{
    const unsigned bits = (unsigned)bp_load_little(bytes, 2);
    const unsigned exponent = bits >> 10 & 31, fraction = bits & 1023;
    double value = ldexp(fraction, -24); /* subnormal */
    if (exponent == 31)
        value = fraction ? (double)NAN : (double)INFINITY;
    else if (exponent > 0)
        value = ldexp(1024 + fraction, (int)exponent - 25);
    return bits >> 15 ? -value : value;
}

/* The upper half of a binary32. */
static double load_bf16(const unsigned char *bytes)
{
    const unsigned char wide[4] = {0, 0, bytes[0], bytes[1]};
    return load_f32(wide);
}

static const struct bp_tensor_type types[] = {
    {"F32", 4, load_f32}, {"F64", 8, load_f64}, {"F16", 2, load_f16}, {"BF16", 2, load_bf16},
    {"I64", 8, NULL},     {"I32", 4, NULL},     {"I16", 2, NULL},     {"I8", 1, NULL},
    {"U64", 8, NULL},     {"U32", 4, NULL},     {"U16", 2, NULL},     {"U8", 1, NULL},
    {"BOOL", 1, NULL},    {"F8_E4M3", 1, NULL}, {"F8_E5M2", 1, NULL},
};

const struct bp_tensor_type *bp_tensor_type_find(const char *name)
{
    for (size_t k = 0; k < sizeof types / sizeof types[0]; k++)
        if (strcmp(types[k].name, name) == 0)
            return &types[k];
    return NULL;
}
