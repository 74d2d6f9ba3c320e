/* The list of formats. */
#include "data/read/readers.h"

#include "base/choice.h"
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

bool bp_reader_has(const struct bp_reader *reader, size_t member)
{
    return *(const bool *)((const char *)reader + member);
}

const char *bp_readers_names(const struct bp_readers *readers, size_t member, char *text)
{
    uint64_t formats = 0;
    for (size_t k = 0; k < readers->count; k++)
        if (bp_reader_has(readers->row[k], member))
            formats |= UINT64_C(1) << readers->row[k]->format;
    bp_choice_join(BP_CHOICE_FORMAT, formats, text, BP_READERS_NAMES_SIZE);
    return text;
}
