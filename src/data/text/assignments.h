/*
 * "NAME=VALUE,...": items one after the other. A name with a comma, an equals sign or a quote, or
 * with blanks at its ends, stands in double quotes, the quotes in it doubled.
 */
#ifndef BP_DATA_TEXT_ASSIGNMENTS_H
#define BP_DATA_TEXT_ASSIGNMENTS_H

#include <stdbool.h>
#include <stddef.h>

struct bp_assignments {
    const char *at;    /* what is not read yet */
    const char *begin; /* of the current item */
    char *name;        /* of the current item */
    const char *value; /* the text after its equals sign, `length` bytes up to the next comma */
    size_t length;
};

/* Before the first item; borrows `text`. False: no memory. bp_assignments_end() frees the name. */
bool bp_assignments_begin(struct bp_assignments *items, const char *text);
void bp_assignments_end(struct bp_assignments *items);

/* Reads the next item, of which there is one at least. False: what begins at `begin` is none. */
bool bp_assignments_read(struct bp_assignments *items);

/* Whether another item follows, which is then the next one. */
bool bp_assignments_go_on(struct bp_assignments *items);

/* What follows after the excerpt of an item that is none. */
#define BP_ASSIGNMENTS_QUOTES                                                                      \
    "a name with a comma, an equals sign or a quote stands in double quotes"

#endif
