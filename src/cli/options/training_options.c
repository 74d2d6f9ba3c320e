/* --epochs, --batch-size, --learning-rate, --optimizer and their kin. */
#include "cli/options/training_options.h"

#include <stdio.h>
#include <string.h>

#include "cli/terminal/messages.h"

#define SEED_MAX   INT64_MAX /* what JSON's readers can hold as a whole number */
#define EPOCHS_MAX 1000000000
#define BATCH_MAX  4294967295
#define RATE_MAX   1e30

void training_options_init(struct training_options *training)
{
    const bp_train_options train = bp_train_options_default();
    *training = (struct training_options){
        .epochs = train.epochs,
        .batch_size = train.batch_size,
        .learning_rate = (double)train.learning_rate,
        .optimizer = (int)train.optimizer,
        .momentum = (double)train.momentum,
        .beta1 = train.beta1,
        .beta2 = train.beta2,
        .rho = train.rho,
        .epsilon = (double)train.epsilon,
        .schedule = (int)train.schedule,
        .schedule_epochs = train.schedule_epochs,
        .schedule_factor = (double)train.schedule_factor,
        .warmup_epochs = train.warmup_epochs,
        .weight_decay = (double)train.weight_decay,
        .clip_value = (double)train.clip_value,
        .clip_norm = (double)train.clip_norm,
        .dropout = (double)train.dropout,
        .seed = train.seed,
        .no_shuffle = !train.shuffle,
        .shard_size = train.shard_size,
    };
    const struct option table[] = {
        {.kind = OPTION_WHOLE,
         .name = "epochs",
         .value = &training->epochs,
         .argument = "N",
         .limit = EPOCHS_MAX,
         .help = "passes over the samples"},
        {.kind = OPTION_WHOLE,
         .name = "batch-size",
         .value = &training->batch_size,
         .argument = "N",
         .limit = BATCH_MAX,
         .word = "full",
         .help = "samples of one update of the weights; full takes all of them, as irprop does "
                 "unless told otherwise"},
        {.kind = OPTION_REAL,
         .name = "learning-rate",
         .value = &training->learning_rate,
         .argument = "RATE",
         .high = RATE_MAX,
         .narrow = true,
         .help =
             "how far an update goes along the gradient (default: 1 for sgd; 0.01 for momentum, "
             "nesterov, rmsprop and adagrad; 0.001 for adam and adamw; 0.0125, the first step, for "
             "irprop)"},
        {.kind = OPTION_CHOICE,
         .name = "optimizer",
         .value = &training->optimizer,
         .argument = "NAME",
         .choice = BP_CHOICE_OPTIMIZER,
         .help = "how an update uses the gradient"},
        {.kind = OPTION_REAL,
         .name = "momentum",
         .value = &training->momentum,
         .argument = "SHARE",
         .high = 1,
         .narrow = true,
         .from_low = true,
         .help = "of momentum and nesterov: what stays of the last update"},
        {.kind = OPTION_REAL,
         .name = "beta1",
         .value = &training->beta1,
         .argument = "SHARE",
         .high = 1,
         .from_low = true,
         .help = "of adam and adamw: what stays of the mean of the gradients"},
        {.kind = OPTION_REAL,
         .name = "beta2",
         .value = &training->beta2,
         .argument = "SHARE",
         .high = 1,
         .from_low = true,
         .help = "of adam and adamw: what stays of the mean of their squares"},
        {.kind = OPTION_REAL,
         .name = "rho",
         .value = &training->rho,
         .argument = "SHARE",
         .high = 1,
         .from_low = true,
         .help = "of rmsprop: what stays of the mean of the squares"},
        {.kind = OPTION_REAL,
         .name = "epsilon",
         .value = &training->epsilon,
         .argument = "NUMBER",
         .high = RATE_MAX,
         .narrow = true,
         .help = "of rmsprop, adagrad, adam and adamw: added to the root of the squares (default: "
                 "1e-8; 1e-10 for adagrad)"},
        {.kind = OPTION_CHOICE,
         .name = "schedule",
         .value = &training->schedule,
         .argument = "NAME",
         .choice = BP_CHOICE_SCHEDULE,
         .help = "how the learning rate falls over the epochs; cosine reaches 0 at the end"},
        {.kind = OPTION_WHOLE,
         .name = "schedule-epochs",
         .value = &training->schedule_epochs,
         .argument = "N",
         .limit = EPOCHS_MAX,
         .help = "of step: epochs between two steps"},
        {.kind = OPTION_REAL,
         .name = "schedule-factor",
         .value = &training->schedule_factor,
         .argument = "FACTOR",
         .high = 1,
         .narrow = true,
         .help =
             "of step and exponential: what the learning rate is multiplied by, at each step or "
             "in each epoch (default: 0.5 for step, 0.95 for exponential)"},
        {.kind = OPTION_WHOLE,
         .name = "warmup-epochs",
         .value = &training->warmup_epochs,
         .argument = "N",
         .limit = EPOCHS_MAX,
         .word = "none",
         .help = "epochs in which the learning rate rises to its value, before the schedule"},
        {.kind = OPTION_REAL,
         .name = "weight-decay",
         .value = &training->weight_decay,
         .argument = "SHARE",
         .high = RATE_MAX,
         .narrow = true,
         .from_low = true,
         .help =
             "of each weight that is added to its gradient (adamw: times the learning rate taken "
             "off it); thresholds do not decay"},
        {.kind = OPTION_REAL,
         .name = "clip-value",
         .value = &training->clip_value,
         .argument = "X",
         .high = RATE_MAX,
         .narrow = true,
         .from_low = true,
         .help = "cut each component of a gradient at -X and X, before --clip-norm; 0 never does"},
        {.kind = OPTION_REAL,
         .name = "clip-norm",
         .value = &training->clip_norm,
         .argument = "NORM",
         .high = RATE_MAX,
         .narrow = true,
         .from_low = true,
         .help = "scale a gradient down whose norm over all parameters is greater; 0 never does"},
        {.kind = OPTION_REAL,
         .name = "dropout",
         .value = &training->dropout,
         .argument = "SHARE",
         .high = 1,
         .narrow = true,
         .from_low = true,
         .help = "of the hidden neurons, left out by chance whenever a sample is trained on"},
        {.kind = OPTION_SEED,
         .name = "seed",
         .value = &training->seed,
         .argument = "N",
         .limit = SEED_MAX,
         .help = "of the first weights, the order of samples and the validation rows"},
        {.kind = OPTION_FLAG,
         .name = "no-shuffle",
         .value = &training->no_shuffle,
         .help = "keep the order of the samples in every epoch"},
        {.kind = OPTION_WHOLE,
         .name = "shard-size",
         .value = &training->shard_size,
         .argument = "N",
         .limit = BATCH_MAX,
         .word = "auto",
         .help = "samples of a shard, the part of a batch that is summed in one chain; changes the "
                 "last bits of the weights"},
        {.kind = OPTION_END},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        training->table[i] = table[i];
}

/* Options that not every optimizer or schedule reads: to give one that is not read is a mistake. */
#define BIT(value)     (1u << (value))
#define ALL_BUT(value) (~BIT(value))

static const struct need {
    const char *option;
    bp_choice choice;
    unsigned values; /* bit k: it goes with value k */
} needs[] = {
    {"momentum", BP_CHOICE_OPTIMIZER, BIT(BP_OPTIMIZER_MOMENTUM) | BIT(BP_OPTIMIZER_NESTEROV)},
    {"beta1", BP_CHOICE_OPTIMIZER, BIT(BP_OPTIMIZER_ADAM) | BIT(BP_OPTIMIZER_ADAMW)},
    {"beta2", BP_CHOICE_OPTIMIZER, BIT(BP_OPTIMIZER_ADAM) | BIT(BP_OPTIMIZER_ADAMW)},
    {"rho", BP_CHOICE_OPTIMIZER, BIT(BP_OPTIMIZER_RMSPROP)},
    {"epsilon", BP_CHOICE_OPTIMIZER,
     BIT(BP_OPTIMIZER_RMSPROP) | BIT(BP_OPTIMIZER_ADAM) | BIT(BP_OPTIMIZER_ADAMW) |
         BIT(BP_OPTIMIZER_ADAGRAD)},
    {"schedule", BP_CHOICE_OPTIMIZER, ALL_BUT(BP_OPTIMIZER_IRPROP)},
    {"schedule-epochs", BP_CHOICE_SCHEDULE, BIT(BP_SCHEDULE_STEP)},
    {"schedule-factor", BP_CHOICE_SCHEDULE, BIT(BP_SCHEDULE_STEP) | BIT(BP_SCHEDULE_EXPONENTIAL)},
    {"warmup-epochs", BP_CHOICE_OPTIMIZER, ALL_BUT(BP_OPTIMIZER_IRPROP)},
    {"clip-value", BP_CHOICE_OPTIMIZER, ALL_BUT(BP_OPTIMIZER_IRPROP)},
    {"clip-norm", BP_CHOICE_OPTIMIZER, ALL_BUT(BP_OPTIMIZER_IRPROP)},
};

/* "adam, adamw": the values that an option goes with. */
static void join_values(const struct need *need, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (int value = 0; bp_choice_name(need->choice, value) && length < size; value++) {
        const char *name = bp_choice_name(need->choice, value);
        if (need->values & BIT(value))
            length +=
                (size_t)snprintf(text + length, size - length, "%s%s", length ? ", " : "", name);
    }
}

static int check_need(const struct training_options *training, const struct need *need,
                      const char *command)
{
    const bool optimizer = need->choice == BP_CHOICE_OPTIMIZER;
    const int value = optimizer ? training->optimizer : training->schedule;
    const struct option *option = training->table;
    while (strcmp(option->name, need->option) != 0)
        option++;
    const bool constant =
        option->value == &training->schedule && training->schedule == (int)BP_SCHEDULE_CONSTANT;
    if (!option->given || constant || need->values & BIT(value))
        return EXIT_DONE;
    char names[128];
    join_values(need, names, sizeof names);
    return message_usage(command, "--%s has no effect with --%s %s: it is for %s", option->name,
                         optimizer ? "optimizer" : "schedule", bp_choice_name(need->choice, value),
                         names);
}

int training_options_check(const struct training_options *training, bool hidden,
                           const char *command)
{
    for (size_t k = 0; k < sizeof needs / sizeof needs[0]; k++) {
        const int code = check_need(training, &needs[k], command);
        if (code != EXIT_DONE)
            return code;
    }
    if (training->warmup_epochs > training->epochs)
        return message_usage(command,
                             "--warmup-epochs %zu is more than the %zu epochs of the training",
                             training->warmup_epochs, training->epochs);
    if (training->optimizer == BP_OPTIMIZER_IRPROP &&
        option_is_given(training->table, "batch-size") && training->batch_size > 0)
        return message_usage(command, "--optimizer irprop needs --batch-size full");
    if (!hidden && option_is_given(training->table, "dropout") && training->dropout > 0)
        return message_usage(command,
                             "--dropout has no effect with --hidden none: it is for hidden "
                             "neurons");
    return EXIT_DONE;
}

void training_options_put(const struct training_options *training, bp_train_options *train)
{
    train->epochs = training->epochs;
    train->batch_size = training->batch_size;
    train->learning_rate = (float)training->learning_rate;
    train->optimizer = (bp_optimizer)training->optimizer;
    train->momentum = (float)training->momentum;
    train->beta1 = training->beta1;
    train->beta2 = training->beta2;
    train->rho = training->rho;
    train->epsilon = (float)training->epsilon;
    train->schedule = (bp_schedule)training->schedule;
    train->schedule_epochs = training->schedule_epochs;
    train->schedule_factor = (float)training->schedule_factor;
    train->warmup_epochs = training->warmup_epochs;
    train->weight_decay = (float)training->weight_decay;
    train->clip_value = (float)training->clip_value;
    train->clip_norm = (float)training->clip_norm;
    train->dropout = (float)training->dropout;
    train->seed = training->seed;
    train->shuffle = !training->no_shuffle;
    train->shard_size = training->shard_size;
}
