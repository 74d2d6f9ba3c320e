/* Every rule follows from values that are given: epochs from the batch, whoever chose it. */
#include "options/auto_rule.h"

#include "base/sizes.h"
#include "options/check.h"
#include "options/layers.h"
#include "options/rows.h"

struct budget {
    size_t batch, updates, epochs_min, epochs_max;
};

static const struct budget of_sgd = {BP_AUTO_SGD_BATCH, BP_AUTO_SGD_UPDATES, BP_AUTO_SGD_EPOCHS_MIN,
                                     BP_AUTO_SGD_EPOCHS_MAX};
static const struct budget of_others = {BP_AUTO_BATCH, BP_AUTO_UPDATES, BP_AUTO_EPOCHS_MIN,
                                        BP_AUTO_EPOCHS_MAX};

void bp_auto_hidden(const struct bp_auto_table *table, bp_model_options *options)
{
    (void)table;
    if (!bp_hidden_is_auto(options))
        return;
    const bp_activation activation = options->activations[0];
    const bool saturates = activation == BP_ACTIVATION_LOGISTIC || activation == BP_ACTIVATION_TANH;
    options->hidden[0] = saturates ? BP_AUTO_HIDDEN_SATURATING : BP_AUTO_HIDDEN;
}

static const struct budget *find_budget(const bp_train_options *options)
{
    return options->optimizer == BP_OPTIMIZER_SGD ? &of_sgd : &of_others;
}

size_t bp_auto_batch(size_t rows, const bp_train_options *options)
{
    const bp_option_info *row = bp_option_find(BP_OPTION_OF_TRAINING, "batch-size");
    if (!bp_option_is_read(row, options))
        return rows;
    return bp_size_min(options->batch_size ? options->batch_size : find_budget(options)->batch,
                       rows);
}

static size_t clip(size_t value, size_t low, size_t high)
{
    return bp_size_min(bp_size_max(value, low), high);
}

/* clip(updates / batches of an epoch), and for large tables what their rows allow. */
static size_t choose_epochs(const struct budget *budget, size_t rows, size_t batch)
{
    const size_t epochs = clip(bp_size_divide_up(budget->updates, bp_size_divide_up(rows, batch)),
                               budget->epochs_min, budget->epochs_max);
    const size_t affordable = bp_size_max(BP_AUTO_VISITS / rows, BP_AUTO_VISITED_AT_LEAST);
    return bp_size_min(epochs, affordable);
}

static float choose_rate(const struct bp_auto_table *table, bp_optimizer optimizer)
{
    const bool bounded = table->output == BP_ACTIVATION_LOGISTIC ||
                         table->output == BP_ACTIVATION_TANH ||
                         table->output == BP_ACTIVATION_SOFTMAX;
    if (optimizer == BP_OPTIMIZER_SGD && !bounded)
        return (float)BP_AUTO_SGD_RATE_UNBOUNDED;
    return bp_optimizer_learning_rate(optimizer);
}

/* Only AdamW's decay is apart from the gradient; that of others would be part of its size. */
static float choose_decay(size_t rows, bp_optimizer optimizer)
{
    if (optimizer != BP_OPTIMIZER_ADAMW)
        return 0.0f;
    const double decay = BP_AUTO_DECAY_ROWS / (double)rows;
    return (float)(decay < BP_AUTO_DECAY_MIN   ? BP_AUTO_DECAY_MIN
                   : decay > BP_AUTO_DECAY_MAX ? BP_AUTO_DECAY_MAX
                                               : decay);
}

void bp_auto_training(const struct bp_auto_table *table, bp_train_options *options)
{
    options->batch_size = bp_auto_batch(table->rows, options);
    if (options->epochs == 0)
        options->epochs = choose_epochs(find_budget(options), table->rows, options->batch_size);
    if (options->learning_rate == 0.0f)
        options->learning_rate = choose_rate(table, options->optimizer);
    if (options->weight_decay == BP_WEIGHT_DECAY_AUTO)
        options->weight_decay = choose_decay(table->rows, options->optimizer);
}
