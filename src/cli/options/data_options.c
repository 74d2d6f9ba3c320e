/* --labels, --format, --separator, --categorical and the like. */
#include "cli/options/data_options.h"

#include "cli/terminal/messages.h"

void data_options_init(struct data_options *data, const char *command)
{
    *data = (struct data_options){.read = bp_read_options_default(), .command = command};
    option_add_group(data->table, BP_OPTION_OF_READING, "Reading the data", &data->read);
}

int data_options_read(const struct data_options *data, const bp_model *model,
                      const char *const *paths, size_t count, bp_dataset **out)
{
    bp_read_options options = data->read, of_model;
    bp_error error;
    if (option_is_given(data->table, "decimal-comma") &&
        option_is_given(data->table, "decimal-point"))
        return message_usage(data->command,
                             "--decimal-comma and --decimal-point exclude each other");
    if (model) {
        of_model = bp_model_read_options(model);
        options.of_model = &of_model;
    }
    if (bp_dataset_read_files(out, paths, count, &options, &error) != BP_OK)
        return message_error(&error);
    return EXIT_DONE;
}

int data_options_weigh(const char *weight, bool optional, bp_dataset **dataset)
{
    bp_dataset *all = *dataset, *weighted;
    bp_error error;
    if (!weight)
        return EXIT_DONE;
    const bp_status status = bp_dataset_weighted(&weighted, all, weight, &error);
    if (status == BP_ERROR_ARGUMENT && optional)
        return EXIT_DONE;
    if (status != BP_OK)
        return message_error(&error);
    bp_dataset_free(all);
    *dataset = weighted;
    return EXIT_DONE;
}
