#include "export/javascript_text.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

/* Of a character of `length` bytes. */
static uint32_t get_code(const unsigned char *byte, size_t length)
{
    static const unsigned char lead[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = byte[0] & lead[length];
    for (size_t k = 1; k < length; k++)
        code = code << 6 | (byte[k] & 0x3F);
    return code;
}

static void put_code(struct bp_export_text *text, uint32_t code)
{
    if (code < 0x10000)
        bp_export_put(text, "\\u%04x", code);
    else
        bp_export_put(text, "\\u%04x\\u%04x", 0xD800 + ((code - 0x10000) >> 10),
                      0xDC00 + ((code - 0x10000) & 0x3FF));
}

void bp_javascript_put_quoted(struct bp_export_text *text, const char *word)
{
    size_t left = strlen(word);
    bp_export_put_bytes(text, "\"", 1);
    while (left > 0) {
        const size_t length = bp_utf8_measure(word, left);
        const uint32_t code = length == 0 ? 0xFFFD : get_code((const unsigned char *)word, length);
        if (code == '"' || code == '\\')
            bp_export_put(text, "\\%c", (int)code);
        else if (code < 0x20 || code >= 0x7F || code == '<')
            put_code(text, code);
        else
            bp_export_put_bytes(text, word, 1);
        word += length + (length == 0);
        left -= length + (length == 0);
    }
    bp_export_put_bytes(text, "\"", 1);
}

/* Up to three bytes as four characters. */
static void put_group(struct bp_export_text *text, const unsigned char *byte, size_t count)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint32_t bits = (uint32_t)byte[0] << 16 | (count > 1 ? (uint32_t)byte[1] << 8 : 0) |
                          (count > 2 ? byte[2] : 0);
    char group[4];
    for (unsigned k = 0; k < sizeof group; k++)
        group[k] = k <= count ? alphabet[bits >> (18 - 6 * k) & 0x3F] : '=';
    bp_export_put_bytes(text, group, sizeof group);
}

void bp_javascript_put_base64(struct bp_export_text *text, const float *number, size_t count)
{
    unsigned char waiting[3];
    size_t filled = 0;
    for (size_t k = 0; k < count; k++) {
        uint32_t bits;
        memcpy(&bits, &number[k], sizeof bits);
        for (unsigned b = 0; b < sizeof bits; b++) {
            waiting[filled++] = (unsigned char)(bits >> 8 * b);
            if (filled == sizeof waiting) {
                put_group(text, waiting, filled);
                filled = 0;
            }
        }
    }
    if (filled > 0)
        put_group(text, waiting, filled);
}
