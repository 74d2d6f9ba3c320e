/* By the table of well-formed sequences in the Unicode standard (table 3-7). */
#include "base/utf8.h"

static bool is_between(unsigned char byte, unsigned char low, unsigned char high)
{
    return byte >= low && byte <= high;
}

size_t bp_utf8_measure(const char *text, size_t left)
{
    const unsigned char *byte = (const unsigned char *)text;
    const unsigned char lead = byte[0];
    if (lead < 0x80)
        return 1;
    const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (!is_between(lead, 0xC2, 0xF4) || left < length)
        return 0;
    const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (!is_between(byte[1], low, high))
        return 0;
    for (size_t k = 2; k < length; k++) {
        if (!is_between(byte[k], 0x80, 0xBF))
            return 0;
    }
    return length;
}

bool bp_utf8_check(const char *text, size_t length)
{
    for (size_t k = 0; k < length;) {
        const size_t step = bp_utf8_measure(text + k, length - k);
        if (step == 0)
            return false;
        k += step;
    }
    return true;
}
