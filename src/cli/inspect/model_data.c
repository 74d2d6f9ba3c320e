/* The model comes first: it says how its data are read. */
#include "cli/inspect/model_data.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/terminal/messages.h"

struct option model_data_times_option(struct model_data *tried)
{
    return (struct option){.kind = OPTION_FLAG,
                           .name = "times",
                           .value = &tried->times,
                           .help = "say on stderr how long each phase took"};
}

int model_data_parse(struct model_data *tried, const struct command_help *help, const char *heading,
                     struct option *own, int argc, char **argv)
{
    *tried = (struct model_data){0};
    data_options_init(&tried->reading, help->name);
    run_options_init(&tried->run);
    const struct option_group groups[] = {{heading, own},
                                          {"Reading the data:", tried->reading.table},
                                          {"Running:", tried->run.table},
                                          {NULL, NULL}};
    const int code = arguments_parse(&tried->arguments, help, groups, argc, argv);
    tried->reading.read.threads = tried->run.options.threads;
    tried->phase = bp_clock_seconds();
    return code;
}

int model_data_note_unknown(const struct model_data *tried, size_t rows)
{
    bp_unknown_info unknown;
    bp_error error;
    if (rows == 0)
        return EXIT_DONE;
    if (bp_count_unknown(tried->model, tried->data, &unknown, &error) != BP_OK)
        return message_error(&error);
    message_note("warning: %zu of %zu rows have categories that were not in the training data and "
                 "count as %s: %s",
                 rows, bp_dataset_get_info(tried->data).rows,
                 tried->run.options.unknown == BP_UNKNOWN_IGNORE ? "none"
                                                                 : "the most frequent ones",
                 unknown.values);
    return EXIT_DONE;
}

int model_data_load(struct model_data *tried)
{
    const char *const *paths = arguments_operands(tried->arguments);
    bp_error error;
    if (bp_model_load(&tried->model, paths[0], &error) != BP_OK)
        return message_error(&error);
    const int code = data_options_read(&tried->reading, tried->model, paths + 1,
                                       arguments_operand_count(tried->arguments) - 1, &tried->data);
    model_data_end_phase(tried, "read");
    return code;
}

void model_data_end_phase(struct model_data *tried, const char *name)
{
    const double now = bp_clock_seconds();
    const size_t length = strlen(tried->seconds);
    snprintf(tried->seconds + length, sizeof tried->seconds - length, "%s%s %.3f",
             length > 0 ? ", " : "", name, now - tried->phase);
    tried->phase = now;
}

void model_data_note_times(const struct model_data *tried)
{
    if (tried->times)
        message_note("seconds: %s", tried->seconds);
}

void model_data_release(struct model_data *tried)
{
    bp_dataset_free(tried->data);
    bp_model_free(tried->model);
    arguments_free(tried->arguments);
}
