/* Pictures through gnuplot, a program that is looked for at run time. */
#ifndef BP_CLI_TERMINAL_GNUPLOT_H
#define BP_CLI_TERMINAL_GNUPLOT_H

#include <stdio.h>

/* Whether gnuplot can be run, so that no work is lost to its absence. `option` names the option in
 * the message. Returns an exit code. */
int gnuplot_check(const char *option);

/* Runs the commands in `script`, from its beginning; what they draw goes to `picture`. Returns an
 * exit code. */
int gnuplot_run(FILE *script, FILE *picture);

#endif
