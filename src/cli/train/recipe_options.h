/* What --from takes over: the options of a model that are not given again. */
#ifndef BP_CLI_TRAIN_RECIPE_OPTIONS_H
#define BP_CLI_TRAIN_RECIPE_OPTIONS_H

#include "cli/fields/text_list.h"
#include "cli/options/network_options.h"
#include "cli/options/training_options.h"
#include "cli/options/validation_options.h"

struct recipe_options {
    const char *command;
    const char *path; /* of the model */
    const bp_model *model;
    size_t kind; /* of the networks of a model of several; 0 */
    struct network_options *network;
    struct training_options *training;
    struct validation_options *validation;
    struct text_list *kept; /* copies of texts go there */
};

/* Fills what is not given from the recipe; options of --preset, if it is given, are given. Those
 * that nothing would read stay at their defaults, and so does the learning rate beside another
 * optimizer. Returns an exit code. */
int recipe_options_take(const struct recipe_options *recipe);

/* Whether options of the network that are given again are those of the model. Returns EXIT_DONE, or
 * an exit code after a message. */
int recipe_options_check(const struct recipe_options *recipe);

#endif
