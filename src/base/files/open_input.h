/* Files that are read. */
#ifndef BP_BASE_OPEN_INPUT_H
#define BP_BASE_OPEN_INPUT_H

#include <stdio.h>

/* open() for reading, tried again after a signal, without end: each time there was one, and its
 * handler lets the process go on. `flags` come in addition. -1 with errno set. */
int bp_open_input(const char *path, int flags);

/* The same as a stream; NULL with errno set. */
FILE *bp_open_stream(const char *path);

#endif
