/*
 * A text of whole rows, and the begin of another, in parts. Each thread reads the plain rows of its
 * own parts. One thread then puts the parts together, in their order, and gives the irregular rows
 * to the reader. Only the reader adds to dictionaries and reports errors, and it takes the rows in
 * the order of the text: so the result does not depend on the parts.
 */
#ifndef BP_DATA_CSV_CSV_PARTS_H
#define BP_DATA_CSV_CSV_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "data/csv/csv_plain.h"
#include "data/csv/csv_reader.h"

struct bp_csv_parts {
    size_t count;
    const char **cut; /* count + 1: part k is cut[k] ... cut[k + 1] */
    struct bp_csv_part {
        struct bp_csv_plain plain;
        float *target; /* of its rows in the table, once there is room */
        bool done;     /* else there was no memory */
    } * part;
};

/* `count` empty parts, from 1. False: no memory; to be released then, too. */
bool bp_csv_parts_create(struct bp_csv_parts *parts, size_t count);
void bp_csv_parts_release(struct bp_csv_parts *parts);

/* Cuts a text that begins where a row does; an unfinished row at its end is in no part. */
void bp_csv_parts_cut(struct bp_csv_parts *parts, const char *text, const char *end);

/* Reads the plain rows of part k. `rows` has a row, and does not change while parts are read. */
void bp_csv_parts_read(struct bp_csv_parts *parts, size_t k, const struct bp_csv_rows *rows);

/* If all rows are plain, makes room for them in the table: then each part is to be copied, by any
 * thread, and there is nothing to add. Errors: INPUT, MEMORY. */
bp_status bp_csv_parts_place(struct bp_csv_parts *parts, struct bp_csv_reader *reader,
                             bool *placed);
void bp_csv_parts_copy(const struct bp_csv_parts *parts, size_t k, size_t cells);

/* Adds the parts, all of them read, to those rows, through the reader that they belong to. *at:
 * where it stopped: after the last part, or where the reader takes no more plain rows. Errors:
 * INPUT, MEMORY. */
bp_status bp_csv_parts_add(const struct bp_csv_parts *parts, struct bp_csv_reader *reader,
                           const char **at);

#endif
