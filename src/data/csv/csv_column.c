/* Every cell has to be what the first one is: nothing is guessed from a majority, and nothing is
 * converted silently. */
#include "data/csv/csv_column.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "data/text/number.h"
#include "data/text/text.h"

/* Whether a text is what people write for a missing value. */
static bool looks_missing(const struct bp_csv_cell *cell)
{
    static const char *const words[] = {"?",   "-",    ".",    "na",   "n/a",
                                        "nan", "#n/a", "null", "none", "missing"};
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
        if (strlen(words[k]) == cell->length &&
            strncasecmp(words[k], cell->text, cell->length) == 0)
            return true;
    return false;
}

static bp_status fail_number(const struct bp_csv_dialect *dialect, const char *path,
                             const struct bp_csv_cell *cell, enum bp_number result, bp_error *error)
{
    char quoted[BP_EXCERPT_SIZE];
    float ignored;
    const char *advice = "";
    if (looks_missing(cell))
        advice = "; if it stands for a missing value, say so with --missing-values";
    else if (dialect->point == '.' &&
             bp_number_parse_with(cell->text, cell->length, ',', &ignored) == BP_NUMBER_OK)
        advice = "; if the comma is its decimal sign, say --decimal-comma";
    return bp_fail(error, BP_ERROR_INPUT, "%s:%zu:%zu: %s %s%s", path, cell->line, cell->field,
                   bp_text_excerpt(quoted, cell->text, cell->length), bp_number_complaint(result),
                   advice);
}

/* A number with a decimal comma is not a text that somebody wanted. */
static bp_status check_not_comma(const struct bp_csv_dialect *dialect, const char *path,
                                 const struct bp_csv_cell *cell, bp_error *error)
{
    char quoted[BP_EXCERPT_SIZE];
    float ignored;
    if (dialect->point == ',' ||
        bp_number_parse_with(cell->text, cell->length, ',', &ignored) == BP_NUMBER_TEXT)
        return BP_OK;
    return bp_fail(
        error, BP_ERROR_INPUT,
        "%s:%zu:%zu: %s looks like a number with a decimal comma; say --decimal-comma, or "
        "list the column with --categorical if it is a name",
        path, cell->line, cell->field, bp_text_excerpt(quoted, cell->text, cell->length));
}

static bp_status fail_not_text(const struct bp_csv_column *column, const char *path,
                               const struct bp_csv_cell *cell, bp_error *error)
{
    const char *first = column->texts.text[0];
    char quoted[BP_EXCERPT_SIZE], first_quoted[BP_EXCERPT_SIZE];
    /* A text above numbers is most likely a name that was taken for data. */
    bool like_a_header = !column->has_name && cell->line == column->first_line + 1;
    return bp_fail(
        error, BP_ERROR_INPUT,
        "%s:%zu:%zu: %s looks like a number, but the column is text: line %zu has %s; %s", path,
        cell->line, cell->field, bp_text_excerpt(quoted, cell->text, cell->length),
        column->first_line, bp_text_excerpt(first_quoted, first, strlen(first)),
        like_a_header ? "say --header yes if that line holds the names of the columns"
                      : "list the column with --categorical if both are names");
}

bp_status bp_csv_cell_check(const struct bp_csv_cell *cell, const char *path, bp_error *error)
{
    char quoted[BP_EXCERPT_SIZE];
    if (bp_text_is_utf8(cell->text, cell->length))
        return BP_OK;
    return bp_fail(error, BP_ERROR_INPUT, "%s:%zu:%zu: %s is not UTF-8 text", path, cell->line,
                   cell->field, bp_text_excerpt(quoted, cell->text, cell->length));
}

static bp_status read_text(struct bp_csv_column *column, const struct bp_csv_dialect *dialect,
                           const char *path, const struct bp_csv_cell *cell, float *code,
                           bp_error *error)
{
    const bp_status status = bp_csv_cell_check(cell, path, error);
    if (status)
        return status;
    const size_t known = column->texts.count;
    uint32_t number;
    if (!bp_dictionary_add(&column->texts, cell->text, cell->length, &number))
        return bp_fail_memory(error, path);
    *code = (float)number;
    if (number < known)
        return BP_OK;
    if (number >= BP_CATEGORIES_MAX)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: the column has more than %d different texts; if it only tells "
                       "rows apart, name it with --id or --ignore",
                       path, cell->line, cell->field, BP_CATEGORIES_MAX);
    return column->listed ? BP_OK : check_not_comma(dialect, path, cell, error);
}

static bool is_missing(const struct bp_csv_column *column, const struct bp_csv_dialect *dialect,
                       const struct bp_csv_cell *cell, enum bp_number result, float number)
{
    if (result == BP_NUMBER_BLANK || bp_csv_is_missing(dialect, cell->text, cell->length))
        return true;
    const bool may_be_number =
        !column->listed && (!column->known || column->kind == BP_COLUMN_NUMBER);
    return result == BP_NUMBER_OK && may_be_number && bp_csv_is_missing_number(dialect, number);
}

bp_status bp_csv_column_read(struct bp_csv_column *column, const struct bp_csv_dialect *dialect,
                             const char *path, const struct bp_csv_cell *cell, float *value,
                             bp_error *error)
{
    float number = 0;
    *value = 0;
    if (column->skipped)
        return BP_OK;
    enum bp_number result = bp_number_parse_with(cell->text, cell->length, dialect->point, &number);
    if (is_missing(column, dialect, cell, result, number)) {
        column->has_missing = true;
        *value = NAN;
        return BP_OK;
    }
    if (!column->known) {
        column->known = true;
        column->first_line = cell->line;
        column->kind =
            result == BP_NUMBER_TEXT || column->listed ? BP_COLUMN_CATEGORY : BP_COLUMN_NUMBER;
    }
    if (column->kind == BP_COLUMN_NUMBER) {
        *value = number;
        return result == BP_NUMBER_OK ? BP_OK : fail_number(dialect, path, cell, result, error);
    }
    if (result != BP_NUMBER_TEXT && !column->listed)
        return fail_not_text(column, path, cell, error);
    return read_text(column, dialect, path, cell, value, error);
}
