/* A small grammar: signs and currencies, digits in groups, a fraction, an exponent, a unit. */
#include "data/text/written_number.h"

#include <stddef.h>
#include <string.h>

/* Each takes what is there from *text, and says whether something was. */

static bool take(const char **text, const char *word)
{
    const size_t length = strlen(word);
    if (strncmp(*text, word, length) != 0)
        return false;
    *text += length;
    return true;
}

static bool take_any(const char **text, const char *const *words, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (take(text, words[k]))
            return true;
    return false;
}

#define TAKE_ANY(text, words) take_any(text, words, sizeof(words) / sizeof *(words))

/* No-break, narrow no-break and thin ones too. */
static const char *const blanks[] = {" ", "\t", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89"};
static const char *const minuses[] = {"+", "-", "\xE2\x88\x92"};
static const char *const currencies[] = {"$", "\xC2\xA3", "\xC2\xA5", "\xE2\x82\xAC"};
static const char *const between_groups[] = {
    ",", ".", "'", "_", " ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x99"};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t take_digits(const char **text)
{
    size_t digits = 0;
    for (; is_digit(**text); ++*text)
        digits++;
    return digits;
}

static bool take_hexadecimal(const char **text)
{
    const char *at = *text;
    if (!take(&at, "0x") && !take(&at, "0X"))
        return false;
    const size_t digits = strspn(at, "0123456789abcdefABCDEF");
    *text = at + digits;
    return digits > 0;
}

/* The sign between them is the same one. */
static void take_groups(const char **text)
{
    for (size_t k = 0; k < sizeof between_groups / sizeof *between_groups; k++) {
        const char *at = *text;
        bool some = false;
        while (take(&at, between_groups[k]) && take_digits(&at) == 3) {
            *text = at;
            some = true;
        }
        if (some)
            return;
    }
}

static bool take_number(const char **text)
{
    if (take_hexadecimal(text))
        return true;
    const size_t whole = take_digits(text);
    if (whole >= 1 && whole <= 3)
        take_groups(text);
    size_t fraction = 0;
    if (**text == '.' || **text == ',') {
        ++*text;
        fraction = take_digits(text);
    }
    const char *at = *text;
    if (*at && strchr("eEdD", *at)) {
        at++;
        take_any(&at, minuses, 2);
        if (take_digits(&at) > 0)
            *text = at;
    }
    return whole + fraction > 0;
}

bool bp_text_is_written_number(const char *text)
{
    while (TAKE_ANY(&text, blanks))
        continue;
    const bool quoted = take(&text, "'"), opened = take(&text, "(");
    while (TAKE_ANY(&text, blanks) || TAKE_ANY(&text, minuses) || TAKE_ANY(&text, currencies))
        continue;
    if (!take_number(&text))
        return false;
    while (TAKE_ANY(&text, blanks) || TAKE_ANY(&text, currencies) || take(&text, "%"))
        continue;
    if ((opened && !take(&text, ")")) || (quoted && !take(&text, "'")))
        return false;
    while (TAKE_ANY(&text, blanks))
        continue;
    return *text == '\0';
}
