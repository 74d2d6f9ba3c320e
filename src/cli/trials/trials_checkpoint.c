/* The library writes and reads the journal; here are the words about it. */
#include "cli/trials/trials_checkpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/ranks.h"

#define NAME "/trials.jsonl"

int trials_checkpoint_open(struct trials_checkpoint *checkpoint,
                           const struct checkpoint_options *options, const char *command)
{
    *checkpoint = (struct trials_checkpoint){.folder = options->folder};
    if (!options->folder || !ranks_leads())
        return EXIT_DONE;
    const int code = checkpoint_options_open_folder(options->folder, command);
    if (code != EXIT_DONE)
        return code;
    const size_t size = strlen(options->folder) + sizeof NAME;
    checkpoint->path = malloc(size);
    if (!checkpoint->path)
        return message_no_memory();
    snprintf(checkpoint->path, size, "%s" NAME, options->folder);
    const bool there = access(checkpoint->path, F_OK) == 0;
    if (there && !options->resume)
        return message_usage(command,
                             "--checkpoint: %s holds the models of a run: go on with it by "
                             "--resume, or name another folder",
                             options->folder);
    if (!there && options->resume)
        message_note("no models in %s: all are trained", options->folder);
    return EXIT_DONE;
}

void trials_checkpoint_release(struct trials_checkpoint *checkpoint)
{
    free(checkpoint->path);
}
