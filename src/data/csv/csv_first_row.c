/* Most tables are through after the first look: they have a fraction or a number twice in the first
 * row. Only the others are gone through once more. */
#include "data/csv/csv_first_row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/text/number.h"
#include "data/text/text.h"

/* Digits of an integer that 64 bits hold. */
#define DIGITS_MAX 18

/* An integer in digits alone, BLANK or TEXT; false: the cell is no name. */
static bool read_cell(const struct bp_csv_cell *cell, char point, int64_t *value)
{
    float number;
    const enum bp_number result = bp_number_parse_with(cell->text, cell->length, point, &number);
    *value = result == BP_NUMBER_BLANK ? BP_CSV_BLANK : BP_CSV_TEXT;
    if (result == BP_NUMBER_BLANK)
        return true;
    if (result == BP_NUMBER_TEXT)
        return !bp_text_looks_missing(cell->text, cell->length);
    if (result != BP_NUMBER_OK || cell->length > DIGITS_MAX ||
        (cell->length > 1 && cell->text[0] == '0'))
        return false;
    *value = 0;
    for (size_t k = 0; k < cell->length; k++) {
        if (cell->text[k] < '0' || cell->text[k] > '9')
            return false;
        *value = *value * 10 + (cell->text[k] - '0');
    }
    return true;
}

bool bp_csv_first_row_look(struct bp_csv_first_row *first, const struct bp_csv_buffered *row,
                           char point)
{
    bool good = row->cells >= 2, twin = false;
    *first = (struct bp_csv_first_row){.columns = row->cells, .line = row->ends[0].line};
    first->cell = bp_array_alloc(row->cells, sizeof *first->cell);
    for (size_t c = 0; first->cell && good && c < row->cells; c++) {
        const struct bp_csv_cell cell = bp_csv_buffered_cell(row, c);
        good = read_cell(&cell, point, &first->cell[c]);
    }
    const bool memory = first->cell && (!good || bp_csv_buffered_has_twin(row, &twin));
    if (!memory || !good || twin)
        bp_csv_first_row_release(first);
    return memory;
}

void bp_csv_first_row_release(struct bp_csv_first_row *first)
{
    free(first->cell);
    *first = (struct bp_csv_first_row){0};
}

/* What the rows below the first one have in a column. */
struct below {
    size_t missing;
    size_t fractions; /* numbers that are no integers */
    size_t numbers;
    bool inside; /* the first number is within their range */
    bool again;  /* the text of the first row is there */
    bool alone;  /* another text is there once */
};

static float get_cell(const struct bp_table *table, size_t row, size_t column)
{
    return table->values[row * table->cells + column];
}

static void look_below_number(const struct bp_table *table, size_t column, struct below *below)
{
    const float first = get_cell(table, 0, column);
    bool above = false, under = false;
    for (size_t x = 1; x < table->rows; x++) {
        const float number = get_cell(table, x, column);
        if (isnan(number))
            continue;
        below->numbers++;
        below->fractions += number != truncf(number);
        above |= number >= first;
        under |= number <= first;
    }
    below->inside = above && under;
}

/* False: no memory. */
static bool look_below_text(const struct bp_table *table, size_t column, struct below *below)
{
    size_t *count = calloc(table->column[column].categories + 1, sizeof *count);
    if (!count)
        return false;
    for (size_t x = 0; x < table->rows; x++)
        count[(size_t)get_cell(table, x, column)]++;
    const size_t first = (size_t)get_cell(table, 0, column);
    below->again = count[first] > 1;
    for (size_t code = 0; code < table->column[column].categories; code++)
        below->alone |= code != first && count[code] == 1;
    free(count);
    return true;
}

/* What all columns together say. */
struct evidence {
    size_t numbers, texts, blanks; /* cells of the first row */
    bool refuted;
    bool fractions;      /* a column has some below an integer */
    bool like_fractions; /* and an integer is as they are */
    bool inside;         /* a number is within the range of its column */
    bool alone;          /* another text is in one row only */
};

static bool weigh_column(const struct bp_csv_first_row *first, const struct bp_table *table,
                         size_t c, struct evidence *evidence)
{
    const bool texts = table->column[c].kind == BP_COLUMN_CATEGORY;
    struct below below = {0};
    evidence->blanks += first->cell[c] == BP_CSV_BLANK;
    evidence->refuted |= first->cell[c] == BP_CSV_BLANK && table->column[c].missing > 1;
    if (first->cell[c] == BP_CSV_BLANK || table->column[c].role != BP_ROLE_UNKNOWN)
        return true;
    evidence->texts += texts;
    evidence->numbers += !texts;
    if (texts && !look_below_text(table, c, &below))
        return false;
    if (!texts)
        look_below_number(table, c, &below);
    evidence->refuted |= below.again;
    evidence->alone |= below.alone;
    evidence->inside |= below.inside;
    evidence->fractions |= below.fractions > 0;
    evidence->like_fractions |=
        below.fractions > 0 && below.fractions < below.numbers && below.inside;
    return true;
}

/* Whether the integers of the first row count up by one: three or more, or two from 0 or 1 on. */
static bool counts_up(const struct bp_csv_first_row *first)
{
    int64_t last = 0, begin = 0;
    size_t numbers = 0;
    for (size_t c = 0; c < first->columns; c++) {
        if (first->cell[c] < 0)
            continue;
        if (numbers++ > 0 && first->cell[c] != last + 1)
            return false;
        last = first->cell[c];
        begin = numbers == 1 ? last : begin;
    }
    return numbers >= 3 || (numbers == 2 && begin <= 1);
}

/* Whether the numbers of row 1 below those of the first row do, too. */
static bool counts_up_below(const struct bp_csv_first_row *first, const struct bp_table *table)
{
    float last = NAN;
    for (size_t c = 0; table->rows > 1 && c < first->columns; c++) {
        if (first->cell[c] < 0)
            continue;
        const float number = get_cell(table, 1, c);
        if (!isnan(last) && number != last + 1)
            return false;
        last = number;
    }
    return table->rows > 1;
}

static bp_status fail_open(const struct bp_csv_first_row *first, const struct bp_table *table,
                           const char *why, bp_error *error)
{
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s:%zu: the first row may hold the names of the columns or data: %s; say "
                   "--header yes or --header no",
                   table->path, first->line, why);
}

bp_status bp_csv_first_row_check(const struct bp_csv_first_row *first, const struct bp_table *table,
                                 bp_error *error)
{
    struct evidence evidence = {0};
    if (!first->cell || table->rows < 2)
        return BP_OK;
    for (size_t c = 0; c < first->columns; c++)
        if (!weigh_column(first, table, c, &evidence))
            return bp_fail_memory(error, table->path);
    if (evidence.refuted)
        return BP_OK;
    if (counts_up(first) && !counts_up_below(first, table))
        return fail_open(first, table, "its numbers count up by one", error);
    if (evidence.fractions && !evidence.like_fractions)
        return fail_open(first, table, "it has integers where the rows below have fractions",
                         error);
    if (evidence.texts > 0 && evidence.numbers > 0 && !evidence.alone && !evidence.inside)
        return fail_open(first, table, "the rows below have other texts and other numbers", error);
    return BP_OK;
}
