/* Numbers that people write with signs which no number of a data file has. */
#ifndef BP_DATA_TEXT_WRITTEN_NUMBER_H
#define BP_DATA_TEXT_WRITTEN_NUMBER_H

#include <stdbool.h>

/* Whether a text is a number with a currency ($ pound, euro, yen), a percent sign, groups of three
 * digits, parentheses or single quotes around it, blanks of Unicode, its minus sign, or the D of
 * Fortran; also one with none of them, and a hexadecimal one. */
bool bp_text_is_written_number(const char *text);

#endif
