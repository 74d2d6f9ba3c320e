/* Which columns a network reads and which it learns to predict. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/schema/fit.h"
#include "data/table/cells.h"
#include "data/table/columns.h"
#include "data/text/list.h"
#include "data/text/text.h"

/* How many columns without a name a message lists, and the size of their numbers. */
#define UNNAMED_LISTED 16
#define UNNAMED_SIZE   21

bp_status bp_table_find_by(const struct bp_table *table, const struct bp_name_index *names,
                           const char *what, const char *name, size_t *column, bp_error *error)
{
    *column = bp_name_index_find_column(names, name);
    if (*column == SIZE_MAX)
        return bp_table_fail_column(table, names, what, name, error);
    const struct bp_column *found = &table->column[*column];
    if (!bp_column_is_read(found))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: column \"%s\" is %s: it cannot have another part", table->path,
                       found->name, found->role == BP_ROLE_ID ? "the id" : "ignored");
    return BP_OK;
}

bp_status bp_table_find(const struct bp_table *table, const char *what, const char *name,
                        size_t *column, bp_error *error)
{
    struct bp_name_index names;
    if (!bp_table_index_names(table, 0, &names))
        return bp_fail_memory(error, "the names of columns");
    bp_status status = bp_table_find_by(table, &names, what, name, column, error);
    bp_name_index_release(&names);
    return status;
}

/* Column k is that of item k; none twice. */
static bp_status find_items(const struct bp_table *table, const struct bp_name_index *names,
                            const struct bp_list *list, size_t *columns, bp_error *error)
{
    bool *named = calloc(table->columns, sizeof *named);
    bp_status status = named ? BP_OK : bp_fail_memory(error, "the targets");
    for (size_t k = 0; !status && k < list->count; k++) {
        status = bp_table_find_by(table, names, "target", list->item[k], &columns[k], error);
        if (!status && named[columns[k]])
            status =
                bp_fail(error, BP_ERROR_ARGUMENT, "%s: column \"%s\" is named twice as a target",
                        table->path, table->column[columns[k]].name);
        if (!status)
            named[columns[k]] = true;
    }
    free(named);
    return status;
}

bp_status bp_table_find_list(const struct bp_table *table, const char *list, size_t **columns,
                             size_t *count, bp_error *error)
{
    struct bp_list items = {0};
    struct bp_name_index names;
    bp_status status = BP_OK;
    *columns = NULL;
    *count = 1;
    if (!bp_table_index_names(table, 0, &names))
        return bp_fail_memory(error, "the names of columns");
    const bool is_name = bp_name_index_find(&names, list) != SIZE_MAX;
    if (!is_name && !(status = bp_list_parse(&items, list, "target", error)))
        *count = items.count;
    if (!status && !(*columns = bp_array_alloc(*count, sizeof **columns)))
        status = bp_fail_memory(error, "the targets");
    if (!status)
        status = is_name ? bp_table_find_by(table, &names, "target", list, *columns, error)
                         : find_items(table, &names, &items, *columns, error);
    bp_list_release(&items);
    bp_name_index_release(&names);
    if (status) {
        free(*columns);
        *columns = NULL;
    }
    return status;
}

bp_status bp_target_check(const struct bp_table *table, size_t column, bp_error *error)
{
    if (table->column[column].role == BP_ROLE_TARGET)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "%s: column \"%s\" is an input, it cannot be the target", table->path,
                   table->column[column].name);
}

/* Formats with roles say themselves what is a target; a choice among several is left. */
static bp_status choose_fixed(const struct bp_table *table, const struct bp_role_names *names,
                              bp_column_role *role, bp_error *error)
{
    size_t *target = NULL, targets = 0, weight = 0;
    bp_status status =
        names->weight ? bp_table_find(table, "weight", names->weight, &weight, error) : BP_OK;
    if (!status && names->weight && table->column[weight].role != BP_ROLE_WEIGHT)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: a column of weights cannot be chosen: the format says which columns "
                       "are inputs and which are targets",
                       table->path);
    if (!status && names->target)
        status = bp_table_find_list(table, names->target, &target, &targets, error);
    if (status)
        return status;
    for (size_t k = 0; k < table->columns; k++) {
        const bp_column_role own = table->column[k].role;
        const bool left_out = names->target && own == BP_ROLE_TARGET;
        role[k] = left_out || own == BP_ROLE_WEIGHT ? BP_ROLE_UNKNOWN : own;
    }
    for (size_t t = 0; !status && t < targets; t++) {
        status = bp_target_check(table, target[t], error);
        role[target[t]] = BP_ROLE_TARGET;
    }
    free(target);
    return status;
}

static bp_status mark_targets(const struct bp_table *table, const char *names, bp_column_role *role,
                              bp_error *error)
{
    size_t *target, targets;
    bp_status status = bp_table_find_list(table, names, &target, &targets, error);
    if (status)
        return status;
    for (size_t t = 0; !status && t < targets; t++) {
        if (role[target[t]] == BP_ROLE_UNKNOWN)
            status = bp_fail(error, BP_ERROR_ARGUMENT,
                             "%s: column \"%s\" cannot be both the weight and a target",
                             table->path, table->column[target[t]].name);
        role[target[t]] = BP_ROLE_TARGET;
    }
    free(target);
    return status;
}

/* Columns without a name, most often row numbers that another program wrote, are nothing to learn
 * from unless an option says what they are. */
static bp_status refuse_unnamed(const struct bp_table *table, const bp_column_role *role,
                                const char *target, bp_error *error)
{
    char number[UNNAMED_LISTED][UNNAMED_SIZE], list[BP_LIST_ADVICE_SIZE];
    const char *item[UNNAMED_LISTED];
    size_t count = 0, first = 0;
    for (size_t k = 0; k < table->columns; k++) {
        const bool chosen = role[k] == BP_ROLE_INPUT || (role[k] == BP_ROLE_TARGET && !target);
        if (!table->column[k].unnamed || !chosen)
            continue;
        first = count == 0 ? k + 1 : first;
        if (count == UNNAMED_LISTED)
            break;
        snprintf(number[count], UNNAMED_SIZE, "%zu", k + 1);
        item[count] = number[count];
        count++;
    }
    if (count == 0)
        return BP_OK;
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s:1:%zu: the header has no name for %s; leave %s out with --ignore %s, say "
                   "--id %zu if column %zu tells rows apart, or name %s in the file",
                   table->path, first, count == 1 ? "this column" : "this column and others",
                   count == 1 ? "it" : "them",
                   bp_list_advice(list, table->reading.ignore, item, count), first, first,
                   count == 1 ? "it" : "them");
}

/* Columns of a CSV file: inputs, but for those that are named for something else. */
static bp_status choose_named(const struct bp_table *table, const struct bp_role_names *names,
                              bp_column_role *role, bp_error *error)
{
    size_t weight = SIZE_MAX;
    bp_status status =
        names->weight ? bp_table_find(table, "weight", names->weight, &weight, error) : BP_OK;
    if (status)
        return status;
    size_t last = SIZE_MAX;
    for (size_t k = 0; k < table->columns; k++) {
        if (k == weight || !bp_column_is_read(&table->column[k])) {
            role[k] = BP_ROLE_UNKNOWN;
            continue;
        }
        role[k] = BP_ROLE_INPUT;
        last = k;
    }
    if (names->target)
        status = mark_targets(table, names->target, role, error);
    else if (last != SIZE_MAX)
        role[last] = BP_ROLE_TARGET;
    return status ? status : refuse_unnamed(table, role, names->target, error);
}

bp_status bp_roles_choose(const struct bp_table *table, const struct bp_role_names *names,
                          bp_column_role *role, bp_error *error)
{
    bp_status status = table->reader->has_roles ? choose_fixed(table, names, role, error)
                                                : choose_named(table, names, role, error);
    if (status)
        return status;
    size_t inputs = 0, targets = 0, target = 0;
    for (size_t k = 0; k < table->columns; k++) {
        inputs += role[k] == BP_ROLE_INPUT;
        targets += role[k] == BP_ROLE_TARGET;
        target = role[k] == BP_ROLE_TARGET ? k : target;
    }
    if (targets == 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       table->reader->takes_labels
                           ? "%s: there is nothing to learn from: give the file of labels "
                             "(--labels)"
                           : "%s: there is nothing to learn from: it has no targets",
                       table->path);
    if (inputs == 0)
        return bp_fail(error, BP_ERROR_INPUT,
                       "%s: no column is left for the inputs: \"%s\" is the target", table->path,
                       table->column[target].name);
    return BP_OK;
}
