/* Names for the columns and categories of files and arrays that have none. */
#ifndef BP_DATA_TABLE_COLUMNS_H
#define BP_DATA_TABLE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data/table/table.h"
#include "data/text/names.h"

/* "x12" for "x" and 12, or NULL if there is no memory; freed with free(). */
char *bp_numbered_name(const char *prefix, int64_t number);

#define BP_NUMBER_SIZE 21 /* sign, 19 digits and NUL */

/* Writes it to where there is room for the prefix and BP_NUMBER_SIZE characters more. Returns the
 * bytes written, the NUL among them. */
size_t bp_numbered_name_write(char *name, const char *prefix, int64_t number);

/* Columns first ... first + count - 1 of the table become numbers of one cell, called prefix1,
 * prefix2, ..., in the cells of the same numbers. False: no memory. */
bool bp_columns_set_numbers(struct bp_table *table, size_t first, size_t count, bp_column_role role,
                            const char *prefix);

/* The zeroed column becomes an input called "image", of `width` cells. False: no memory. */
bool bp_column_set_image(struct bp_column *column, size_t width);

/* The column becomes a target with room for the names of `categories` classes, which the caller
 * fills in; its codes are in table->labels. False: no memory. */
bool bp_column_set_classes(struct bp_column *column, const char *name, size_t categories);

/* A sorted index of the names of columns `first`, first + 1, ... False: no memory. */
bool bp_table_index_names(const struct bp_table *table, size_t first, struct bp_name_index *index);

/* Fails as there is no column `name` among those of an index of all; `what` is the option that
 * names it. Returns ARGUMENT. */
bp_status bp_table_fail_column(const struct bp_table *table, const struct bp_name_index *index,
                               const char *what, const char *name, bp_error *error);

#endif
