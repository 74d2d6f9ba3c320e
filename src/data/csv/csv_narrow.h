/*
 * Columns of numbers that may be near one another and far from 0 (data/table/origin.h). Which these
 * are is only known at the end of a file; the first rows say which ones they cannot be. Of those
 * that are left each row keeps, in cells after its own, what binary32 rounds off the numbers.
 */
#ifndef BP_DATA_CSV_CSV_NARROW_H
#define BP_DATA_CSV_CSV_NARROW_H

#include <stdbool.h>
#include <stddef.h>

#include "data/csv/csv_column.h"
#include "data/table/table.h"

/* The fields of the first rows. */
struct bp_csv_narrow {
    bool *field;   /* whether its numbers, if it has any, are narrow */
    size_t fields; /* that were seen; others may be narrow */
};

/* From the first lines of a text that ends anywhere: those that are whole, have no quotes, and are
 * not the first, which may be names. Where the text ends, and so how a file is cut into blocks,
 * does not change what is read: only numbers rule a field out, and all rows decide in the end.
 * False: no memory; to be released then, too. */
bool bp_csv_narrow_find(struct bp_csv_narrow *narrow, const struct bp_csv_dialect *dialect,
                        const char *text, const char *end);
void bp_csv_narrow_release(struct bp_csv_narrow *narrow);

/* Gives columns their origins, and rows the cells of the table alone. What a model says
 * of them (or NULL) is taken. */
void bp_csv_narrow_finish(struct bp_table *table, const struct bp_csv_column *column,
                          const bp_read_options *of_model);

/* The origin that a model has for a column; 0: none. */
double bp_csv_narrow_of_model(const bp_read_options *of_model, const char *name);

#endif
