/* The first file says what a column holds; codes of texts are those of its dictionary, which
 * grows. */
#include "data/read/append.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/table/cells.h"
#include "data/table/dictionary.h"
#include "data/table/exact.h"
#include "data/table/origin.h"

/* Whether all cells of a column are missing, so that it is of any kind. */
static bool is_open(const struct bp_table *table, const struct bp_column *column)
{
    return column->missing == table->rows;
}

static bp_status fail_kind(const struct bp_joint *joint, const struct bp_column *column,
                           size_t field)
{
    const struct bp_table *further = joint->further;
    const bool texts = further->column[field].kind == BP_COLUMN_CATEGORY;
    size_t x = 0;
    while (x + 1 < further->rows && bp_cell_is_missing(further, x, field))
        x++;
    char advice[BP_WORDS_ADVICE_SIZE];
    if (texts)
        bp_column_advise_words(further, field, advice);
    else
        bp_column_advise_words(joint->table, (size_t)(column - joint->table->column), advice);
    return bp_cell_fail(further, x, field, joint->error,
                        "column \"%s\" holds %s here, and %s in %s%s", column->name,
                        texts ? "text" : "numbers", texts ? "numbers" : "text", joint->table->path,
                        advice[0] ? advice : "; list it with --categorical if both are names");
}

/* What a column of missing cells becomes beside one of texts. */
static bp_status become_texts(const struct bp_joint *joint, struct bp_column *column)
{
    struct bp_table *table = joint->table;
    column->category = calloc(1, sizeof *column->category);
    if (!column->category || !(column->category[0] = bp_text_copy("", 0)))
        return bp_fail_memory(joint->error, joint->further->path);
    column->categories = 1;
    column->kind = BP_COLUMN_CATEGORY;
    for (size_t x = 0; x < table->rows; x++)
        table->values[x * table->cells + column->offset] = 0;
    return BP_OK;
}

/* codes[k] becomes the code in `column` of text k of `from`; new texts are added. */
static bp_status merge_texts(const struct bp_joint *joint, struct bp_column *column,
                             const struct bp_column *from, uint32_t *codes)
{
    struct bp_dictionary texts = {0};
    bool merged = true;
    uint32_t number;
    for (size_t k = 0; merged && k < column->categories; k++)
        merged =
            bp_dictionary_add(&texts, column->category[k], strlen(column->category[k]), &number);
    for (size_t k = 0; merged && k < from->categories; k++)
        merged = bp_dictionary_add(&texts, from->category[k], strlen(from->category[k]), &codes[k]);
    if (!merged) {
        bp_dictionary_release(&texts);
        return bp_fail_memory(joint->error, joint->further->path);
    }
    for (size_t k = 0; k < column->categories; k++)
        free(column->category[k]);
    free(column->category);
    column->category = texts.text;
    column->categories = texts.count;
    texts.text = NULL;
    texts.count = 0;
    bp_dictionary_release(&texts);
    if (column->categories > BP_CATEGORIES_MAX)
        return bp_fail(
            joint->error, BP_ERROR_INPUT,
            "%s: column \"%s\" has, with the files before, more than %d different texts; "
            "if it only tells rows apart, name it with --id or --ignore",
            joint->further->path, column->name, BP_CATEGORIES_MAX);
    return BP_OK;
}

static bp_status append_texts(const struct bp_joint *joint, struct bp_column *column, size_t field,
                              float *to)
{
    const struct bp_table *table = joint->table, *further = joint->further;
    const struct bp_column *from = &further->column[field];
    const bool texts = from->kind == BP_COLUMN_CATEGORY;
    char empty[] = "", *missing[] = {empty};
    const struct bp_column nothing = {.categories = 1, .category = missing};
    uint32_t *codes = bp_array_alloc(from->categories + 1, sizeof *codes);
    if (!codes)
        return bp_fail_memory(joint->error, joint->further->path);
    bp_status status = merge_texts(joint, column, texts ? from : &nothing, codes);
    for (size_t x = 0; status == BP_OK && x < further->rows; x++)
        to[x * table->cells] = (float)codes[texts ? bp_cell_code(further, x, field) : 0];
    free(codes);
    return status;
}

/* Adds the numbers of a column that are not missing to the range of two files. */
static void add_range(const struct bp_table *table, size_t c, struct bp_column_range *range)
{
    for (size_t x = 0; x < table->rows; x++) {
        const double number = table->column[c].origin + (double)bp_column_cell(table, x, c);
        if (!isnan(number))
            bp_column_range_add(range, number);
    }
}

/* Files whose columns have different origins: the rows of all of them have one, or none if they are
 * far from one another. */
static double choose_origin(const struct bp_joint *joint, size_t c, size_t field)
{
    const double own = joint->table->column[c].origin;
    const double other = joint->further->column[field].origin;
    if (own == other)
        return own;
    struct bp_column_range range = bp_column_range_begin();
    add_range(joint->table, c, &range);
    add_range(joint->further, field, &range);
    return bp_column_range_origin(&range) != 0 ? own != 0 ? own : other : 0;
}

static void append_numbers(const struct bp_joint *joint, struct bp_column *column, size_t field,
                           float *to)
{
    struct bp_table *table = joint->table;
    const struct bp_table *further = joint->further;
    const double origin = choose_origin(joint, (size_t)(column - table->column), field);
    float *own = table->values + column->offset;
    for (size_t x = 0; x < table->rows; x++)
        own[x * table->cells] = bp_cell_move(own[x * table->cells], column->origin, origin);
    for (size_t x = 0; x < further->rows; x++)
        to[x * table->cells] =
            bp_cell_move(bp_column_cell(further, x, field), further->column[field].origin, origin);
    column->origin = origin;
}

bp_status bp_joint_append_column(const struct bp_joint *joint, size_t c)
{
    struct bp_table *table = joint->table;
    const struct bp_table *further = joint->further;
    struct bp_column *column = &table->column[c];
    const size_t field = joint->field[c];
    const struct bp_column *from = &further->column[field];
    float *to = table->values + table->rows * table->cells + column->offset;
    bp_status status = BP_OK;
    if (!bp_column_is_read(column)) {
        for (size_t x = 0; x < further->rows; x++)
            to[x * table->cells] = 0;
        return BP_OK;
    }
    if (from->kind != column->kind && !is_open(further, from) && !is_open(table, column))
        return fail_kind(joint, column, field);
    if (from->kind != column->kind && column->kind == BP_COLUMN_NUMBER && is_open(table, column))
        status = become_texts(joint, column);
    if (status == BP_OK && column->kind == BP_COLUMN_CATEGORY)
        status = append_texts(joint, column, field, to);
    if (status == BP_OK && column->kind == BP_COLUMN_NUMBER) {
        if (!bp_exact_append(table, c, further, field))
            return bp_fail_memory(joint->error, further->path);
        append_numbers(joint, column, field, to);
    }
    column->missing += from->missing;
    return status;
}
