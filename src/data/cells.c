/* Where a cell stands, in the words of its format. */
#include "data/cells.h"

#include <stdio.h>

void bp_cell_place(const struct bp_table *table, size_t row, size_t column, char *text, size_t size)
{
    switch (table->format) {
    case BP_FORMAT_CSV:
        snprintf(text, size, "%s:%zu:%zu", table->path, bp_table_line(table, row), column + 1);
        return;
    case BP_FORMAT_FANN:
        snprintf(text, size, "%s:%zu", table->path, bp_table_line(table, row));
        return;
    case BP_FORMAT_NPY:
        snprintf(text, size, "%s: row %zu", table->path, row + 1);
        return;
    case BP_FORMAT_IDX:
        snprintf(text, size, "%s: item %zu", table->path, row + 1);
        return;
    case BP_FORMAT_AUTO:
        break;
    }
    snprintf(text, size, "%s: sample %zu", table->path, row + 1);
}
