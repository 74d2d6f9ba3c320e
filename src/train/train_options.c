/* What the table of options does not say: what two fields have to do with each other. */
#include "train/train_options.h"

#include "base/status.h"
#include "options/check.h"

float bp_train_options_rate(const bp_train_options *options)
{
    return options->learning_rate > 0.0f ? options->learning_rate
                                         : bp_optimizer_learning_rate(options->optimizer);
}

float bp_train_options_epsilon(const bp_train_options *options)
{
    return options->epsilon > 0.0f ? options->epsilon : bp_optimizer_epsilon(options->optimizer);
}

bp_status bp_train_options_check(const bp_train_options *options, bp_error *error)
{
    const bp_status status = bp_options_check(BP_OPTION_OF_TRAINING, options, error);
    if (!status && options->warmup_epochs > options->epochs)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%zu epochs of warm-up: there are only %zu epochs in all",
                       options->warmup_epochs, options->epochs);
    return status;
}
