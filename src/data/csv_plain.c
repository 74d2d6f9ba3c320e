/*
 * The dictionaries of the columns are only looked into, so that any number of threads may read
 * parts of one file: what is new to a dictionary is not plain. The LF at the end of the text ends
 * every loop but that of a number, so that none has to look for the end.
 */
#include "data/csv_plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv_cut.h"
#include "data/grow.h"
#include "data/number.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *at)
{
    while (is_blank(*at))
        at++;
    return at;
}

/* What libcsv would keep of a cell; it says itself what is wrong with one that is too long. */
static bool is_short(const char *text, const char *end)
{
    return end - text <= BP_CSV_CELL_MAX;
}

static bool read_content(const struct bp_csv_column *column, const char *text, size_t length,
                         float *value)
{
    uint32_t code;
    if (column->kind == BP_COLUMN_NUMBER)
        return bp_number_parse(text, length, value) == BP_NUMBER_OK;
    if (!bp_dictionary_find(&column->texts, text, length, &code))
        return false;
    *value = (float)code;
    return true;
}

/* A cell in quotes, without quotes or ends of lines in it; `text` is behind the first quote. */
static const char *read_quoted(const struct bp_csv_column *column, const char *text, float *value)
{
    const char *at = text;
    while (*at != '"' && *at != '\n')
        at++;
    if (*at != '"' || !read_content(column, text, (size_t)(at - text), value))
        return NULL;
    at = skip_blanks(at + 1);
    return is_short(text, at) ? at : NULL;
}

static const char *read_text(const struct bp_csv_column *column, const char *text, float *value)
{
    const char *at = text;
    while (*at != ',' && *at != '\n' && *at != '\r' && *at != '"')
        at++;
    const char *end = at;
    while (end > text && is_blank(end[-1]))
        end--;
    return is_short(text, at) && read_content(column, text, (size_t)(end - text), value) ? at
                                                                                         : NULL;
}

/* Returns the separator behind the cell, or NULL if the cell is not plain. */
static const char *read_cell(const struct bp_csv_column *column, const char *text, const char *end,
                             float *value)
{
    const char *at = skip_blanks(text);
    if (*at == '"')
        return read_quoted(column, at + 1, value);
    if (column->kind != BP_COLUMN_NUMBER)
        return read_text(column, at, value);
    const char *behind = bp_number_read(at, end, value);
    if (!behind || isinf(*value))
        return NULL;
    behind = skip_blanks(behind);
    return is_short(at, behind) ? behind : NULL;
}

const char *bp_csv_plain_row(const struct bp_csv_column *column, size_t columns, const char *text,
                             const char *end, float *values)
{
    const char *at = text;
    for (size_t c = 0; c < columns; c++) {
        if (c > 0 && *at++ != ',')
            return NULL;
        at = read_cell(&column[c], at, end, &values[c]);
        if (!at)
            return NULL;
    }
    at += *at == '\r';
    return *at == '\n' ? at + 1 : NULL;
}

static bool add_odd(struct bp_csv_plain *plain, const char *text, const char *end)
{
    struct bp_csv_odd *last = plain->odds > 0 ? &plain->odd[plain->odds - 1] : NULL;
    if (last && last->rows == plain->rows) {
        last->end = end;
        return true;
    }
    struct bp_csv_odd *odd =
        bp_array_grow(plain->odd, &plain->odd_capacity, plain->odds + 1, sizeof *odd);
    if (!odd)
        return false;
    plain->odd = odd;
    odd[plain->odds++] = (struct bp_csv_odd){.text = text, .end = end, .rows = plain->rows};
    return true;
}

bool bp_csv_plain_read(struct bp_csv_plain *plain, const struct bp_csv_column *column,
                       size_t columns, const char *text, const char *end)
{
    plain->rows = plain->odds = 0;
    while (text < end) {
        float *values = bp_array_grow(plain->values, &plain->value_capacity,
                                      (plain->rows + 2) * columns, sizeof *values);
        if (!values)
            return false;
        plain->values = values;
        const char *next =
            bp_csv_plain_row(column, columns, text, end, values + plain->rows * columns);
        if (next) {
            plain->rows++;
        } else {
            next = bp_csv_row_end(text, end);
            if (!add_odd(plain, text, next))
                return false;
        }
        text = next;
    }
    return true;
}

void bp_csv_plain_release(struct bp_csv_plain *plain)
{
    free(plain->values);
    free(plain->odd);
    *plain = (struct bp_csv_plain){0};
}
