/* Several files as one table. */
#ifndef BP_DATA_READ_APPEND_H
#define BP_DATA_READ_APPEND_H

#include "data/table/table.h"

/* Adds the rows of `further` after those of `table`; both have one format, which allows it. Columns
 * are matched by name if both have headers, by position if neither has one. Borrows `further`.
 * Errors: INPUT (a column that is missing, too many or of another kind; one header), MEMORY;
 * `table` may then only be freed. */
bp_status bp_table_append(struct bp_table *table, const struct bp_table *further, bp_error *error);

/* ---- a step of it, in append_columns.c ---- */

/* Two tables with the same columns. */
struct bp_joint {
    struct bp_table *table;
    const struct bp_table *further;
    size_t *field; /* of each column of the table: its column in `further` */
    bp_error *error;
};

/* Writes the cells of column `c` after the rows of the table, where there is room for those of
 * `further`; the rows are not counted yet. Errors: INPUT (columns of two kinds, too many texts),
 * MEMORY. */
bp_status bp_joint_append_column(const struct bp_joint *joint, size_t c);

#endif
