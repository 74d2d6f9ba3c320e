/* --valid, --valid-labels, --valid-fraction, --metric, --patience, --class-weight. */
#include "cli/options/validation_options.h"

#include "cli/terminal/messages.h"

void validation_options_init(struct validation_options *validation, bp_train_options *train)
{
    *validation = (struct validation_options){0};
    const struct option own[] = {
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
         .word = "none",
         .help = "hold out this share of the rows of DATA for validation, such as 0.1"},
    };
    for (size_t k = 0; k < sizeof own / sizeof own[0]; k++)
        option_add(validation->table, own[k]);
    option_add_group(validation->table, BP_OPTION_OF_TRAINING, "Validation and weights", train);
}

bool validation_options_validates(const struct validation_options *validation)
{
    return validation->valid || validation->valid_fraction > 0;
}

int validation_options_check(const struct validation_options *validation, const char *command)
{
    if (validation->valid && validation->valid_fraction > 0)
        return message_usage(command, "--valid and --valid-fraction cannot be given together: the "
                                      "validation rows come from a file or from DATA");
    if (validation->valid_labels && !validation->valid)
        return message_usage(command, "--valid-labels needs --valid, the file that the labels "
                                      "belong to");
    return EXIT_DONE;
}
