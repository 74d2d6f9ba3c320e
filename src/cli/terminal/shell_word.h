/* Words of a command line that can be pasted into a shell. */
#ifndef BP_CLI_TERMINAL_SHELL_WORD_H
#define BP_CLI_TERMINAL_SHELL_WORD_H

#include <stdio.h>

/* Writes a word, in quotes where a shell would change it. */
void shell_word_put(FILE *out, const char *word);

/* The same for the path of a file: "-x.csv", which looks like an option, is "./-x.csv". */
void shell_path_put(FILE *out, const char *path);

#endif
