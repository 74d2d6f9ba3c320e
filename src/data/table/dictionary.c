/* A hash table with linear probing; it is never more than half full, so that probes are short. */
#include "data/table/dictionary.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/grow.h"
#include "base/memory.h"

#define FIRST_SLOTS 16

static bool is_equal(const char *stored, const char *text, size_t length)
{
    return strncmp(stored, text, length) == 0 && stored[length] == '\0';
}

/* The slot that holds `text`, or the free one where it belongs. */
static uint32_t *find_slot(const struct bp_dictionary *dictionary, const char *text, size_t length)
{
    size_t mask = dictionary->slots - 1;
    size_t k = (size_t)bp_digest_short(text, length) & mask;
    while (dictionary->slot[k] != 0 &&
           !is_equal(dictionary->text[dictionary->slot[k] - 1], text, length))
        k = (k + 1) & mask;
    return &dictionary->slot[k];
}

static bool widen(struct bp_dictionary *dictionary)
{
    size_t slots = dictionary->slots ? 2 * dictionary->slots : FIRST_SLOTS;
    uint32_t *slot = calloc(slots, sizeof *slot);
    if (!slot)
        return false;
    free(dictionary->slot);
    dictionary->slot = slot;
    dictionary->slots = slots;
    for (size_t k = 0; k < dictionary->count; k++) {
        const char *text = dictionary->text[k];
        *find_slot(dictionary, text, strlen(text)) = (uint32_t)k + 1;
    }
    return true;
}

bool bp_dictionary_add(struct bp_dictionary *dictionary, const char *text, size_t length,
                       uint32_t *number)
{
    if (2 * (dictionary->count + 1) > dictionary->slots && !widen(dictionary))
        return false;
    uint32_t *slot = find_slot(dictionary, text, length);
    if (*slot == 0) {
        char **grown = bp_array_grow(dictionary->text, &dictionary->capacity, dictionary->count + 1,
                                     sizeof *grown);
        if (!grown)
            return false;
        dictionary->text = grown;
        char *copy = bp_text_copy(text, length);
        if (!copy)
            return false;
        dictionary->text[dictionary->count++] = copy;
        *slot = (uint32_t)dictionary->count;
    }
    *number = *slot - 1;
    return true;
}

bool bp_dictionary_find(const struct bp_dictionary *dictionary, const char *text, size_t length,
                        uint32_t *number)
{
    const uint32_t *slot = dictionary->slots > 0 ? find_slot(dictionary, text, length) : NULL;
    if (!slot || *slot == 0)
        return false;
    *number = *slot - 1;
    return true;
}

void bp_dictionary_release(struct bp_dictionary *dictionary)
{
    for (size_t k = 0; k < dictionary->count; k++)
        free(dictionary->text[k]);
    free(dictionary->text);
    free(dictionary->slot);
    *dictionary = (struct bp_dictionary){0};
}
