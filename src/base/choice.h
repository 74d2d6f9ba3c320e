/* What the lists of choices have for messages. */
#ifndef BP_BASE_CHOICE_H
#define BP_BASE_CHOICE_H

#include "batchprop/batchprop.h"

/* "optimizer": what a message calls a value of a list. */
const char *bp_choice_noun(bp_choice choice);

#define BP_CHOICE_ALL UINT64_MAX

/* "logistic, identity": the names of the values of a list whose bits are set in `values` (bit k:
 * value k), as far as `size` (from 1) bytes hold them. */
void bp_choice_join(bp_choice choice, uint64_t values, char *text, size_t size);

#endif
