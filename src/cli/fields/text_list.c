/* A list that owns its texts. */
#include "cli/fields/text_list.h"

#include <stdlib.h>

bool text_list_take(struct text_list *list, char *text)
{
    if (text && list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 8;
        char **grown = realloc(list->item, capacity * sizeof *grown);
        if (!grown) {
            free(text);
            return false;
        }
        list->item = grown;
        list->capacity = capacity;
    }
    if (text)
        list->item[list->count++] = text;
    return text != NULL;
}

void text_list_free(struct text_list *list)
{
    for (size_t k = 0; k < list->count; k++)
        free(list->item[k]);
    free(list->item);
    *list = (struct text_list){0};
}
