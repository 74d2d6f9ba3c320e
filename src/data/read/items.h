/* Numbers of one type in a binary file: the content of IDX and NPY files. */
#ifndef BP_DATA_READ_ITEMS_H
#define BP_DATA_READ_ITEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/source/source.h"

enum bp_item_kind {
    BP_ITEM_BOOL, /* 1 byte, 0 or 1 */
    BP_ITEM_UNSIGNED,
    BP_ITEM_SIGNED,
    BP_ITEM_FLOAT /* 4 or 8 bytes */
};

#define BP_ITEM_SIZE_MAX 8

/* rows x width numbers, each from 1, whose bytes can be counted. */
struct bp_items {
    enum bp_item_kind kind;
    size_t size;     /* bytes of a number: 1, 2, 4 or 8 */
    bool big_endian; /* the first byte is the highest */
    size_t rows;
    size_t width;
    const char *row_word; /* what messages call a row and what is in it: "item" and "value" */
    const char *cell_word;
};

enum bp_number_type {
    BP_AS_BYTES,   /* uint8_t: only numbers of 1 byte, as they are */
    BP_AS_FLOATS,  /* float: rounded to binary32; what is too large becomes infinite */
    BP_AS_DOUBLES, /* double: integers beyond 2^53 are rounded */
    BP_AS_INTEGERS /* int64_t: not from floats; from 2^63 on an error, and a bool from 2 on */
};

/* Reads the numbers from a source whose next byte is that of the first, to the end of the source,
 * into an array from malloc that grows with what was read. Errors: INPUT, IO, MEMORY; then *out is
 * NULL. */
bp_status bp_items_read(const struct bp_items *items, struct bp_source *source,
                        enum bp_number_type type, void **out, bp_error *error);

/* Whether a number may be one that binary32 rounds. */
static inline bool bp_items_are_wide(const struct bp_items *items)
{
    return items->kind == BP_ITEM_FLOAT ? items->size > sizeof(float)
                                        : items->size >= sizeof(float);
}

/* Whether the numbers, read or in place, are what they may be: floats finite, bools 0 or 1. Error:
 * INPUT with the row and the cell. */
bp_status bp_items_check_bytes(const struct bp_items *items, const char *path, const uint8_t *bytes,
                               bp_error *error);
bp_status bp_items_check_floats(const struct bp_items *items, const char *path, const float *values,
                                bp_error *error);

#endif
