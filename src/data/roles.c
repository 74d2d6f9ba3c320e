/* Which columns a network reads and which it learns to predict. */
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "data/cells.h"
#include "data/fit.h"
#include "data/names.h"
#include "data/text.h"

/* "3" as 3; 0 if `text` is not a number of a column. */
static size_t parse_position(const char *text)
{
    size_t value = 0;
    for (const char *c = text; *c; c++) {
        if (*c < '0' || *c > '9' || value > (SIZE_MAX - 9) / 10)
            return 0;
        value = value * 10 + (size_t)(*c - '0');
    }
    return value;
}

static bp_status fail_unknown(const struct bp_table *table, const char *target, bp_error *error)
{
    char word[BP_EXCERPT_SIZE], near[BP_EXCERPT_SIZE];
    bp_text_excerpt(word, target, strlen(target));
    struct bp_name_index index;
    if (!bp_name_index_create(&index, table->columns))
        return bp_fail_memory(error, "the names of columns");
    for (size_t k = 0; k < table->columns; k++)
        bp_name_index_add(&index, table->column[k].name, k);
    const char *nearest = bp_name_index_nearest(&index, target);
    bp_name_index_release(&index);
    if (nearest)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%s: there is no column %s: did you mean %s?",
                       table->path, word, bp_text_excerpt(near, nearest, strlen(nearest)));
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "%s: there is no column %s: give the name of one, or its number from 1 to %zu",
                   table->path, word, table->columns);
}

bp_status bp_table_find(const struct bp_table *table, const char *target, size_t *column,
                        bp_error *error)
{
    for (size_t k = 0; k < table->columns; k++) {
        if (strcmp(table->column[k].name, target) == 0) {
            *column = k;
            return BP_OK;
        }
    }
    size_t position = parse_position(target);
    if (position < 1 || position > table->columns)
        return fail_unknown(table, target, error);
    *column = position - 1;
    return BP_OK;
}

/* IDX, NPY, FANN and arrays say themselves what is a target; a choice among several is left. */
static bp_status choose_fixed(const struct bp_table *table, const char *target,
                              bp_column_role *role, bp_error *error)
{
    size_t only = SIZE_MAX;
    if (target) {
        bp_status status = bp_table_find(table, target, &only, error);
        if (status)
            return status;
        if (table->column[only].role != BP_ROLE_TARGET)
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "%s: column \"%s\" is an input, it cannot be the target", table->path,
                           table->column[only].name);
    }
    for (size_t k = 0; k < table->columns; k++) {
        bool left_out = target && table->column[k].role == BP_ROLE_TARGET && k != only;
        role[k] = left_out ? BP_ROLE_UNKNOWN : table->column[k].role;
    }
    return BP_OK;
}

bp_status bp_roles_choose(const struct bp_table *table, const char *target, bp_column_role *role,
                          bp_error *error)
{
    if (bp_table_has_roles(table)) {
        bp_status status = choose_fixed(table, target, role, error);
        if (status)
            return status;
    } else {
        size_t column = table->columns - 1;
        bp_status status = target ? bp_table_find(table, target, &column, error) : BP_OK;
        if (status)
            return status;
        for (size_t k = 0; k < table->columns; k++)
            role[k] = k == column ? BP_ROLE_TARGET : BP_ROLE_INPUT;
    }
    size_t inputs = 0, targets = 0;
    for (size_t k = 0; k < table->columns; k++) {
        inputs += role[k] == BP_ROLE_INPUT;
        targets += role[k] == BP_ROLE_TARGET;
    }
    if (targets == 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       bp_format_takes_labels(table->format)
                           ? "%s: there is nothing to learn from: give the file of labels "
                             "(--labels)"
                           : "%s: there is nothing to learn from: it has no targets",
                       table->path);
    if (inputs == 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: no column is left for the inputs: \"%s\" is the target", table->path,
                       table->column[table->columns - 1].name);
    return BP_OK;
}
