/* Whether options can be worked with, before anything is made from them. */
#ifndef BP_OPTIONS_CHECK_H
#define BP_OPTIONS_CHECK_H

#include "batchprop/batchprop.h"

/* What is known of options besides their values; zeros: nothing was given. */
struct bp_options_use {
    bool validates;           /* there are validation rows */
    const char *const *given; /* names of the options that a user asked for */
    size_t given_count;
};

/* Every number is in its range, every choice exists, and what was asked for is read: by the
 * optimizer, the schedule, the loss that are chosen beside it, or with validation rows. What is
 * given was asked for, and so was what differs from the default of both presets (a choice: of the
 * classic one); a binding may fill in every field. `options` is a full struct of `owner`. Errors:
 * ARGUMENT, a sentence that begins with the name of an option. */
bp_status bp_options_check_rows(bp_option_owner owner, const void *options,
                                const struct bp_options_use *use, bp_error *error);

/* Whether what is chosen in `options` reads the option of `row`. */
bool bp_option_is_read(const bp_option_info *row, const void *options);

#endif
