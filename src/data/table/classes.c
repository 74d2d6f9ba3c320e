/* Classes as codes: those of the table for categories, ranks among the distinct ones for
 * numbers. */
#include "data/table/classes.h"

#include <stdlib.h>

#include "data/table/cells.h"
#include "data/table/column_statistics.h"
#include "data/table/keys.h"

/* How many different integers are still taken for classes. */
#define AUTO_CLASSES_MAX 100

bp_status bp_column_is_classes(const bp_dataset *dataset, size_t column, bool *classes,
                               bp_error *error)
{
    const struct bp_table *table = dataset->table;
    *classes = table->column[column].kind == BP_COLUMN_CATEGORY;
    if (*classes || !table->reader->integers_may_be_classes)
        return BP_OK;
    struct bp_column_statistics statistics;
    bp_columns_get_statistics(dataset, column, 1, &statistics);
    if (!statistics.integral)
        return BP_OK;
    int64_t *keys;
    size_t count;
    const bp_status status = bp_column_distinct(dataset, column, &keys, &count, error);
    if (status)
        return status;
    free(keys);
    *classes = count <= AUTO_CLASSES_MAX;
    return BP_OK;
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
