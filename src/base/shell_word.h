/* Words as a shell of POSIX reads them. */
#ifndef BP_BASE_SHELL_WORD_H
#define BP_BASE_SHELL_WORD_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a shell takes the word as it is, without quotes. */
bool bp_shell_is_plain(const char *word);

/* Writes the word, in quotes where a shell needs them, as snprintf() does; returns its length. */
size_t bp_shell_word(char *text, size_t size, const char *word);

#endif
