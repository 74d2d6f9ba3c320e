/*
 * Integers beyond 2^24, of which floats hold only some: where they are classes, no two may become
 * one. A reader collects them as it goes, and a column that needs it gets its integers beside its
 * floats.
 */
#ifndef BP_DATA_TABLE_EXACT_H
#define BP_DATA_TABLE_EXACT_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/table/table.h"

/* Different integers of a column that are told apart; more are a key or a time, and no class. */
#define BP_EXACT_MAX 4096

/* A column of which a number was added. */
struct bp_exact_column {
    struct bp_exact_cell { /* one that a float does not hold */
        size_t row;
        int64_t value;
    } * cell;
    size_t cells; /* 0 if not all are EXACT */
    size_t capacity;
    enum bp_inexact why;
    size_t row;    /* the first one that is not EXACT */
    int64_t *slot; /* different integers, open addressing; 0 is none of them */
    size_t slots;
    size_t distinct;
};

/* All zeros: no number was added. */
struct bp_exact {
    struct bp_exact_column *column;
    size_t columns;
};

/* From here on a float may stand for another number. */
static inline bool bp_exact_is_large(float number)
{
    return fabsf(number) >= 0x1p23F;
}

/* Whether a large number is not its float; its text is as bp_integer_read() takes it. */
bool bp_exact_is_lost(const char *text, size_t length, char point, float number);

/* Adds a number of any size, with the float that its cell has. False: no memory. */
bool bp_exact_add_text(struct bp_exact *exact, size_t row, size_t column, const char *text,
                       size_t length, char point, float number);
bool bp_exact_add_double(struct bp_exact *exact, size_t row, size_t column, double number);
bool bp_exact_add_integer(struct bp_exact *exact, size_t row, size_t column, int64_t number);

/* Whether nothing more has to be added for a column. */
static inline bool bp_exact_is_decided(const struct bp_exact *exact, size_t column)
{
    return column < exact->columns && exact->column[column].why != BP_EXACT;
}

/* Fills `integers` and `inexact` of columns of a table whose cells are whole; the first column that
 * was added is its column `offset`. False: no memory. */
bool bp_exact_finish(const struct bp_exact *exact, struct bp_table *table, size_t offset);
void bp_exact_release(struct bp_exact *exact);

/* Appends what column `from` of a further table has of these to column `to`, both of numbers,
 * before the rows are counted. False: no memory. */
bool bp_exact_append(struct bp_table *table, size_t to, const struct bp_table *further,
                     size_t from);

#endif
