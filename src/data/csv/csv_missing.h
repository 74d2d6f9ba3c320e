/* Missing cells of a CSV file once all of it is read. */
#ifndef BP_DATA_CSV_CSV_MISSING_H
#define BP_DATA_CSV_CSV_MISSING_H

#include "data/csv/csv_column.h"
#include "data/table/table.h"

/* Gives missing cells (NaN) the form that struct bp_column describes, and counts them. `column`:
 * that of each column of the table. Error: MEMORY. */
bp_status bp_csv_missing_settle(struct bp_table *table, struct bp_csv_column *column,
                                bp_error *error);

#endif
