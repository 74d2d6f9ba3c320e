/*
 * Whether a first row that has numbers, and was read as data, may hold the names of the columns: a
 * row of names such as 0, 1, 2 or 400, 410, label looks like data, and only the rows below it tell.
 * Where they leave it open the user has to say.
 */
#ifndef BP_DATA_CSV_CSV_FIRST_ROW_H
#define BP_DATA_CSV_CSV_FIRST_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/csv/csv_header.h"
#include "data/table/table.h"

/* What a cell of the first row would be as a name. */
#define BP_CSV_BLANK (-1) /* none */
#define BP_CSV_TEXT  (-2) /* a text */

struct bp_csv_first_row {
    int64_t *cell; /* of each column: an integer from 0 on, BLANK or TEXT; NULL: no names */
    size_t columns;
    size_t line;
};

/*
 * Names may be: two cells or more, no two the same, each an integer in digits alone, a text that
 * does not stand for a missing value, or blank. `point` is the decimal sign. False: no memory.
 */
bool bp_csv_first_row_look(struct bp_csv_first_row *first, const struct bp_csv_buffered *row,
                           char point);
void bp_csv_first_row_release(struct bp_csv_first_row *first);

/*
 * INPUT if row 0 of the table, whose texts are the codes of its columns, may be names. That is open
 * if no text of the row is in another row, and no column where it is blank has another blank cell,
 * and
 *
 *   - its numbers count up by one, three or more, or two from 0 or 1 on; and those of row 1 do
 *     not; or
 *   - it has an integer in a column where the rows below have fractions; and in each such column
 *     either all of these have fractions, or the integer is outside of their range; or
 *   - it has a text where each other text is in two rows or more, in all columns of texts; and each
 *     number is outside of the range of those below.
 */
bp_status bp_csv_first_row_check(const struct bp_csv_first_row *first, const struct bp_table *table,
                                 bp_error *error);

#endif
