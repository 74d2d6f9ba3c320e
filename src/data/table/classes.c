/* Classes as codes: those of the table for categories, ranks among the distinct ones for
 * numbers. */
#include "data/table/classes.h"

#include <stdlib.h>

#include "data/table/cells.h"
#include "data/table/column_statistics.h"
#include "data/table/keys.h"

/* Integers from the first to the last of these are taken for classes: -1 and 1, digits, ratings,
 * the letters of the alphabet from 0 or 1. The ends of the range decide and not how many different
 * integers there are, so that a part of the rows is taken for the same. */
#define CLASS_MIN (-1)
#define CLASS_MAX 26

bool bp_column_is_classes(const bp_dataset *dataset, size_t column)
{
    const struct bp_table *table = dataset->table;
    if (table->column[column].kind == BP_COLUMN_CATEGORY)
        return true;
    if (!table->reader->integers_may_be_classes)
        return false;
    struct bp_column_statistics statistics;
    bp_columns_get_statistics(dataset, NULL, column, 1, &statistics);
    return statistics.integral && statistics.origin + statistics.min >= CLASS_MIN &&
           statistics.origin + statistics.max <= CLASS_MAX;
}

bp_status bp_column_class_codes(const bp_dataset *dataset, size_t column, uint32_t *code,
                                size_t *classes, bp_error *error)
{
    const struct bp_table *table = dataset->table;
    if (table->column[column].kind == BP_COLUMN_CATEGORY) {
        *classes = table->column[column].categories;
        for (size_t x = 0; x < dataset->count; x++)
            code[x] = bp_cell_code(table, bp_dataset_row(dataset, x), column);
        return BP_OK;
    }
    int64_t *keys;
    const bp_status status = bp_column_distinct(dataset, column, &keys, classes, error);
    if (status)
        return status;
    for (size_t x = 0; x < dataset->count; x++) {
        const int64_t key = bp_cell_key(table, bp_dataset_row(dataset, x), column);
        code[x] = (uint32_t)bp_keys_find(keys, *classes, key);
    }
    free(keys);
    return BP_OK;
}
