/* A file that rank 0 alone has: the others get its bytes. */
#ifndef BP_DATA_READ_SENT_FILE_H
#define BP_DATA_READ_SENT_FILE_H

#include <stddef.h>

#include "data/source/source.h"
#include "ranks/ranks.h"

/* The bytes as they are in the file, packed ones too. */
struct bp_sent_file {
    unsigned char *bytes;
    size_t size;
    size_t room; /* at most twice the size, or that of a piece */
};

/* Collective: opens the file `path`, that of rank 0 with several. Frees nothing of `sent` before
 * the source is closed. Errors: as bp_source_open(), the same on all ranks. */
bp_status bp_sent_file_open(struct bp_source **out, struct bp_sent_file *sent,
                            struct bp_ranks *ranks, const char *path, bp_error *error);

void bp_sent_file_release(struct bp_sent_file *sent);

#endif
