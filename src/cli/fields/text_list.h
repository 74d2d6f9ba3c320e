/* Texts one after another. */
#ifndef BP_CLI_FIELDS_TEXT_LIST_H
#define BP_CLI_FIELDS_TEXT_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* A zeroed one is empty. */
struct text_list {
    char **item;
    size_t count;
    size_t capacity;
};

/* Takes `text` (from malloc) also when it fails, and may be NULL then; false: no memory. */
bool text_list_take(struct text_list *list, char *text);

void text_list_free(struct text_list *list);

#endif
