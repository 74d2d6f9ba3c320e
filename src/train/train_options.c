/* Defaults and ranges of the options of training. */
#include "train/train_options.h"

#include <math.h>
#include <stdint.h>

#include "base/sized.h"

void bp_train_options_init(bp_train_options *options, size_t size)
{
    static const bp_train_options defaults = {
        .batch_size = 32,
        .epochs = 20,
        .optimizer = BP_OPTIMIZER_SGD,
        .momentum = 0.9f,
        .beta1 = 0.9,
        .beta2 = 0.999,
        .rho = 0.99,
        .schedule = BP_SCHEDULE_CONSTANT,
        .schedule_epochs = 10,
        .metric = BP_METRIC_LOSS,
        .keep_best = true,
        .seed = 1,
        .shuffle = true,
    };
    bp_sized_init(options, size, &defaults, sizeof defaults);
}

float bp_train_options_rate(const bp_train_options *options)
{
    return options->learning_rate > 0.0f ? options->learning_rate
                                         : bp_optimizer_learning_rate(options->optimizer);
}

float bp_train_options_epsilon(const bp_train_options *options)
{
    return options->epsilon > 0.0f ? options->epsilon : bp_optimizer_epsilon(options->optimizer);
}

static bp_status check_choices(const bp_train_options *options, bp_error *error)
{
    const struct {
        const char *noun;
        bp_choice choice;
        int value;
    } rows[] = {
        {"optimizer", BP_CHOICE_OPTIMIZER, (int)options->optimizer},
        {"schedule", BP_CHOICE_SCHEDULE, (int)options->schedule},
        {"metric", BP_CHOICE_METRIC, (int)options->metric},
        {"backend", BP_CHOICE_BACKEND, (int)options->backend},
        {"instruction set", BP_CHOICE_ISA, (int)options->isa},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        if (!bp_choice_name(rows[k].choice, rows[k].value))
            return bp_fail(error, BP_ERROR_ARGUMENT, "%s %d does not exist", rows[k].noun,
                           rows[k].value);
    }
    return BP_OK;
}

/* A NaN fails: it compares as false. */
static bp_status check_numbers(const bp_train_options *options, bp_error *error)
{
    const float infinity = INFINITY;
    const struct {
        const char *noun;
        double value;
        bool good;
        const char *range;
    } rows[] = {
        {"learning rate", (double)options->learning_rate,
         options->learning_rate >= 0.0f && options->learning_rate < infinity, "above 0"},
        {"momentum", (double)options->momentum,
         options->momentum >= 0.0f && options->momentum < 1.0f, "from 0 to below 1"},
        {"beta1", options->beta1, options->beta1 >= 0.0 && options->beta1 < 1.0,
         "from 0 to below 1"},
        {"beta2", options->beta2, options->beta2 >= 0.0 && options->beta2 < 1.0,
         "from 0 to below 1"},
        {"rho", options->rho, options->rho >= 0.0 && options->rho < 1.0, "from 0 to below 1"},
        {"epsilon", (double)options->epsilon,
         options->epsilon >= 0.0f && options->epsilon < infinity, "above 0"},
        {"schedule factor", (double)options->schedule_factor,
         options->schedule_factor >= 0.0f && options->schedule_factor <= 1.0f,
         "above 0 and at most 1"},
        {"weight decay", (double)options->weight_decay,
         options->weight_decay >= 0.0f && options->weight_decay < infinity, "from 0"},
        {"value to clip the gradient at", (double)options->clip_value,
         options->clip_value >= 0.0f && options->clip_value < infinity, "above 0, or 0 for none"},
        {"gradient norm to clip to", (double)options->clip_norm,
         options->clip_norm >= 0.0f && options->clip_norm < infinity, "above 0, or 0 for none"},
        {"dropout", (double)options->dropout, options->dropout >= 0.0f && options->dropout < 1.0f,
         "from 0 to below 1"},
        {"least improvement", options->min_delta,
         options->min_delta >= 0.0 && options->min_delta < (double)infinity, "from 0"},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        if (!rows[k].good)
            return bp_fail(error, BP_ERROR_ARGUMENT, "%s %g: give a number %s", rows[k].noun,
                           rows[k].value, rows[k].range);
    }
    return BP_OK;
}

bp_status bp_train_options_check(const bp_train_options *options, bp_error *error)
{
    if (options->epochs < 1 || options->epochs > UINT32_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT, "%zu epochs: give a number from 1 to %u",
                       options->epochs, (unsigned)UINT32_MAX);
    if (options->schedule == BP_SCHEDULE_STEP && options->schedule_epochs < 1)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "a step of the learning rate every 0 epochs: give a number from 1");
    if (options->warmup_epochs > options->epochs)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%zu epochs of warm-up: there are only %zu epochs in all",
                       options->warmup_epochs, options->epochs);
    const bp_status status = check_choices(options, error);
    return status ? status : check_numbers(options, error);
}
