/* The point of a decimal number belongs to the locale of the host program, which a library leaves
 * alone: strtod() gets a text without one, and the point that snprintf() writes is replaced. */
#include "base/number_text.h"

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

#define DIGITS   "0123456789"
#define REAL_MAX 100 /* characters of a number */
/* Where the first digit is at this power of ten the number is 0 or infinite: there are no more
 * than SIGNIFICANT_MAX digits. */
#define EXPONENT_MAX 9999
/* Beyond any length of a text, by whose digits an exponent may be made up for. */
#define LONG_EXPONENT 1000000000000000

bool bp_whole_parse(const char *text, uint64_t low, uint64_t high, uint64_t *value)
{
    if (text[0] == '\0' || text[strspn(text, DIGITS)] != '\0')
        return false;
    errno = 0;
    const unsigned long long parsed = strtoull(text, NULL, 10);
    if (errno != 0 || parsed < low || parsed > high)
        return false;
    *value = parsed;
    return true;
}

/* Digits of which no more change the nearest binary64, but for whether they are all 0: a point
 * halfway between two of them has 767 at most. */
#define SIGNIFICANT_MAX 780

/* A number as its digits, without zeros before them, and the power of ten after them. */
struct decimal {
    char digits[SIGNIFICANT_MAX + 16]; /* with room for an exponent */
    size_t count;
    long long exponent;
    bool negative;
};

/* Digits beyond what is kept only tell that there is more than halfway. */
static void add_digit(struct decimal *decimal, char digit, bool is_fraction)
{
    if (decimal->count == 0 && digit == '0') {
        decimal->exponent -= is_fraction;
        return;
    }
    if (decimal->count < SIGNIFICANT_MAX) {
        decimal->digits[decimal->count++] = digit;
        decimal->exponent -= is_fraction;
        return;
    }
    decimal->exponent += !is_fraction;
    if (digit != '0')
        decimal->digits[SIGNIFICANT_MAX - 1] = '1';
}

/* "-12", with a sign or without. */
static long long convert_exponent(const char *text, size_t length)
{
    long long exponent = 0;
    for (size_t k = text[0] == '+' || text[0] == '-'; k < length; k++) {
        if (exponent < LONG_EXPONENT)
            exponent = exponent * 10 + (text[k] - '0');
    }
    return text[0] == '-' ? -exponent : exponent;
}

static void split_decimal(struct decimal *decimal, const char *text, size_t length)
{
    bool is_fraction = false;
    size_t k = text[0] == '+' || text[0] == '-';
    decimal->count = 0;
    decimal->exponent = 0;
    decimal->negative = text[0] == '-';
    for (; k < length && text[k] != 'e' && text[k] != 'E'; k++) {
        if (text[k] == '.')
            is_fraction = true;
        else
            add_digit(decimal, text[k], is_fraction);
    }
    if (k < length)
        decimal->exponent += convert_exponent(text + k + 1, length - k - 1);
}

/* Both the digits and the power of ten are exact, and the one operation rounds once. */
static bool convert_exact(const struct decimal *decimal, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const long long limit = sizeof powers / sizeof powers[0];
    uint64_t whole = 0;
    if (FLT_EVAL_METHOD != 0 || decimal->count > DBL_DIG || decimal->exponent <= -limit ||
        decimal->exponent >= limit)
        return false;
    for (size_t k = 0; k < decimal->count; k++)
        whole = whole * 10 + (uint64_t)(decimal->digits[k] - '0');
    *value = decimal->exponent < 0 ? (double)whole / powers[-decimal->exponent]
                                   : (double)whole * powers[decimal->exponent];
    return true;
}

double bp_real_convert(const char *text, size_t length)
{
    struct decimal decimal;
    double value = 0;
    split_decimal(&decimal, text, length);
    if (!convert_exact(&decimal, &value) && decimal.count > 0) {
        const long long exponent = decimal.exponent > EXPONENT_MAX    ? EXPONENT_MAX
                                   : decimal.exponent < -EXPONENT_MAX ? -EXPONENT_MAX
                                                                      : decimal.exponent;
        snprintf(decimal.digits + decimal.count, sizeof decimal.digits - decimal.count, "e%lld",
                 exponent);
        value = strtod(decimal.digits, NULL);
    }
    return decimal.negative ? -value : value;
}

/* Whether an exponent, or nothing, is at the end of a number. */
static bool is_exponent(const char *text)
{
    if (text[0] == '\0')
        return true;
    const char *digits = text + 1 + (text[1] == '+' || text[1] == '-');
    return (text[0] == 'e' || text[0] == 'E') && digits[0] != '\0' &&
           digits[strspn(digits, DIGITS)] == '\0';
}

bool bp_real_parse(const char *text, double *value)
{
    const size_t length = strlen(text);
    if (length > REAL_MAX)
        return false;
    const char *digits = text + (text[0] == '+' || text[0] == '-');
    const size_t whole = strspn(digits, DIGITS);
    const char *rest = digits + whole;
    const char *fraction = rest + (rest[0] == '.');
    const size_t places = rest[0] == '.' ? strspn(fraction, DIGITS) : 0;
    if (whole + places == 0 || !is_exponent(fraction + places))
        return false;
    *value = bp_real_convert(text, length);
    return true;
}

bool bp_range_holds(const struct bp_range *range, double value)
{
    return (value > range->low || (range->from_low && value == range->low)) && value < range->high;
}

const char *bp_range_words(const struct bp_range *range, char words[BP_RANGE_WORDS_SIZE])
{
    const int length = snprintf(words, BP_RANGE_WORDS_SIZE, "a number %s %g",
                                range->from_low ? "from" : "above", range->low);
    if (range->high <= DBL_MAX)
        snprintf(words + length, BP_RANGE_WORDS_SIZE - (size_t)length, " %s below %g",
                 range->from_low ? "to" : "and", range->high);
    return words;
}

/* " or "full"" after what a sentence allows. */
#define OR_WORD(word) (word) ? " or \"" : "", (word) ? (word) : "", (word) ? "\"" : ""

bp_status bp_whole_take(const char *text, uint64_t low, uint64_t high, const char *word,
                        uint64_t *value, bp_error *error)
{
    *value = 0;
    if ((word && strcmp(text, word) == 0) || bp_whole_parse(text, low, high, value))
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "\"%s\" is not a whole number from %" PRIu64 " to %" PRIu64 "%s%s%s", text, low,
                   high, OR_WORD(word));
}

bp_status bp_real_take(const char *text, const struct bp_range *range, bool narrow,
                       const char *word, double *value, bp_error *error)
{
    char words[BP_RANGE_WORDS_SIZE];
    *value = 0;
    if (word && strcmp(text, word) == 0)
        return BP_OK;
    if (!bp_real_parse(text, value) || !bp_range_holds(range, *value))
        return bp_fail(error, BP_ERROR_ARGUMENT, "\"%s\" is not %s%s%s%s", text,
                       bp_range_words(range, words), OR_WORD(word));
    if (narrow && *value != 0 && (float)*value == 0.0f)
        return bp_fail(error, BP_ERROR_ARGUMENT, "\"%s\" is 0 in binary32: give a greater one",
                       text);
    if (narrow && (float)*value >= (float)range->high)
        return bp_fail(error, BP_ERROR_ARGUMENT, "\"%s\" is %g in binary32: give a smaller one",
                       text, range->high);
    return BP_OK;
}

/* Replaces the point of the locale, which may be of several bytes. */
static void put_point(char *text)
{
    char *point = text + strspn(text, "+-" DIGITS);
    if (*point == '\0' || *point == 'e' || *point == 'i' || *point == 'n')
        return;
    char *after = point + strcspn(point, DIGITS "e");
    *point = '.';
    memmove(point + 1, after, strlen(after) + 1);
}

const char *bp_real_write(double value, bool narrow, char text[BP_REAL_TEXT_SIZE])
{
    for (int digits = narrow ? 6 : 15; digits <= (narrow ? 9 : 17); digits++) {
        double again = value;
        snprintf(text, BP_REAL_TEXT_SIZE, "%.*g", digits, value);
        put_point(text);
        if (!bp_real_parse(text, &again) ||
            (narrow ? (float)again == (float)value : again == value))
            break;
    }
    return text;
}
