/*
 * Every cell has to be what the first one is: nothing is guessed from a majority, and nothing is
 * converted without a word.
 */
#include "data/csv_column.h"

#include <string.h>

#include "data/number.h"
#include "data/text.h"

static bp_status fail_number(const char *path, const struct bp_csv_cell *cell,
                             enum bp_number result, bp_error *error)
{
    char quoted[BP_EXCERPT_SIZE];
    return bp_fail(error, BP_ERROR_INPUT, "%s:%zu:%zu: %s %s", path, cell->line, cell->field,
                   bp_text_excerpt(quoted, cell->text, cell->length), bp_number_complaint(result));
}

static bp_status fail_not_text(const struct bp_csv_column *column, const char *path,
                               const struct bp_csv_cell *cell, bp_error *error)
{
    const char *first = column->texts.text[0];
    char quoted[BP_EXCERPT_SIZE], first_quoted[BP_EXCERPT_SIZE];
    /* A text above numbers alone is most likely a name that was taken for data. */
    bool like_a_header = !column->has_name && cell->line == column->first_line + 1;
    return bp_fail(
        error, BP_ERROR_INPUT,
        "%s:%zu:%zu: %s looks like a number, but the column is text: line %zu has %s; %s", path,
        cell->line, cell->field, bp_text_excerpt(quoted, cell->text, cell->length),
        column->first_line, bp_text_excerpt(first_quoted, first, strlen(first)),
        like_a_header ? "say --header yes if that line holds the names of the columns"
                      : "list the column with --categorical if both are names");
}

static bp_status read_text(struct bp_csv_column *column, const char *path,
                           const struct bp_csv_cell *cell, float *code, bp_error *error)
{
    char quoted[BP_EXCERPT_SIZE];
    if (!bp_text_is_utf8(cell->text, cell->length))
        return bp_fail(error, BP_ERROR_INPUT, "%s:%zu:%zu: %s is not UTF-8 text", path, cell->line,
                       cell->field, bp_text_excerpt(quoted, cell->text, cell->length));
    uint32_t number;
    if (!bp_dictionary_add(&column->texts, cell->text, cell->length, &number))
        return bp_fail_memory(error, path);
    if (number >= BP_CATEGORIES_MAX)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: the column has more than %d different texts; if it only tells "
                       "rows apart, leave it out of the file",
                       path, cell->line, cell->field, BP_CATEGORIES_MAX);
    *code = (float)number;
    return BP_OK;
}

bp_status bp_csv_column_read(struct bp_csv_column *column, const char *path,
                             const struct bp_csv_cell *cell, float *value, bp_error *error)
{
    enum bp_number result = bp_number_parse(cell->text, cell->length, value);
    if (result == BP_NUMBER_BLANK)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: the cell is empty; fill in missing values or leave out their "
                       "rows",
                       path, cell->line, cell->field);
    if (!column->known) {
        column->known = true;
        column->first_line = cell->line;
        column->kind =
            result == BP_NUMBER_TEXT || column->listed ? BP_COLUMN_CATEGORY : BP_COLUMN_NUMBER;
    }
    if (column->kind == BP_COLUMN_NUMBER)
        return result == BP_NUMBER_OK ? BP_OK : fail_number(path, cell, result, error);
    if (result != BP_NUMBER_TEXT && !column->listed)
        return fail_not_text(column, path, cell, error);
    return read_text(column, path, cell, value, error);
}
