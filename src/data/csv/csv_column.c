/* Nothing is guessed from a majority, and nothing is converted silently: a text among numbers is an
 * error, and so is a number among texts. */
#include "data/csv/csv_column.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "data/text/list.h"
#include "data/text/number.h"
#include "data/text/text.h"

/* Where commas separate fields, no option makes one the decimal sign. */
#define COMMA_ADVICE "; write it with a decimal point and without thousands separators"

/* INPUT with the place and an excerpt of the cell before the sentence. */
static bp_status fail_cell(const struct bp_csv_context *context, const struct bp_csv_cell *cell,
                           const char *sentence)
{
    char quoted[BP_EXCERPT_SIZE];
    return bp_fail(context->error, BP_ERROR_INPUT, "%s:%zu:%zu: %s %s", context->path, cell->line,
                   cell->field, bp_text_excerpt(quoted, cell->text, cell->length), sentence);
}

static bp_status fail_number(const struct bp_csv_column *column,
                             const struct bp_csv_context *context, const struct bp_csv_cell *cell,
                             enum bp_number result)
{
    char sentence[BP_ERROR_MESSAGE_SIZE];
    float ignored;
    const bool comma =
        context->dialect->point == '.' &&
        bp_number_parse_with(cell->text, cell->length, ',', &ignored) == BP_NUMBER_OK;
    const bool separated = context->dialect->separator == ',';
    const bool below_name = column->below_name && cell->line == column->first_line + 1;
    snprintf(sentence, sizeof sentence, "%s%s", bp_number_complaint(result),
             comma && separated ? COMMA_ADVICE
             : comma            ? "; if the comma is its decimal sign, say --decimal-comma"
             : below_name ? "; say --header yes if the line above holds the names of the columns"
                          : "");
    return fail_cell(context, cell, sentence);
}

/* A number with a decimal comma is not a text that somebody wanted. */
static bp_status check_not_comma(const struct bp_csv_context *context,
                                 const struct bp_csv_cell *cell)
{
    float ignored;
    if (context->dialect->point == ',' ||
        bp_number_parse_with(cell->text, cell->length, ',', &ignored) == BP_NUMBER_TEXT)
        return BP_OK;
    return fail_cell(context, cell,
                     context->dialect->separator == ','
                         ? "looks like a number with a comma" COMMA_ADVICE
                           ", or list the column with --categorical if it is a name"
                         : "looks like a number with a decimal comma; say --decimal-comma, or list "
                           "the column with --categorical if it is a name");
}

/* The option that makes these words missing values, as well as those that were given. */
static const char *advise(const struct bp_csv_dialect *dialect, char text[BP_LIST_ADVICE_SIZE],
                          char *const *words, size_t count)
{
    char *given =
        dialect->missing.count > 0
            ? bp_list_join((const char *const *)dialect->missing.text, dialect->missing.count)
            : NULL;
    bp_list_advice(text, given, (const char *const *)words, count);
    free(given);
    return text;
}

static bp_status fail_not_text(const struct bp_csv_column *column,
                               const struct bp_csv_context *context, const struct bp_csv_cell *cell)
{
    const char *first = column->texts.text[0];
    char sentence[BP_ERROR_MESSAGE_SIZE], first_quoted[BP_EXCERPT_SIZE], list[BP_LIST_ADVICE_SIZE];
    bp_text_excerpt(first_quoted, first, strlen(first));
    if (bp_text_looks_missing(cell->text, cell->length)) {
        char word[] = "nan\0", *words[] = {word}; /* or "-nan": the words that are no texts */
        memcpy(word, cell->text, cell->length);
        snprintf(sentence, sizeof sentence,
                 "looks like a number, but the column is text: line %zu has %s; if it stands for a "
                 "missing value, say --missing-values %s; list the column with --categorical if "
                 "both are names",
                 column->first_line, first_quoted, advise(context->dialect, list, words, 1));
        return fail_cell(context, cell, sentence);
    }
    /* A text above numbers is most likely a name that was taken for data. */
    const bool like_a_header = !column->has_name && cell->line == column->first_line + 1;
    snprintf(sentence, sizeof sentence,
             "looks like a number, but the column is text: line %zu has %s; %s", column->first_line,
             first_quoted,
             like_a_header ? "say --header yes if that line holds the names of the columns"
                           : "list the column with --categorical if both are names");
    return fail_cell(context, cell, sentence);
}

bp_status bp_csv_cell_check(const struct bp_csv_cell *cell, const char *path, bp_error *error)
{
    char quoted[BP_EXCERPT_SIZE];
    if (bp_utf8_check(cell->text, cell->length))
        return BP_OK;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s:%zu:%zu: %s is not UTF-8 text; save the file as UTF-8", path, cell->line,
                   cell->field, bp_text_excerpt(quoted, cell->text, cell->length));
}

/* Notes a word that stands among numbers, or would. */
static bp_status add_word(const struct bp_csv_context *context, const struct bp_csv_cell *cell)
{
    struct bp_csv_words *words = context->words;
    uint32_t number;
    if (!bp_dictionary_add(&words->texts, cell->text, cell->length, &number))
        return bp_fail_memory(context->error, context->path);
    if (words->line == 0 || cell->line < words->line ||
        (cell->line == words->line && cell->field < words->field)) {
        words->line = cell->line;
        words->field = cell->field;
        words->first = number;
    }
    return BP_OK;
}

bp_status bp_csv_words_fail(const struct bp_csv_context *context)
{
    const struct bp_csv_words *words = context->words;
    const char *text = words->texts.text[words->first];
    const struct bp_csv_cell cell = {
        .text = text, .length = strlen(text), .line = words->line, .field = words->field};
    char sentence[BP_ERROR_MESSAGE_SIZE], list[BP_LIST_ADVICE_SIZE];
    float ignored;
    snprintf(sentence, sizeof sentence,
             "%s; if it stands for a missing value, say --missing-values %s",
             bp_number_complaint(bp_number_parse(text, cell.length, &ignored)),
             advise(context->dialect, list, words->texts.text, words->texts.count));
    return fail_cell(context, &cell, sentence);
}

/* A number was found in a column of words alone: they are words among numbers. */
static bp_status become_numbers(struct bp_csv_column *column, const struct bp_csv_context *context,
                                size_t field)
{
    bp_status status = BP_OK;
    for (size_t k = 0; status == BP_OK && k < column->texts.count; k++) {
        const char *text = column->texts.text[k];
        const struct bp_csv_cell cell = {
            .text = text, .length = strlen(text), .line = column->first_line, .field = field};
        status = add_word(context, &cell);
    }
    bp_dictionary_release(&column->texts);
    column->kind = BP_COLUMN_NUMBER;
    column->only_words = false;
    return status;
}

static bp_status read_text(struct bp_csv_column *column, const struct bp_csv_context *context,
                           const struct bp_csv_cell *cell, float *code)
{
    const bp_status status = bp_csv_cell_check(cell, context->path, context->error);
    if (status)
        return status;
    const size_t known = column->texts.count;
    uint32_t number;
    if (!bp_dictionary_add(&column->texts, cell->text, cell->length, &number))
        return bp_fail_memory(context->error, context->path);
    *code = (float)number;
    if (number < known)
        return BP_OK;
    if (number >= BP_CATEGORIES_MAX)
        return bp_fail(context->error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: the column has more than %d different texts; if it only tells "
                       "rows apart, name it with --id or --ignore",
                       context->path, cell->line, cell->field, BP_CATEGORIES_MAX);
    return column->listed ? BP_OK : check_not_comma(context, cell);
}

static bool is_missing(const struct bp_csv_column *column, const struct bp_csv_dialect *dialect,
                       const struct bp_csv_cell *cell, enum bp_number result, float number)
{
    if (result == BP_NUMBER_BLANK || bp_csv_is_missing(dialect, cell->text, cell->length))
        return true;
    const bool may_be_number = !column->listed && (!column->known || column->only_words ||
                                                   column->kind == BP_COLUMN_NUMBER);
    return result == BP_NUMBER_OK && may_be_number && bp_csv_is_missing_number(dialect, number);
}

/* Whether a cell is a word for a missing value among numbers; "nan" is no text where the kind is
 * open. */
static bool is_word(const struct bp_csv_column *column, const struct bp_csv_cell *cell,
                    enum bp_number result)
{
    const bool open = !column->known || column->only_words;
    return !column->listed && bp_text_looks_missing(cell->text, cell->length) &&
           (column->kind == BP_COLUMN_NUMBER || (open && result == BP_NUMBER_NOT_FINITE));
}

/* The kind, from a cell that is not missing. */
static bp_status learn_kind(struct bp_csv_column *column, const struct bp_csv_context *context,
                            const struct bp_csv_cell *cell, enum bp_number result)
{
    const bool text = column->listed || result == BP_NUMBER_TEXT;
    if (!column->known) {
        column->known = true;
        column->first_line = cell->line;
        column->kind = text ? BP_COLUMN_CATEGORY : BP_COLUMN_NUMBER;
        column->only_words = text && !column->listed;
    }
    if (column->only_words && !text)
        return become_numbers(column, context, cell->field);
    column->only_words = column->only_words && bp_text_looks_missing(cell->text, cell->length);
    return BP_OK;
}

static bp_status add_exact(struct bp_csv_column *column, const struct bp_csv_context *context,
                           const struct bp_csv_cell *cell, float number)
{
    const size_t c = cell->field - 1;
    if (!bp_exact_add_text(context->exact, context->row, c, cell->text, cell->length,
                           context->dialect->point, number))
        return bp_fail_memory(context->error, context->path);
    column->inexact = bp_exact_is_decided(context->exact, c);
    return BP_OK;
}

bp_status bp_csv_column_read(struct bp_csv_column *column, const struct bp_csv_context *context,
                             const struct bp_csv_cell *cell, float *value)
{
    float number = 0;
    *value = 0;
    if (column->skipped)
        return BP_OK;
    enum bp_number result =
        bp_number_parse_with(cell->text, cell->length, context->dialect->point, &number);
    if (is_missing(column, context->dialect, cell, result, number)) {
        column->has_missing = true;
        *value = NAN;
        return BP_OK;
    }
    if (is_word(column, cell, result)) {
        *value = NAN;
        return add_word(context, cell);
    }
    const bp_status status = learn_kind(column, context, cell, result);
    if (status)
        return status;
    if (column->kind == BP_COLUMN_NUMBER) {
        *value = number;
        return result == BP_NUMBER_OK ? add_exact(column, context, cell, number)
                                      : fail_number(column, context, cell, result);
    }
    if (result != BP_NUMBER_TEXT && !column->listed)
        return fail_not_text(column, context, cell);
    return read_text(column, context, cell, value);
}
