/* Only if there are missing cells is the table looked through for them. */
#include "data/csv_absent.h"

#include <math.h>

/* Missing cells of a column of texts get the code of "", the last one: so it depends on neither where
 * they are nor how the file was cut up. */
static bp_status code_absent(struct bp_csv_rows *rows, size_t c, bp_error *error)
{
    struct bp_table *table = rows->table;
    for (size_t x = 0; x < table->rows; x++) {
        float *value = &table->values[x * table->cells + c];
        uint32_t code;
        if (!isnan(*value))
            continue;
        if (!bp_dictionary_add(&rows->column[c].texts, "", 0, &code))
            return bp_fail_memory(error, rows->path);
        *value = (float)code;
    }
    return BP_OK;
}

static size_t count_absent(const struct bp_csv_rows *rows, size_t c)
{
    const struct bp_table *table = rows->table;
    size_t count = 0;
    for (size_t x = 0; x < table->rows; x++)
        count += isnan(table->values[x * table->cells + c]) ? 1 : 0;
    return count;
}

bp_status bp_csv_absent_settle(struct bp_csv_rows *rows, bp_error *error)
{
    bool absent = rows->absent;
    bp_status status = BP_OK;
    for (size_t c = 0; c < rows->table->columns; c++)
        absent |= rows->column[c].absent;
    for (size_t c = 0; absent && status == BP_OK && c < rows->table->columns; c++) {
        struct bp_csv_column *column = &rows->column[c];
        if (!column->known && !column->listed && !column->skipped)
            column->kind = BP_COLUMN_NUMBER;
        rows->table->column[c].missing = count_absent(rows, c);
        if (column->kind == BP_COLUMN_CATEGORY && !column->skipped)
            status = code_absent(rows, c, error);
    }
    return status;
}
