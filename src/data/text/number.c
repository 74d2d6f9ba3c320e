/*
 * Three ways from decimal to binary32, all correctly rounded: one operation on exact floats
 * (Clinger 1990), one on doubles wherever their error cannot matter, and strtof for the rest.
 * strtof gets an integer with an exponent: a text without a decimal point means the same in every
 * locale.
 */
#include "data/text/number.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 5^10 < 2^24 and 5^22 < 2^53: these powers of ten are exact. */
#define FLOAT_POWERS  10
#define DOUBLE_POWERS 22

static const float float_power[FLOAT_POWERS + 1] = {1e0F, 1e1F, 1e2F, 1e3F, 1e4F, 1e5F,
                                                    1e6F, 1e7F, 1e8F, 1e9F, 1e10F};
static const double double_power[DOUBLE_POWERS + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Decimal digits that a float always holds exactly. */
#define SMALL_DIGITS 7

/* Decimal digits that always fit into 64 bits. */
#define MANTISSA_DIGITS 19

/* A number halfway between two floats has at most 113 significant digits, log10(2^25 5^150): of
 * the digits after these it only matters whether one of them is not 0. */
#define DIGITS_MAX 120

/* Beyond this a number is infinite or 0 whatever its digits, of which memory holds fewer. */
#define EXPONENT_MAX INT64_C(1000000000000000)

struct decimal {
    const char *digits; /* digits with at most one point among them */
    const char *end;
    int64_t exponent;  /* as written after the e */
    uint64_t mantissa; /* the number is mantissa x 10^power, if exact */
    int64_t power;
    bool exact; /* the mantissa holds every digit */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_sign_or_e(char c)
{
    return c == '+' || c == '-' || c == 'e' || c == 'E';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Reads the digits from `at` on into the mantissa, which overflows if they are too many. */
static const char *scan_run(struct decimal *decimal, const char *at, const char *end)
{
    uint64_t mantissa = decimal->mantissa; /* not in memory, which `at` might point to */
    for (; at < end && is_digit(*at); at++)
        mantissa = mantissa * 10 + (uint64_t)(*at - '0');
    decimal->mantissa = mantissa;
    return at;
}

/* The same digits once more, where they may be too many: zeros in front do not count. */
static void scan_many(struct decimal *decimal)
{
    bool point = false;
    size_t significant = 0;
    decimal->mantissa = 0;
    decimal->power = 0;
    for (const char *at = decimal->digits; at < decimal->end; at++) {
        if (*at == '.') {
            point = true;
        } else if (significant < MANTISSA_DIGITS) {
            decimal->mantissa = decimal->mantissa * 10 + (uint64_t)(*at - '0');
            significant += decimal->mantissa != 0;
            decimal->power -= point;
        } else {
            decimal->exact = false;
        }
    }
}

/* Reads digits and point; returns where they end, or NULL if there is no digit. */
static const char *scan_digits(struct decimal *decimal, const char *at, const char *end)
{
    decimal->digits = at;
    decimal->exact = true;
    at = scan_run(decimal, at, end);
    size_t digits = (size_t)(at - decimal->digits);
    if (at < end && *at == '.') {
        const char *fraction = ++at;
        at = scan_run(decimal, at, end);
        digits += (size_t)(at - fraction);
        decimal->power = fraction - at;
    }
    decimal->end = at;
    if (digits > MANTISSA_DIGITS)
        scan_many(decimal);
    return digits > 0 ? at : NULL;
}

/* Reads e[+-]digits if it is there; returns where it ends, or NULL if it is not whole. */
static const char *scan_exponent(struct decimal *decimal, const char *at, const char *end)
{
    if (at == end || (*at != 'e' && *at != 'E'))
        return at;
    at++;
    bool negative = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end || !is_digit(*at))
        return NULL;
    for (; at < end && is_digit(*at); at++)
        if (decimal->exponent < EXPONENT_MAX)
            decimal->exponent = decimal->exponent * 10 + (*at - '0');
    if (negative)
        decimal->exponent = -decimal->exponent;
    decimal->power += decimal->exponent;
    return at;
}

/* Room for an integer of DIGITS_MAX digits, one more, and an exponent. */
#define WHOLE_SIZE (DIGITS_MAX + 32)

/* The number as an integer with an exponent, or "". */
static void write_whole(const struct decimal *decimal, char text[WHOLE_SIZE])
{
    size_t used = 0;
    int64_t power = decimal->exponent;
    bool point = false, rest = false;
    for (const char *at = decimal->digits; at < decimal->end; at++) {
        if (*at == '.') {
            point = true;
        } else if (used == DIGITS_MAX) {
            rest |= *at != '0';
            power += !point;
        } else {
            if (used > 0 || *at != '0')
                text[used++] = *at;
            power -= point;
        }
    }
    text[0] = used == 0 ? '\0' : text[0];
    if (used == 0)
        return;
    if (rest) {
        text[used++] = '1';
        power--;
    }
    power = power < -9999 ? -9999 : power > 9999 ? 9999 : power;
    snprintf(text + used, WHOLE_SIZE - used, "e%d", (int)power);
}

static float convert_by_strtof(const struct decimal *decimal)
{
    char text[WHOLE_SIZE];
    write_whole(decimal, text);
    return text[0] ? strtof(text, NULL) : 0.0F;
}

/* One operation on exact doubles where that is all, else strtod. */
static double convert_double(const struct decimal *decimal)
{
    const int64_t distance = decimal->power < 0 ? -decimal->power : decimal->power;
    char text[WHOLE_SIZE];
    if (decimal->exact && decimal->mantissa < (UINT64_C(1) << DBL_MANT_DIG) &&
        distance <= DOUBLE_POWERS) {
        const double whole = (double)decimal->mantissa;
        return decimal->power < 0 ? whole / double_power[distance] : whole * double_power[distance];
    }
    write_whole(decimal, text);
    return text[0] ? strtod(text, NULL) : 0.0;
}

/*
 * At most two roundings to double, then one to float: the same float as from one rounding unless a
 * number halfway between two floats lies within the error of the double, which is below 2 units in
 * its last place, or 4 of the binade below. Subnormal floats, whose halfway numbers lie elsewhere,
 * are out of reach of these powers.
 */
static bool convert_by_double(const struct decimal *decimal, float *value)
{
    double wide = (double)decimal->mantissa;
    if (decimal->power < 0)
        wide /= double_power[-decimal->power];
    else
        wide *= double_power[decimal->power];
    uint64_t bits;
    memcpy(&bits, &wide, sizeof bits);
    const int64_t span = INT64_C(1) << (DBL_MANT_DIG - FLT_MANT_DIG); /* from float to float */
    int64_t distance = (int64_t)(bits & (uint64_t)(span - 1)) - span / 2;
    if (distance > -8 && distance < 8)
        return false;
    *value = (float)wide;
    return true;
}

static float convert(const struct decimal *decimal)
{
    int64_t distance = decimal->power < 0 ? -decimal->power : decimal->power;
    if (decimal->exact && decimal->mantissa < (UINT64_C(1) << FLT_MANT_DIG) &&
        distance <= FLOAT_POWERS) {
        float value = (float)decimal->mantissa;
        if (distance == 0)
            return value;
        return decimal->power < 0 ? value / float_power[distance] : value * float_power[distance];
    }
    float value;
    if (decimal->exact && distance <= DOUBLE_POWERS && convert_by_double(decimal, &value))
        return value;
    return convert_by_strtof(decimal);
}

static bool is_word(const char *at, const char *end, const char *word)
{
    if ((size_t)(end - at) != strlen(word))
        return false;
    for (; at < end; at++, word++)
        if ((*at | 0x20) != *word)
            return false;
    return true;
}

static bool is_not_finite(const char *at, const char *end)
{
    return is_word(at, end, "nan") || is_word(at, end, "inf") || is_word(at, end, "infinity");
}

/* Any number, after its sign. */
static const char *read_decimal(const char *at, const char *end, float *magnitude)
{
    struct decimal decimal = {.digits = NULL};
    at = scan_digits(&decimal, at, end);
    if (at)
        at = scan_exponent(&decimal, at, end);
    if (at)
        *magnitude = convert(&decimal);
    return at;
}

/* An integer below 2^24, as most pixels, counts and codes are; NULL for everything else. */
static const char *read_small(const char *at, const char *end, float *magnitude)
{
    const char *digits = at;
    uint32_t integer = 0;
    for (; at < end && is_digit(*at) && at - digits < SMALL_DIGITS; at++)
        integer = integer * 10 + (uint32_t)(*at - '0');
    if (at == digits || (at < end && (is_digit(*at) || *at == '.' || (*at | 0x20) == 'e')))
        return NULL;
    *magnitude = (float)integer;
    return at;
}

const char *bp_number_read(const char *text, const char *end, float *value)
{
    bool negative = text < end && *text == '-';
    const char *digits = text + (text < end && (*text == '-' || *text == '+'));
    float magnitude;
    const char *at = read_small(digits, end, &magnitude);
    if (!at)
        at = read_decimal(digits, end, &magnitude);
    if (at)
        *value = negative ? -magnitude : magnitude;
    return at;
}

/* A copy of the number that `text` begins with, with a dot for its point; returns its length, or
 * the size of the copy if it is too long. */
static size_t copy_number(const char *text, const char *end, char point,
                          char copy[BP_NUMBER_COMMA_MAX])
{
    size_t length = 0;
    while (text + length < end && length < BP_NUMBER_COMMA_MAX &&
           (is_digit(text[length]) || text[length] == point || is_sign_or_e(text[length]))) {
        copy[length] = text[length];
        if (text[length++] == point)
            copy[length - 1] = '.';
    }
    return length;
}

const char *bp_number_read_with(const char *text, const char *end, char point, float *value)
{
    char copy[BP_NUMBER_COMMA_MAX];
    if (point == '.')
        return bp_number_read(text, end, value);
    const size_t length = copy_number(text, end, point, copy);
    if (length == sizeof copy)
        return NULL;
    const char *after = bp_number_read(copy, copy + length, value);
    return after ? text + (after - copy) : NULL;
}

static const char *read_double(const char *text, const char *end, double *value)
{
    struct decimal decimal = {.digits = NULL};
    const bool negative = text < end && *text == '-';
    const char *at = text + (text < end && (*text == '-' || *text == '+'));
    at = scan_digits(&decimal, at, end);
    if (at)
        at = scan_exponent(&decimal, at, end);
    if (at)
        *value = negative ? -convert_double(&decimal) : convert_double(&decimal);
    return at;
}

const char *bp_number_read_double(const char *text, const char *end, char point, double *value)
{
    char copy[BP_NUMBER_COMMA_MAX];
    if (point == '.')
        return read_double(text, end, value);
    const size_t length = copy_number(text, end, point, copy);
    if (length == sizeof copy)
        return NULL;
    const char *after = read_double(copy, copy + length, value);
    return after ? text + (after - copy) : NULL;
}

float bp_number_rest(const char *text, const char *end, char point, float value)
{
    double number;
    while (text < end && is_blank(*text))
        text++;
    if (!bp_number_read_double(text, end, point, &number))
        return 0;
    return (float)(number - (double)value);
}

enum bp_number bp_number_parse_with(const char *text, size_t length, char point, float *value)
{
    if (length == 0) /* `text` may be NULL, to which not even 0 may be added */
        return BP_NUMBER_BLANK;
    const char *at = text, *end = text + length;
    while (at < end && is_blank(*at))
        at++;
    while (at < end && is_blank(end[-1]))
        end--;
    if (at == end)
        return BP_NUMBER_BLANK;
    float number;
    if (bp_number_read_with(at, end, point, &number) != end) {
        at += *at == '-' || *at == '+';
        return is_not_finite(at, end) ? BP_NUMBER_NOT_FINITE : BP_NUMBER_TEXT;
    }
    if (isinf(number))
        return BP_NUMBER_TOO_LARGE;
    *value = number;
    return BP_NUMBER_OK;
}

const char *bp_number_complaint(enum bp_number result)
{
    switch (result) {
    case BP_NUMBER_BLANK:
        return "is empty";
    case BP_NUMBER_NOT_FINITE:
        return "is not a finite number";
    case BP_NUMBER_TOO_LARGE:
        return "is too large for a 32-bit float";
    case BP_NUMBER_OK:
    case BP_NUMBER_TEXT:
        break;
    }
    return "is not a number";
}
