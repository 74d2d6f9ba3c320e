/* Categories are compared by name: the codes of a table are those of one file only. */
#include "data/samples/bind.h"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/table/cells.h"
#include "data/table/exact.h"
#include "data/table/keys.h"
#include "data/text/names.h"
#include "data/text/number.h"
#include "data/text/text.h"

static uint32_t find_code(const struct bp_schema_column *known, const char *name)
{
    size_t found = bp_names_find(known->category, known->neurons, name);
    return found < known->neurons ? (uint32_t)found : BP_UNKNOWN_CODE;
}

static bp_status recode_categories(const bp_dataset *dataset, size_t column,
                                   const struct bp_schema_column *known, uint32_t *codes,
                                   struct bp_unknown_values *unknown, bp_error *error)
{
    const struct bp_table *table = dataset->table;
    const struct bp_column *source = &table->column[column];
    uint32_t *map = bp_array_alloc(source->categories, sizeof *map);
    if (!map)
        return bp_fail_memory(error, "the categories of a column");
    for (size_t code = 0; code < source->categories; code++)
        map[code] = find_code(known, source->category[code]);
    bp_status status = BP_OK;
    for (size_t x = 0; !status && x < dataset->count; x++) {
        uint32_t code = bp_cell_code(table, bp_dataset_row(dataset, x), column);
        codes[x] = map[code];
        if (codes[x] == BP_UNKNOWN_CODE &&
            !bp_unknown_add(unknown, x, column, source->category[code], known))
            status = bp_fail_memory(error, "the categories of a column");
    }
    free(map);
    return status;
}

static bp_status recode_numbers(const bp_dataset *dataset, size_t column,
                                const struct bp_schema_column *known, uint32_t *codes,
                                struct bp_unknown_values *unknown, bp_error *error)
{
    const struct bp_table *table = dataset->table;
    const struct bp_column *from = &table->column[column];
    bool is_first = true;
    int64_t last = 0;
    for (size_t x = 0; x < dataset->count; x++) {
        const size_t row = bp_dataset_row(dataset, x);
        const bool missing = isnan(bp_column_number(table, row, column));
        const int64_t key = missing ? 0 : bp_cell_key(table, row, column);
        if (!is_first && !missing && key == last) {
            codes[x] = codes[x - 1];
            continue;
        }
        char name[BP_KEY_TEXT_SIZE] = "";
        if (!missing)
            bp_key_write(from, key, name);
        /* Where integers beyond floats were dropped, a large float may stand for another one. */
        const bool lost =
            from->inexact && !missing && bp_exact_is_large(bp_column_number(table, row, column));
        codes[x] = lost ? BP_UNKNOWN_CODE : find_code(known, name);
        if (codes[x] == BP_UNKNOWN_CODE && !bp_unknown_add(unknown, x, column, name, known))
            return bp_fail_memory(error, "the categories of a column");
        is_first = missing || codes[x] == BP_UNKNOWN_CODE;
        last = key;
    }
    return BP_OK;
}

bool bp_categories_have_other_numerals(const struct bp_schema_column *known)
{
    for (size_t k = 0; k < known->neurons; k++) {
        const char *text = known->category[k];
        char name[BP_KEY_TEXT_SIZE];
        float number;
        int64_t integer;
        if (bp_number_parse(text, strlen(text), &number) != BP_NUMBER_OK)
            continue;
        if (bp_integer_read(text, strlen(text), '.', &integer) == BP_EXACT)
            snprintf(name, sizeof name, "%" PRId64, integer);
        else
            snprintf(name, sizeof name, "%.0f", (double)number);
        if (strcmp(name, text) != 0)
            return true;
    }
    return false;
}

bp_status bp_fail_numerals(const char *path, const struct bp_schema_column *known, bp_error *error)
{
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: column \"%s\" holds numbers, and in the training data names such as "
                   "\"007\" or \"1.0\": list the column with --categorical",
                   path, known->name);
}

bp_status bp_column_recode(const bp_dataset *dataset, size_t column,
                           const struct bp_schema_column *known, uint32_t *codes,
                           struct bp_unknown_values *unknown, bp_error *error)
{
    if (dataset->table->column[column].kind == BP_COLUMN_CATEGORY)
        return recode_categories(dataset, column, known, codes, unknown, error);
    const bool holds_numbers = dataset->table->column[column].missing < dataset->table->rows;
    if (holds_numbers && bp_categories_have_other_numerals(known))
        return bp_fail_numerals(dataset->table->path, known, error);
    return recode_numbers(dataset, column, known, codes, unknown, error);
}

bp_status bp_fail_not_number(const bp_dataset *dataset, size_t column,
                             const struct bp_schema_column *known, bp_error *error)
{
    const struct bp_table *table = dataset->table;
    const size_t row = bp_column_find_text(dataset, column);
    if (row == SIZE_MAX)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: column \"%s\" holds categories, and numbers in the training data",
                       table->path, known->name);
    const char *text = bp_cell_text(table, row, column);
    char word[BP_EXCERPT_SIZE], advice[BP_WORDS_ADVICE_SIZE];
    return bp_cell_fail(
        table, row, column, error,
        "%s is not a number, and column \"%s\" holds numbers in the training data%s",
        bp_text_excerpt(word, text, strlen(text)), known->name,
        bp_column_advise_words(table, column, advice));
}
