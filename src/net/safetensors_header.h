/* The JSON header of a safetensors file. */
#ifndef BP_NET_SAFETENSORS_HEADER_H
#define BP_NET_SAFETENSORS_HEADER_H

#include "net/safetensors.h"

#define BP_HEADER_LENGTH_SIZE 8 /* bytes of the header length, at the start of the file */

/* What the header is read from. */
struct bp_header_source {
    const char *path; /* for messages */
    const char *text; /* the header, `length` bytes */
    size_t length;
    size_t data_size; /* bytes after the header */
    bool any;         /* as bp_input.any */
};

/* Fills file->tensors (in order of their data, which follow each other without a gap from the first
 * to the last byte; `data` and `bytes` stay NULL), file->count and file->metadata. On failure they
 * may be filled in part. Errors: INPUT, MEMORY. */
bp_status bp_safetensors_parse(struct bp_safetensors *file, const struct bp_header_source *source,
                               bp_error *error);

#endif
