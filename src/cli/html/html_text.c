/* Escapes text for HTML. A file name may hold any bytes, a log any characters. */
#include "cli/html/html_text.h"

#include <stdbool.h>
#include <stdint.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define ELLIPSIS    "\xe2\x80\xa6" /* U+2026 */

/* Decodes the character at `text`, which is not at its end: its bytes, and *code. What is no UTF-8
 * (RFC 3629: longer forms and surrogates are none) is 1 byte, code 0. */
static size_t decode(const unsigned char *text, uint32_t *code)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char first = text[0];
    const size_t length = first < 0x80             ? 1
                          : (first & 0xe0) == 0xc0 ? 2
                          : (first & 0xf0) == 0xe0 ? 3
                          : (first & 0xf8) == 0xf0 ? 4
                                                   : 0;
    *code = length == 1 ? first : first & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            *code = 0;
            return 1;
        }
        *code = *code << 6 | (text[i] & 0x3fu);
    }
    const bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
    if (length == 0 || *code < smallest[length] || surrogate || *code > 0x10ffff) {
        *code = 0;
        return 1;
    }
    return length;
}

/* Control characters; marks, embeddings and isolates that change the direction of what follows. */
static bool is_shown(uint32_t code)
{
    const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const bool direction = code == 0x200e || code == 0x200f || code == 0x061c ||
                           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    return !control && !direction;
}

/* Writes the character of `length` bytes at `text`. */
static void put_character(FILE *out, const char *text, size_t length, uint32_t code)
{
    switch (code) {
    case '&':
        fputs("&amp;", out);
        break;
    case '<':
        fputs("&lt;", out);
        break;
    case '>':
        fputs("&gt;", out);
        break;
    case '"':
        fputs("&quot;", out);
        break;
    case '\'':
        fputs("&#39;", out);
        break;
    default:
        if (is_shown(code))
            fwrite(text, 1, length, out);
        else
            fputs(REPLACEMENT, out);
    }
}

void html_put_short(FILE *out, const char *text, size_t limit)
{
    for (size_t count = 1; *text; count++) {
        uint32_t code = 0;
        const size_t length = decode((const unsigned char *)text, &code);
        if (count == limit && text[length]) {
            fputs(ELLIPSIS, out);
            return;
        }
        put_character(out, text, length, code);
        text += length;
    }
}

void html_put(FILE *out, const char *text)
{
    html_put_short(out, text, SIZE_MAX);
}
