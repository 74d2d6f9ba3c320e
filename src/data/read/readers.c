/* The list of formats. */
#include "data/read/readers.h"

#include "data/csv/csv.h"

static const struct bp_reader *const rows[] = {
    &bp_idx_format,
    &bp_npy_format,
    &bp_fann_format,
    &bp_csv_format,
};

const struct bp_readers bp_all_readers = {rows, sizeof rows / sizeof rows[0]};

const struct bp_reader *bp_readers_find(const struct bp_readers *readers, bp_format format)
{
    for (size_t k = 0; k < readers->count; k++)
        if (readers->row[k]->format == format)
            return readers->row[k];
    return NULL;
}
