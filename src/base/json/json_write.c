/* The text goes through a function of ours, whose failure is remembered: jansson does not look at
 * the result of every call of it. */
#include "base/json/json_write.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/sizes.h"

struct text {
    char *bytes;
    size_t length;
    size_t capacity;
    bool failed;
};

/* Keeps room for a NUL. */
static int put(const char *bytes, size_t size, void *out)
{
    struct text *text = out;
    size_t needed;
    char *grown = NULL;
    if (!text->failed && bp_size_add(text->length, size, &needed) &&
        bp_size_add(needed, 1, &needed))
        grown = bp_array_grow(text->bytes, &text->capacity, needed, 1);
    if (!grown) {
        text->failed = true;
        return -1;
    }
    text->bytes = grown;
    memcpy(grown + text->length, bytes, size);
    text->length += size;
    return 0;
}

char *bp_json_write(const json_t *json, size_t flags, size_t *length)
{
    struct text text = {.bytes = NULL};
    if (json_dump_callback(json, put, &text, flags | JSON_ENCODE_ANY) != 0 || text.failed) {
        free(text.bytes);
        return NULL;
    }
    text.bytes[text.length] = '\0';
    if (length)
        *length = text.length;
    return text.bytes;
}

/* Written and read in the same locale, whose point does not matter therefore. */
static size_t count_digits(double value)
{
    char text[40];
    size_t digits = 15;
    for (; digits < 17; digits++) {
        snprintf(text, sizeof text, "%.*g", (int)digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    return digits;
}

size_t bp_json_digits(const json_t *json)
{
    size_t digits = json_is_real(json) ? count_digits(json_real_value(json)) : 15;
    const char *key;
    json_t *value;
    size_t k;
    json_array_foreach(json, k, value)
    {
        digits = bp_size_max(digits, bp_json_digits(value));
    }
    json_object_foreach((json_t *)json, key, value)
    {
        digits = bp_size_max(digits, bp_json_digits(value));
    }
    return digits;
}
