/* The options that describe a network and what its inputs and outputs mean. */
#ifndef BP_CLI_OPTIONS_NETWORK_OPTIONS_H
#define BP_CLI_OPTIONS_NETWORK_OPTIONS_H

#include "cli/options/option_library.h"

struct network_options {
    int preset;
    const char *hidden; /* as given, or NULL; put into a model together, whatever came first */
    const char *activation;
    size_t kind;            /* of networks, whose alternative of these two is meant */
    bp_model_options model; /* without these two */
    struct option table[OPTION_ROWS];
};

/* Fills defaults and the table, which points into `network`. */
void network_options_init(struct network_options *network);

/* Returns EXIT_DONE, or EXIT_USAGE after a message that names `command`. */
int network_options_check(const struct network_options *network, const char *command);

/* The options, which were checked, but for the seed. Texts are borrowed. */
bp_model_options network_options_get(const struct network_options *network);

#endif
