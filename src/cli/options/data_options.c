/* --labels, --format, --separator, --categorical and the like. */
#include "cli/options/data_options.h"

#include <string.h>

#include "cli/terminal/mapped_file.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/ranks.h"

void data_options_init(struct data_options *data, const char *command)
{
    *data = (struct data_options){.read = bp_read_options_default(), .command = command};
    option_add_group(data->table, BP_OPTION_OF_READING, "Reading the data", &data->read);
}

void data_options_share(struct data_options *data)
{
    option_add(data->table,
               (struct option){.kind = OPTION_TEXT,
                               .name = "data-from",
                               .value = &data->from,
                               .argument = "RANK",
                               .help = "0: of several processes that mpirun or the like has "
                                       "started, the first reads the files and sends them to the "
                                       "others, which need none"});
}

/* Where the files come from. Collective with --data-from: all ranks are there, or all end. */
static int find_ranks(const struct data_options *data, bp_read_options *options)
{
    if (!data->from)
        return EXIT_DONE;
    if (strcmp(data->from, "0") != 0)
        return message_usage(data->command,
                             "--data-from: takes 0, the process that reads the files for all, not "
                             "\"%s\"",
                             data->from);
    options->ranks = ranks_get();
    return ranks_settle(EXIT_DONE);
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
    const int code = find_ranks(data, &options);
    if (code != EXIT_DONE)
        return code;
    if (model) {
        of_model = bp_model_read_options(model);
        options.of_model = &of_model;
    }
    for (size_t k = 0; k < count; k++)
        mapped_file_watch(paths[k]);
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
