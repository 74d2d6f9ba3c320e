/*
 * A report: one list of fields with two printers, lines and tables for people or one JSON object
 * for programs. A field has a key for programs and a title for people; NULL leaves it out of that
 * form.
 *
 *   struct fields out = fields_begin(json, 12);
 *   fields_count(&out, "samples", "samples", samples);             samples     1,234
 *   fields_table(&out, "classes", "\n");
 *   for (each class) {                                             class   recall
 *       fields_row(&out);                                          setosa  1.0000
 *       fields_text(&out, "name", "class", name);
 *       fields_decimals(&out, "recall", "recall", 4, recall);
 *   }
 *   fields_close(&out);
 *   return fields_end(&out);
 *
 * Out of a table a field is a line for people; in a row it is a cell, whose titles are those of the
 * first row. Every row has the same titles. Numbers are aligned to the right, texts to the left.
 */
#ifndef BP_CLI_FIELDS_FIELDS_H
#define BP_CLI_FIELDS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batchprop/batchprop.h"
#include "cli/fields/json_output.h"
#include "cli/fields/text_list.h"
#include "cli/fields/text_table.h"
#include "cli/terminal/messages.h"

#define FIELDS_COLUMNS_MAX 64

struct fields {
    bool json;
    struct json_output output; /* of programs; output.digits may be set */

    const char *none; /* what people see of a number that is not finite; NULL: inf or nan */

    int width;             /* of the titles of lines */
    bool in_line;          /* a line lacks its end */
    char kind[JSON_DEPTH]; /* of what is open: o object, a array, t table; a row is either */
    size_t depth;
    struct text_table *table;
    const char *heading; /* of the table */
    size_t rows;         /* of the table, with the current one */
    size_t column;       /* of the next cell */
    struct text_list first_row;
    char alignment[FIELDS_COLUMNS_MAX + 1];
};

/* `width`: columns that the titles of lines take. */
struct fields fields_begin(bool json, int width);

/* Ends the last line, or prints the object. Returns an exit code; frees everything. */
int fields_end(struct fields *fields);

/* ---- one value ---- */

void fields_whole(struct fields *fields, const char *key, const char *title, uint64_t value);
/* People see groups of three digits: 1,234,567. */
void fields_count(struct fields *fields, const char *key, const char *title, uint64_t value);
/* A real number: with `digits` significant ones, with so many decimals, and a share in percent. */
void fields_digits(struct fields *fields, const char *key, const char *title, int digits,
                   double value);
void fields_decimals(struct fields *fields, const char *key, const char *title, int decimals,
                     double value);
void fields_percent(struct fields *fields, const char *key, const char *title, int decimals,
                    double value);
/* Per second: people see a whole number in groups of three digits. */
void fields_rate(struct fields *fields, const char *key, const char *title, double value);
/* For programs alone. */
void fields_real(struct fields *fields, const char *key, double value);
void fields_flag(struct fields *fields, const char *key, bool value);
/* "4.2 s" for people, seconds for programs. */
void fields_duration(struct fields *fields, const char *key, const char *title, double seconds);
/* NULL is null, no line and an empty cell. */
void fields_text(struct fields *fields, const char *key, const char *title, const char *text);
void fields_choice(struct fields *fields, const char *key, const char *title, bp_choice choice,
                   int value);
/* Neither: null for programs. */
void fields_null(struct fields *fields, const char *key);

/* ---- for people alone ---- */

/* In a row a cell that is aligned to the right. */
void fields_line(struct fields *fields, const char *title, const char *format, ...) BP_PRINTF(3, 4);
/* Goes on in the last line. */
void fields_more(struct fields *fields, const char *format, ...) BP_PRINTF(2, 3);
/* Whole lines as they stand. */
void fields_say(struct fields *fields, const char *format, ...) BP_PRINTF(2, 3);

/* ---- fields in fields, until fields_close() ---- */

/* An object, or an array of plain values, whose keys do not matter. People see what is in it as if
 * it were outside. */
void fields_object(struct fields *fields, const char *key);
void fields_array(struct fields *fields, const char *key);
/* Rows: an array of objects. People see `heading`, kept, as it stands before the first row, and
 * nothing if there is no row. No table in a table for people. */
void fields_table(struct fields *fields, const char *key, const char *heading);
/* Begin a row, an object or an array, and end the one before. */
void fields_row(struct fields *fields);
void fields_array_row(struct fields *fields);
void fields_close(struct fields *fields);

#endif
