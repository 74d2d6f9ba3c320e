/* Several CSV files as one table. */
#ifndef BP_DATA_READ_APPEND_H
#define BP_DATA_READ_APPEND_H

#include "data/table/table.h"

/* Adds the rows of `further` behind those of `table`; both are of CSV files. Columns are matched by
 * name if both have headers, by place if neither has one. Borrows `further`. Errors: INPUT (a
 * column that is missing, too many or of another kind; one header; another format), MEMORY; `table`
 * may then only be freed. */
bp_status bp_table_append(struct bp_table *table, const struct bp_table *further, bp_error *error);

#endif
