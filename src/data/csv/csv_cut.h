/*
 * Where a CSV text may be cut: after an LF outside of quotes. In strict CSV quotes come in pairs
 * and what is between two of them belongs to a cell, so that it is enough to count quotes. What
 * follows a misplaced quote may be cut wrongly: no reader gets there. Each text here begins after
 * such a cut, or at the start of the file.
 */
#ifndef BP_DATA_CSV_CSV_CUT_H
#define BP_DATA_CSV_CSV_CUT_H

#include <stddef.h>

/* The byte after the first LF outside of quotes; `end` if there is none. */
const char *bp_csv_row_end(const char *text, const char *end);

/* Cuts a text into `parts` parts of about the same size, some may be empty, and a rest without a
 * cut: part k is cut[k] ... cut[k + 1], the rest cut[parts] ... end. */
void bp_csv_cut(const char *text, const char *end, const char **cut, size_t parts);

#endif
