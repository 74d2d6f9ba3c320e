/* Items are cut in place, in a copy of the text. */
#include "data/text/list.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/shell_word.h"
#include "data/text/text.h"

static char *skip_blanks(char *at)
{
    return at + strspn(at, " \t");
}

/* Cuts the quoted item whose text begins at `at`; returns what follows it, or NULL. */
static char *cut_quoted(char *at)
{
    char *to = at;
    for (;; at++) {
        if (*at == '\0')
            return NULL;
        if (*at == '"' && *++at != '"')
            break;
        *to++ = *at;
    }
    at = skip_blanks(at);
    const bool is_whole = *at == ',' || *at == '\0';
    *to = '\0'; /* `at` points past it: there is a quote in between */
    return is_whole ? at : NULL;
}

/* Cuts the item at *rest and moves *rest past the comma after it, or to NULL. */
static bool cut_item(char **rest, char **item)
{
    char *at = skip_blanks(*rest);
    const bool quoted = *at == '"';
    *item = at + quoted;
    char *end = quoted ? cut_quoted(*item) : at + strcspn(at, ",");
    if (!end)
        return false;
    *rest = *end ? end + 1 : NULL;
    if (!quoted) {
        while (end > at && strchr(" \t", end[-1]))
            end--;
        *end = '\0';
    }
    return true;
}

bp_status bp_list_parse(struct bp_list *list, const char *text, const char *what, bp_error *error)
{
    bp_status status = BP_OK;
    size_t commas = 0;
    for (const char *c = text; *c; c++)
        commas += *c == ',';
    *list = (struct bp_list){.text = bp_text_copy(text, strlen(text)),
                             .item = bp_array_alloc(commas + 1, sizeof *list->item)};
    if (!list->text || !list->item) {
        status = bp_fail_memory(error, what);
        goto fail;
    }
    for (char *rest = list->text; rest; list->count++) {
        if (cut_item(&rest, &list->item[list->count]))
            continue;
        char quoted[BP_EXCERPT_SIZE];
        status = bp_fail(error, BP_ERROR_ARGUMENT,
                         "%s: a quote in the list %s does not end where an item does", what,
                         bp_text_excerpt(quoted, text, strlen(text)));
        goto fail;
    }
    return BP_OK;
fail:
    bp_list_release(list);
    return status;
}

void bp_list_release(struct bp_list *list)
{
    free(list->item);
    free(list->text);
    *list = (struct bp_list){0};
}

static bool needs_quotes(const char *item)
{
    const size_t length = strlen(item);
    return length == 0 || strpbrk(item, ",\"") || strchr(" \t", item[0]) ||
           strchr(" \t", item[length - 1]);
}

static char *put_item(char *to, const char *item)
{
    const bool quoted = needs_quotes(item);
    if (quoted)
        *to++ = '"';
    for (; *item; item++) {
        if (*item == '"')
            *to++ = '"';
        *to++ = *item;
    }
    if (quoted)
        *to++ = '"';
    return to;
}

char *bp_list_join(const char *const *item, size_t count)
{
    size_t size = 1;
    for (size_t k = 0; k < count; k++)
        size += 2 * strlen(item[k]) + 3; /* every byte a quote, two quotes around it, a comma */
    char *text = malloc(size), *to = text;
    if (!text)
        return NULL;
    for (size_t k = 0; k < count; k++) {
        if (k > 0)
            *to++ = ',';
        to = put_item(to, item[k]);
    }
    *to = '\0';
    return text;
}

const char *bp_list_advice(char text[BP_LIST_ADVICE_SIZE], const char *given,
                           const char *const *item, size_t count)
{
    char list[BP_LIST_ADVICE_SIZE];
    char *added = bp_list_join(item, count);
    snprintf(list, sizeof list, "%s%s%s", given ? given : "", given ? "," : "",
             added ? added : item[0]);
    free(added);
    bp_shell_word(text, BP_LIST_ADVICE_SIZE, list);
    return text;
}
