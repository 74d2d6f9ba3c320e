/* The library knows all of them. */
#include "cli/options/training_options.h"

void training_options_init(struct training_options *training)
{
    *training = (struct training_options){.train = bp_train_options_default()};
    option_add_group(training->table, BP_OPTION_OF_TRAINING, "Training", &training->train);
}
