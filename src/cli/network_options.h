/* The options that describe a network and what its inputs and outputs mean. */
#ifndef BP_CLI_NETWORK_OPTIONS_H
#define BP_CLI_NETWORK_OPTIONS_H

#include "option.h"

struct network_options {
    const char *hidden; /* as given, or NULL */
    int activation;
    int output_activation;
    int loss;
    int hidden_delta;
    int scale;
    int task;
    const char *target; /* or NULL */
    struct option table[9];
};

/* Fills defaults and the table, which points into `network`. */
void network_options_init(struct network_options *network);

/* Returns EXIT_DONE, or EXIT_USAGE after a message that names `command`. */
int network_options_check(const struct network_options *network, const char *command);

/* Puts the options, which were checked, into `model`, but for the seed. Texts are borrowed. */
void network_options_put(const struct network_options *network, bp_model_options *model);

#endif
