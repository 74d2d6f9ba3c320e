/* The place of a cell, in the words of its format, and messages about cells. */
#include "data/table/cells.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "data/text/list.h"
#include "data/text/number.h"
#include "data/text/text.h"

/* Words for missing values that a message lists. */
#define WORDS_MAX 16

static void place_field(const struct bp_table *table, size_t row, size_t column, char *text,
                        size_t size)
{
    const struct bp_table_file *file = table->file;
    for (size_t f = 1; f < table->files && table->file[f].first <= row; f++)
        file++;
    snprintf(text, size, "%s:%zu:%zu", file ? file->path : table->path, bp_table_line(table, row),
             (file ? file->field[column] : column) + 1);
}

void bp_cell_place(const struct bp_table *table, size_t row, size_t column, char *text, size_t size)
{
    const struct bp_reader *reader = table->reader;
    if (reader->has_fields)
        place_field(table, row, column, text, size);
    else if (reader->row_lines > 0)
        snprintf(text, size, "%s:%zu", table->path, bp_table_line(table, row));
    else if (reader->names_columns)
        snprintf(text, size, "%s: %s %zu, column \"%s\"", table->path, reader->row_word, row + 1,
                 table->column[column].name);
    else
        snprintf(text, size, "%s: %s %zu", table->path, reader->row_word, row + 1);
}

bp_status bp_cell_fail_as(bp_status status, const struct bp_cell *cell, bp_error *error,
                          const char *format, va_list arguments)
{
    /* A long path leaves room for the sentence. */
    char place[BP_ERROR_MESSAGE_SIZE / 2], sentence[BP_ERROR_MESSAGE_SIZE];
    bp_cell_place(cell->table, cell->row, cell->column, place, sizeof place);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    return bp_fail(error, status, "%s: %s", place, sentence);
}

bp_status bp_cell_fail(const struct bp_table *table, size_t row, size_t column, bp_error *error,
                       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const struct bp_cell cell = {table, row, column};
    const bp_status status = bp_cell_fail_as(BP_ERROR_INPUT, &cell, error, format, arguments);
    va_end(arguments);
    return status;
}

bp_status bp_columns_refuse_missing(const bp_dataset *dataset, const size_t *columns, size_t count,
                                    const char *why, bp_error *error)
{
    const struct bp_table *table = dataset->table;
    bool any = false;
    for (size_t k = 0; k < count; k++)
        any |= table->column[columns[k]].missing > 0;
    for (size_t x = 0; any && x < dataset->count; x++) {
        const size_t row = bp_dataset_row(dataset, x);
        for (size_t k = 0; k < count; k++)
            if (bp_cell_is_missing(table, row, columns[k]))
                return bp_cell_fail(table, row, columns[k], error, "the cell is empty%s", why);
    }
    return BP_OK;
}

const char *bp_column_advise_words(const struct bp_table *table, size_t column,
                                   char text[BP_WORDS_ADVICE_SIZE])
{
    const struct bp_column *from = &table->column[column];
    const char *word[WORDS_MAX];
    char list[BP_LIST_ADVICE_SIZE];
    size_t count = 0;
    text[0] = '\0';
    for (size_t k = 0; k < from->categories; k++) {
        const char *category = from->category[k];
        if (category[0] == '\0')
            continue;
        if (!bp_text_looks_missing(category, strlen(category)) || count == WORDS_MAX)
            return text;
        word[count++] = category;
    }
    if (count > 0)
        snprintf(text, BP_WORDS_ADVICE_SIZE,
                 "; if it stands for a missing value, say --missing-values %s",
                 bp_list_advice(list, table->reading.missing_values, word, count));
    return text;
}

size_t bp_column_find_text(const bp_dataset *dataset, size_t column)
{
    for (size_t x = 0; x < dataset->count; x++) {
        const size_t row = bp_dataset_row(dataset, x);
        const char *text = bp_cell_text(dataset->table, row, column);
        float number;
        if (bp_number_parse(text, strlen(text), &number) != BP_NUMBER_OK)
            return row;
    }
    return SIZE_MAX;
}
