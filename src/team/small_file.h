/* The short files in which the system describes itself. */
#ifndef BP_TEAM_SMALL_FILE_H
#define BP_TEAM_SMALL_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a file into `text`, at most size - 1 bytes and a NUL; false if it cannot be read or is
 * empty. No memory is asked for, so that a lack of it changes nothing of what the system says. */
bool bp_small_file_read(const char *path, char *text, size_t size);

#endif
