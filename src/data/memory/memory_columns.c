/* Names of columns: those of the caller, or numbered ones. */
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "data/memory/memory.h"
#include "data/table/columns.h"
#include "data/text/text.h"

/* The name of column c of a block without names. */
static char *number_name(const struct bp_block *block, size_t c)
{
    const int64_t number = (int64_t)(block->first + c) + 1;
    if (block->role == BP_ROLE_WEIGHT)
        return bp_text_copy("weight", strlen("weight"));
    if (block->role == BP_ROLE_INPUT)
        return bp_numbered_name("x", number);
    return bp_block_has_categories(block) ? bp_text_copy("class", strlen("class"))
                                          : bp_numbered_name("y", number);
}

static bool name_block(struct bp_table *table, const struct bp_block_list *list,
                       const struct bp_block *block)
{
    const bool classes = block->role == BP_ROLE_TARGET && bp_block_has_categories(block);
    struct bp_column *column = &table->column[bp_block_column(list, block)];
    for (size_t c = 0; c < block->columns; c++, column++) {
        column->name = block->names ? bp_text_copy(block->names[c], strlen(block->names[c]))
                                    : number_name(block, c);
        if (!column->name)
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
    for (size_t k = 0; k < list->count; k++) {
        any |= list->block[k].names != NULL;
        if (!name_block(table, list, &list->block[k]))
            return bp_fail_memory(error, "the names of columns");
    }
    table->has_header = list->named;
    return any ? refuse_twins(table, error) : BP_OK;
}
