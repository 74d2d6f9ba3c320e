/* Digits are read by hand: no locale, no sign, no blanks, no overflow. */
#include "model/exact_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DIGITS_SIZE 24 /* of 64 bits in decimal */

static const char hexadecimal[] = "0123456789abcdef";

json_t *bp_json_from_whole(uint64_t value)
{
    char text[DIGITS_SIZE];
    snprintf(text, sizeof text, "%" PRIu64, value);
    return json_string(text);
}

bool bp_json_to_whole(const json_t *json, uint64_t *value)
{
    const char *text = json_string_value(json);
    if (!text || text[0] == '\0' || text[strspn(text, "0123456789")] != '\0')
        return false;
    *value = 0;
    for (const char *p = text; *p; p++) {
        const uint64_t digit = (uint64_t)(*p - '0');
        if (*value > (UINT64_MAX - digit) / 10)
            return false;
        *value = *value * 10 + digit;
    }
    return true;
}

json_t *bp_json_from_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    char text[DIGITS_SIZE];
    snprintf(text, sizeof text, "%016" PRIx64, bits);
    return json_string(text);
}

bool bp_json_to_bits(const json_t *json, double *value)
{
    const char *text = json_string_value(json);
    if (!text || strlen(text) != 16 || text[strspn(text, hexadecimal)] != '\0')
        return false;
    uint64_t bits = 0;
    for (const char *p = text; *p; p++)
        bits = bits << 4 | (uint64_t)(strchr(hexadecimal, *p) - hexadecimal);
    memcpy(value, &bits, sizeof bits);
    return true;
}
