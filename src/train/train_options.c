/* What the table of options does not say: what two fields have to do with each other. */
#include "train/train_options.h"

#include <string.h>

#include "base/sized.h"
#include "options/auto_rule.h"
#include "options/rows.h"

float bp_train_options_rate(const bp_train_options *options)
{
    return options->learning_rate > 0.0f ? options->learning_rate
                                         : bp_optimizer_learning_rate(options->optimizer);
}

float bp_train_options_epsilon(const bp_train_options *options)
{
    return options->epsilon > 0.0f ? options->epsilon : bp_optimizer_epsilon(options->optimizer);
}

bp_status bp_train_options_check_warmup(const bp_train_options *options, bp_error *error)
{
    if (options->epochs == 0 || options->warmup_epochs <= options->epochs)
        return BP_OK;
    return bp_fail(error, BP_ERROR_ARGUMENT,
                   "warmup-epochs %zu is more than the %zu epochs of the training",
                   options->warmup_epochs, options->epochs);
}

bp_status bp_train_options_check(const bp_train_options *options, size_t hidden,
                                 const struct bp_options_use *use, bp_error *error)
{
    bp_status status = bp_options_check_rows(BP_OPTION_OF_TRAINING, options, use, error);
    if (!status)
        status = bp_train_options_check_warmup(options, error);
    if (status)
        return status;
    if (options->refit && !options->keep_best)
        return bp_fail(
            error, BP_ERROR_ARGUMENT,
            "refit has no effect with no-keep-best: it trains for the epochs of the best "
            "one");
    if (options->refit && options->schedule == BP_SCHEDULE_PLATEAU)
        return bp_fail(
            error, BP_ERROR_ARGUMENT,
            "refit cannot repeat schedule plateau, whose falls follow from the validation rows, "
            "of which it has none: take schedule cosine, step or exponential, or no refit");
    if (options->dropout > 0.0f && hidden == 0)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "dropout %g has no effect with hidden none: it is for hidden neurons",
                       (double)options->dropout);
    return BP_OK;
}

static bool is_given(const struct bp_options_use *use, const char *name)
{
    for (size_t k = 0; k < use->given_count; k++) {
        if (strcmp(use->given[k], name) == 0)
            return true;
    }
    return false;
}

static bp_status check_model(const bp_model_options *options, const struct bp_options_use *use,
                             bp_error *error)
{
    const bp_status status = bp_options_check_rows(BP_OPTION_OF_MODEL, options, use, error);
    if (!status && options->hidden_count == 0 && is_given(use, "activation"))
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "activation has no effect with hidden none: give output-activation for the "
                       "outputs");
    return status;
}

bp_status bp_options_check(const bp_model_options *model, const bp_train_options *train,
                           bool validates, const char *const *given, size_t given_count,
                           bp_error *error)
{
    const struct bp_options_use use = {validates, given, given_count};
    bp_model_options full_model = bp_model_options_default();
    bp_train_options full_train = bp_train_options_default();
    if (given_count > 0)
        BP_REQUIRE(given, error);
    for (size_t k = 0; k < given_count; k++)
        BP_REQUIRE(given[k], error);
    bp_status status =
        bp_sized_copy(&full_model, sizeof full_model, model, "bp_model_options", error);
    if (!status)
        status = bp_sized_copy(&full_train, sizeof full_train, train, "bp_train_options", error);
    if (!status && model)
        status = check_model(&full_model, &use, error);
    if (!status && train)
        status = bp_train_options_check(&full_train, full_model.hidden_count, &use, error);
    return status;
}

void bp_train_options_settle(bp_train_options *options, const struct bp_network *network,
                             size_t rows)
{
    const struct bp_network_spec spec = bp_network_get_spec(network);
    const struct bp_auto_table table = {
        .rows = rows,
        .inputs = spec.widths[0],
        .hidden = spec.layers - 1,
        .output = spec.activations[spec.layers - 1],
        .loss = spec.loss,
    };
    bp_auto_training(&table, options);
    options->epsilon = bp_train_options_epsilon(options);
}
