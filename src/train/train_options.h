/* Whether options of training can be worked with, before anything is made from them. */
#ifndef BP_TRAIN_TRAIN_OPTIONS_H
#define BP_TRAIN_TRAIN_OPTIONS_H

#include "net/network.h"
#include "options/check.h"

/* bp_options_check_rows(), and what options have to do with each other and with a network of
 * `hidden` hidden layers. What depends on the samples (columns, class weights) is checked where
 * they are known. Errors: ARGUMENT. */
bp_status bp_train_options_check(const bp_train_options *options, size_t hidden,
                                 const struct bp_options_use *use, bp_error *error);

/* The warm-up is no longer than the training, if its epochs are not auto. Error: ARGUMENT. */
bp_status bp_train_options_check_warmup(const bp_train_options *options, bp_error *error);

/* options->learning_rate, or that of the optimizer where it is 0. */
float bp_train_options_rate(const bp_train_options *options);

/* The same of options->epsilon. */
float bp_train_options_epsilon(const bp_train_options *options);

/* Puts in what auto and the epsilon stand for with `rows` samples and a network. */
void bp_train_options_settle(bp_train_options *options, const struct bp_network *network,
                             size_t rows);

/* What unknown categories of rows that are not trained on count as. */
static inline bp_unknown bp_train_options_unknown(const bp_train_options *options)
{
    return options->unknown == BP_UNKNOWN_AUTO ? BP_UNKNOWN_IGNORE : options->unknown;
}

#endif
