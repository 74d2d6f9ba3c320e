/* Few values are kept, so that a column of a million texts costs no more than one of two. */
#include "data/samples/unknown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/table/cells.h"
#include "data/text/names.h"

/* How much of the list of known categories a message shows, and of the unknown ones. */
#define LIST_SIZE   160
#define VALUES_SIZE 480

static void count_value(struct bp_unknown_values *unknown, const char *word,
                        const struct bp_schema_column *known)
{
    for (size_t k = 0; k < unknown->shown; k++) {
        struct bp_unknown_value *value = &unknown->value[k];
        if (value->known == known && strcmp(value->word, word) == 0) {
            value->rows++;
            return;
        }
    }
    if (unknown->shown == BP_UNKNOWN_SHOWN) {
        unknown->more = true;
        return;
    }
    struct bp_unknown_value *value = &unknown->value[unknown->shown++];
    snprintf(value->word, sizeof value->word, "%s", word);
    value->known = known;
    value->rows = 1;
}

bool bp_unknown_add(struct bp_unknown_values *unknown, size_t x, size_t column, const char *name,
                    const struct bp_schema_column *known)
{
    char word[BP_EXCERPT_SIZE];
    if (!unknown->marked)
        unknown->marked = calloc(unknown->dataset->count, 1);
    if (!unknown->marked)
        return false;
    bp_text_excerpt(word, name, strlen(name));
    if (unknown->rows == 0 || x < unknown->first) {
        unknown->first = x;
        unknown->column = column;
        unknown->known = known;
        unknown->empty = name[0] == '\0';
        memcpy(unknown->word, word, sizeof word);
    }
    unknown->rows += !unknown->marked[x];
    unknown->marked[x] = 1;
    count_value(unknown, word, known);
    return true;
}

void bp_unknown_write(const struct bp_unknown_values *unknown, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t k = 0; k < unknown->shown && length < size; k++) {
        const struct bp_unknown_value *value = &unknown->value[k];
        length += (size_t)snprintf(
            text + length, size - length, "%s%s of column \"%s\" (%zu row%s)", k > 0 ? ", " : "",
            value->word, value->known->name, value->rows, value->rows == 1 ? "" : "s");
    }
    if (unknown->more && length < size)
        snprintf(text + length, size - length, ", ...");
}

/* What is wrong with the first cell. */
static void write_first(const struct bp_unknown_values *unknown, char *text, size_t size)
{
    const struct bp_schema_column *known = unknown->known;
    char list[LIST_SIZE];
    bp_names_join(known->category, known->neurons, list, sizeof list);
    if (unknown->empty)
        snprintf(text, size,
                 "the cell is empty, and no empty cell of column \"%s\" was in the training data",
                 known->name);
    else
        snprintf(text, size, "%s is not a %s of column \"%s\" in the training data (%s)",
                 unknown->word, known->role == BP_ROLE_TARGET ? "class" : "category", known->name,
                 list);
}

bp_status bp_unknown_fail(const struct bp_unknown_values *unknown, const char *hint,
                          bp_error *error)
{
    char first[BP_ERROR_MESSAGE_SIZE / 2], values[VALUES_SIZE] = "", others[VALUES_SIZE + 64] = "";
    const size_t row = bp_dataset_row(unknown->dataset, unknown->first);
    write_first(unknown, first, sizeof first);
    bp_unknown_write(unknown, values, sizeof values);
    if (unknown->rows > 1)
        snprintf(others, sizeof others, "; %zu of %zu rows have what is not known: %s",
                 unknown->rows, unknown->dataset->count, values);
    return bp_cell_fail(unknown->dataset->table, row, unknown->column, error, "%s%s%s", first,
                        others, hint);
}

void bp_unknown_release(struct bp_unknown_values *unknown)
{
    free(unknown->marked);
    unknown->marked = NULL;
}
