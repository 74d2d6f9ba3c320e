/* Whether options of training can be worked with, before anything is made from them. */
#ifndef BP_TRAIN_TRAIN_OPTIONS_H
#define BP_TRAIN_TRAIN_OPTIONS_H

#include "batchprop/batchprop.h"

/* Every number is in its range and every choice exists. What depends on the samples (the batches of
 * iRPROP-, columns, class weights) is checked where they are known. Errors: ARGUMENT. */
bp_status bp_train_options_check(const bp_train_options *options, bp_error *error);

/* options->learning_rate, or that of the optimizer where it is 0. */
float bp_train_options_rate(const bp_train_options *options);

/* The same of options->epsilon. */
float bp_train_options_epsilon(const bp_train_options *options);

#endif
