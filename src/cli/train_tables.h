/* The options of `batchprop train` as tables: their names, defaults and the texts of --help. */
#ifndef BP_CLI_TRAIN_TABLES_H
#define BP_CLI_TRAIN_TABLES_H

#include "train_options.h"

#define TRAIN_GROUPS 7 /* with the empty last one */

extern const struct command_help train_help;

/* Puts the defaults into `options` and the tables into `groups`, which point into `options`. */
void train_tables_init(struct train_options *options, struct option_group groups[TRAIN_GROUPS]);

#endif
