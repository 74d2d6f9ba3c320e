/*
 * The standard output: what a command prints as its result, or the one output file that an option
 * sends there. In that case results go to the standard error, so that they do not mix.
 */
#ifndef BP_CLI_TERMINAL_RESULTS_H
#define BP_CLI_TERMINAL_RESULTS_H

#include <stdio.h>

/* Called in main() before a file is opened: a standard descriptor that is closed is kept from being
 * given to the next file. */
void results_begin(void);

/* Where results are printed. */
FILE *results(void);

/* Gives the standard output to the output file of `option` (kept), if `path` leads there: as
 * /dev/stdout, /dev/fd/1 and links to them do, or as the name of the file that the standard output
 * was redirected to. Returns EXIT_DONE, or an exit code after a message if another option has it or
 * if it is closed. */
int results_give_way(const char *option, const char *path);

/* The option that the standard output was given to, or NULL. */
const char *results_taken_by(void);

/* Writes out what is left. Returns `code`, or EXIT_IO if not all of the standard output could be
 * written and nothing failed before. */
int results_finish(int code);

#endif
