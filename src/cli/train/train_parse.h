/* The command line of `batchprop train`. */
#ifndef BP_CLI_TRAIN_TRAIN_PARSE_H
#define BP_CLI_TRAIN_TRAIN_PARSE_H

#include "cli/options/arguments.h"
#include "cli/train/train_options.h"

/* Parses it and checks what can be checked without reading data, output paths among it. Returns as
 * arguments_parse(); after ARGUMENTS_GO_ON, train_options_release(). */
int train_parse(struct train_options *options, struct arguments **arguments, int argc, char **argv);

#endif
