/* Names have to be good ones: models find their columns by them. */
#include "data/csv/csv_header.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/utf8.h"
#include "data/table/columns.h"
#include "data/table/dictionary.h"
#include "data/text/number.h"
#include "data/text/text.h"

bool bp_csv_buffer_cell(struct bp_csv_buffered *row, const struct bp_csv_cell *cell)
{
    char *text = bp_array_grow(row->text, &row->text_capacity, row->used + cell->length, 1);
    if (!text)
        return false;
    row->text = text;
    struct bp_csv_buffered_end *ends =
        bp_array_grow(row->ends, &row->cell_capacity, row->cells + 1, sizeof *ends);
    if (!ends)
        return false;
    row->ends = ends;
    memcpy(text + row->used, cell->text, cell->length);
    row->used += cell->length;
    ends[row->cells++] = (struct bp_csv_buffered_end){.end = row->used, .line = cell->line};
    return true;
}

void bp_csv_buffered_release(struct bp_csv_buffered *row)
{
    free(row->text);
    free(row->ends);
    *row = (struct bp_csv_buffered){0};
}

struct bp_csv_cell bp_csv_buffered_cell(const struct bp_csv_buffered *row, size_t k)
{
    size_t begin = k > 0 ? row->ends[k - 1].end : 0;
    return (struct bp_csv_cell){.text = row->text + begin,
                                .length = row->ends[k].end - begin,
                                .line = row->ends[k].line,
                                .field = k + 1};
}

/* "nan" and "1e99" count: they were meant to be numbers. */
bool bp_csv_buffered_has_number(const struct bp_csv_buffered *row, char point)
{
    for (size_t k = 0; k < row->cells; k++) {
        struct bp_csv_cell cell = bp_csv_buffered_cell(row, k);
        float value;
        enum bp_number result = bp_number_parse_with(cell.text, cell.length, point, &value);
        if (result != BP_NUMBER_TEXT && result != BP_NUMBER_BLANK)
            return true;
    }
    return false;
}

/* Moves the dictionary's texts, which are the names in order, into the columns. */
static void hand_over_names(struct bp_table *table, struct bp_dictionary *names)
{
    for (size_t c = 0; c < table->columns; c++)
        table->column[c].name = names->text[c];
    names->count = 0;
}

static bool is_blank(const struct bp_csv_cell *cell)
{
    float ignored;
    return bp_number_parse(cell->text, cell->length, &ignored) == BP_NUMBER_BLANK;
}

bool bp_csv_buffered_has_twin(const struct bp_csv_buffered *row, bool *twin)
{
    struct bp_dictionary names = {0};
    bool memory = true;
    *twin = false;
    for (size_t k = 0; memory && k < row->cells; k++) {
        const struct bp_csv_cell cell = bp_csv_buffered_cell(row, k);
        const size_t known = names.count;
        uint32_t number = 0;
        if (is_blank(&cell))
            continue;
        memory = bp_dictionary_add(&names, cell.text, cell.length, &number);
        *twin |= number < known;
    }
    bp_dictionary_release(&names);
    return memory;
}

bool bp_csv_header_is_short(const struct bp_csv_buffered *header, const struct bp_csv_buffered *row,
                            char point)
{
    if (row->cells != header->cells + 1)
        return false;
    const struct bp_csv_cell first = bp_csv_buffered_cell(row, 0);
    const struct bp_csv_cell last = bp_csv_buffered_cell(row, header->cells);
    float value;
    const enum bp_number result = bp_number_parse_with(first.text, first.length, point, &value);
    const bool name =
        result == BP_NUMBER_TEXT || (result == BP_NUMBER_OK && value == truncf(value));
    return name && !is_blank(&last); /* a separator at the end of each row */
}

static char *number_name(size_t column)
{
    return bp_numbered_name("column ", (int64_t)column + 1);
}

/* Adds the name of column c, which no column before it may have. */
static bp_status add_name(struct bp_dictionary *names, const char *path,
                          const struct bp_csv_cell *cell, bool unnamed, bp_error *error)
{
    char quoted[BP_EXCERPT_SIZE];
    uint32_t number;
    const size_t known = names->count;
    if (!bp_utf8_check(cell->text, cell->length))
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: the name %s is not UTF-8 text; save the file as UTF-8", path,
                       cell->line, cell->field, bp_text_excerpt(quoted, cell->text, cell->length));
    if (!bp_dictionary_add(names, cell->text, cell->length, &number))
        return bp_fail_memory(error, "the names of the columns");
    if (number == known)
        return BP_OK;
    bp_text_excerpt(quoted, cell->text, cell->length);
    if (unnamed)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s:%zu:%zu: the header has no name for this column, and %s, which it would "
                       "be called, is that of column %zu: give it another name",
                       path, cell->line, cell->field, quoted, (size_t)number + 1);
    return bp_fail(error, BP_ERROR_INPUT, "%s:%zu:%zu: the name %s is also that of column %zu",
                   path, cell->line, cell->field, quoted, (size_t)number + 1);
}

static bp_status take_names(struct bp_table *table, const struct bp_csv_buffered *header,
                            struct bp_dictionary *names, bp_error *error)
{
    const size_t nameless = table->columns - header->cells;
    for (size_t c = 0; c < table->columns; c++) {
        struct bp_csv_cell cell = {.line = header->ends[0].line, .field = c + 1};
        if (c >= nameless)
            cell = bp_csv_buffered_cell(header, c - nameless);
        char *own = NULL;
        if (is_blank(&cell)) {
            table->column[c].unnamed = true;
            if (!(own = number_name(c)))
                return bp_fail_memory(error, "the names of the columns");
            cell.text = own;
            cell.length = strlen(own);
        }
        const bp_status status = add_name(names, table->path, &cell, own != NULL, error);
        free(own);
        if (status)
            return status;
    }
    hand_over_names(table, names);
    return BP_OK;
}

bp_status bp_csv_name_columns(struct bp_table *table, const struct bp_csv_buffered *header,
                              bp_error *error)
{
    if (header) {
        struct bp_dictionary names = {0};
        bp_status status = take_names(table, header, &names, error);
        bp_dictionary_release(&names);
        return status;
    }
    for (size_t c = 0; c < table->columns; c++)
        if (!(table->column[c].name = number_name(c)))
            return bp_fail_memory(error, "the names of the columns");
    return BP_OK;
}
