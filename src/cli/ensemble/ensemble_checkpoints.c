/* The rank that trains a network writes and reads its checkpoints: where ranks do not share a file
 * system, a network may begin anew, and gets the same weights. */
#include "cli/ensemble/ensemble_checkpoints.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/ranks.h"

char *member_folder_name(const char *folder, size_t member)
{
    const size_t size = (size_t)snprintf(NULL, 0, "%s/member-%02zu", folder, member + 1) + 1;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s/member-%02zu", folder, member + 1);
    return path;
}

static int open_member(struct member_checkpoints *member, size_t m,
                       const struct checkpoint_options *options)
{
    member->options = *options;
    member->options.folder = member_folder_name(options->folder, m);
    if (!member->options.folder)
        return message_no_memory();
    const int code = checkpoints_open(&member->checkpoints, &member->options, true);
    member->checkpoints.quiet = true;
    return code;
}

static int open_all(struct member_checkpoints *members, size_t count,
                    const struct checkpoint_options *options)
{
    int code = checkpoint_options_open_folder(options->folder, "train");
    for (size_t m = 0; m < count && code == EXIT_DONE; m++)
        code = open_member(&members[m], m, options);
    return code;
}

/* What a rank sees of the folder. */
struct seen {
    bool made;    /* it was there before this rank opened it, or this is rank 0 */
    size_t files; /* checkpoints */
};

/* Says so where a rank does not see what rank 0 sees. */
static void compare_ranks(const struct seen *own, const char *folder)
{
    bp_ranks *ranks = ranks_get();
    const size_t count = bp_ranks_count(ranks);
    struct seen *all = calloc(count, sizeof *all);
    if (!all) /* the others wait */
        bp_ranks_abort(ranks, message_no_memory());
    bp_ranks_gather(ranks, own, all, sizeof *own);
    size_t r = 1;
    while (r < count && all[r].made && all[r].files == all[0].files)
        r++;
    if (r < count)
        message_note("warning: rank %zu on %s does not see in %s what rank 0 sees: networks may "
                     "be trained again after a stop; name a folder that all ranks share",
                     r, bp_ranks_host(ranks, r), folder);
    free(all);
}

static void report_found(const struct member_checkpoints *members, size_t count, const char *folder)
{
    size_t found = 0;
    for (size_t m = 0; m < count; m++)
        found += bp_checkpoints_count(members[m].checkpoints.folder) > 0;
    if (found == 0)
        message_note("no checkpoint in %s: training starts from the beginning", folder);
    else
        message_note("going on from %s, with checkpoints of %zu of %zu networks", folder, found,
                     count);
}

int ensemble_checkpoints_open(struct member_checkpoints *members, size_t count,
                              const struct checkpoint_options *options)
{
    struct seen own = {.made = true};
    struct stat info;
    int code = EXIT_DONE;
    if (!options->folder)
        return EXIT_DONE;
    if (ranks_leads())
        code = open_all(members, count, options);
    code = ranks_settle(code);
    if (code == EXIT_DONE && !ranks_leads()) {
        own.made = stat(options->folder, &info) == 0;
        code = open_all(members, count, options);
    }
    code = ranks_settle(code);
    if (code != EXIT_DONE)
        return code;
    for (size_t m = 0; m < count; m++)
        own.files += bp_checkpoints_count(members[m].checkpoints.folder);
    compare_ranks(&own, options->folder);
    if (options->resume)
        report_found(members, count, options->folder);
    return EXIT_DONE;
}

void ensemble_checkpoints_close(struct member_checkpoints *members, size_t count)
{
    for (size_t m = 0; members && m < count; m++) {
        checkpoints_close(&members[m].checkpoints);
        free((char *)(uintptr_t)members[m].options.folder);
    }
}
