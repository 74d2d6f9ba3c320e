/*
 * Categories of blocks as a CSV file would have them: the codes of a table are in the order of
 * first appearance, or by value if the names are integers. Rows are dealt to folds by that order.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "data/memory/memory.h"
#include "data/table/columns.h"
#include "data/table/dictionary.h"
#include "data/text/integer.h"
#include "data/text/names.h"
#include "data/text/number.h"
#include "data/text/text.h"

/* A column in work. The categories that the caller names have numbers of the caller. */
struct column {
    struct bp_table *table;
    const struct bp_block *block;
    size_t c;                   /* of the block */
    size_t index;               /* of the table */
    struct bp_dictionary given; /* the names of the caller; empty: there are none */
    struct bp_dictionary texts; /* the categories of the table, in the order of their codes */
    uint32_t *code;             /* of each category of the caller; NO_CODE: none yet */
};

#define NO_CODE UINT32_MAX

static bp_status fail_memory(bp_error *error)
{
    return bp_fail_memory(error, "the categories of a column");
}

/* The code of a text, which gets one if it has none. */
static bp_status add_text(struct column *column, const char *text, uint32_t *code, bp_error *error)
{
    if (!bp_dictionary_add(&column->texts, text, strlen(text), code))
        return fail_memory(error);
    if (column->texts.count > BP_CATEGORIES_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%s: column \"%s\" has more than %d categories",
                       column->table->path, column->table->column[column->index].name,
                       BP_CATEGORIES_MAX);
    return BP_OK;
}

/* The name of category k of the caller. */
static char *name_category(const struct bp_block *block, size_t k)
{
    return block->categories ? bp_text_copy(block->categories[k], strlen(block->categories[k]))
                             : bp_numbered_name("", (int64_t)k);
}

static bp_status add_given(struct column *column, size_t k, bp_error *error)
{
    if (column->code[k] != NO_CODE)
        return BP_OK;
    char *name = name_category(column->block, k);
    const bp_status status =
        name ? add_text(column, name, &column->code[k], error) : fail_memory(error);
    free(name);
    return status;
}

static bool are_integers(const struct bp_block *block)
{
    int64_t integer;
    for (size_t k = 0; block->categories && k < block->category_count; k++) {
        const char *name = block->categories[k];
        float number;
        if (bp_number_parse(name, strlen(name), &number) != BP_NUMBER_OK ||
            bp_integer_read(name, strlen(name), '.', &integer) != BP_EXACT)
            return false;
    }
    return true;
}

/* Gives codes to all categories in the order of their values. */
static bp_status add_by_value(struct column *column, bp_error *error)
{
    const struct bp_block *block = column->block;
    const size_t count = block->category_count;
    struct bp_name_index place;
    bp_status status = BP_OK;
    if (!block->categories) {
        for (size_t k = 0; !status && k < count; k++)
            status = add_given(column, k, error);
        return status;
    }
    char **sorted = bp_array_alloc(count, sizeof *sorted);
    if (!sorted || !bp_name_index_create(&place, count)) {
        free(sorted);
        return fail_memory(error);
    }
    for (size_t k = 0; k < count; k++) {
        sorted[k] = (char *)(uintptr_t)block->categories[k];
        bp_name_index_add(&place, sorted[k], k);
    }
    bp_name_index_sort(&place);
    bp_names_sort(sorted, count);
    for (size_t k = 0; !status && k < count; k++)
        status = add_given(column, bp_name_index_find(&place, sorted[k]), error);
    bp_name_index_release(&place);
    free(sorted);
    return status;
}

static bp_status begin_column(struct column *column, bp_error *error)
{
    const struct bp_block *block = column->block;
    const size_t count = block->category_count;
    if (block->type == BP_CELL_TEXT && !block->categories)
        return BP_OK;
    column->code = bp_array_alloc(count, sizeof *column->code);
    if (!column->code)
        return fail_memory(error);
    for (size_t k = 0; k < count; k++) {
        uint32_t number;
        column->code[k] = NO_CODE;
        if (block->type == BP_CELL_TEXT &&
            !bp_dictionary_add(&column->given, block->categories[k], strlen(block->categories[k]),
                               &number))
            return fail_memory(error);
    }
    return are_integers(block) ? add_by_value(column, error) : BP_OK;
}

/* The code of a missing cell. */
static bp_status read_missing(struct column *column, size_t row, uint32_t *code, bp_error *error)
{
    if (!column->block->missing)
        return bp_memory_fail(column->table, row, column->index, error, "the category is missing%s",
                              column->block->role == BP_ROLE_INPUT ? BP_MEMORY_ADVICE : "");
    column->table->column[column->index].missing++;
    return add_text(column, "", code, error);
}

static bp_status read_code(struct column *column, size_t row, uint32_t *code, bp_error *error)
{
    const struct bp_block *block = column->block;
    const int32_t number = bp_block_code(block, row, column->c);
    if (number < 0 && block->missing)
        return read_missing(column, row, code, error);
    if (number < 0 || (size_t)number >= block->category_count)
        return bp_memory_fail(column->table, row, column->index, error,
                              "the code %ld is none of the %zu categories, from 0%s", (long)number,
                              block->category_count,
                              number < 0 && block->role == BP_ROLE_INPUT ? BP_MEMORY_ADVICE : "");
    const bp_status status = add_given(column, (size_t)number, error);
    *code = column->code[number];
    return status;
}

static bp_status read_text(struct column *column, size_t row, uint32_t *code, bp_error *error)
{
    const char *text = bp_block_text(column->block, row, column->c);
    char word[BP_EXCERPT_SIZE];
    uint32_t number;
    if (!text || text[0] == '\0')
        return read_missing(column, row, code, error);
    const size_t length = strlen(text), before = column->texts.count;
    if (column->given.count > 0) {
        if (!bp_dictionary_find(&column->given, text, length, &number))
            return bp_memory_fail(column->table, row, column->index, error,
                                  "%s is none of the %zu categories",
                                  bp_text_excerpt(word, text, length), column->given.count);
        const bp_status status = add_given(column, number, error);
        *code = column->code[number];
        return status;
    }
    const bp_status status = add_text(column, text, code, error);
    if (!status && column->texts.count > before && !bp_utf8_check(text, length))
        return bp_memory_fail(column->table, row, column->index, error, "%s is not UTF-8 text",
                              bp_text_excerpt(word, text, length));
    return status;
}

static bp_status read_cells(struct column *column, bp_error *error)
{
    struct bp_table *table = column->table;
    const size_t offset = table->column[column->index].offset;
    const bool texts = column->block->type == BP_CELL_TEXT;
    bp_status status = BP_OK;
    for (size_t row = 0; !status && row < table->rows; row++) {
        uint32_t code = 0;
        status = (texts ? read_text : read_code)(column, row, &code, error);
        if (column->block->role == BP_ROLE_TARGET)
            table->labels[row] = code;
        else
            table->values[row * table->cells + offset] = (float)code;
    }
    return status;
}

/* Those that count and that no row has come last; the column takes the texts. */
static bp_status end_column(struct column *column, bp_error *error)
{
    struct bp_column *out = &column->table->column[column->index];
    bp_status status = BP_OK;
    const size_t given =
        column->block->all_categories && column->code ? column->block->category_count : 0;
    for (size_t k = 0; !status && k < given; k++)
        status = add_given(column, k, error);
    if (status)
        return status;
    out->category = column->texts.text;
    out->categories = column->texts.count;
    column->texts.text = NULL;
    column->texts.count = 0;
    return BP_OK;
}

static bp_status fill_column(struct column *column, bp_error *error)
{
    bp_status status = begin_column(column, error);
    if (!status)
        status = read_cells(column, error);
    if (!status)
        status = end_column(column, error);
    bp_dictionary_release(&column->given);
    bp_dictionary_release(&column->texts);
    free(column->code);
    return status;
}

bp_status bp_memory_fill_categories(struct bp_table *table, const struct bp_block_list *list,
                                    bp_error *error)
{
    bp_status status = BP_OK;
    for (size_t k = 0; !status && k < list->count; k++) {
        const struct bp_block *block = &list->block[k];
        const size_t columns = bp_block_has_categories(block) ? block->columns : 0;
        for (size_t c = 0; !status && c < columns; c++) {
            struct column column = {
                .table = table, .block = block, .c = c, .index = bp_block_column(list, block) + c};
            status = fill_column(&column, error);
        }
    }
    return status;
}
