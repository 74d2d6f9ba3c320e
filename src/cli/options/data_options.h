/* The options that say how data files are read; the same for every subcommand. */
#ifndef BP_CLI_OPTIONS_DATA_OPTIONS_H
#define BP_CLI_OPTIONS_DATA_OPTIONS_H

#include "cli/options/option_library.h"

struct data_options {
    bp_read_options read;
    const char *command; /* the subcommand, for messages */
    const char *from;    /* "0": rank 0 has the files for all; NULL: each has its own */
    struct option table[OPTION_ROWS];
};

/* Fills defaults and the table, which points into `data`; `command` is kept. */
void data_options_init(struct data_options *data, const char *command);

/* Adds --data-from, for a command that ranks share. */
void data_options_share(struct data_options *data);

/* Reads `count` files of the same columns, one after the other, for `model` (or NULL): as its
 * training data were read unless the options say otherwise. Collective with --data-from. Returns an
 * exit code. */
int data_options_read(const struct data_options *data, const bp_model *model,
                      const char *const *paths, size_t count, bp_dataset **out);

/* Leaves the rows of weight 0 out of *dataset, which is replaced; `weight`: the column of weights,
 * or NULL. `optional`: data without the column are left as they are. Returns an exit code. */
int data_options_weigh(const char *weight, bool optional, bp_dataset **dataset);

#endif
