/* UTF-8 is read as the Unicode standard has it (table 3-7): an overlong form could hide a control.
 */
#include "cli/terminal/escape.h"

#include <stdio.h>
#include <string.h>

/* The character at `text`, and its bytes; *length is 0 if they are no UTF-8. */
static unsigned long read_character(const unsigned char *text, size_t *length)
{
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned long code = text[0];
    *length = code < 0x80 ? 1 : code < 0xC0 ? 0 : code < 0xE0 ? 2 : code < 0xF0 ? 3 : 4;
    if (*length < 2)
        return code;
    code &= 0x7Ful >> *length;
    for (size_t k = 1; k < *length; k++) {
        if ((text[k] & 0xC0) != 0x80) { /* also at the end of the text */
            *length = 0;
            return code;
        }
        code = code << 6 | (text[k] & 0x3F);
    }
    if (code < least[*length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        *length = 0;
    return code;
}

/* C0, DEL and C1; marks, embeddings, overrides and isolates of direction; separators of lines. */
static bool steers(unsigned long code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C ||
           (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

const char *escape_write(char *to, const char *text, bool lines)
{
    char *at = to;
    while (*text) {
        size_t length;
        const unsigned long code = read_character((const unsigned char *)text, &length);
        if (length == 0 || (length == 1 && steers(code) && !(lines && code == '\n'))) {
            at += sprintf(at, "\\x%02x", (unsigned)(unsigned char)*text);
            length = 1;
        } else if (steers(code) && code != '\n') {
            at += sprintf(at, "\\u{%lx}", code);
        } else {
            memcpy(at, text, length);
            at += length;
        }
        text += length;
    }
    *at = '\0';
    return to;
}

bool escape_changes(const char *text)
{
    while (*text) {
        size_t length;
        const unsigned long code = read_character((const unsigned char *)text, &length);
        if (length == 0 || steers(code))
            return true;
        text += length;
    }
    return false;
}
