/*
 * The order of category names, and finding a name. Integers come first, by value; other texts
 * follow, by bytes. It does not depend on the order of the rows of a file.
 */
#ifndef BP_DATA_TEXT_NAMES_H
#define BP_DATA_TEXT_NAMES_H

#include <stddef.h>

#include "base/status.h"

/* Like strcmp(); 0 for equal texts only. */
int bp_name_compare(const char *a, const char *b);

void bp_names_sort(char **names, size_t count);

/* The index of `name` in sorted names, or `count`. */
size_t bp_names_find(char *const *names, size_t count, const char *name);

/* "a, b, c, ...": the first names, as many as `size` bytes hold. */
void bp_names_join(char *const *names, size_t count, char *text, size_t size);

struct bp_name_entry {
    const char *name; /* borrowed */
    size_t place;
};

/* Names in any order, each with its place in that order. */
struct bp_name_index {
    size_t count;
    struct bp_name_entry *entry; /* sorted by name */
};

/* Room for `capacity` names; false if there is no memory. Then one add for each, then one sort. */
bool bp_name_index_create(struct bp_name_index *index, size_t capacity);
void bp_name_index_add(struct bp_name_index *index, const char *name, size_t place);
void bp_name_index_sort(struct bp_name_index *index);
/* The place of `name`, or SIZE_MAX. */
size_t bp_name_index_find(const struct bp_name_index *index, const char *name);
/* The same of the names of all columns, in their order: by name, or else by number from 1. */
size_t bp_name_index_find_column(const struct bp_name_index *index, const char *name);
/* A name that was added twice, or NULL. */
const char *bp_name_index_twin(const struct bp_name_index *index);
/* The name nearest to a mistyped one, or NULL. */
const char *bp_name_index_nearest(const struct bp_name_index *index, const char *name);
void bp_name_index_release(struct bp_name_index *index);

#endif
