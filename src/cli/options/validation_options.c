/* --valid and its kin, --metric, --patience, --class-weight. */
#include "cli/options/validation_options.h"

#include <string.h>

#include "cli/terminal/messages.h"

void validation_options_init(struct validation_options *validation, bp_train_options *train)
{
    *validation = (struct validation_options){.train = train};
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
         .help = "hold out this share of the rows of DATA for validation, such as 0.1"},
    };
    for (size_t k = 0; k < sizeof own / sizeof own[0]; k++)
        option_add(validation->table, own[k]);
    option_add_group(validation->table, BP_OPTION_OF_TRAINING, "Validation and weights", train);
}

/* What a metric is computed on has to be there; a plateau can be one of the loss of training. */
static int check_is_there(const struct validation_options *validation, const char *command)
{
    if (validation->always || validation->valid || validation->valid_fraction > 0)
        return EXIT_DONE;
    for (const struct option *option = validation->table; option->kind != OPTION_END; option++) {
        const bool read = validation->train->schedule == BP_SCHEDULE_PLATEAU &&
                          strcmp(option->name, "min-delta") == 0;
        if (option->given && option->field.of_validation && !read)
            return message_usage(command,
                                 "--%s needs validation rows: give --valid FILE or "
                                 "--valid-fraction 0.1",
                                 option->name);
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
