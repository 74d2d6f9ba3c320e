/* Names are looked up in a sorted index, so that a long list costs no more than reading it. */
#include "data/csv_categorical.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/names.h"
#include "data/text.h"

/* A number from 1 to `columns` as an index from 0, or SIZE_MAX. */
static size_t parse_column_number(const char *item, size_t columns)
{
    size_t number = 0;
    for (const char *c = item; *c; c++) {
        if (*c < '0' || *c > '9' || number > columns)
            return SIZE_MAX;
        number = number * 10 + (size_t)(*c - '0');
    }
    return number >= 1 && number <= columns ? number - 1 : SIZE_MAX;
}

static bp_status fail_unknown(const struct bp_table *table, const struct bp_name_index *names,
                              const char *item, bp_error *error)
{
    char quoted[BP_EXCERPT_SIZE];
    bp_text_excerpt(quoted, item, strlen(item));
    const char *nearest = bp_name_index_nearest(names, item);
    if (nearest)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: categorical: there is no column %s; did you mean \"%s\"?", table->path,
                       quoted, nearest);
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "%s: categorical: there is no column %s; give names, or numbers from 1 to %zu",
                   table->path, quoted, table->columns);
}

static bp_status mark_item(struct bp_table *table, const struct bp_name_index *names,
                           const char *item, bp_error *error)
{
    size_t column = bp_name_index_find(names, item);
    if (column == SIZE_MAX)
        column = parse_column_number(item, table->columns);
    if (column == SIZE_MAX)
        return fail_unknown(table, names, item, error);
    table->column[column].kind = BP_COLUMN_CATEGORY;
    return BP_OK;
}

/* Cuts the text behind *rest at its first comma; returns what stood before it, without blanks. */
static char *cut_item(char **rest)
{
    char *item = *rest + strspn(*rest, " \t");
    size_t length = strcspn(item, ",");
    *rest = item[length] ? item + length + 1 : NULL;
    while (length > 0 && strchr(" \t", item[length - 1]))
        length--;
    item[length] = '\0';
    return item;
}

bp_status bp_csv_mark_categorical(struct bp_table *table, const char *list, bp_error *error)
{
    bp_status status = BP_OK;
    struct bp_name_index names = {0};
    char *text = bp_text_copy(list, strlen(list));
    if (!text || !bp_name_index_create(&names, table->columns)) {
        status = bp_fail_memory(error, "the names of the columns");
        goto done;
    }
    for (size_t c = 0; c < table->columns; c++)
        bp_name_index_add(&names, table->column[c].name, c);
    bp_name_index_sort(&names);
    for (char *rest = text; rest && status == BP_OK;)
        status = mark_item(table, &names, cut_item(&rest), error);
done:
    bp_name_index_release(&names);
    free(text);
    return status;
}
