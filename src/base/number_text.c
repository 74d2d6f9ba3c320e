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

#define DIGITS       "0123456789"
#define REAL_MAX     100 /* characters of a number */
#define EXPONENT_MAX 9999

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

/* "e-3", or nothing, at the end of a number. */
static bool read_exponent(const char *text, long *exponent)
{
    *exponent = 0;
    if (text[0] == '\0')
        return true;
    const char *digits = text + 1 + (text[1] == '+' || text[1] == '-');
    if ((text[0] != 'e' && text[0] != 'E') || digits[0] == '\0' ||
        digits[strspn(digits, DIGITS)] != '\0')
        return false;
    *exponent = strtol(text + 1, NULL, 10);
    if (*exponent > EXPONENT_MAX || *exponent < -EXPONENT_MAX)
        *exponent = *exponent > 0 ? EXPONENT_MAX : -EXPONENT_MAX;
    return true;
}

/* 12.5e3 is read as 125e2. */
bool bp_real_parse(const char *text, double *value)
{
    char plain[REAL_MAX + 16];
    if (strlen(text) > REAL_MAX)
        return false;
    const char *digits = text + (text[0] == '+' || text[0] == '-');
    const size_t whole = strspn(digits, DIGITS);
    const char *rest = digits + whole;
    const char *fraction = rest + (rest[0] == '.');
    const size_t places = rest[0] == '.' ? strspn(fraction, DIGITS) : 0;
    long exponent;
    if (whole + places == 0 || !read_exponent(fraction + places, &exponent))
        return false;
    snprintf(plain, sizeof plain, "%.*s%.*se%ld", (int)(digits - text + (long)whole), text,
             (int)places, fraction, exponent - (long)places);
    *value = strtod(plain, NULL);
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
