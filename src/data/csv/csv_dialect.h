/* What a CSV file is written with: what parts its fields, how it writes numbers, what stands for a
 * missing cell. */
#ifndef BP_DATA_CSV_CSV_DIALECT_H
#define BP_DATA_CSV_CSV_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

#include "data/source/source.h"
#include "data/table/dictionary.h"

struct bp_csv_dialect {
    char separator;
    char point;                  /* in numbers */
    struct bp_dictionary absent; /* texts that stand for a missing cell, besides the empty one */
    float *absent_number;        /* those of them that are numbers: "-99.0" stands for it, too */
    size_t absent_numbers;
};

/* By the options, and by the first rows of the file where they leave the separator open. Errors:
 * ARGUMENT (a separator that cannot be one, a list that is wrong), INPUT (two separators would do),
 * MEMORY; bp_csv_dialect_release() is due in any case. */
bp_status bp_csv_dialect_choose(struct bp_csv_dialect *dialect, const struct bp_source *source,
                                const bp_read_options *options, bp_error *error);
void bp_csv_dialect_release(struct bp_csv_dialect *dialect);

/* Whether the text of a cell, without the blanks around it, stands for a missing one. */
static inline bool bp_csv_is_absent(const struct bp_csv_dialect *dialect, const char *text,
                                    size_t length)
{
    uint32_t number;
    return length == 0 || (dialect->absent.count > 0 &&
                           bp_dictionary_find(&dialect->absent, text, length, &number));
}

/* Whether a number does. */
static inline bool bp_csv_is_absent_number(const struct bp_csv_dialect *dialect, float value)
{
    for (size_t k = 0; k < dialect->absent_numbers; k++)
        if (dialect->absent_number[k] == value)
            return true;
    return false;
}

/* "comma", "semicolon", "tab", or another sign in quotes: the separator in a message. */
const char *bp_csv_separator_name(char separator, char text[static 4]);

#endif
