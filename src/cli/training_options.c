/* --epochs, --batch-size, --learning-rate, --optimizer and their kin. */
#include "training_options.h"

#include "report.h"

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
         .help = "samples of one update of the weights; full takes all of them"},
        {.kind = OPTION_REAL,
         .name = "learning-rate",
         .value = &training->learning_rate,
         .argument = "RATE",
         .high = RATE_MAX,
         .help = "how far an update goes along the gradient"},
        {.kind = OPTION_CHOICE,
         .name = "optimizer",
         .value = &training->optimizer,
         .argument = "NAME",
         .choice = BP_CHOICE_OPTIMIZER,
         .help = "how an update uses the gradient"},
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

int training_options_check(const struct training_options *training, const char *command)
{
    (void)training;
    (void)command;
    return EXIT_DONE;
}

void training_options_put(const struct training_options *training, bp_train_options *train)
{
    train->epochs = training->epochs;
    train->batch_size = training->batch_size;
    train->learning_rate = (float)training->learning_rate;
    train->optimizer = (bp_optimizer)training->optimizer;
    train->seed = training->seed;
    train->shuffle = !training->no_shuffle;
    train->shard_size = training->shard_size;
}
