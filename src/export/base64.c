#include "export/base64.h"

#include <stdint.h>
#include <string.h>

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

void bp_export_put_base64(struct bp_export_text *text, const float *number, size_t count)
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
