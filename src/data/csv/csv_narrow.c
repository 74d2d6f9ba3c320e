/* A part of a narrow range is narrow: rows enough to rule columns out are enough. */
#include "data/csv/csv_narrow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/memory.h"
#include "data/table/origin.h"
#include "data/text/number.h"

/* Rows that are looked at. */
#define ROWS 64

/* The ranges of the fields. */
struct ranges {
    struct bp_column_range *range;
    size_t count;
    size_t capacity;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* Adds the number that a field is, if it is one. */
static bool add_field(struct ranges *ranges, size_t field, const struct bp_csv_dialect *dialect,
                      const char *text, const char *end)
{
    if (field == ranges->count) {
        struct bp_column_range *grown =
            bp_array_grow(ranges->range, &ranges->capacity, field + 1, sizeof *grown);
        if (!grown)
            return false;
        ranges->range = grown;
        ranges->range[ranges->count++] = bp_column_range_begin();
    }
    while (text < end && is_blank(*text))
        text++;
    while (text < end && is_blank(end[-1]))
        end--;
    double number;
    if (text < end && !bp_csv_is_missing(dialect, text, (size_t)(end - text)) &&
        bp_number_read_double(text, end, dialect->point, &number) == end &&
        !bp_csv_is_missing_number(dialect, (float)number))
        bp_column_range_add(&ranges->range[field], number);
    return true;
}

static bool add_line(struct ranges *ranges, const struct bp_csv_dialect *dialect, const char *text,
                     const char *end)
{
    bool done = true;
    for (size_t field = 0; done && text <= end; field++) {
        const char *at = memchr(text, dialect->separator, (size_t)(end - text));
        at = at ? at : end;
        done = add_field(ranges, field, dialect, text, at);
        text = at + 1;
    }
    return done;
}

/* Whether a line belongs to a cell in quotes, or has one; *quoted: it begins, and then ends, within
 * quotes. */
static bool has_quotes(const char *text, const char *end, bool *quoted)
{
    bool any = *quoted;
    for (; (text = memchr(text, '"', (size_t)(end - text))) != NULL; text++) {
        *quoted = !*quoted;
        any = true;
    }
    return any;
}

static const char *find_line_end(const char *text, const char *end)
{
    while (text < end && !is_line_end(*text))
        text++;
    return text;
}

bool bp_csv_narrow_find(struct bp_csv_narrow *narrow, const struct bp_csv_dialect *dialect,
                        const char *text, const char *end)
{
    struct ranges ranges = {0};
    bool done = true, quoted = false;
    for (size_t line = 0; done && line <= ROWS && text < end; line++) {
        const char *line_end = find_line_end(text, end);
        if (line_end == end)
            break; /* it may go on after the text */
        if (memchr(text, '\0', (size_t)(line_end - text)))
            break; /* dictionaries take no NUL, and the reader will refuse it */
        if (!has_quotes(text, line_end, &quoted) && line > 0)
            done = add_line(&ranges, dialect, text, line_end);
        for (text = line_end; text < end && is_line_end(*text);)
            text++;
    }
    narrow->field = done ? bp_array_alloc(ranges.count + 1, sizeof *narrow->field) : NULL;
    narrow->fields = narrow->field ? ranges.count : 0;
    for (size_t k = 0; k < narrow->fields; k++)
        narrow->field[k] = bp_column_range_is_narrow(&ranges.range[k]);
    free(ranges.range);
    return narrow->field != NULL;
}

void bp_csv_narrow_release(struct bp_csv_narrow *narrow)
{
    free(narrow->field);
    *narrow = (struct bp_csv_narrow){0};
}

double bp_csv_narrow_of_model(const bp_read_options *of_model, const char *name)
{
    for (size_t k = 0; of_model && k < of_model->origin_count; k++) {
        if (strcmp(of_model->origins[k].name, name) == 0)
            return of_model->origins[k].origin;
    }
    return 0;
}

/* The number of a row, as near as its two cells come. */
static double get_number(const float *row, size_t c, size_t rest)
{
    return (double)row[c] + (double)row[rest];
}

static double find_origin(const struct bp_table *table, size_t c, size_t rest)
{
    struct bp_column_range range = bp_column_range_begin();
    for (size_t x = 0; x < table->rows; x++) {
        const float *row = table->values + x * table->cells;
        if (!isnan(row[c]))
            bp_column_range_add(&range, get_number(row, c, rest));
    }
    return bp_column_range_origin(&range);
}

void bp_csv_narrow_finish(struct bp_table *table, const struct bp_csv_column *column,
                          const bp_read_options *of_model)
{
    for (size_t c = 0; c < table->columns; c++) {
        const size_t rest = column[c].rest;
        if (rest == 0 || table->column[c].kind != BP_COLUMN_NUMBER)
            continue;
        const double known = bp_csv_narrow_of_model(of_model, table->column[c].name);
        const double origin = known != 0 ? known : find_origin(table, c, rest);
        table->column[c].origin = origin;
        for (size_t x = 0; origin != 0 && x < table->rows; x++) {
            float *row = table->values + x * table->cells;
            if (!isnan(row[c]))
                row[c] = (float)(get_number(row, c, rest) - origin);
        }
    }
    for (size_t x = 0; table->cells > table->columns && x < table->rows; x++)
        memmove(table->values + x * table->columns, table->values + x * table->cells,
                table->columns * sizeof *table->values);
    table->cells = table->columns;
}
