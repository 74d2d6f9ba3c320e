/* Numbers of a column as keys in 64 bits, which are equal where the numbers are, and in their
 * order: the integers of a column that has them, else what the bits of the floats give. */
#ifndef BP_DATA_TABLE_KEYS_H
#define BP_DATA_TABLE_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "data/table/table.h"

/* -FLT_MAX in decimal and NUL. */
#define BP_KEY_TEXT_SIZE 48

/* The key of a cell, not missing, of a column of numbers of one cell; -0 has that of 0. */
int64_t bp_cell_key(const struct bp_table *table, size_t row, size_t column);

/* The number of a key, rounded. */
double bp_key_number(const struct bp_column *column, int64_t key);

/* An integer in decimal, others with `digits` of them. */
void bp_number_write(double number, int digits, char text[BP_KEY_TEXT_SIZE]);

/* The number of a key: an integer in decimal, other numbers with nine digits. */
void bp_key_write(const struct bp_column *column, int64_t key, char text[BP_KEY_TEXT_SIZE]);

/* The keys of the different numbers shown, in ascending order, freed with free(); a missing cell
 * has none. Errors: MEMORY. */
bp_status bp_column_distinct(const bp_dataset *dataset, size_t column, int64_t **keys,
                             size_t *count, bp_error *error);

/* The place of a key among them, `count` from 1, or of the first one above it. */
size_t bp_keys_find(const int64_t *keys, size_t count, int64_t key);

#endif
