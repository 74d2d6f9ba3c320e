/* Another value of an option than the one it has, and options beside which it is read: for tests
 * that go through the table. Every function asserts that it works. */
#ifndef BP_TESTS_OTHER_OPTION_H
#define BP_TESTS_OTHER_OPTION_H

#include "batchprop/batchprop.h"

#define OTHER_OPTION_SIZE 64

/* Another text than `now`, suitable for iris. */
const char *other_option_text(const bp_option_info *info, const char *now,
                              char text[OTHER_OPTION_SIZE]);

/* Options of a short training, and of a model, that read the one of `info`. */
bp_train_options other_option_training(const bp_option_info *info);
bp_model_options other_option_model(const bp_option_info *info);

#endif
