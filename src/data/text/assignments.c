/* Names are copied out of their quotes; values are left to the caller. */
#include "data/text/assignments.h"

#include <stdlib.h>
#include <string.h>

bool bp_assignments_begin(struct bp_assignments *items, const char *text)
{
    *items = (struct bp_assignments){.at = text, .name = malloc(strlen(text) + 1)};
    return items->name != NULL;
}

void bp_assignments_end(struct bp_assignments *items)
{
    free(items->name);
    *items = (struct bp_assignments){0};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void skip_blanks(struct bp_assignments *items)
{
    while (is_blank(*items->at))
        items->at++;
}

/* The text between quotes, of which *at is the first. False: there is no last one. */
static bool read_quoted(struct bp_assignments *items)
{
    char *to = items->name;
    const char *c = items->at + 1;
    for (; *c && (*c != '"' || c[1] == '"'); c++) {
        *to++ = *c;
        c += *c == '"';
    }
    *to = '\0';
    items->at = c + (*c != '\0');
    return *c == '"';
}

static void read_plain(struct bp_assignments *items)
{
    size_t length = strcspn(items->at, "=,\"");
    memcpy(items->name, items->at, length);
    items->at += length;
    while (length > 0 && is_blank(items->name[length - 1]))
        length--;
    items->name[length] = '\0';
}

bool bp_assignments_read(struct bp_assignments *items)
{
    bool closed = true;
    skip_blanks(items);
    items->begin = items->at;
    if (*items->at == '"') {
        closed = read_quoted(items);
        skip_blanks(items);
    } else {
        read_plain(items);
    }
    if (!closed || *items->at != '=')
        return false;
    items->value = ++items->at;
    items->length = strcspn(items->value, ",");
    items->at += items->length;
    return true;
}

bool bp_assignments_go_on(struct bp_assignments *items)
{
    if (*items->at == '\0')
        return false;
    items->at++;
    return true;
}
