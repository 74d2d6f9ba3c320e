/* UTF-8 by the table of well-formed sequences in the Unicode standard (table 3-7). */
#include "data/text/text.h"

#include <string.h>
#include <strings.h>

#define EXCERPT_CHARACTERS 40

static bool is_between(unsigned char byte, unsigned char low, unsigned char high)
{
    return byte >= low && byte <= high;
}

/* Bytes of the well-formed character at `text` (`left` > 0 bytes of it), or 0. */
static size_t measure_character(const unsigned char *text, size_t left)
{
    unsigned char lead = text[0];
    if (lead < 0x80)
        return 1;
    size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (!is_between(lead, 0xC2, 0xF4) || left < length)
        return 0;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (!is_between(text[1], low, high))
        return 0;
    for (size_t k = 2; k < length; k++)
        if (!is_between(text[k], 0x80, 0xBF))
            return 0;
    return length;
}

bool bp_text_is_utf8(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t k = 0; k < length;) {
        size_t step = measure_character(bytes + k, length - k);
        if (step == 0)
            return false;
        k += step;
    }
    return true;
}

/* C0 and C1 controls and DEL: a terminal may obey them. */
static bool is_control(const unsigned char *text, size_t length)
{
    return text[0] < 0x20 || text[0] == 0x7F || (length == 2 && text[0] == 0xC2 && text[1] < 0xA0);
}

const char *bp_text_excerpt(char out[BP_EXCERPT_SIZE], const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t used = 0, read = 0;
    out[used++] = '"';
    for (size_t shown = 0; read < length && shown < EXCERPT_CHARACTERS; shown++) {
        size_t step = measure_character(bytes + read, length - read);
        if (step == 0 || is_control(bytes + read, step)) {
            out[used++] = '?';
        } else {
            memcpy(out + used, text + read, step);
            used += step;
        }
        read += step == 0 ? 1 : step;
    }
    strcpy(out + used, read < length ? "...\"" : "\"");
    return out;
}

bool bp_text_looks_missing(const char *text, size_t length)
{
    static const char *const words[] = {"?",    "-",   ".",    "na",   "n/a",  "#n/a",
                                        "<na>", "nan", "-nan", "null", "none", "missing"};
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
        if (strlen(words[k]) == length && strncasecmp(words[k], text, length) == 0)
            return true;
    return false;
}
