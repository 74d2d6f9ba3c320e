/* Names are looked up in a sorted index, so that a long list takes little time. */
#include "data/csv/csv_rows.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/table/columns.h"
#include "data/text/list.h"
#include "data/text/text.h"

struct marking {
    struct bp_table *table;
    struct bp_name_index names;
    bp_error *error;
};

typedef bp_status mark_fn(const struct marking *marking, size_t column);

static bp_status mark_categorical(const struct marking *marking, size_t column)
{
    marking->table->column[column].kind = BP_COLUMN_CATEGORY;
    marking->table->column[column].unnamed = false;
    return BP_OK;
}

static bp_status mark_ignored(const struct marking *marking, size_t column)
{
    marking->table->column[column].role = BP_ROLE_IGNORED;
    return BP_OK;
}

static bp_status mark_id(const struct marking *marking, size_t column)
{
    struct bp_column *marked = &marking->table->column[column];
    if (marked->role == BP_ROLE_IGNORED)
        return bp_fail(marking->error, BP_ERROR_ARGUMENT,
                       "%s: column \"%s\" cannot be both ignored and the id", marking->table->path,
                       marked->name);
    marked->role = BP_ROLE_ID;
    return BP_OK;
}

/* What a list may lack is left out of it; the columns found go to *out by name, NULL if none. */
static bp_status mark_list(const struct marking *marking, struct bp_list *list, const char *what,
                           mark_fn *mark, bool may_lack)
{
    size_t found = 0;
    for (size_t k = 0; k < list->count; k++) {
        const size_t column = bp_name_index_find_column(&marking->names, list->item[k]);
        if (column == SIZE_MAX && may_lack)
            continue;
        if (column == SIZE_MAX)
            return bp_table_fail_column(marking->table, &marking->names, what, list->item[k],
                                        marking->error);
        bp_status status = mark(marking, column);
        if (status != BP_OK)
            return status;
        list->item[found++] = marking->table->column[column].name;
    }
    list->count = found;
    return BP_OK;
}

/* `said` is the list of the options, `of_model` the one that counts where that is NULL. */
static bp_status mark_listed(const struct marking *marking, const char *said, const char *of_model,
                             const char *what, mark_fn *mark, char **out)
{
    struct bp_list list;
    if (!said && !of_model)
        return BP_OK;
    bp_status status = bp_list_parse(&list, said ? said : of_model, what, marking->error);
    if (status != BP_OK)
        return status;
    status = mark_list(marking, &list, what, mark, !said);
    if (status == BP_OK && list.count > 0 &&
        !(*out = bp_list_join((const char *const *)list.item, list.count)))
        status = bp_fail_memory(marking->error, what);
    bp_list_release(&list);
    return status;
}

static bp_status mark_one(const struct marking *marking, const char *said, const char *of_model)
{
    const char *name = said ? said : of_model;
    const size_t column = name ? bp_name_index_find_column(&marking->names, name) : SIZE_MAX;
    if (column == SIZE_MAX)
        return said ? bp_table_fail_column(marking->table, &marking->names, "id", said,
                                           marking->error)
                    : BP_OK;
    bp_status status = mark_id(marking, column);
    name = marking->table->column[column].name;
    if (status == BP_OK && !(marking->table->reading.id = bp_text_copy(name, strlen(name))))
        status = bp_fail_memory(marking->error, "the id");
    return status;
}

static bp_status mark_all(const struct marking *marking, const bp_read_options *options)
{
    const bp_read_options none = {0}, *of_model = options->of_model ? options->of_model : &none;
    struct bp_reading *reading = &marking->table->reading;
    bp_status status = mark_listed(marking, options->categorical, of_model->categorical,
                                   "categorical", mark_categorical, &reading->categorical);
    if (status == BP_OK)
        status = mark_listed(marking, options->ignore, of_model->ignore, "ignore", mark_ignored,
                             &reading->ignore);
    if (status == BP_OK)
        status = mark_one(marking, options->id, of_model->id);
    const char *missing =
        options->missing_values ? options->missing_values : of_model->missing_values;
    if (status == BP_OK && missing &&
        !(reading->missing_values = bp_text_copy(missing, strlen(missing))))
        status = bp_fail_memory(marking->error, "the missing values");
    reading->separator = options->separator ? options->separator : of_model->separator;
    reading->decimal = options->decimal ? options->decimal : of_model->decimal;
    reading->header = options->header ? options->header : of_model->header;
    return status;
}

bp_status bp_csv_mark(struct bp_table *table, const bp_read_options *options, bp_error *error)
{
    struct marking marking = {.table = table, .error = error};
    if (!bp_table_index_names(table, 0, &marking.names))
        return bp_fail_memory(error, "the names of the columns");
    bp_status status = mark_all(&marking, options);
    bp_name_index_release(&marking.names);
    return status;
}
