/* The kinds of networks that `batchprop train` trains. */
#ifndef BP_CLI_TRAIN_TRAIN_KINDS_H
#define BP_CLI_TRAIN_TRAIN_KINDS_H

#include "cli/train/train_options.h"

/* Checks what the groups say of kind `kind`, and keeps it in options->kind[kind]. `arg`: struct
 * train_options. Returns an exit code. */
int train_kinds_check(void *arg, size_t kind);

/* Fills in what is the same for all kinds, and those fields of `options` that follow from them. */
void train_kinds_put(struct train_options *options);

#endif
