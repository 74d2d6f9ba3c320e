/* Every rule follows from values that are given: epochs from the batch, whoever chose it. */
#include "options/auto_rule.h"

#include <math.h>

#include "base/sizes.h"
#include "options/check.h"
#include "options/layers.h"
#include "options/rows.h"

void bp_auto_hidden(bp_model_options *options)
{
    if (!bp_hidden_is_auto(options))
        return;
    const bp_activation activation = options->activations[0];
    const bool saturates = activation == BP_ACTIVATION_LOGISTIC || activation == BP_ACTIVATION_TANH;
    options->hidden_count = saturates ? 1 : 2;
    for (size_t k = 0; k < options->hidden_count; k++)
        options->hidden[k] = saturates ? BP_AUTO_HIDDEN_SATURATING : BP_AUTO_HIDDEN;
}

size_t bp_auto_batch(size_t rows, const bp_train_options *options)
{
    const bp_option_info *row = bp_option_find(BP_OPTION_OF_TRAINING, "batch-size");
    if (!bp_option_is_read(row, options))
        return rows;
    return bp_size_min(options->batch_size ? options->batch_size : BP_AUTO_BATCH, rows);
}

static size_t clip(size_t value, size_t low, size_t high)
{
    return bp_size_min(bp_size_max(value, low), high);
}

static bool is_adam(bp_optimizer optimizer)
{
    return optimizer == BP_OPTIMIZER_ADAM || optimizer == BP_OPTIMIZER_ADAMW;
}

static size_t choose_epochs(const struct bp_auto_table *table, const bp_train_options *options,
                            bool few)
{
    const size_t batches = bp_size_divide_up(table->rows, options->batch_size);
    if (few)
        return clip(bp_size_divide_up(BP_AUTO_FEW_UPDATES, batches), BP_AUTO_FEW_EPOCHS_MIN,
                    BP_AUTO_FEW_EPOCHS_MAX);
    if (options->optimizer == BP_OPTIMIZER_SGD)
        return clip(bp_size_divide_up(BP_AUTO_SGD_EPOCHS_INPUTS, bp_size_max(table->inputs, 1)),
                    BP_AUTO_SGD_EPOCHS_MIN, BP_AUTO_SGD_EPOCHS_MAX);
    return clip(bp_size_divide_up(BP_AUTO_UPDATES, batches), BP_AUTO_EPOCHS_MIN,
                BP_AUTO_EPOCHS_MAX);
}

static size_t find_affordable_epochs(const struct bp_auto_table *table, bp_optimizer optimizer)
{
    const size_t numbers = BP_AUTO_SGD_NUMBERS / bp_size_max(table->inputs, 1);
    const size_t visits =
        optimizer == BP_OPTIMIZER_SGD ? bp_size_max(BP_AUTO_VISITS, numbers) : BP_AUTO_VISITS;
    return bp_size_max(visits / table->rows, BP_AUTO_VISITED_AT_LEAST);
}

static float choose_rate(const struct bp_auto_table *table, bp_optimizer optimizer, bool few)
{
    const bool bounded = table->output == BP_ACTIVATION_LOGISTIC ||
                         table->output == BP_ACTIVATION_TANH ||
                         table->output == BP_ACTIVATION_SOFTMAX;
    if (optimizer == BP_OPTIMIZER_SGD && !bounded)
        return (float)BP_AUTO_SGD_RATE_UNBOUNDED;
    const float rate = table->hidden == 0 && is_adam(optimizer)
                           ? (float)BP_AUTO_LINEAR_RATE
                           : bp_optimizer_learning_rate(optimizer);
    return few && is_adam(optimizer) ? BP_AUTO_FEW_RATE * rate : rate;
}

/* Only AdamW's decay is apart from the gradient; that of others would be part of its size. */
static float choose_decay(const struct bp_auto_table *table, bp_optimizer optimizer)
{
    if (optimizer != BP_OPTIMIZER_ADAMW)
        return 0.0f;
    const double decay = BP_AUTO_DECAY_ROWS * sqrt((double)table->inputs) / (double)table->rows;
    const double clipped = fmin(fmax(decay, BP_AUTO_DECAY_MIN), BP_AUTO_DECAY_MAX);
    return (float)(table->hidden == 0 ? BP_AUTO_LINEAR_DECAY * clipped : clipped);
}

void bp_auto_training(const struct bp_auto_table *table, bp_train_options *options)
{
    options->batch_size = bp_auto_batch(table->rows, options);
    const bool few = options->epochs == BP_EPOCHS_FEW && table->loss != BP_LOSS_POISSON;
    if (options->epochs == 0 || options->epochs == BP_EPOCHS_FEW)
        options->epochs = bp_size_min(choose_epochs(table, options, few),
                                      find_affordable_epochs(table, options->optimizer));
    if (options->learning_rate == 0.0f)
        options->learning_rate = choose_rate(table, options->optimizer, few);
    if (options->weight_decay == BP_WEIGHT_DECAY_AUTO)
        options->weight_decay = choose_decay(table, options->optimizer);
    if (options->dropout == BP_DROPOUT_AUTO) {
        const bool drops = options->optimizer == BP_OPTIMIZER_ADAMW && table->hidden > 0;
        const double share = few ? BP_AUTO_FEW_DROPOUT : BP_AUTO_DROPOUT;
        options->dropout = drops ? (float)share : 0.0f;
    }
}
