/* Files of --config, for a command with kinds of networks and for one without. */
#include "cli/options/config.h"

#include "cli/options/kind_options.h"
#include "cli/options/trials_options.h"
#include "cli/terminal/messages.h"
#include "cli/train/train_options.h"
#include "fuzz/fuzz.h"

static void read_train(const char *path)
{
    static struct train_options options;
    struct text_list kept = {0};
    size_t kinds;
    train_options_init(&options);
    if (config_read(path, TRAIN_COMMAND, options.groups, &kept) == EXIT_DONE)
        kind_options_count(options.groups, TRAIN_COMMAND, &kinds);
    train_options_release(&options);
    text_list_free(&kept);
}

static void read_trials(const char *path)
{
    static struct trials_options options;
    struct text_list kept = {0};
    trials_options_init(&options, "cv");
    if (config_read(path, "cv", options.groups, &kept) == EXIT_DONE)
        trials_options_check(&options, "cv");
    text_list_free(&kept);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const bool trials = fuzz_byte(&input) % 2;
    const char *path = fuzz_file(input.data, input.size);
    message_hold();
    if (trials)
        read_trials(path);
    else
        read_train(path);
    return 0;
}
