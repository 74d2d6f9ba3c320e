/* Reading a CSV file. */
#ifndef BP_DATA_CSV_CSV_H
#define BP_DATA_CSV_CSV_H

#include "data/source/source.h"
#include "data/table/table.h"

extern const struct bp_reader bp_csv_format;

/* How the work is cut up, which decides about time and memory, never about what is read.
 * A block of parts x part_size bytes, each from 1, is in memory at a time, and the next one. */
struct bp_csv_plan {
    size_t threads;
    size_t parts;
    size_t part_size;
};

/* bp_csv_format.read() with a plan. Errors: the same. */
bp_status bp_csv_read_by(struct bp_table *table, struct bp_source *source,
                         const bp_read_options *options, const struct bp_csv_plan *plan,
                         bp_error *error);

#endif
