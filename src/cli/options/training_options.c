/* What the options of training have to do with each other. */
#include "cli/options/training_options.h"

#include "cli/terminal/messages.h"

void training_options_init(struct training_options *training)
{
    *training = (struct training_options){.train = bp_train_options_default()};
    option_add_group(training->table, BP_OPTION_OF_TRAINING, "Training", &training->train);
}

int training_options_check(const struct training_options *training, bool hidden,
                           const char *command)
{
    const bp_train_options *train = &training->train;
    const int code = option_check_readers(training->table, command);
    if (code != EXIT_DONE)
        return code;
    if (train->warmup_epochs > train->epochs)
        return message_usage(command,
                             "--warmup-epochs %zu is more than the %zu epochs of the training",
                             train->warmup_epochs, train->epochs);
    if (train->optimizer == BP_OPTIMIZER_IRPROP && train->batch_size > 0 &&
        option_is_given(training->table, "batch-size"))
        return message_usage(command, "--optimizer irprop needs --batch-size full");
    if (!hidden && option_is_given(training->table, "dropout") && train->dropout > 0)
        return message_usage(command,
                             "--dropout has no effect with --hidden none: it is for hidden "
                             "neurons");
    return EXIT_DONE;
}
