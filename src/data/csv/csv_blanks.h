/*
 * CSV whose fields are separated by runs of blanks: before it is parsed, each run between two
 * fields becomes one tab, and those at both ends of a line are dropped. Blanks in quotes stay.
 * Lines stay lines, and so do the places in messages.
 */
#ifndef BP_DATA_CSV_CSV_BLANKS_H
#define BP_DATA_CSV_CSV_BLANKS_H

#include <stdbool.h>
#include <stddef.h>

/* Where the text so far has ended; all zeros at the begin of a file. */
struct bp_csv_blanks {
    bool quoted;
    bool in_line; /* the line has a field */
    bool pending; /* and blanks after it */
};

/* Writes what becomes of the next `size` bytes of a text, at most size + 1, and returns how many.
 * `to` may be before `text` in the same memory, by a byte or more. */
size_t bp_csv_blanks_replace(struct bp_csv_blanks *blanks, char *to, const char *text, size_t size);

#endif
