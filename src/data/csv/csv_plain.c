/*
 * The dictionaries of the columns are only looked into, so that any number of threads may read
 * parts of one file: what is new to a dictionary is not plain. The LF at the end of the text ends
 * every loop but that of a number, so that none has to look for the end.
 */
#include "data/csv/csv_plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "data/csv/csv_cut.h"
#include "data/text/number.h"

/* Inlined, so that the usual separator and point, and no rests, are constants in a copy of their
 * own. */
#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

/* Blanks are what libcsv drops at the ends of a cell: spaces, and tabs where they separate nothing.
 * `tab` is a space, too, where they do. */
INLINE char get_tab(char separator)
{
    return separator == '\t' ? ' ' : '\t';
}

INLINE bool is_blank(char c, char tab)
{
    return c == ' ' || c == tab;
}

static bool is_end(const char *at)
{
    return *at == '\n' || *at == '\r';
}

INLINE const char *skip_blanks(const char *at, char tab)
{
    while (is_blank(*at, tab))
        at++;
    return at;
}

/* What libcsv would keep of a cell; it says itself what is wrong with one that is too long. */
static bool is_short(const char *text, const char *end)
{
    return end - text <= BP_CSV_CELL_MAX;
}

/* The text of a cell. */
struct content {
    const char *text;
    size_t length;
};

/* Whether a number is one that the reader keeps besides its float. */
static inline bool is_lost(const struct bp_csv_column *column, struct content content, char point,
                           float value)
{
    return bp_exact_is_large(value) && !column->inexact &&
           bp_exact_is_lost(content.text, content.length, point, value);
}

static inline bool read_content(const struct bp_csv_shape *shape, size_t c, struct content content,
                                float *value, bool *has_missing)
{
    const struct bp_csv_column *column = &shape->column[c];
    uint32_t code;
    if (column->rest)
        value[column->rest - c] = 0.0F;
    if (column->skipped) {
        *value = 0;
        return true;
    }
    if (bp_csv_is_missing(shape->dialect, content.text, content.length)) {
        *has_missing = true;
        *value = NAN;
        return true;
    }
    if (!column->known)
        return false;
    if (column->kind == BP_COLUMN_NUMBER) {
        const char point = shape->dialect->point;
        if (bp_number_parse_with(content.text, content.length, point, value) != BP_NUMBER_OK)
            return false;
        if (is_lost(column, content, point, *value))
            return false;
        if (column->rest)
            value[column->rest - c] =
                bp_number_rest(content.text, content.text + content.length, point, *value);
        return true;
    }
    if (!bp_dictionary_find(&column->texts, content.text, content.length, &code))
        return false;
    *value = (float)code;
    return true;
}

/* A cell in quotes, without quotes or ends of lines in it; `text` begins after the first quote. */
static const char *read_quoted(const struct bp_csv_shape *shape, size_t c, const char *text,
                               float *value, bool *has_missing)
{
    const char *at = text;
    while (*at != '"' && *at != '\n')
        at++;
    const struct content content = {text, (size_t)(at - text)};
    if (*at != '"' || !read_content(shape, c, content, value, has_missing))
        return NULL;
    at = skip_blanks(at + 1, get_tab(shape->dialect->separator));
    return is_short(text, at) ? at : NULL;
}

INLINE const char *read_text(const struct bp_csv_shape *shape, size_t c, char separator,
                             const char *text, float *value, bool *has_missing)
{
    const char tab = get_tab(separator), *at = text;
    while (*at != separator && *at != '\n' && *at != '\r' && *at != '"')
        at++;
    const char *end = at;
    while (end > text && is_blank(end[-1], tab))
        end--;
    const struct content content = {text, (size_t)(end - text)};
    return is_short(text, at) && read_content(shape, c, content, value, has_missing) ? at : NULL;
}

/* Returns what follows a number and blanks, or NULL if the number is not plain. */
INLINE const char *read_number(const struct bp_csv_column *column, const char *text,
                               const char *end, char tab, char point, float *value)
{
    const char *after = point == '.' ? bp_number_read(text, end, value)
                                     : bp_number_read_with(text, end, point, value);
    if (!after || isinf(*value))
        return NULL;
    const struct content content = {text, (size_t)(after - text)};
    if (is_lost(column, content, point, *value))
        return NULL;
    after = skip_blanks(after, tab);
    return is_short(text, after) ? after : NULL;
}

/* Numbers that stand for missing ones. */
static void drop_missing_numbers(const struct bp_csv_shape *shape, float *values, bool *has_missing)
{
    for (size_t c = 0; c < shape->columns; c++) {
        if (shape->column[c].kind != BP_COLUMN_NUMBER ||
            !bp_csv_is_missing_number(shape->dialect, values[c]))
            continue;
        values[c] = NAN;
        *has_missing = true;
    }
}

struct signs {
    char separator;
    char point;
    bool rests; /* a column has one */
};

/* The cells of a row; returns what follows the last one, or NULL. */
INLINE const char *read_cells(const struct bp_csv_shape *shape, struct signs signs,
                              const char *text, const char *end, float *values, bool *has_missing)
{
    const struct bp_csv_column *column = shape->column;
    const size_t columns = shape->columns;
    const char tab = get_tab(signs.separator), *at = text;
    for (size_t c = 0; c < columns; c++) {
        if (c > 0 && *at++ != signs.separator)
            return NULL;
        at = skip_blanks(at, tab);
        const char *after = NULL;
        if (column[c].kind == BP_COLUMN_NUMBER)
            after = read_number(&column[c], at, end, tab, signs.point, &values[c]);
        if (signs.rests && after && column[c].rest)
            values[column[c].rest] = bp_number_rest(at, after, signs.point, values[c]);
        if (!after)
            after = *at == '"' ? read_quoted(shape, c, at + 1, &values[c], has_missing)
                               : read_text(shape, c, signs.separator, at, &values[c], has_missing);
        if (!after)
            return NULL;
        at = after;
    }
    return at;
}

const char *bp_csv_plain_row(const struct bp_csv_shape *shape, const char *text, const char *end,
                             float *values, bool *has_missing)
{
    static const struct signs usual = {',', '.', false};
    const struct signs signs = {shape->dialect->separator, shape->dialect->point,
                                shape->cells > shape->columns};
    if (shape->columns == 1 && is_end(skip_blanks(text, get_tab(signs.separator))))
        return NULL; /* a blank line is no row */
    const char *at =
        signs.separator == usual.separator && signs.point == usual.point && !signs.rests
            ? read_cells(shape, usual, text, end, values, has_missing)
            : read_cells(shape, signs, text, end, values, has_missing);
    if (!at)
        return NULL;
    at += *at == '\r';
    if (*at != '\n')
        return NULL;
    if (shape->dialect->missing_numbers > 0)
        drop_missing_numbers(shape, values, has_missing);
    return at + 1;
}

static bool add_irregular(struct bp_csv_plain *plain, const char *text, const char *end)
{
    struct bp_csv_irregular *last =
        plain->irregulars > 0 ? &plain->irregular[plain->irregulars - 1] : NULL;
    if (last && last->rows == plain->rows) {
        last->end = end;
        return true;
    }
    struct bp_csv_irregular *irregular = bp_array_grow(plain->irregular, &plain->irregular_capacity,
                                                       plain->irregulars + 1, sizeof *irregular);
    if (!irregular)
        return false;
    plain->irregular = irregular;
    irregular[plain->irregulars++] =
        (struct bp_csv_irregular){.text = text, .end = end, .rows = plain->rows};
    return true;
}

bool bp_csv_plain_read(struct bp_csv_plain *plain, const struct bp_csv_shape *shape,
                       const char *text, const char *end)
{
    plain->rows = plain->irregulars = 0;
    plain->has_missing = false;
    while (text < end) {
        float *values = bp_array_grow(plain->values, &plain->value_capacity,
                                      (plain->rows + 2) * shape->cells, sizeof *values);
        if (!values)
            return false;
        plain->values = values;
        const char *next = bp_csv_plain_row(shape, text, end, values + plain->rows * shape->cells,
                                            &plain->has_missing);
        if (next) {
            plain->rows++;
        } else {
            next = bp_csv_row_end(text, end);
            if (!add_irregular(plain, text, next))
                return false;
        }
        text = next;
    }
    return true;
}

void bp_csv_plain_release(struct bp_csv_plain *plain)
{
    free(plain->values);
    free(plain->irregular);
    *plain = (struct bp_csv_plain){0};
}
