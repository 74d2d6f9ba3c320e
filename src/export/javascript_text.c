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
