/* How a CSV file is read: what its options come to, and what a model keeps of them. */
#ifndef BP_DATA_TABLE_READING_H
#define BP_DATA_TABLE_READING_H

#include "base/signs.h"
#include "base/status.h"

/* Texts are owned; as in bp_read_options. */
struct bp_reading {
    char separator; /* 0: chosen by the first rows */
    char decimal;   /* 0: '.' */
    bp_header header;
    char *missing_values;
    char *categorical;
    char *ignore;
    char *id;
};

/* Copies the choices of a reading, and its texts. On failure (MEMORY) `out` is zeroed. */
bp_status bp_reading_copy(struct bp_reading *out, const struct bp_reading *from, bp_error *error);
void bp_reading_release(struct bp_reading *reading);

#endif
