/* The digits without zeros at both ends, and the power of ten of the last one. */
#include "data/text/integer.h"

#include <math.h>
#include <stdbool.h>

/* An exponent that is beyond every text. */
#define EXPONENT_MAX INT64_C(1000000000000)

struct digits {
    uint64_t magnitude; /* of those up to the last that is not 0 */
    int64_t power;      /* of that one */
    bool overflow;      /* of the magnitude: one digit too many */
    int64_t zeros;      /* read after it */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void multiply(struct digits *digits, uint64_t factor, uint64_t addend)
{
    digits->overflow |= digits->magnitude > (UINT64_MAX - addend) / factor;
    digits->magnitude = digits->magnitude * factor + addend;
}

static void add_digit(struct digits *digits, char c)
{
    if (c == '0') {
        digits->zeros += digits->magnitude > 0 || digits->overflow;
        return;
    }
    for (; digits->zeros > 0; digits->zeros--)
        multiply(digits, 10, 0);
    multiply(digits, 10, (uint64_t)(c - '0'));
}

static int64_t read_exponent(const char *at, const char *end)
{
    const bool negative = at < end && *at == '-';
    int64_t exponent = 0;
    for (at += at < end && (*at == '-' || *at == '+'); at < end && is_digit(*at); at++)
        if (exponent < EXPONENT_MAX)
            exponent = exponent * 10 + (*at - '0');
    return negative ? -exponent : exponent;
}

/* Digits, point and exponent. */
static struct digits read_digits(const char *at, const char *end, char point)
{
    struct digits digits = {0};
    int64_t fraction = 0;
    bool in_fraction = false;
    for (; at < end && (is_digit(*at) || *at == point); at++) {
        if (*at == point) {
            in_fraction = true;
            continue;
        }
        fraction += in_fraction;
        add_digit(&digits, *at);
    }
    const int64_t exponent = at < end ? read_exponent(at + 1, end) : 0;
    digits.power = digits.zeros - fraction + exponent;
    return digits;
}

enum bp_inexact bp_integer_read(const char *text, size_t length, char point, int64_t *value)
{
    const char *end = text + length;
    while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    while (text < end && (*text == ' ' || *text == '\t'))
        text++;
    const bool negative = text < end && *text == '-';
    text += text < end && (*text == '-' || *text == '+');
    struct digits digits = read_digits(text, end, point);
    if (digits.magnitude == 0 && !digits.overflow) {
        *value = 0;
        return BP_EXACT;
    }
    if (digits.power < 0)
        return BP_INEXACT_FRACTION;
    for (; digits.power > 0 && !digits.overflow; digits.power--)
        multiply(&digits, 10, 0);
    if (digits.overflow || digits.magnitude > (uint64_t)INT64_MAX + negative)
        return BP_INEXACT_SIZE;
    *value = negative ? (int64_t)(0 - digits.magnitude) : (int64_t)digits.magnitude;
    return BP_EXACT;
}

enum bp_inexact bp_integer_of_double(double number, int64_t *value)
{
    if (number != trunc(number))
        return BP_INEXACT_FRACTION;
    if (!(fabs(number) < 0x1p63))
        return BP_INEXACT_SIZE;
    *value = (int64_t)number;
    return BP_EXACT;
}
