/* Kinds of networks for ensembles: as the preset modern makes them, with so many hidden neurons and
 * epochs that a test is short. */
#ifndef BP_TESTS_MEMBER_KINDS_H
#define BP_TESTS_MEMBER_KINDS_H

#include "batchprop/batchprop.h"

#define MEMBER_KINDS 3

/* Points into itself: not to be copied. */
struct member_kinds {
    bp_model_options model[MEMBER_KINDS];
    bp_train_options train[MEMBER_KINDS];
    bp_member_kind kind[MEMBER_KINDS];
};

/* Kind k has one hidden layer of widths[k] neurons, or none where that is 0, and 4 + k epochs. */
void member_kinds_make(struct member_kinds *kinds, const size_t widths[MEMBER_KINDS]);

#endif
