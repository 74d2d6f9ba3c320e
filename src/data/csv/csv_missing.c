/* The values of a whole table, once every kind is known. */
#include "data/csv/csv_rows.h"

#include <math.h>

#include "base/sizes.h"

struct rows {
    size_t begin, end;
};

/* Rows whose cells stay in the cache while one column after the other looks at them. */
#define BLOCK_CELLS ((size_t)1 << 15)

/* Missing cells of a column of texts get the code of "", the last one: so it depends on neither
 * where they are nor how the file was cut up. */
static bp_status count_missing(struct bp_table *table, size_t c, struct bp_csv_column *column,
                               const struct rows *rows, bp_error *error)
{
    const bool texts = column->kind == BP_COLUMN_CATEGORY && !column->skipped;
    for (size_t x = rows->begin; x < rows->end; x++) {
        float *value = &table->values[x * table->cells + c];
        uint32_t code;
        if (!isnan(*value))
            continue;
        table->column[c].missing++;
        if (!texts)
            continue;
        if (!bp_dictionary_add(&column->texts, "", 0, &code))
            return bp_fail_memory(error, table->path);
        *value = (float)code;
    }
    return BP_OK;
}

bp_status bp_csv_missing_finish(struct bp_table *table, struct bp_csv_column *column,
                                bp_error *error)
{
    const size_t step = BLOCK_CELLS / table->cells + 1;
    bp_status status = BP_OK;
    for (size_t c = 0; c < table->columns; c++) {
        if (!column[c].known && !column[c].listed && !column[c].skipped)
            column[c].kind = BP_COLUMN_NUMBER;
    }
    for (struct rows rows = {0, 0}; status == BP_OK && rows.begin < table->rows;
         rows.begin = rows.end) {
        rows.end = bp_size_min(rows.begin + step, table->rows);
        for (size_t c = 0; status == BP_OK && c < table->columns; c++)
            status = count_missing(table, c, &column[c], &rows, error);
    }
    return status;
}
