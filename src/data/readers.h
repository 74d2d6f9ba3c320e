/* One reader for each format; each fills a table or fails with file, line and field. */
#ifndef BP_DATA_READERS_H
#define BP_DATA_READERS_H

#include "data/table.h"

bp_status bp_csv_read(struct bp_table **out, const char *path, const bp_read_options *options,
                      bp_error *error);
bp_status bp_idx_read(struct bp_table **out, const char *path, const bp_read_options *options,
                      bp_error *error);
bp_status bp_fann_read(struct bp_table **out, const char *path, const bp_read_options *options,
                       bp_error *error);

#endif
