/* How a CSV file is written: what separates its fields, the decimal sign, what stands for a missing
 * cell. */
#ifndef BP_DATA_CSV_CSV_DIALECT_H
#define BP_DATA_CSV_CSV_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

#include "data/source/source.h"
#include "data/table/dictionary.h"

struct bp_csv_dialect {
    char separator;
    bool blanks; /* the file has runs of blanks, each of which becomes the separator, a tab */
    char point;  /* in numbers */
    struct bp_dictionary missing; /* texts that stand for a missing cell, besides the empty one */
    float *missing_number;        /* those of them that are numbers: also if written "-99.0" */
    size_t missing_numbers;
};

/* By the options, and by the first rows of the file where they leave the separator open. Errors:
 * ARGUMENT (a separator that cannot be one, a list that is wrong), INPUT (two separators would do),
 * MEMORY; to be released then, too. */
bp_status bp_csv_dialect_choose(struct bp_csv_dialect *dialect, const struct bp_source *source,
                                const bp_read_options *options, bp_error *error);
void bp_csv_dialect_release(struct bp_csv_dialect *dialect);

/* Whether the text of a cell, without the blanks around it, stands for a missing one. */
static inline bool bp_csv_is_missing(const struct bp_csv_dialect *dialect, const char *text,
                                     size_t length)
{
    uint32_t number;
    return length == 0 || (dialect->missing.count > 0 &&
                           bp_dictionary_find(&dialect->missing, text, length, &number));
}

/* Whether a number does. */
static inline bool bp_csv_is_missing_number(const struct bp_csv_dialect *dialect, float value)
{
    for (size_t k = 0; k < dialect->missing_numbers; k++)
        if (dialect->missing_number[k] == value)
            return true;
    return false;
}

/* "comma", "semicolon", "tab", "blank", or another sign in quotes: the separator in a message. */
const char *bp_csv_separator_name(char separator, char text[static 4]);
static inline const char *bp_csv_dialect_name(const struct bp_csv_dialect *dialect,
                                              char text[static 4])
{
    return bp_csv_separator_name(dialect->blanks ? ' ' : dialect->separator, text);
}

#endif
