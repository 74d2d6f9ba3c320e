/* A changed file that its first digest gives away tests that digest alone: so digests are put
 * right, by what the message says that they should be. */
#include <stdlib.h>
#include <string.h>

#include "base/byte_order.h"
#include "batchprop/batchprop.h"
#include "fuzz/mutate.h"
#include "fuzz/mutate_json.h"

#define LENGTH_SIZE 8
#define DIGEST      (BP_DIGEST_SIZE - 1)
#define DIGESTS_MAX 6

static uint8_t *find(uint8_t *data, size_t size, const char *text, size_t length)
{
    for (size_t at = 0; at + length <= size; at++)
        if (memcmp(data + at, text, length) == 0)
            return data + at;
    return NULL;
}

/* "... has digest FOUND, not STORED as the file says". */
static bool put_digest_right(uint8_t *data, size_t size, const char *message)
{
    const char *found = strstr(message, "digest "), *stored = strstr(message, ", not ");
    if (!found || !stored || !strstr(message, " as the file says"))
        return false;
    found += strlen("digest ");
    stored += strlen(", not ");
    if (strcspn(found, ",") != DIGEST || strcspn(stored, " ") != DIGEST)
        return false;
    uint8_t *place = find(data, size, stored, DIGEST);
    if (place)
        memcpy(place, found, DIGEST);
    return place != NULL;
}

/* The file with another header. 0: it does not fit. */
static size_t put_header(uint8_t *data, size_t size, size_t max_size, size_t old, const char *text)
{
    const size_t length = strlen(text), numbers = size - LENGTH_SIZE - old;
    if (LENGTH_SIZE + length + numbers > max_size)
        return 0;
    memmove(data + LENGTH_SIZE + length, data + LENGTH_SIZE + old, numbers);
    memcpy(data + LENGTH_SIZE, text, length);
    for (size_t k = 0; k < LENGTH_SIZE; k++)
        data[k] = (uint8_t)((uint64_t)length >> 8 * k);
    return LENGTH_SIZE + length + numbers;
}

/* The bytes of the header, or 0: there is none. */
static size_t header_length(const uint8_t *data, size_t size)
{
    if (size < LENGTH_SIZE)
        return 0;
    const uint64_t length = bp_load_little(data, LENGTH_SIZE);
    return length <= size - LENGTH_SIZE ? (size_t)length : 0;
}

static size_t change_header(uint8_t *data, size_t size, size_t max_size, uint32_t *state)
{
    const size_t length = header_length(data, size);
    json_t *json = json_loadb((const char *)data + LENGTH_SIZE, length, 0, NULL);
    if (!json)
        return 0;
    /* Most of what there is to know stands in the metadata. */
    json_t *metadata = json_object_get(json, "__metadata__");
    if (json_is_object(metadata) && mutate_draw(state) % 4)
        json_object_set_new(json, "__metadata__", mutate_json(json_incref(metadata), state));
    else
        json = mutate_json(json, state);
    char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    size = text ? put_header(data, size, max_size, length, text) : 0;
    free(text);
    json_decref(json);
    return size;
}

static size_t change_numbers(uint8_t *data, size_t size, uint32_t *state)
{
    static const uint32_t bits[] = {0, 0x80000000, 0x7F800000, 0x7FC00000, 0x00000001, 0x7F7FFFFF};
    const size_t begin = LENGTH_SIZE + header_length(data, size);
    if (size < begin + sizeof *bits)
        return 0;
    const size_t at = begin + mutate_draw(state) % ((size - begin) / 4) * 4;
    memcpy(data + at, &bits[mutate_draw(state) % (sizeof bits / sizeof *bits)], sizeof *bits);
    return size;
}

size_t mutate_model(uint8_t *data, size_t size, size_t max_size, unsigned seed,
                    mutate_load_fn *load)
{
    uint32_t state = seed * 2654435761u + 1;
    const uint32_t way = mutate_draw(&state) % 16;
    size_t changed = 0;
    if (header_length(data, size) > 0 && way < 12)
        changed = change_header(data, size, max_size, &state);
    else if (header_length(data, size) > 0 && way < 14)
        changed = change_numbers(data, size, &state);
    if (changed == 0)
        changed = LLVMFuzzerMutate(data, size, max_size);
    for (int k = 0; way > 0 && k < DIGESTS_MAX; k++) {
        char message[BP_ERROR_MESSAGE_SIZE] = "";
        load(data, changed, message);
        if (!put_digest_right(data, changed, message))
            break;
    }
    return changed;
}
