/* --valid, --valid-labels, --valid-fraction. */
#include "validation_options.h"

#include "report.h"

void validation_options_init(struct validation_options *validation)
{
    *validation = (struct validation_options){0};
    const struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "valid",
         .value = &validation->valid,
         .argument = "FILE",
         .help = "samples whose loss is shown after every epoch and that are not trained on"},
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
        {.kind = OPTION_END},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        validation->table[i] = table[i];
}

int validation_options_check(const struct validation_options *validation, const char *command)
{
    if (validation->valid && validation->valid_fraction > 0)
        return report_usage(command, "--valid and --valid-fraction cannot be given together: the "
                                     "validation rows come from a file or from DATA");
    if (validation->valid_labels && !validation->valid)
        return report_usage(command, "--valid-labels needs --valid, the file that the labels "
                                     "belong to");
    return EXIT_DONE;
}

void validation_options_put(const struct validation_options *validation, bp_train_options *train)
{
    (void)validation;
    (void)train;
}
