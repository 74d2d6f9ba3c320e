/* A text is gone through twice: once for its end and for what is wrong, once to be copied. */
#include "base/json/json_scan.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/grow.h"
#include "base/number_text.h"
#include "base/utf8.h"

static bool fail(struct bp_json_scan *scan, size_t at, const char *reason)
{
    scan->at = at;
    scan->reason = reason;
    return false;
}

static char byte_at(const struct bp_json_scan *scan, size_t at)
{
    return at < scan->length ? scan->text[at] : '\0';
}

char bp_json_scan_next(struct bp_json_scan *scan)
{
    while (scan->at < scan->length) {
        const char c = scan->text[scan->at];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            return c;
        scan->at++;
    }
    return '\0';
}

/* ---- texts ---- */

/* The four digits after "\u", or -1. */
static long read_unit(const struct bp_json_scan *scan, size_t at)
{
    long unit = 0;
    for (size_t k = 0; k < 4; k++) {
        const char c = byte_at(scan, at + k);
        const long digit = c >= '0' && c <= '9'   ? c - '0'
                           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                  : -1;
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

static bool is_high(long unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(long unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* Bytes of the escape at `at`, which is a backslash; 0: failed. */
static size_t measure_escape(struct bp_json_scan *scan, size_t at)
{
    const char c = byte_at(scan, at + 1);
    if (c != 'u') {
        if (c != '\0' && strchr("\"\\/bfnrt", c))
            return 2;
        fail(scan, at, "no escape of JSON");
        return 0;
    }
    const long unit = read_unit(scan, at + 2);
    const bool has_low = is_high(unit) && byte_at(scan, at + 6) == '\\' &&
                         byte_at(scan, at + 7) == 'u' && is_low(read_unit(scan, at + 8));
    if (unit < 0)
        fail(scan, at, "an escape without its four hexadecimal digits");
    else if (unit == 0)
        fail(scan, at, "a NUL in a text");
    else if (is_low(unit) || (is_high(unit) && !has_low))
        fail(scan, at, "an escape of half a character");
    else
        return has_low ? 12 : 6;
    return 0;
}

/* The place of the quote that ends the text from `at` on. */
static bool find_end(struct bp_json_scan *scan, size_t at, size_t *end, bool *has_escapes)
{
    *has_escapes = false;
    while (at < scan->length && scan->text[at] != '"') {
        const unsigned char c = (unsigned char)scan->text[at];
        size_t step = 1;
        if (c == '\\') {
            *has_escapes = true;
            step = measure_escape(scan, at);
            if (step == 0)
                return false;
        } else if (c < 0x20) {
            return fail(scan, at, "a control character in a text, which has to be escaped");
        } else if (c >= 0x80) {
            step = bp_utf8_measure(scan->text + at, scan->length - at);
            if (step == 0)
                return fail(scan, at, "a byte that is no UTF-8");
        }
        at += step;
    }
    *end = at;
    return at < scan->length || fail(scan, at, "a text does not end");
}

/* Writes a character in UTF-8; returns its bytes. */
static size_t put_character(char *out, unsigned long code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    const size_t count = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t k = count - 1; k > 0; k--) {
        out[k] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)((count == 2 ? 0xC0 : count == 3 ? 0xE0 : 0xF0) | code);
    return count;
}

/* Writes what the escape at `at` stands for; returns how long the escape is. */
static size_t unescape(const struct bp_json_scan *scan, size_t at, char *out, size_t *written)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    const char c = scan->text[at + 1];
    if (c != 'u') {
        const char *known = strchr(from, c);
        out[0] = known ? to[known - from] : c;
        *written = 1;
        return 2;
    }
    const unsigned long unit = (unsigned long)read_unit(scan, at + 2);
    if (!is_high((long)unit)) {
        *written = put_character(out, unit);
        return 6;
    }
    const unsigned long low = (unsigned long)read_unit(scan, at + 8);
    *written = put_character(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
    return 12;
}

/* No text is longer than its escapes. */
static bool copy_text(struct bp_json_scan *scan, size_t begin, size_t end, struct bp_json_room *out,
                      size_t *length)
{
    char *room = bp_array_grow(out->bytes, &out->capacity, end - begin + 1, 1);
    size_t used = 0;
    if (!room)
        return fail(scan, begin, NULL);
    out->bytes = room;
    for (size_t at = begin; at < end;) {
        const char *escape = memchr(scan->text + at, '\\', end - at);
        const size_t plain = escape ? (size_t)(escape - (scan->text + at)) : end - at;
        size_t written = 0;
        memcpy(room + used, scan->text + at, plain);
        used += plain;
        at += plain;
        if (escape)
            at += unescape(scan, at, room + used, &written);
        used += written;
    }
    room[used] = '\0';
    *length = used;
    return true;
}

bool bp_json_scan_key(struct bp_json_scan *scan)
{
    const size_t begin = scan->at + 1;
    size_t end, length;
    bool has_escapes;
    if (!find_end(scan, begin, &end, &has_escapes) ||
        !copy_text(scan, begin, end, &scan->key, &length))
        return false;
    scan->key_at = scan->at;
    scan->at = end + 1;
    return true;
}

static json_t *scan_text(struct bp_json_scan *scan)
{
    const size_t begin = scan->at + 1;
    size_t end, length;
    bool has_escapes;
    json_t *value = NULL;
    if (!find_end(scan, begin, &end, &has_escapes))
        return NULL;
    if (!has_escapes)
        value = json_stringn_nocheck(scan->text + begin, end - begin);
    else if (copy_text(scan, begin, end, &scan->unescaped, &length))
        value = json_stringn_nocheck(scan->unescaped.bytes, length);
    scan->at = end + 1;
    return value;
}

/* ---- numbers ---- */

static size_t skip_digits(const struct bp_json_scan *scan, size_t at)
{
    while (byte_at(scan, at) >= '0' && byte_at(scan, at) <= '9')
        at++;
    return at;
}

/* The end of the number that begins here, and whether it is a real one. */
static bool measure_number(struct bp_json_scan *scan, size_t *end, bool *is_real)
{
    const size_t first = scan->at + (byte_at(scan, scan->at) == '-');
    size_t at = skip_digits(scan, first);
    if (at == first)
        return fail(scan, at, "a number without digits");
    if (at > first + 1 && scan->text[first] == '0')
        return fail(scan, first, "a number that begins with 0");
    *is_real = false;
    if (byte_at(scan, at) == '.') {
        const size_t fraction = at + 1;
        *is_real = true;
        at = skip_digits(scan, fraction);
        if (at == fraction)
            return fail(scan, at, "no digit after the point of a number");
    }
    if (byte_at(scan, at) == 'e' || byte_at(scan, at) == 'E') {
        const char sign = byte_at(scan, at + 1);
        const size_t exponent = at + 1 + (sign == '+' || sign == '-');
        *is_real = true;
        at = skip_digits(scan, exponent);
        if (at == exponent)
            return fail(scan, at, "no digit in the exponent of a number");
    }
    *end = at;
    return true;
}

static bool read_whole(const char *text, size_t length, int64_t *value)
{
    const bool negative = text[0] == '-';
    const uint64_t limit = (uint64_t)INT64_MAX + negative;
    uint64_t whole = 0;
    for (size_t k = negative; k < length; k++) {
        const uint64_t digit = (uint64_t)(text[k] - '0');
        if (whole > (limit - digit) / 10)
            return false;
        whole = whole * 10 + digit;
    }
    *value = !negative ? (int64_t)whole : whole > INT64_MAX ? INT64_MIN : -(int64_t)whole;
    return true;
}

static json_t *scan_number(struct bp_json_scan *scan)
{
    const size_t begin = scan->at;
    const char *text = scan->text + begin;
    size_t end;
    bool is_real;
    if (!measure_number(scan, &end, &is_real))
        return NULL;
    scan->at = end;
    if (is_real) {
        const double value = bp_real_convert(text, end - begin);
        if (isfinite(value))
            return json_real(value);
        fail(scan, begin, "a number beyond binary64");
        return NULL;
    }
    int64_t whole;
    if (read_whole(text, end - begin, &whole))
        return json_integer((json_int_t)whole);
    fail(scan, begin, "a whole number beyond 64 bits");
    return NULL;
}

/* ---- values ---- */

static bool is_here(const struct bp_json_scan *scan, const char *word)
{
    const size_t length = strlen(word);
    return scan->length - scan->at >= length && memcmp(scan->text + scan->at, word, length) == 0;
}

static json_t *scan_literal(struct bp_json_scan *scan)
{
    const char *const words[] = {"true", "false", "null"};
    json_t *const values[] = {json_true(), json_false(), json_null()};
    for (size_t k = 0; k < 3; k++) {
        if (is_here(scan, words[k])) {
            scan->at += strlen(words[k]);
            return values[k];
        }
    }
    fail(scan, scan->at, scan->at < scan->length ? "no value of JSON" : "a value is missing");
    return NULL;
}

json_t *bp_json_scan_value(struct bp_json_scan *scan)
{
    const char c = byte_at(scan, scan->at);
    if (c == '"')
        return scan_text(scan);
    if (c == '-' || (c >= '0' && c <= '9'))
        return scan_number(scan);
    return scan_literal(scan);
}
