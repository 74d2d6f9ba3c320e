/* --valid and its kin, --metric, --patience, --class-weight. */
#include "cli/options/validation_options.h"

#include <string.h>

#include "cli/terminal/messages.h"

#define EPOCHS_MAX 1000000000
#define DELTA_MAX  1e30

void validation_options_init(struct validation_options *validation)
{
    const bp_train_options defaults = bp_train_options_default();
    *validation = (struct validation_options){
        .metric = (int)defaults.metric,
        .patience = defaults.patience,
        .min_delta = defaults.min_delta,
        .no_keep_best = !defaults.keep_best,
    };
    const struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "valid",
         .value = &validation->valid,
         .argument = "FILE",
         .help = "samples that the network is measured on after every epoch and not trained on"},
        {.kind = OPTION_TEXT,
         .name = "valid-labels",
         .value = &validation->valid_labels,
         .argument = "FILE",
         .help = "file of labels that belongs to the file of --valid"},
        {.kind = OPTION_REAL,
         .name = "valid-fraction",
         .value = &validation->valid_fraction,
         .argument = "SHARE",
         .high = 1,
         .help = "hold out this share of the rows of DATA for validation, such as 0.1"},
        {.kind = OPTION_CHOICE,
         .name = "metric",
         .value = &validation->metric,
         .argument = "NAME",
         .choice = BP_CHOICE_METRIC,
         .help = "what tells, on the validation rows, which epoch is the best"},
        {.kind = OPTION_WHOLE,
         .name = "patience",
         .value = &validation->patience,
         .argument = "N",
         .limit = EPOCHS_MAX,
         .word = "off",
         .help = "end the run after N epochs without a better metric"},
        {.kind = OPTION_REAL,
         .name = "min-delta",
         .value = &validation->min_delta,
         .argument = "D",
         .high = DELTA_MAX,
         .help = "a metric is better than the best so far if it is so by more than D"},
        {.kind = OPTION_FLAG,
         .name = "no-keep-best",
         .value = &validation->no_keep_best,
         .help = "end with the weights of the last epoch, not with those of the best one"},
        {.kind = OPTION_TEXT,
         .name = "class-weight",
         .value = &validation->class_weight,
         .argument = "WEIGHTS",
         .help = "what the rows of each class count, in training and validation: balanced, for "
                 "classes that count the same, or NAME=WEIGHT,... (default: 1)"},
        {.kind = OPTION_END},
    };
    _Static_assert(sizeof table == sizeof validation->table, "the table has room for every row");
    memcpy(validation->table, table, sizeof table);
}

/* What a metric is computed on has to be there. */
static int check_is_there(const struct validation_options *validation, const char *command)
{
    static const char *const needing[] = {"metric", "patience", "min-delta", "no-keep-best"};
    if (validation->always || validation->valid || validation->valid_fraction > 0)
        return EXIT_DONE;
    for (const struct option *option = validation->table; option->kind != OPTION_END; option++) {
        for (size_t k = 0; option->given && k < sizeof needing / sizeof needing[0]; k++) {
            if (strcmp(option->name, needing[k]) == 0)
                return message_usage(command,
                                     "--%s needs validation rows: give --valid FILE or "
                                     "--valid-fraction 0.1",
                                     option->name);
        }
    }
    return EXIT_DONE;
}

int validation_options_check(const struct validation_options *validation, const char *command)
{
    if (validation->valid && validation->valid_fraction > 0)
        return message_usage(command, "--valid and --valid-fraction cannot be given together: the "
                                      "validation rows come from a file or from DATA");
    if (validation->valid_labels && !validation->valid)
        return message_usage(command, "--valid-labels needs --valid, the file that the labels "
                                      "belong to");
    return check_is_there(validation, command);
}

void validation_options_put(const struct validation_options *validation, bp_train_options *train)
{
    train->metric = (bp_metric)validation->metric;
    train->patience = validation->patience;
    train->min_delta = validation->min_delta;
    train->keep_best = !validation->no_keep_best;
    train->class_weight = validation->class_weight;
}
