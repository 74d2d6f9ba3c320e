/* Columns of numbers and of classes. */
#include "data/table/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "data/text/text.h"

size_t bp_numbered_name_write(char *name, const char *prefix, int64_t number)
{
    char digits[BP_NUMBER_SIZE];
    size_t first = sizeof digits, length = strlen(prefix);
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        digits[--first] = (char)('0' + rest % 10);
    while (rest /= 10);
    memcpy(name, prefix, length);
    if (number < 0)
        name[length++] = '-';
    memcpy(name + length, digits + first, sizeof digits - first);
    length += sizeof digits - first;
    name[length] = '\0';
    return length + 1;
}

char *bp_numbered_name(const char *prefix, int64_t number)
{
    char *name = malloc(strlen(prefix) + BP_NUMBER_SIZE);
    if (name)
        bp_numbered_name_write(name, prefix, number);
    return name;
}

bool bp_columns_set_numbers(struct bp_table *table, size_t first, size_t count, bp_column_role role,
                            const char *prefix)
{
    for (size_t c = 0; c < count; c++) {
        struct bp_column *column = &table->column[first + c];
        column->role = role;
        column->offset = first + c;
        column->width = 1;
        column->name = bp_numbered_name(prefix, (int64_t)c + 1);
        if (!column->name)
            return false;
    }
    return true;
}

bool bp_column_set_image(struct bp_column *column, size_t width)
{
    column->role = BP_ROLE_INPUT;
    column->width = width;
    column->name = bp_text_copy("image", strlen("image"));
    return column->name != NULL;
}

bool bp_column_set_classes(struct bp_column *column, const char *name, size_t categories)
{
    column->kind = BP_COLUMN_CATEGORY;
    column->role = BP_ROLE_TARGET;
    column->width = 1;
    column->name = bp_text_copy(name, strlen(name));
    column->category = calloc(categories, sizeof *column->category);
    if (!column->name || !column->category)
        return false;
    column->categories = categories;
    return true;
}

bool bp_table_index_names(const struct bp_table *table, size_t first, struct bp_name_index *index)
{
    if (!bp_name_index_create(index, table->columns - first))
        return false;
    for (size_t c = first; c < table->columns; c++)
        bp_name_index_add(index, table->column[c].name, c);
    bp_name_index_sort(index);
    return true;
}

bp_status bp_table_fail_column(const struct bp_table *table, const struct bp_name_index *index,
                               const char *what, const char *name, bp_error *error)
{
    char word[BP_EXCERPT_SIZE], near[BP_EXCERPT_SIZE];
    const char *nearest = bp_name_index_nearest(index, name);
    bp_text_excerpt(word, name, strlen(name));
    if (nearest)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%s: %s: there is no column %s; did you mean %s?",
                       table->path, what, word, bp_text_excerpt(near, nearest, strlen(nearest)));
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "%s: %s: there is no column %s; give a name, or a number from 1 to %zu",
                   table->path, what, word, table->columns);
}
