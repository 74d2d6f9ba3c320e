/* What the path of an output leads to, and whether it can be written. */
#ifndef BP_BASE_TARGET_H
#define BP_BASE_TARGET_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/status.h"

struct bp_target {
    int descriptor;  /* the caller's own one, which the path names; -1: none */
    char *path;      /* of the file, symbolic links followed; NULL: not an ordinary file */
    char *folder;    /* that holds `path` */
    bool exists;     /* the file is there */
    struct stat old; /* of the file that is there */
};

/* Finds out where `path` leads; file.h has the list. Nothing is opened. A file that is `replaced`
 * needs a folder that can be written, one that is not may do without. Errors: IO if it cannot be
 * written, MEMORY. Released in either case. */
bp_status bp_target_find(struct bp_target *target, const char *path, bool replaced,
                         bp_error *error);

void bp_target_release(struct bp_target *target);

#endif
