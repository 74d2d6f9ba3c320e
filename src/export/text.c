#include "export/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/number_text.h"
#include "base/sizes.h"

/* Of most pieces; a longer one is written again. */
#define PIECE_SIZE 256

void bp_export_release(struct bp_export_text *text)
{
    free(text->bytes);
    *text = (struct bp_export_text){0};
}

void bp_export_put_bytes(struct bp_export_text *text, const void *bytes, size_t count)
{
    size_t needed;
    if (text->failed || count == 0)
        return;
    char *grown = bp_size_add(text->length, count, &needed)
                      ? bp_array_grow(text->bytes, &text->room, needed, 1)
                      : NULL;
    text->failed = grown == NULL;
    if (!grown)
        return;
    text->bytes = grown;
    memcpy(text->bytes + text->length, bytes, count);
    text->length = needed;
}

void bp_export_put(struct bp_export_text *text, const char *format, ...)
{
    char piece[PIECE_SIZE];
    va_list list;
    va_start(list, format);
    const int length = vsnprintf(piece, sizeof piece, format, list);
    va_end(list);
    if (length < 0) {
        text->failed = true;
    } else if ((size_t)length < sizeof piece) {
        bp_export_put_bytes(text, piece, (size_t)length);
    } else {
        char *whole = malloc((size_t)length + 1);
        text->failed |= whole == NULL;
        if (!whole)
            return;
        va_start(list, format);
        vsnprintf(whole, (size_t)length + 1, format, list);
        va_end(list);
        bp_export_put_bytes(text, whole, (size_t)length);
        free(whole);
    }
}

void bp_export_put_hex(struct bp_export_text *text, float value)
{
    int exponent;
    const char *sign = signbit(value) ? "-" : "";
    const float size = fabsf(value);
    if (size == 0.0f || !isfinite(size)) {
        bp_export_put(text, "%s%s", sign, size == 0.0f ? "0.0f" : isnan(size) ? "NAN" : "INFINITY");
        return;
    }
    /* 1.f with 23 binary digits, which are six hexadecimal ones less the last bit. */
    const float mantissa = frexpf(size, &exponent);
    uint32_t digits = (uint32_t)(ldexpf(mantissa, 24) - 0x1p23f) << 1;
    int count = 6;
    while (count > 0 && digits % 16 == 0) {
        digits /= 16;
        count--;
    }
    if (count > 0)
        bp_export_put(text, "%s0x1.%0*xp%+df", sign, count, digits, exponent - 1);
    else
        bp_export_put(text, "%s0x1p%+df", sign, exponent - 1);
}

void bp_export_put_real(struct bp_export_text *text, double value, bool narrow)
{
    char digits[BP_REAL_TEXT_SIZE];
    bp_export_put(text, "%s", bp_real_write(value, narrow, digits));
}

void bp_export_put_quoted(struct bp_export_text *text, const char *word, bool ascii)
{
    bp_export_put_bytes(text, "\"", 1);
    for (; *word; word++) {
        const unsigned char c = (unsigned char)*word;
        if (c == '"' || c == '\\')
            bp_export_put(text, "\\%c", c);
        else if (c < 0x20 || c == 0x7F || (ascii && (c > 0x7F || c == '?')))
            bp_export_put(text, "\\%03o", c);
        else
            bp_export_put_bytes(text, word, 1);
    }
    bp_export_put_bytes(text, "\"", 1);
}

void bp_export_put_remark(struct bp_export_text *text, const char *word)
{
    for (; *word; word++) {
        const unsigned char c = (unsigned char)*word;
        const bool ends = c < 0x20 || c == 0x7F || c == '*' || c == '\\' || c == '?';
        bp_export_put_bytes(text, ends ? " " : word, 1);
    }
}
