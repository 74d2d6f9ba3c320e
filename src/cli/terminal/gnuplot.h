/* Pictures through gnuplot, a program that is looked for at run time. */
#ifndef BP_CLI_TERMINAL_GNUPLOT_H
#define BP_CLI_TERMINAL_GNUPLOT_H

#include <stdio.h>

/* Whether gnuplot can be run, so that no work is lost to its absence. `option` names the option in
 * the message. Returns an exit code. */
int gnuplot_check(const char *option);

/* A picture that is made of a script. */
struct gnuplot {
    FILE *script;  /* commands, to be written by the caller */
    FILE *picture; /* what they have drawn, to be read from its beginning */
};

/* Begins an empty script. Returns an exit code; gnuplot_end() is due if it is EXIT_DONE. */
int gnuplot_begin(struct gnuplot *plot);

/* Runs the script. Returns an exit code. */
int gnuplot_draw(struct gnuplot *plot);

void gnuplot_end(struct gnuplot *plot);

/* Draws, replaces the file at `path` by the picture, and ends. Returns an exit code. */
int gnuplot_finish(struct gnuplot *plot, const char *path);

#endif
