/* The cells of one file behind those of others: the inside of bp_table_append(). */
#ifndef BP_DATA_READ_APPEND_COLUMNS_H
#define BP_DATA_READ_APPEND_COLUMNS_H

#include "data/table/table.h"

/* Two tables with the same columns. */
struct bp_joint {
    struct bp_table *table;
    const struct bp_table *further;
    size_t *field; /* of each column of the table: its column in `further` */
    bp_error *error;
};

/* Writes the cells of column `c` of the table behind its rows, where there is room for those of
 * `further`; its rows are not counted yet. Errors: INPUT (columns of two kinds, too many texts),
 * MEMORY. */
bp_status bp_joint_append_column(const struct bp_joint *joint, size_t c);

#endif
