/* Lists in options: items separated by commas. An item that holds a comma or a quote, or has blanks
 * at its ends, is in quotes, and the quotes in it are doubled. */
#ifndef BP_DATA_TEXT_LIST_H
#define BP_DATA_TEXT_LIST_H

#include <stddef.h>

#include "base/status.h"

struct bp_list {
    size_t count;
    char **item; /* in `text` */
    char *text;
};

/* The items of a text, from one on: that of "" is "". `what` is what messages call the list.
 * Errors: ARGUMENT (a quote that does not end, or does not end the item), MEMORY; then `list` is
 * zeroed. */
bp_status bp_list_parse(struct bp_list *list, const char *text, const char *what, bp_error *error);
void bp_list_release(struct bp_list *list);

/* The text of a list of one item or more, or NULL if there is no memory; freed with free(). */
char *bp_list_join(const char *const *item, size_t count);

#define BP_LIST_ADVICE_SIZE 256

/* Writes a list for a command line: what was given for it, or NULL, and further items, one or more;
 * in quotes where a shell needs them, cut where it is longer. Returns `text`. */
const char *bp_list_advice(char text[BP_LIST_ADVICE_SIZE], const char *given,
                           const char *const *item, size_t count);

#endif
