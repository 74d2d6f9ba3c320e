/* The group belongs to the process: so this file has state. */
#include "cli/terminal/ranks.h"

#include <stdlib.h>
#include <string.h>

#include "cli/terminal/messages.h"

#define OPTION "--ranks"

static bp_ranks *group; /* or NULL */
static int failed;      /* the code that all have settled on, or EXIT_DONE */

/* What a rank says when all settle. */
struct word {
    int code;
    char text[MESSAGE_HELD_SIZE];
};

static int find_launch(const char *text, bp_launch *launch)
{
    static const char *const names[] = {"auto", "none", "mpi"};
    for (size_t k = 0; text && k < sizeof names / sizeof names[0]; k++) {
        if (strcmp(text, names[k]) == 0) {
            *launch = (bp_launch)k;
            return EXIT_DONE;
        }
    }
    return message_usage(NULL, OPTION " takes auto, none or mpi, not %s", text ? text : "nothing");
}

/* The value of the option, which is removed; NULL where it is not there. */
static int take_option(int *argc, char **argv, bp_launch *launch)
{
    const size_t length = strlen(OPTION);
    for (int k = 1; k < *argc; k++) {
        if (strncmp(argv[k], OPTION, length) != 0 || (argv[k][length] && argv[k][length] != '='))
            continue;
        const bool joined = argv[k][length] == '=';
        const int words = joined || k + 1 == *argc ? 1 : 2;
        const char *text = joined ? argv[k] + length + 1 : argv[k + 1];
        for (int rest = k; rest + words <= *argc; rest++)
            argv[rest] = argv[rest + words];
        *argc -= words;
        return find_launch(text, launch);
    }
    return EXIT_DONE;
}

int ranks_begin(int *argc, char **argv)
{
    bp_launch launch = BP_LAUNCH_AUTO;
    const int code = take_option(argc, argv, &launch);
    if (code != EXIT_DONE)
        return code;
    bp_error error;
    if (bp_ranks_open(&group, launch, &error) != BP_OK)
        return message_error(&error);
    if (!ranks_leads())
        message_hold();
    return EXIT_DONE;
}

bp_ranks *ranks_get(void)
{
    return group;
}

bool ranks_leads(void)
{
    return bp_ranks_rank(group) == 0;
}

int ranks_settle(int code)
{
    const size_t count = bp_ranks_count(group);
    if (count == 1)
        return code;
    if (failed) /* which leads all ranks to the end, over how ever many calls each has on its way */
        return failed;
    struct word own = {.code = code};
    memcpy(own.text, message_held(), sizeof own.text);
    struct word *all = calloc(count, sizeof *all);
    if (!all) /* the others wait */
        bp_ranks_abort(group, message_no_memory());
    bp_ranks_gather(group, &own, all, sizeof own);
    size_t first = 0;
    while (first < count && all[first].code == EXIT_DONE)
        first++;
    const int settled = first < count ? all[first].code : EXIT_DONE;
    if (first > 0 && first < count && ranks_leads())
        message_failure(settled, "rank %zu on %s: %s", first, bp_ranks_host(group, first),
                        all[first].text);
    free(all);
    failed = settled;
    return settled;
}

void ranks_end(void)
{
    bp_ranks_barrier(group); /* polls politely, which the end of MPI does not */
    bp_ranks_close(group);
    group = NULL;
}
