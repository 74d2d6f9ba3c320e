/* What the lists of choices have for messages. */
#ifndef BP_BASE_CHOICE_H
#define BP_BASE_CHOICE_H

#include "batchprop/batchprop.h"

/* "optimizer": what a message calls a value of a list. */
const char *bp_choice_noun(bp_choice choice);

#endif
