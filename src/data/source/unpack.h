/*
 * Decoders of packed files, recognized by the first bytes. A file is one or more frames (gzip
 * calls them members), one after the other.
 */
#ifndef BP_DATA_SOURCE_UNPACK_H
#define BP_DATA_SOURCE_UNPACK_H

#include <stddef.h>

enum bp_unpack_result {
    BP_UNPACK_ON,       /* more input or room is needed */
    BP_UNPACK_END,      /* of a frame, whose checksum is right */
    BP_UNPACK_NO_FRAME, /* these bytes do not begin one */
    BP_UNPACK_DAMAGED,
    BP_UNPACK_NO_MEMORY
};

/* What one step reads and writes; it moves both pointers past what it used. */
struct bp_unpack_step {
    const unsigned char *in;
    size_t in_size;
    unsigned char *out;
    size_t out_size;
    const char *why; /* of BP_UNPACK_DAMAGED */
};

struct bp_unpacker {
    const char *name;      /* "gzip" */
    const char *by_hand;   /* the command that unpacks such a file */
    void *(*create)(void); /* NULL: no memory */
    void (*free)(void *state);
    void (*begin)(void *state); /* a frame */
    enum bp_unpack_result (*step)(void *state, struct bp_unpack_step *step);
};

extern const struct bp_unpacker bp_unpacker_gzip;
extern const struct bp_unpacker bp_unpacker_zstd;

#endif
