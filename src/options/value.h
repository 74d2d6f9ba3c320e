/* One option: its field from text and to text. */
#ifndef BP_OPTIONS_VALUE_H
#define BP_OPTIONS_VALUE_H

#include "options/rows.h"

/* Puts the value of `text` into the field of `row` in `options`, a full struct of its owner; NULL:
 * the default. Error: ARGUMENT, a sentence without the name of the option; then the field is as
 * before. */
bp_status bp_option_store(const bp_option_info *row, void *options, const char *text,
                          bp_error *error);

/* Puts the default of every row into a full, zeroed struct of the owner. */
void bp_options_fill(bp_option_owner owner, void *options);

/* The word that stands for the value of a WHOLE, SEED or REAL; NULL: none does. */
const char *bp_option_word(const bp_option_info *row, const void *options);

/* Writes the text of the field, cut to fit, and a NUL; returns its length, as snprintf(). */
size_t bp_option_write(const bp_option_info *row, const void *options, char *text, size_t size);

/* The field of a WHOLE or SEED, a REAL, a FLAG or SWITCH, a CHOICE. */
uint64_t bp_option_whole(const bp_option_info *row, const void *options);
double bp_option_real(const bp_option_info *row, const void *options);
bool bp_option_flag(const bp_option_info *row, const void *options);
int bp_option_choice(const bp_option_info *row, const void *options);

/* The field of a TEXT, or NULL. */
const char *bp_option_text(const bp_option_info *row, const void *options);

/* Whether the fields of two structs of the owner have the same text; of a TEXT, NULL is another one
 * than any text. */
bool bp_option_is_same(const bp_option_info *row, const void *a, const void *b);

/* Whether the field is what one of the presets has; of a choice, what the classic one has: every
 * other name asks for something. */
bool bp_option_is_default(const bp_option_info *row, const void *options);

#endif
