/* A column is dropped once it cannot be classes: one of times or keys takes little memory. */
#include "data/table/exact.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/memory.h"
#include "base/sizes.h"
#include "data/table/cells.h"

bool bp_exact_is_lost(const char *text, size_t length, char point, float number)
{
    int64_t value;
    return bp_integer_read(text, length, point, &value) != BP_EXACT || fabsf(number) >= 0x1p63F ||
           (int64_t)number != value;
}

static bool add_cell(struct bp_exact_column *column, size_t row, int64_t value)
{
    struct bp_exact_cell *grown =
        bp_array_grow(column->cell, &column->capacity, column->cells + 1, sizeof *grown);
    if (!grown)
        return false;
    column->cell = grown;
    grown[column->cells++] = (struct bp_exact_cell){row, value};
    return true;
}

static bool has_column(struct bp_exact *exact, size_t column)
{
    if (column < exact->columns)
        return true;
    size_t columns = exact->columns;
    struct bp_exact_column *grown =
        bp_array_grow(exact->column, &columns, column + 1, sizeof *grown);
    if (!grown)
        return false;
    memset(grown + exact->columns, 0, (columns - exact->columns) * sizeof *grown);
    exact->column = grown;
    exact->columns = columns;
    return true;
}

static int64_t *find_slot(const struct bp_exact_column *column, int64_t value)
{
    uint64_t hash = (uint64_t)value * UINT64_C(0x9E3779B97F4A7C15);
    hash ^= hash >> 32;
    size_t at = (size_t)hash & (column->slots - 1);
    while (column->slot[at] != 0 && column->slot[at] != value)
        at = (at + 1) & (column->slots - 1);
    return &column->slot[at];
}

static bool widen(struct bp_exact_column *column)
{
    struct bp_exact_column wide = *column;
    wide.slots = bp_size_max(16, 2 * column->slots);
    wide.slot = calloc(wide.slots, sizeof *wide.slot);
    if (!wide.slot)
        return false;
    for (size_t k = 0; k < column->slots; k++)
        if (column->slot[k] != 0)
            *find_slot(&wide, column->slot[k]) = column->slot[k];
    free(column->slot);
    *column = wide;
    return true;
}

/* Counts a value among the different ones. False: no memory. */
static bool count_value(struct bp_exact_column *column, int64_t value)
{
    if (2 * (column->distinct + 1) > column->slots && !widen(column))
        return false;
    int64_t *slot = find_slot(column, value);
    column->distinct += *slot == 0;
    *slot = value;
    return true;
}

static void release_column(struct bp_exact_column *column)
{
    free(column->cell);
    free(column->slot);
    *column = (struct bp_exact_column){0};
}

static bool add(struct bp_exact *exact, size_t row, size_t c, enum bp_inexact why, int64_t value)
{
    if (!has_column(exact, c))
        return false;
    struct bp_exact_column *column = &exact->column[c];
    if (column->why != BP_EXACT)
        return true;
    if (why == BP_EXACT && !count_value(column, value))
        return false;
    if (why != BP_EXACT || column->distinct > BP_EXACT_MAX) {
        release_column(column);
        column->why = why != BP_EXACT ? why : BP_INEXACT_MANY;
        column->row = row;
        return true;
    }
    return add_cell(column, row, value);
}

bool bp_exact_add_text(struct bp_exact *exact, size_t row, size_t column, const char *text,
                       size_t length, char point, float number)
{
    int64_t value = 0;
    if (!bp_exact_is_large(number) || !bp_exact_is_lost(text, length, point, number))
        return true;
    const enum bp_inexact why = bp_integer_read(text, length, point, &value);
    return add(exact, row, column, why, value);
}

bool bp_exact_add_double(struct bp_exact *exact, size_t row, size_t column, double number)
{
    int64_t value = 0;
    const float rounded = (float)number;
    if (!bp_exact_is_large(rounded) || (double)rounded == number)
        return true;
    const enum bp_inexact why = bp_integer_of_double(number, &value);
    return add(exact, row, column, why, value);
}

bool bp_exact_add_integer(struct bp_exact *exact, size_t row, size_t column, int64_t number)
{
    const float rounded = (float)number;
    if (!bp_exact_is_large(rounded) || (fabsf(rounded) < 0x1p63F && (int64_t)rounded == number))
        return true;
    return add(exact, row, column, BP_EXACT, number);
}

/* The integers of the floats of a column, 0 for those that are none. False: one has a fraction. */
static bool copy_integers(const struct bp_table *table, size_t c, int64_t *integers)
{
    bool whole = true;
    for (size_t x = 0; x < table->rows; x++) {
        const float number = bp_column_number(table, x, c);
        whole &= isnan(number) || number == truncf(number);
        integers[x] = fabsf(number) < 0x1p63F ? (int64_t)number : 0;
    }
    if (table->column[c].integers)
        memcpy(integers, table->column[c].integers, table->rows * sizeof *integers);
    return whole;
}

/* The integers of a column, from its floats and from the cells that these do not hold; none if
 * others have fractions. False: no memory. */
static bool finish_column(const struct bp_exact_column *column, struct bp_table *table, size_t c)
{
    struct bp_column *out = &table->column[c];
    out->inexact = column->why;
    out->inexact_row = column->row;
    if (column->cells == 0)
        return true;
    int64_t *integers = bp_array_alloc(table->rows, sizeof *integers);
    if (!integers)
        return false;
    const bool whole = copy_integers(table, c, integers);
    for (size_t k = 0; k < column->cells; k++)
        integers[column->cell[k].row] = column->cell[k].value;
    if (whole)
        out->integers = integers;
    else
        free(integers);
    return true;
}

bool bp_exact_finish(const struct bp_exact *exact, struct bp_table *table, size_t offset)
{
    bool done = true;
    for (size_t k = 0; done && k < exact->columns; k++)
        if (exact->column[k].cells > 0 || exact->column[k].why != BP_EXACT)
            done = finish_column(&exact->column[k], table, offset + k);
    return done;
}

void bp_exact_release(struct bp_exact *exact)
{
    for (size_t k = 0; k < exact->columns; k++)
        release_column(&exact->column[k]);
    free(exact->column);
    *exact = (struct bp_exact){0};
}

bool bp_exact_append(struct bp_table *table, size_t to, const struct bp_table *further, size_t from)
{
    struct bp_column *column = &table->column[to];
    const struct bp_column *source = &further->column[from];
    int64_t *integers = NULL;
    if (!column->inexact && source->inexact) {
        column->inexact = source->inexact;
        column->inexact_row = table->rows + source->inexact_row;
    }
    if (!column->inexact && (column->integers || source->integers)) {
        integers = bp_array_alloc(table->rows + further->rows, sizeof *integers);
        if (!integers)
            return false;
        if (!copy_integers(table, to, integers) ||
            !copy_integers(further, from, integers + table->rows)) {
            free(integers);
            integers = NULL;
        }
    }
    free(column->integers);
    column->integers = integers;
    return true;
}
