/* What a message says of two objects that should be the same. */
#ifndef BP_TRAIN_CHECKPOINT_DIFFERENCE_H
#define BP_TRAIN_CHECKPOINT_DIFFERENCE_H

#include <jansson.h>

#include "batchprop/batchprop.h"

/* Whether each value of `now` is in `then`, which may be anything and comes from the file `path`.
 * Keys are fields of options of `owner`, or those of bp_match_data(). Error: INPUT, the first
 * difference, in the words of the options. */
bp_status bp_difference_check(const json_t *then, json_t *now, bp_option_owner owner,
                              const char *path, bp_error *error);

#endif
