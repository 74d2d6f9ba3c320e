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

static size_t choose_epochs(const struct bp_auto_table *table, bp_optimizer optimizer, size_t batch)
{
    const bool plain = optimizer == BP_OPTIMIZER_SGD;
    const size_t inputs = bp_size_max(table->inputs, 1);
    const size_t visits =
        plain ? bp_size_max(BP_AUTO_VISITS, BP_AUTO_SGD_NUMBERS / inputs) : BP_AUTO_VISITS;
    const size_t epochs =
        plain ? clip(bp_size_divide_up(BP_AUTO_SGD_EPOCHS_INPUTS, inputs), BP_AUTO_SGD_EPOCHS_MIN,
                     BP_AUTO_SGD_EPOCHS_MAX)
              : clip(bp_size_divide_up(BP_AUTO_UPDATES, bp_size_divide_up(table->rows, batch)),
                     BP_AUTO_EPOCHS_MIN, BP_AUTO_EPOCHS_MAX);
    const size_t affordable = bp_size_max(visits / table->rows, BP_AUTO_VISITED_AT_LEAST);
    return bp_size_min(epochs, affordable);
}

static float choose_rate(const struct bp_auto_table *table, bp_optimizer optimizer)
{
    const bool bounded = table->output == BP_ACTIVATION_LOGISTIC ||
                         table->output == BP_ACTIVATION_TANH ||
                         table->output == BP_ACTIVATION_SOFTMAX;
    if (optimizer == BP_OPTIMIZER_SGD && !bounded)
        return (float)BP_AUTO_SGD_RATE_UNBOUNDED;
    if (table->hidden == 0 && (optimizer == BP_OPTIMIZER_ADAM || optimizer == BP_OPTIMIZER_ADAMW))
        return (float)BP_AUTO_LINEAR_RATE;
    return bp_optimizer_learning_rate(optimizer);
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
    if (options->epochs == 0)
        options->epochs = choose_epochs(table, options->optimizer, options->batch_size);
    if (options->learning_rate == 0.0f)
        options->learning_rate = choose_rate(table, options->optimizer);
    if (options->weight_decay == BP_WEIGHT_DECAY_AUTO)
        options->weight_decay = choose_decay(table, options->optimizer);
    if (options->dropout == BP_DROPOUT_AUTO) {
        const bool drops = options->optimizer == BP_OPTIMIZER_ADAMW && table->hidden > 0;
        options->dropout = drops ? (float)BP_AUTO_DROPOUT : 0.0f;
    }
}
