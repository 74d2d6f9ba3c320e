/* --checkpoint, --checkpoint-every, --resume. */
#include "cli/options/checkpoint_options.h"

#include <stdio.h>
#include <string.h>

#include "base/number_text.h"
#include "cli/terminal/messages.h"

#define EVERY_MAX 1000000 /* epochs, seconds, minutes or hours */

void checkpoint_options_init(struct checkpoint_options *checkpoint)
{
    *checkpoint = (struct checkpoint_options){.every = "1m"};
    const struct option table[] = {
        {.kind = OPTION_TEXT,
         .name = "checkpoint",
         .value = &checkpoint->folder,
         .argument = "DIR",
         .help = "keep the state of the run in this folder, made if it is missing"},
        {.kind = OPTION_TEXT,
         .name = "checkpoint-every",
         .value = &checkpoint->every,
         .argument = "N|TIME",
         .help = "how often: after so many epochs, or a time such as 30s, 5m or 2h"},
        {.kind = OPTION_FLAG,
         .name = "resume",
         .value = &checkpoint->resume,
         .help = "go on from the newest checkpoint in DIR, if there is one"},
        {.kind = OPTION_END},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        checkpoint->table[i] = table[i];
}

/* Reads "N", "Ns", "Nm" or "Nh"; false if it is something else. */
static bool read_every(struct checkpoint_options *checkpoint)
{
    static const struct {
        char letter;
        double seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}};
    char digits[16] = "";
    const size_t length = strlen(checkpoint->every);
    double unit = 0;
    for (size_t k = 0; k < sizeof units / sizeof units[0]; k++) {
        if (length > 0 && checkpoint->every[length - 1] == units[k].letter)
            unit = units[k].seconds;
    }
    const size_t count = length - (unit > 0);
    uint64_t value;
    if (count >= sizeof digits)
        return false;
    memcpy(digits, checkpoint->every, count);
    if (!bp_whole_parse(digits, 1, EVERY_MAX, &value))
        return false;
    checkpoint->epochs = unit > 0 ? 0 : (size_t)value;
    checkpoint->seconds = unit * (double)value;
    return true;
}

int checkpoint_options_check(struct checkpoint_options *checkpoint, const char *command)
{
    for (const struct option *option = checkpoint->table; option->kind != OPTION_END; option++) {
        if (option->given && !checkpoint->folder)
            return message_usage(command,
                                 "--%s needs --checkpoint DIR, the folder of the checkpoints",
                                 option->name);
    }
    if (!read_every(checkpoint))
        return message_usage(command,
                             "--checkpoint-every: \"%s\" is not a number of epochs from 1 to %d, "
                             "nor a time such as 30s, 5m or 2h",
                             checkpoint->every, EVERY_MAX);
    return EXIT_DONE;
}

int checkpoint_options_open_folder(const char *folder, const char *command)
{
    bp_checkpoints *checkpoints;
    bp_error error;
    if (bp_checkpoints_open(&checkpoints, folder, &error) != BP_OK)
        return message_error_in("--checkpoint", &error);
    const bool used = bp_checkpoints_count(checkpoints) > 0;
    bp_checkpoints_free(checkpoints);
    if (!used)
        return EXIT_DONE;
    return message_usage(command,
                         "--checkpoint: %s holds the checkpoints of one network: name another "
                         "folder",
                         folder);
}
