/* Distinct texts, numbered from 0 in order of first appearance. */
#ifndef BP_DATA_TABLE_DICTIONARY_H
#define BP_DATA_TABLE_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Distinct texts that a column of a table may have: their codes are exact as floats. */
#define BP_CATEGORIES_MAX 65536

/* All zeros is an empty dictionary. */
struct bp_dictionary {
    char **text; /* `count` of them, each from malloc */
    size_t count;
    size_t capacity;
    uint32_t *slot; /* open addressing: number + 1, or 0 where free */
    size_t slots;   /* a power of two, more than twice `count`; or 0 */
};

/* The number of `text`, which may not hold NUL; adds it if it is new. Below 2^31 texts. False: no
 * memory. */
bool bp_dictionary_add(struct bp_dictionary *dictionary, const char *text, size_t length,
                       uint32_t *number);

/* The number of `text`, which may not hold NUL. False: it is not there. */
bool bp_dictionary_find(const struct bp_dictionary *dictionary, const char *text, size_t length,
                        uint32_t *number);

/* Frees the content; all zeros again. */
void bp_dictionary_release(struct bp_dictionary *dictionary);

#endif
