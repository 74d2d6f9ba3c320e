/* Scaling of columns that the user gives, in place of what the rows say. */
#ifndef BP_DATA_SCHEMA_GIVEN_SCALING_H
#define BP_DATA_SCHEMA_GIVEN_SCALING_H

#include "data/table/table.h"

struct bp_given_scaling {
    bool given;
    double shift; /* of the number itself, not less an origin */
    double scale; /* not 0, and a normal number of binary32 */
};

/* Reads "NAME=SHIFT:SCALE,...", columns by name or number from 1, into given[] of each column of
 * the table, all zeros; `role` is what they are, INPUT, TARGET or UNKNOWN. Errors: ARGUMENT (the
 * form, no such column, one that is none of numbers or neither input nor target), MEMORY. */
bp_status bp_given_scaling_read(struct bp_given_scaling *given, const struct bp_table *table,
                                const bp_column_role *role, const char *text, bp_error *error);

#endif
