/* A training of hours is not to end at a file that cannot be written. */
#include "cli/train/train_outputs.h"

#include "cli/terminal/messages.h"
#include "cli/terminal/output.h"

/* No file that is written may replace one that this run reads. */
static int check_input(const struct train_options *options, const char *input)
{
    const char *left = options->ensemble.out_of_fold;
    int code = output_check_distinct(TRAIN_COMMAND, "--out", options->out, input);
    if (code == EXIT_DONE && left)
        code = output_check_distinct(TRAIN_COMMAND, "--out-of-fold", left, input);
    if (code != EXIT_DONE || !options->log)
        return code;
    return output_check_distinct(TRAIN_COMMAND, "--log", options->log, input);
}

static int check_distinct(const struct train_options *options, const char *config)
{
    const char *const others[] = {config, options->data.read.labels, options->validation.valid,
                                  options->validation.valid_labels};
    int code = EXIT_DONE;
    for (size_t i = 0; i < options->data_count && code == EXIT_DONE; i++)
        code = check_input(options, options->data_paths[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0] && code == EXIT_DONE; i++)
        code = check_input(options, others[i]);
    if (code == EXIT_DONE && options->log)
        code = output_check_distinct(TRAIN_COMMAND, "--log", options->log, options->from);
    if (code == EXIT_DONE && options->log)
        code = output_check_distinct(TRAIN_COMMAND, "--log", options->log, options->out);
    if (code == EXIT_DONE && options->ensemble.out_of_fold)
        code = output_check_distinct(TRAIN_COMMAND, "--out-of-fold", options->ensemble.out_of_fold,
                                     options->out);
    return code;
}

int train_outputs_check(struct train_options *options, const char *config)
{
    if (!options->out)
        return message_usage(TRAIN_COMMAND,
                             "--out MODEL is missing: where shall the trained model go?");
    int code = check_distinct(options, config);
    if (code == EXIT_DONE)
        code = output_check("--out", &options->out);
    if (code == EXIT_DONE && options->ensemble.out_of_fold)
        code = output_check("--out-of-fold", &options->ensemble.out_of_fold);
    if (code == EXIT_DONE && options->log)
        code = output_check_log("--log", &options->log);
    return code;
}
