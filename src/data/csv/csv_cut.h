/*
 * Where a CSV text may be cut: behind an LF that stands outside of quotes. In strict CSV quotes
 * come in pairs, and whatever is between the two of a pair belongs to a cell; so that quotes need
 * only be counted. What follows a misplaced quote may be cut wrongly: no reader gets there.
 * Every text here begins behind such a cut, or where the file does.
 */
#ifndef BP_DATA_CSV_CSV_CUT_H
#define BP_DATA_CSV_CSV_CUT_H

#include <stddef.h>

/* Behind the first LF outside of quotes; `end` if there is none. */
const char *bp_csv_row_end(const char *text, const char *end);

/* Cuts a text into `parts` parts of about the same size, some of them empty perhaps, and a rest
 * that holds no cut: part k is cut[k] ... cut[k + 1], the rest cut[parts] ... end. */
void bp_csv_cut(const char *text, const char *end, const char **cut, size_t parts);

#endif
