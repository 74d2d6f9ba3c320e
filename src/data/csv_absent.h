/* Missing cells of a CSV file once all of it is read. */
#ifndef BP_DATA_CSV_ABSENT_H
#define BP_DATA_CSV_ABSENT_H

#include "data/csv_rows.h"

/* Gives missing cells the form that struct bp_column describes, and counts them. Errors: MEMORY. */
bp_status bp_csv_absent_settle(struct bp_csv_rows *rows, bp_error *error);

#endif
