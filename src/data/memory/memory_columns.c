/* Names of columns: those of the caller, or numbered ones. */
#include <stdlib.h>

#include "base/memory.h"
#include "data/memory/memory.h"
#include "data/table/columns.h"
#include "data/text/text.h"

#define NUMBERED_SIZE (1 + BP_NUMBER_SIZE) /* "x" and a number */

/* The name of column c of a block without names; NULL: it is to be numbered. */
static const char *find_name(const struct bp_block *block, size_t c)
{
    if (block->names)
        return block->names[c];
    if (block->role == BP_ROLE_WEIGHT)
        return "weight";
    return block->role == BP_ROLE_TARGET && bp_block_has_categories(block) ? "class" : NULL;
}

/* Moves `numbered` on where it takes the name. False: no memory. */
static bool name_column(struct bp_column *column, const struct bp_block *block, size_t c,
                        char **numbered)
{
    const char *name = find_name(block, c);
    column->numbered = !name;
    if (name)
        return (column->name = bp_text_copy(name, strlen(name)));
    column->name = *numbered;
    *numbered += bp_numbered_name_write(column->name, block->role == BP_ROLE_INPUT ? "x" : "y",
                                        (int64_t)(block->first + c) + 1);
    return true;
}

static bool name_block(struct bp_table *table, const struct bp_block_list *list,
                       const struct bp_block *block, char **numbered)
{
    const bool classes = block->role == BP_ROLE_TARGET && bp_block_has_categories(block);
    struct bp_column *column = &table->column[bp_block_column(list, block)];
    for (size_t c = 0; c < block->columns; c++, column++) {
        if (!name_column(column, block, c, numbered))
            return false;
        column->unnamed = !block->names;
        column->role = block->role;
        column->kind = bp_block_has_categories(block) ? BP_COLUMN_CATEGORY : BP_COLUMN_NUMBER;
        column->width = 1;
        column->all_categories = block->all_categories;
        /* Weights come before targets; classes have an array of their own. */
        if (!classes)
            column->offset = block->first + c + (block->role == BP_ROLE_TARGET ? list->weights : 0);
    }
    return true;
}

/* Room for the names of all columns that have none. False: no memory. */
static bool make_numbered(struct bp_table *table, const struct bp_block_list *list)
{
    size_t count = 0;
    for (size_t k = 0; k < list->count; k++)
        count += find_name(&list->block[k], 0) ? 0 : list->block[k].columns;
    if (count > 0)
        table->numbered_names = bp_array_alloc(count, NUMBERED_SIZE);
    return count == 0 || table->numbered_names;
}

static bp_status refuse_twins(const struct bp_table *table, bp_error *error)
{
    struct bp_name_index index;
    if (!bp_table_index_names(table, 0, &index))
        return bp_fail_memory(error, "the names of columns");
    const char *twin = bp_name_index_twin(&index);
    char word[BP_EXCERPT_SIZE];
    const bp_status status =
        twin ? bp_fail(error, BP_ERROR_ARGUMENT, "%s: two columns are called %s", table->path,
                       bp_text_excerpt(word, twin, strlen(twin)))
             : BP_OK;
    bp_name_index_release(&index);
    return status;
}

bp_status bp_memory_name_columns(struct bp_table *table, const struct bp_block_list *list,
                                 bp_error *error)
{
    bool any = false;
    if (!make_numbered(table, list))
        return bp_fail_memory(error, "the names of columns");
    char *numbered = table->numbered_names;
    for (size_t k = 0; k < list->count; k++) {
        any |= list->block[k].names != NULL;
        if (!name_block(table, list, &list->block[k], &numbered))
            return bp_fail_memory(error, "the names of columns");
    }
    table->has_header = list->named;
    return any ? refuse_twins(table, error) : BP_OK;
}
