/* The mutator of files that hold an object of JSON a line, or one in all. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/mutate.h"
#include "fuzz/mutate_json.h"

/* The line of which byte `at` is one, without its end. */
static size_t find_line(const uint8_t *data, size_t size, size_t at, size_t *begin)
{
    size_t end = at;
    while (at > 0 && data[at - 1] != '\n')
        at--;
    while (end < size && data[end] != '\n')
        end++;
    *begin = at;
    return end - at;
}

/* Puts `length` bytes in place of `old` ones at `at`; the new size, or 0 if it is too large. */
static size_t splice(uint8_t *data, size_t size, size_t max_size, size_t at, size_t old,
                     const char *text, size_t length)
{
    if (size - old + length > max_size)
        return 0;
    memmove(data + at + length, data + at + old, size - at - old);
    memcpy(data + at, text, length);
    return size - old + length;
}

size_t mutate_lines(uint8_t *data, size_t size, size_t max_size, unsigned seed, bool lines,
                    mutate_finish_fn *finish)
{
    uint32_t state = seed * 2654435761u + 1;
    size_t begin = 0, length = size, changed = 0;
    if (size > 0 && mutate_draw(&state) % 4 > 0) {
        if (lines)
            length = find_line(data, size, mutate_draw(&state) % size, &begin);
        json_t *json = json_loadb((const char *)data + begin, length, JSON_DECODE_ANY, NULL);
        if (json) {
            json = mutate_json(json, &state);
            char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
            char *whole = text && finish ? finish(text) : text;
            if (whole)
                changed = splice(data, size, max_size, begin, length, whole, strlen(whole));
            if (whole != text)
                free(whole);
            free(text);
            json_decref(json);
        }
    }
    return changed ? changed : LLVMFuzzerMutate(data, size, max_size);
}
