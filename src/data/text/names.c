/* Sorting and finding names; every search is by halves, so that no file can make it slow. */
#include "data/text/names.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sizes.h"

/* Longer ones could overflow 64 bits, and count as text. */
#define DIGITS_MAX 18

/* Comparing a mistyped name with more names than this would take seconds. */
#define NEAREST_MAX 4096

/* "-12" and the like, without locale; false for any other text. */
static bool parse_integer(const char *text, int64_t *value)
{
    bool negative = *text == '-';
    const char *digits = text + (*text == '-' || *text == '+');
    size_t length = strlen(digits);
    if (length < 1 || length > DIGITS_MAX)
        return false;
    int64_t sum = 0;
    for (const char *c = digits; *c; c++) {
        if (*c < '0' || *c > '9')
            return false;
        sum = sum * 10 + (*c - '0');
    }
    *value = negative ? -sum : sum;
    return true;
}

int bp_name_compare(const char *a, const char *b)
{
    int64_t x = 0, y = 0;
    bool a_is_integer = parse_integer(a, &x), b_is_integer = parse_integer(b, &y);
    if (a_is_integer != b_is_integer)
        return a_is_integer ? -1 : 1;
    if (x != y)
        return x < y ? -1 : 1;
    return strcmp(a, b);
}

static int compare_names(const void *a, const void *b)
{
    return bp_name_compare(*(char *const *)a, *(char *const *)b);
}

void bp_names_sort(char **names, size_t count)
{
    if (count > 1)
        qsort(names, count, sizeof *names, compare_names);
}

size_t bp_names_find(char *const *names, size_t count, const char *name)
{
    char *const *found =
        count > 0 ? bsearch(&name, names, count, sizeof *names, compare_names) : NULL;
    return found ? (size_t)(found - names) : count;
}

void bp_names_join(char *const *names, size_t count, char *text, size_t size)
{
    static const char more[] = ", ...";
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        size_t needed = strlen(names[i]) + (i ? 2 : 0);
        /* Where this is not the last name, room is reserved for what says so. */
        size_t reserved = i + 1 < count ? sizeof more - 1 : 0;
        if (length + needed + reserved >= size) {
            snprintf(text + length, size - length, "%s", i ? more : "...");
            return;
        }
        snprintf(text + length, size - length, "%s%s", i ? ", " : "", names[i]);
        length += needed;
    }
}

bool bp_name_index_create(struct bp_name_index *index, size_t capacity)
{
    index->count = 0;
    index->entry = bp_array_alloc(capacity, sizeof *index->entry);
    return index->entry != NULL;
}

void bp_name_index_add(struct bp_name_index *index, const char *name, size_t place)
{
    index->entry[index->count++] = (struct bp_name_entry){.name = name, .place = place};
}

static int compare_entries(const void *a, const void *b)
{
    const struct bp_name_entry *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->place > y->place) - (x->place < y->place);
}

void bp_name_index_sort(struct bp_name_index *index)
{
    if (index->count > 1)
        qsort(index->entry, index->count, sizeof *index->entry, compare_entries);
}

static int compare_with_entry(const void *name, const void *entry)
{
    return strcmp(name, ((const struct bp_name_entry *)entry)->name);
}

size_t bp_name_index_find(const struct bp_name_index *index, const char *name)
{
    const struct bp_name_entry *found =
        bsearch(name, index->entry, index->count, sizeof *found, compare_with_entry);
    return found ? found->place : SIZE_MAX;
}

size_t bp_name_index_find_column(const struct bp_name_index *index, const char *name)
{
    const size_t found = bp_name_index_find(index, name);
    if (found != SIZE_MAX)
        return found;
    size_t number = 0;
    for (const char *c = name; *c; c++) {
        if (*c < '0' || *c > '9' || number > index->count)
            return SIZE_MAX;
        number = number * 10 + (size_t)(*c - '0');
    }
    return number >= 1 && number <= index->count ? number - 1 : SIZE_MAX;
}

const char *bp_name_index_twin(const struct bp_name_index *index)
{
    for (size_t i = 1; i < index->count; i++) {
        if (strcmp(index->entry[i - 1].name, index->entry[i].name) == 0)
            return index->entry[i].name;
    }
    return NULL;
}

const char *bp_name_index_nearest(const struct bp_name_index *index, const char *name)
{
    size_t count = bp_size_min(index->count, NEAREST_MAX);
    const char **names = bp_array_alloc(count, sizeof *names);
    if (!names)
        return NULL;
    for (size_t i = 0; i < count; i++)
        names[i] = index->entry[i].name;
    const char *nearest = bp_nearest_name(name, names, count);
    free(names);
    return nearest;
}

void bp_name_index_release(struct bp_name_index *index)
{
    free(index->entry);
    index->entry = NULL;
    index->count = 0;
}
