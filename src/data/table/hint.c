/* Columns that a network can hardly use as they stand: numbers of rows, dates, texts that are all
 * different, numbers as texts, one text in several spellings. A look ends with the first cell that
 * speaks against it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/table/cells.h"
#include "data/text/number.h"
#include "data/text/text.h"
#include "data/text/written_number.h"

/* Of fewer rows nothing is said. */
#define ROWS_MIN 10

/* Whether cell x of each file is x + first. */
static bool counts_rows(const struct bp_table *table, size_t column, size_t first)
{
    size_t file = 0;
    for (size_t row = 0; row < table->rows; row++) {
        while (file + 1 < table->files && table->file[file + 1].first <= row)
            file++;
        const size_t begin = table->files > 0 ? table->file[file].first : 0;
        if (bp_column_number(table, row, column) != (float)(row - begin + first))
            return false;
    }
    return true;
}

/* yyyymmdd of the years 1800 to 2199; a float may be 1 off. */
static bool is_date_number(float number)
{
    if (!(number > 18000000.0f && number < 22000000.0f))
        return false;
    const unsigned whole = (unsigned)number;
    const unsigned month = whole / 100 % 100, day = whole % 100;
    return month >= 1 && month <= 12 && day <= 32;
}

static bool has_date_numbers(const struct bp_table *table, size_t column)
{
    for (size_t row = 0; row < table->rows; row++) {
        const float number = bp_column_number(table, row, column);
        if (!isnan(number) && !is_date_number(number))
            return false;
    }
    return table->column[column].missing < table->rows;
}

/* Takes up to `limit` digits. Returns how many. */
static size_t take_digits(const char **text, size_t limit, unsigned *number)
{
    size_t digits = 0;
    *number = 0;
    while (digits < limit && **text >= '0' && **text <= '9') {
        *number = *number * 10 + (unsigned)(*(*text)++ - '0');
        digits++;
    }
    return digits;
}

/* Nothing, or a blank or T and a time of day. */
static bool ends_as_time(const char *text)
{
    unsigned hour, minute;
    if (*text == '\0')
        return true;
    if (*text != ' ' && *text != 'T')
        return false;
    text++;
    return take_digits(&text, 2, &hour) > 0 && hour <= 24 && *text++ == ':' &&
           take_digits(&text, 2, &minute) == 2 && minute < 60;
}

/* Year, month and day, or day and month in either order and the year, with the same - / or . in
 * between. */
static bool is_date_text(const char *text)
{
    unsigned part[3];
    size_t digits[3];
    char sign = '\0';
    for (size_t k = 0; k < 3; k++) {
        if (k > 0 && ((sign && *text != sign) || !strchr("-/.", *text) || *text == '\0'))
            return false;
        if (k > 0)
            sign = *text++;
        digits[k] = take_digits(&text, 4, &part[k]);
    }
    const bool year_first = digits[0] == 4;
    const unsigned a = part[year_first ? 1 : 0], b = part[year_first ? 2 : 1];
    const size_t year = year_first ? 0 : 2;
    if (digits[year] != 4 && !(digits[year] == 2 && sign == '/'))
        return false;
    for (size_t k = 0; k < 3; k++) {
        if (k != year && (digits[k] < 1 || digits[k] > 2))
            return false;
    }
    return a >= 1 && b >= 1 && a <= 31 && b <= 31 && (a <= 12 || b <= 12) && ends_as_time(text);
}

/* The category "" is a missing cell. */
static bool has_date_texts(const struct bp_column *column)
{
    size_t dates = 0;
    for (size_t code = 0; code < column->categories; code++) {
        if (column->category[code][0] == '\0')
            continue;
        if (!is_date_text(column->category[code]))
            return false;
        dates++;
    }
    return dates > 0;
}

/* A column of numbers alone is none of texts unless that was asked for. */
static bool has_written_numbers(const struct bp_column *column)
{
    bool plain = true;
    for (size_t code = 0; code < column->categories; code++) {
        const char *text = column->category[code];
        const size_t length = strlen(text);
        float number;
        if (length == 0 || bp_text_looks_missing(text, length))
            continue;
        if (!bp_text_is_written_number(text))
            return false;
        plain &= bp_number_parse(text, length, &number) == BP_NUMBER_OK;
    }
    return !plain;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static int fold(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Leaves blanks at both ends out; returns the length. */
static size_t trim(const char **text)
{
    while (is_blank(**text))
        ++*text;
    size_t length = strlen(*text);
    while (length > 0 && is_blank((*text)[length - 1]))
        length--;
    return length;
}

/* By what is left without capitals and blanks around. */
static int compare_spellings(const void *one, const void *other)
{
    const char *a = *(const char *const *)one, *b = *(const char *const *)other;
    const size_t length_a = trim(&a), length_b = trim(&b);
    for (size_t k = 0; k < length_a && k < length_b; k++)
        if (fold(a[k]) != fold(b[k]))
            return fold(a[k]) - fold(b[k]);
    return (length_a > length_b) - (length_a < length_b);
}

static bp_status find_spellings(const struct bp_column *column, bp_column_hint *hint,
                                bp_error *error)
{
    bool same = false;
    const char **text = bp_array_alloc(column->categories + 1, sizeof *text);
    if (!text)
        return bp_fail_memory(error, "the categories of a column");
    for (size_t code = 0; code < column->categories; code++)
        text[code] = column->category[code];
    qsort(text, column->categories, sizeof *text, compare_spellings);
    for (size_t code = 1; code < column->categories && !same; code++)
        same = compare_spellings(&text[code - 1], &text[code]) == 0;
    free(text);
    *hint = same ? BP_HINT_SPELLINGS : BP_HINT_NONE;
    return BP_OK;
}

/* But for spellings. */
static bp_column_hint find_hint(const struct bp_table *table, size_t index)
{
    const struct bp_column *column = &table->column[index];
    if (table->rows < ROWS_MIN || column->width != 1 || !bp_column_is_read(column))
        return BP_HINT_NONE;
    if (column->kind == BP_COLUMN_NUMBER) {
        if (counts_rows(table, index, 0) || counts_rows(table, index, 1))
            return BP_HINT_ROW_NUMBERS;
        return has_date_numbers(table, index) ? BP_HINT_DATES : BP_HINT_NONE;
    }
    if (bp_column_is_separate(table, index))
        return BP_HINT_NONE;
    if (has_date_texts(column))
        return BP_HINT_DATES;
    if (has_written_numbers(column))
        return BP_HINT_SIGNS;
    if (column->categories >= table->rows - table->rows / 20)
        return BP_HINT_DISTINCT;
    return BP_HINT_SPELLINGS;
}

bp_status bp_dataset_get_hint(const bp_dataset *dataset, size_t column, bp_column_hint *hint,
                              const char **name, bp_error *error)
{
    BP_REQUIRE(dataset, error);
    BP_REQUIRE(hint, error);
    *hint = BP_HINT_NONE;
    if (column >= dataset->table->columns)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%s: there is no column %zu: it has %zu, from 0",
                       dataset->table->path, column, dataset->table->columns);
    *hint = find_hint(dataset->table, column);
    if (name)
        *name = dataset->table->column[column].name;
    return *hint == BP_HINT_SPELLINGS ? find_spellings(&dataset->table->column[column], hint, error)
                                      : BP_OK;
}

bool bp_text_means_missing(const char *text)
{
    return text && bp_text_looks_missing(text, strlen(text));
}
