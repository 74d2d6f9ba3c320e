/* A table of text with aligned columns, for people. */
#ifndef BP_CLI_FIELDS_TEXT_TABLE_H
#define BP_CLI_FIELDS_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

struct text_table;

/* `alignment` has a letter for each column: 'l' or 'r'; kept, and read by text_table_print(). NULL
 * if there is no memory. */
struct text_table *text_table_create(const char *alignment);

/* Fills the next cell, row by row, with formatted text (cut at 255 bytes). A failure to get memory
 * is kept until text_table_print(). */
void text_table_add(struct text_table *table, const char *format, ...) BP_PRINTF(2, 3);

/* Prints the rows to results(), columns two spaces apart, no spaces at the end of a line. Control
 * characters, which names in a file may hold, come out as '?'. False if there was no memory. */
bool text_table_print(const struct text_table *table);

void text_table_free(struct text_table *table);

#endif
