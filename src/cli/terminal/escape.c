/* An overlong form of UTF-8 could hide a control: it is no character. */
#include "cli/terminal/escape.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* The character at `text`, and its bytes; *length is 0 if they are no UTF-8. */
static unsigned long read_character(const char *text, size_t *length)
{
    *length = bp_utf8_measure(text, strnlen(text, 4));
    unsigned long code = (unsigned char)text[0];
    if (*length > 1)
        code &= 0x7Ful >> *length;
    for (size_t k = 1; k < *length; k++)
        code = code << 6 | ((unsigned char)text[k] & 0x3F);
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
        const unsigned long code = read_character(text, &length);
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
        const unsigned long code = read_character(text, &length);
        if (length == 0 || steers(code))
            return true;
        text += length;
    }
    return false;
}
