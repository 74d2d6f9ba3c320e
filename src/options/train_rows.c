/* The options of training. Their order is also that in which a checkpoint is compared. */
#include "options/rows.h"

#define ROW(member)                                                                                \
    .owner = BP_OPTION_OF_TRAINING, .group = GROUP, BP_FIELD(bp_train_options, member),            \
    .affects_bits = true
#define CHOICE(member, list) ROW(member), .kind = BP_OPTION_CHOICE, .choice = list
#define WHOLE(member, most)  ROW(member), .kind = BP_OPTION_WHOLE, .low = 1, .high = most
#define REAL(member, limit)  ROW(member), .kind = BP_OPTION_REAL, .high = limit
#define SHARE(member)        REAL(member, 1), .from_low = true, .argument = "SHARE"
#define OF_OPTIMIZERS(set)   .reader = BP_CHOICE_OPTIMIZER, .readers = set
#define OF_SCHEDULES(set)    .reader = BP_CHOICE_SCHEDULE, .readers = set

#define ADAMS (BP_BIT(BP_OPTIMIZER_ADAM) | BP_BIT(BP_OPTIMIZER_ADAMW))

#define GROUP "Training"

const bp_option_info bp_train_rows[] = {
    {WHOLE(epochs, BP_EPOCHS_MAX), .name = "epochs", .word = "auto", .high_word = "few",
     .high_word_value = BP_EPOCHS_FEW, .argument = "N", .classic = "auto", .quick = "few",
     .instead =
         "1500 updates, in 40 to 200 epochs; with sgd 4000 / inputs, 50 to 2000; fewer where "
         "that is more than 1200000 samples, with sgd and fewer than 4 inputs more than 4800000 "
         "numbers, but 10 epochs",
     .help = "passes over the samples; few is 200 updates, in 16 to 30 epochs, and auto with the "
             "loss poisson"},
    {WHOLE(batch_size, BP_COUNT_MAX), .name = "batch-size", .word = "auto", .high_word = "full",
     .high_word_value = BP_BATCH_FULL, .argument = "N", .classic = "auto", .modern = "auto",
     .instead = "64", OF_OPTIMIZERS(BP_ALL_BUT(BP_OPTIMIZER_IRPROP)),
     .help = "samples of one update of the weights; full takes all of them, as irprop always does"},
    {CHOICE(optimizer, BP_CHOICE_OPTIMIZER), .name = "optimizer", .argument = "NAME",
     .classic = "sgd", .modern = "adamw", .help = "how an update uses the gradient"},
    {REAL(learning_rate, BP_ANY_FINITE), .name = "learning-rate", .word = "auto",
     .argument = "RATE", .classic = "auto", .modern = "auto",
     .instead =
         "1 for sgd, 0.01 if outputs are neither logistic nor tanh nor softmax; 0.01 for momentum, "
         "nesterov, rmsprop and adagrad; 0.005 for adam and adamw, 0.05 without hidden layers, "
         "three times that in few epochs; 0.0125, the first step, for irprop",
     .help = "how far an update goes along the gradient"},
    {SHARE(momentum), .name = "momentum", .classic = "0.9",
     OF_OPTIMIZERS(BP_BIT(BP_OPTIMIZER_MOMENTUM) | BP_BIT(BP_OPTIMIZER_NESTEROV)),
     .help = "of momentum and nesterov: what stays of the last update"},
    {SHARE(beta1), .name = "beta1", .classic = "0.9", OF_OPTIMIZERS(ADAMS),
     .help = "of adam and adamw: what stays of the mean of the gradients"},
    {SHARE(beta2), .name = "beta2", .classic = "0.999", .quick = "0.98", OF_OPTIMIZERS(ADAMS),
     .help = "of adam and adamw: what stays of the mean of their squares"},
    {SHARE(rho), .name = "rho", .classic = "0.99", OF_OPTIMIZERS(BP_BIT(BP_OPTIMIZER_RMSPROP)),
     .help = "of rmsprop: what stays of the mean of the squares"},
    {REAL(epsilon, BP_ANY_FINITE), .name = "epsilon", .word = "auto", .argument = "NUMBER",
     .classic = "auto", .instead = "1e-8; 1e-10 for adagrad",
     OF_OPTIMIZERS(ADAMS | BP_BIT(BP_OPTIMIZER_RMSPROP) | BP_BIT(BP_OPTIMIZER_ADAGRAD)),
     .help =
         "of rmsprop, adagrad, adam and adamw: added to the root of the squares; 2^-62 at least"},
    /* The rate falls to 0 along a cosine (Loshchilov and Hutter 2017): at a constant one the last
     * epochs wander about the minimum. */
    {CHOICE(schedule, BP_CHOICE_SCHEDULE), .name = "schedule", .argument = "NAME",
     .classic = "constant", .modern = "cosine", OF_OPTIMIZERS(BP_ALL_BUT(BP_OPTIMIZER_IRPROP)),
     .help = "how the learning rate falls over the epochs; cosine reaches 0 at the end"},
    {WHOLE(schedule_epochs, BP_EPOCHS_MAX), .name = "schedule-epochs", .argument = "N",
     .classic = "10", OF_SCHEDULES(BP_BIT(BP_SCHEDULE_STEP) | BP_BIT(BP_SCHEDULE_PLATEAU)),
     .help =
         "of step: epochs between two steps; of plateau: epochs without a better one before the "
         "rate falls"},
    {REAL(schedule_factor, 1), .name = "schedule-factor", .word = "auto", .argument = "FACTOR",
     .classic = "auto", .instead = "0.5 for step; 0.95 for exponential; 0.1 for plateau",
     OF_SCHEDULES(BP_BIT(BP_SCHEDULE_STEP) | BP_BIT(BP_SCHEDULE_EXPONENTIAL) |
                  BP_BIT(BP_SCHEDULE_PLATEAU)),
     .help = "of step, exponential and plateau: what the learning rate is multiplied by, at each "
             "step, in each epoch, or on each plateau"},
    {WHOLE(warmup_epochs, BP_EPOCHS_MAX), .name = "warmup-epochs", .word = "none", .argument = "N",
     .classic = "none", OF_OPTIMIZERS(BP_ALL_BUT(BP_OPTIMIZER_IRPROP)),
     .help = "epochs in which the learning rate rises to its value, before the schedule"},
    {REAL(weight_decay, BP_ANY_FINITE), .name = "weight-decay", .from_low = true, .word = "auto",
     .word_value = BP_WEIGHT_DECAY_AUTO, .argument = "SHARE", .classic = "0", .modern = "auto",
     .ensemble = "auto;auto;auto;0.02;0.02",
     .help =
         "of each weight that is added to its gradient (adamw: times the learning rate taken "
         "off it); thresholds do not decay; auto is 250 times the root of inputs / samples with "
         "adamw, from 0.02 to 2, a tenth of it without hidden layers, and 0 with others"},
    {REAL(clip_value, BP_ANY_FINITE), .name = "clip-value", .from_low = true, .argument = "X",
     .classic = "0", OF_OPTIMIZERS(BP_ALL_BUT(BP_OPTIMIZER_IRPROP)),
     .help = "cut each component of a gradient at -X and X, before --clip-norm; 0 never does"},
    {REAL(clip_norm, BP_ANY_FINITE), .name = "clip-norm", .from_low = true, .argument = "NORM",
     .classic = "0", OF_OPTIMIZERS(BP_ALL_BUT(BP_OPTIMIZER_IRPROP)),
     .help = "scale a gradient down whose norm over all parameters is greater; 0 never does"},
    {SHARE(dropout), .name = "dropout", .word = "auto", .word_value = BP_DROPOUT_AUTO,
     .classic = "0", .modern = "auto", .ensemble = "auto;auto;0;0;0",
     .help = "of the hidden neurons, left out by chance whenever a sample is trained on; auto is "
             "0.15 with adamw, 0.05 in few epochs, and 0 with others"},
    {ROW(seed), .name = "seed", .kind = BP_OPTION_SEED, .argument = "N", .classic = "1",
     .help = "of the first weights, the order of samples and the validation rows"},
    {ROW(shuffle), .name = "no-shuffle", .negated = true, .classic = "false",
     .help = "keep the order of the samples in every epoch"},
    {WHOLE(shard_size, BP_COUNT_MAX), .name = "shard-size", .word = "auto", .argument = "N",
     .classic = "auto",
     .help =
         "samples of a shard, the part of a batch that is summed in one chain; changes the last "
         "bits of the weights"},
    {.owner = BP_OPTION_OF_TRAINING,
     .group = GROUP,
     BP_FIELD(bp_train_options, plan),
     .kind = BP_OPTION_CHOICE,
     .choice = BP_CHOICE_PLAN,
     .name = "plan",
     .argument = "NAME",
     .classic = "auto",
     .help = "how threads share a step: each sums up the gradient of its samples, or computes that "
             "of its parameters over all samples; auto times both; the results are the same"},
#undef GROUP
#define GROUP "Validation and weights"
    {CHOICE(metric, BP_CHOICE_METRIC), .of_validation = true, .name = "metric", .argument = "NAME",
     .classic = "auto",
     .instead = "accuracy for classes; rmse for one number trained by mse; else loss",
     .help = "what tells, on the validation rows, which epoch is the best; where it is the same, "
             "and for accuracies one row or half a standard error apart, the lower loss does"},
    {WHOLE(patience, BP_EPOCHS_MAX), .of_validation = true, .name = "patience", .word = "off",
     .argument = "N", .classic = "off",
     .help = "end the run after N epochs without a better one and without a lower loss than any "
             "before"},
    {REAL(min_delta, BP_ANY_FINITE), .of_validation = true, .name = "min-delta", .from_low = true,
     .argument = "D", .classic = "0", OF_SCHEDULES(BP_BIT(BP_SCHEDULE_PLATEAU)),
     .help = "an epoch is better than the best so far if its metric or, where that is the same, "
             "its loss is so by more than D"},
    {ROW(keep_best), .of_validation = true, .name = "no-keep-best", .negated = true,
     .classic = "false",
     .help = "end with the weights of the last epoch, not with those of the best one"},
    {ROW(refit), .of_validation = true, .name = "refit", .classic = "false",
     .help =
         "when the best epoch is found, train again on all rows, those of validation too, for as "
         "many epochs"},
    {ROW(class_weight), .name = "class-weight", .kind = BP_OPTION_TEXT, .argument = "WEIGHTS",
     .instead = "1",
     .help = "what the rows of each class count, in training and validation: balanced, for classes "
             "that count the same, or NAME=WEIGHT,..."},
    {CHOICE(unknown, BP_CHOICE_UNKNOWN), .name = "unknown", .argument = "NAME", .classic = "auto",
     .instead = "ignore",
     .help = "what a category counts as that only rows held out of training have: it is an error, "
             "or none (ignore), or the most frequent one of the training rows"},
    BP_RUNNING_ROWS(BP_OPTION_OF_TRAINING, bp_train_options),
};

const size_t bp_train_rows_count = sizeof bp_train_rows / sizeof bp_train_rows[0];
