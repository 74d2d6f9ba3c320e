/* Whether options can be worked with, before anything is made from them. */
#ifndef BP_OPTIONS_CHECK_H
#define BP_OPTIONS_CHECK_H

#include "batchprop/batchprop.h"

/* Every number is in its range, every choice exists, and what differs from the default of both
 * presets (a choice: of the classic one) is read by what is chosen beside it: by the optimizer,
 * the schedule, the loss. A binding may fill in every field. What depends on the samples is
 * checked where they are known. `options` is a full struct of `owner`. Errors: ARGUMENT. */
bp_status bp_options_check(bp_option_owner owner, const void *options, bp_error *error);

#endif
