/* Numbers in doubles: a shift may be far from 0 and have an origin taken off later. */
#include "data/schema/given_scaling.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/number_text.h"
#include "data/schema/fit.h"
#include "data/table/columns.h"
#include "data/text/assignments.h"
#include "data/text/text.h"

#define OPTION "scaling"

static bp_status fail_form(const struct bp_assignments *items, bp_error *error)
{
    char word[BP_EXCERPT_SIZE];
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   OPTION ": %s is not of the form NAME=SHIFT:SCALE,...; " BP_ASSIGNMENTS_QUOTES,
                   bp_text_excerpt(word, items->begin, strlen(items->begin)));
}

/* The number in `length` bytes of text. */
static bool read_number(const char *text, size_t length, double *number)
{
    char copy[BP_REAL_TEXT_SIZE];
    if (length == 0 || length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return bp_real_parse(copy, number) && isfinite(*number);
}

static bp_status read_scaling(const struct bp_assignments *items, const char *name,
                              struct bp_given_scaling *given, bp_error *error)
{
    const size_t length = strcspn(items->value, ":,");
    char word[BP_EXCERPT_SIZE];
    if (length >= items->length || !read_number(items->value, length, &given->shift) ||
        !read_number(items->value + length + 1, items->length - length - 1, &given->scale))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       OPTION ": %s of column \"%s\" is not of the form SHIFT:SCALE",
                       bp_text_excerpt(word, items->value, items->length), name);
    if (!(fabs(given->scale) >= (double)FLT_MIN && fabs(given->scale) <= (double)FLT_MAX))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       OPTION ": column \"%s\" cannot be multiplied by %g: it may not be 0, nor "
                              "beyond single precision",
                       name, given->scale);
    given->given = true;
    return BP_OK;
}

static bp_status read_item(struct bp_given_scaling *given, const struct bp_table *table,
                           const bp_column_role *role, const struct bp_name_index *names,
                           struct bp_assignments *items, bp_error *error)
{
    size_t c;
    if (!bp_assignments_read(items))
        return fail_form(items, error);
    const bp_status status = bp_table_find_by(table, names, OPTION, items->name, &c, error);
    if (status)
        return status;
    const char *name = table->column[c].name;
    if (role[c] != BP_ROLE_INPUT && role[c] != BP_ROLE_TARGET)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       OPTION ": column \"%s\" is neither an input nor a target", name);
    if (table->column[c].kind != BP_COLUMN_NUMBER)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       OPTION ": column \"%s\" holds categories, not numbers", name);
    if (given[c].given)
        return bp_fail(error, BP_ERROR_ARGUMENT, OPTION ": column \"%s\" is named twice", name);
    return read_scaling(items, name, &given[c], error);
}

bp_status bp_given_scaling_read(struct bp_given_scaling *given, const struct bp_table *table,
                                const bp_column_role *role, const char *text, bp_error *error)
{
    struct bp_assignments items;
    struct bp_name_index names;
    if (!bp_table_index_names(table, 0, &names))
        return bp_fail_memory(error, "the names of columns");
    bp_status status =
        bp_assignments_begin(&items, text) ? BP_OK : bp_fail_memory(error, "the scaling");
    do {
        if (!status)
            status = read_item(given, table, role, &names, &items, error);
    } while (!status && bp_assignments_go_on(&items));
    bp_assignments_end(&items);
    bp_name_index_release(&names);
    return status;
}
