/* The group belongs to the process: so this file has state. */
#include "cli/terminal/ranks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/terminal/messages.h"

#define OPTION "--ranks"

/* What a rank says when all settle. */
struct word {
    int code;
    unsigned course;
    char text[MESSAGE_HELD_SIZE];
};

static bp_ranks *group;    /* or NULL */
static int failed;         /* the code that all have settled on, or EXIT_DONE */
static struct word *words; /* room for one of each rank: to settle takes no memory */

/* What the last --ranks among the arguments says. */
static bp_launch find_launch(int argc, char *const *argv)
{
    const size_t length = strlen(OPTION);
    int launch = BP_LAUNCH_AUTO;
    for (int k = 1; k < argc && strcmp(argv[k], "--") != 0; k++) {
        const char *text = NULL;
        if (strncmp(argv[k], OPTION "=", length + 1) == 0)
            text = argv[k] + length + 1;
        else if (strcmp(argv[k], OPTION) == 0 && k + 1 < argc)
            text = argv[k + 1];
        if (text && bp_choice_value(BP_CHOICE_LAUNCH, text, &launch, NULL) != BP_OK)
            launch = BP_LAUNCH_AUTO;
    }
    return (bp_launch)launch;
}

int ranks_begin(int argc, char *const *argv)
{
    bp_error error;
    if (bp_ranks_open(&group, find_launch(argc, argv), &error) != BP_OK) {
        const int code = message_error(&error);
        bp_ranks_abort(NULL, code);
        return code;
    }
    words = calloc(bp_ranks_count(group), sizeof *words);
    if (!words) { /* the others go on */
        const int code = message_no_memory();
        bp_ranks_abort(group, code);
        return code;
    }
    if (ranks_leads())
        return EXIT_DONE;
    message_hold();
    /* Help and the like are printed once. */
    return freopen("/dev/null", "w", stdout) ? EXIT_DONE : message_io("open", "/dev/null");
}

bp_ranks *ranks_get(void)
{
    return group;
}

bool ranks_leads(void)
{
    return bp_ranks_rank(group) == 0;
}

/* The first rank that fails, or has another course than rank 0; `count` if there is none. */
static size_t find_first(const struct word *all, size_t count)
{
    size_t first = 0;
    while (first < count && all[first].code == EXIT_DONE && all[first].course == all[0].course)
        first++;
    return first;
}

static int settle(int code, unsigned course)
{
    const size_t count = bp_ranks_count(group);
    if (count == 1)
        return code;
    if (failed) /* which leads all ranks to the end, over how ever many calls each has on its way */
        return failed;
    struct word own = {.code = code, .course = course};
    memcpy(own.text, message_held(), sizeof own.text);
    bp_ranks_gather(group, &own, words, sizeof own);
    const size_t first = find_first(words, count);
    const bool differs = first < count && words[first].code == EXIT_DONE;
    const int settled = differs ? EXIT_USAGE : first < count ? words[first].code : EXIT_DONE;
    if (first > 0 && first < count && ranks_leads())
        message_failure(settled, "rank %zu on %s: %s", first, bp_ranks_host(group, first),
                        differs ? "another command or other options than on rank 0: give all "
                                  "ranks the same, in --config files too"
                                : words[first].text);
    failed = settled;
    return settled;
}

int ranks_settle(int code)
{
    return settle(code, 0);
}

void ranks_note(const char *sentence)
{
    const size_t rank = bp_ranks_rank(group);
    if (rank == 0)
        message_note("%s", sentence);
    else
        message_note_anyway("rank %zu on %s: %s", rank, bp_ranks_host(group, rank), sentence);
}

int ranks_compare(unsigned course)
{
    return settle(EXIT_DONE, course);
}

void ranks_end(void)
{
    const bool waits = failed && ranks_leads() && bp_ranks_count(group) > 1;
    bp_ranks_barrier(group); /* polls politely, which the end of MPI does not */
    bp_ranks_close(group);
    group = NULL;
    free(words);
    words = NULL;
    /* Of processes that end at one moment MPICH's mpirun may lose all exit statuses, and return
     * 0: in one of twelve jobs that got a signal, measured; in one of about a thousand where rank 0
     * stayed for 0.1 s, on a machine that had other work. */
    if (waits)
        nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
}
