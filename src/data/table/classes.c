/* Classes as codes: those of the table for categories, ranks among the distinct ones for
 * numbers. */
#include "data/table/classes.h"

#include <stdlib.h>

#include "data/table/cells.h"
#include "data/table/column_statistics.h"

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
    float *values;
    size_t count;
    const bp_status status = bp_column_distinct(dataset, column, &values, &count, error);
    if (status)
        return status;
    free(values);
    *classes = count <= AUTO_CLASSES_MAX;
    return BP_OK;
}

/* The place of `number` among ascending `values`, one of which it is. */
static uint32_t find_rank(const float *values, size_t count, float number)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (values[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
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
    float *values;
    const bp_status status = bp_column_distinct(dataset, column, &values, classes, error);
    if (status)
        return status;
    for (size_t x = 0; x < dataset->count; x++) {
        const float number = bp_column_number(table, bp_dataset_row(dataset, x), column);
        code[x] = find_rank(values, *classes, number);
    }
    free(values);
    return BP_OK;
}
