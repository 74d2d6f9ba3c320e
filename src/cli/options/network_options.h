/* The options that describe a network and what its inputs and outputs mean. */
#ifndef BP_CLI_OPTIONS_NETWORK_OPTIONS_H
#define BP_CLI_OPTIONS_NETWORK_OPTIONS_H

#include "cli/options/option.h"

/* Texts are as given, or NULL. */
struct network_options {
    int preset;
    const char *hidden;
    const char *activation;
    int output_activation;
    int loss;
    int init;
    double init_range;
    int hidden_delta;
    const char *thresholds; /* "on" or "off" */
    int scale;
    int task;
    const char *target;
    const char *weight;
    int missing;
    struct option table[15];
};

/* Fills defaults and the table, which points into `network`. */
void network_options_init(struct network_options *network);

/* Returns EXIT_DONE, or EXIT_USAGE after a message that names `command`. */
int network_options_check(const struct network_options *network, const char *command);

/* Puts the options, which were checked, into `model`, but for the seed: first what the preset says,
 * then what was given beside it. Texts are borrowed. */
void network_options_put(const struct network_options *network, bp_model_options *model);

/* Whether the options, which were checked, ask for hidden layers. */
bool network_options_has_hidden(const struct network_options *network);

/* Whether --preset was given; what it says of training is put with bp_preset_apply(). */
bool network_options_has_preset(const struct network_options *network);

#endif
