/*
 * One reader for each format; each fills a table from the whole of a source, or fails with file,
 * line and field. They borrow the source and look only at the options of their own format.
 */
#ifndef BP_DATA_READ_READERS_H
#define BP_DATA_READ_READERS_H

#include <stdbool.h>
#include <stddef.h>

#include "data/source/source.h"
#include "data/table/table.h"

bp_status bp_fann_read(struct bp_table **out, struct bp_source *source, bp_error *error);

/* These fill a table of inputs; bp_labels_read() adds the targets. */
bp_status bp_idx_read(struct bp_table **out, struct bp_source *source, bp_error *error);
bp_status bp_npy_read(struct bp_table **out, struct bp_source *source, bp_error *error);

/* Whether a file that begins with `head` is of the format; for FANN its name counts too. */
bool bp_idx_recognizes(const unsigned char *head, size_t size);
bool bp_npy_recognizes(const unsigned char *head, size_t size);
bool bp_fann_recognizes(const char *path, const unsigned char *head, size_t size);

#endif
