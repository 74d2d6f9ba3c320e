/* Where the bytes of a model or a checkpoint go: a file that is replaced as a whole, or memory. */
#ifndef BP_BASE_OUTPUT_H
#define BP_BASE_OUTPUT_H

#include "base/files/file.h"

struct bp_output {
    const char *path;     /* NULL: memory */
    struct bp_file *file; /* of the path, once it is begun */
    unsigned char *bytes; /* of malloc(): `size` of them so far, of `room` */
    size_t size;
    size_t room;
};

/* What messages call an output that is no file, or bytes that are read. */
#define BP_MEMORY_NAME "memory"

static inline const char *bp_output_name(const struct bp_output *output)
{
    return output->path ? output->path : BP_MEMORY_NAME;
}

/* Begins an output of which the path is set and all else 0, and to which `size` bytes will be
 * written in all. Errors: as bp_file_begin(); then there is nothing to abandon. */
bp_status bp_output_begin(struct bp_output *output, size_t size, bp_error *error);

/* Appends; a failure of a file may show only in a later call. After a failure only
 * bp_output_abandon() may follow. */
bp_status bp_output_write(struct bp_output *output, const void *data, size_t size, bp_error *error);

/* Puts a file in place; memory is then there to be taken. */
bp_status bp_output_commit(struct bp_output *output, bp_error *error);

/* The bytes in memory, which the caller frees, and how many there are. */
void *bp_output_take(struct bp_output *output, size_t *size);

/* Drops what is not in place. */
void bp_output_abandon(struct bp_output *output);

#endif
