/* Groups of the first ranks, and training steps over ranks against the clock. */
#include <criterion/criterion.h>
#include <string.h>

#include "support/thread_ranks.h"
#include "team/team.h"

#define RANKS   3
#define SECONDS 0.02

/* ---- the first ranks of a group ---- */

struct split {
    size_t count;       /* of the new group */
    bool inside[RANKS]; /* whether rank r got one */
    size_t rank[RANKS]; /* its number there, and how many there are */
    size_t counted[RANKS];
    size_t heard[RANKS]; /* what the last of the group has said */
};

static void split(struct bp_ranks *ranks, void *arg)
{
    struct split *split = arg;
    const size_t r = ranks->rank;
    bp_ranks *first = (bp_ranks *)&first;
    if (bp_ranks_first(&first, ranks, split->count, NULL) != BP_OK)
        return;
    split->inside[r] = first != NULL;
    split->rank[r] = bp_ranks_rank(first);
    split->counted[r] = bp_ranks_count(first);
    size_t all[RANKS] = {0}, own = 10 + r;
    if (first)
        bp_ranks_gather(first, &own, all, sizeof own);
    split->heard[r] = all[split->count - 1];
    bp_ranks_close(first);
    bp_ranks_barrier(ranks);
}

Test(ranks_bench, the_first_ranks_talk_among_themselves)
{
    for (size_t count = 1; count <= RANKS; count++) {
        struct split job = {.count = count};
        thread_ranks_run(RANKS, split, &job);
        for (size_t r = 0; r < RANKS; r++) {
            cr_assert_eq(job.inside[r], r < count, "rank %zu of the first %zu", r, count);
            if (r >= count)
                continue;
            cr_assert_eq(job.rank[r], r);
            cr_assert_eq(job.counted[r], count);
            cr_assert_eq(job.heard[r], 10 + count - 1);
        }
    }
}

static void split_too_many(struct bp_ranks *ranks, void *arg)
{
    bp_status *status = arg;
    bp_ranks *first = (bp_ranks *)&first;
    status[ranks->rank] = bp_ranks_first(&first, ranks, RANKS + 1, NULL);
    if (first)
        status[ranks->rank] = BP_OK;
}

Test(ranks_bench, more_ranks_than_there_are_is_an_error_on_each)
{
    bp_status status[RANKS] = {BP_OK};
    thread_ranks_run(RANKS, split_too_many, status);
    for (size_t r = 0; r < RANKS; r++)
        cr_assert_eq(status[r], BP_ERROR_ARGUMENT);
}

/* ---- steps ---- */

struct job {
    size_t outputs;
    bool phases;
    bool refused; /* the last rank asks for more threads than there can be */
    bp_status status[RANKS];
    bp_error error[RANKS];
    bp_bench_info info[RANKS];
    bp_bench_result result[RANKS];
};

static void measure(struct bp_ranks *ranks, void *arg)
{
    struct job *job = arg;
    const size_t r = ranks->rank;
    bp_bench_options options = bp_bench_options_default();
    bp_train_options train = bp_train_options_default();
    train.ranks = ranks;
    options.widths[0] = options.widths[1] = 128;
    options.widths[2] = job->outputs;
    options.batch_size = 192;
    options.threads = job->refused && r == RANKS - 1 ? BP_THREADS_MAX + 1 : 1;
    options.train = &train;
    bp_bench *bench = NULL;
    job->status[r] = bp_bench_create(&bench, &options, &job->error[r]);
    if (!job->status[r])
        job->status[r] = bp_bench_run(bench, SECONDS, job->phases, &job->result[r], &job->error[r]);
    job->info[r] = bp_bench_get_info(bench);
    bp_bench_free(bench);
}

Test(ranks_bench, every_rank_does_the_same_steps)
{
    struct job job = {.outputs = 64};
    thread_ranks_run(RANKS, measure, &job);
    for (size_t r = 0; r < RANKS; r++) {
        cr_assert_eq(job.status[r], BP_OK, "%s", job.error[r].message);
        cr_assert(job.result[r].steps >= 1);
        cr_assert_eq(job.result[r].steps, job.result[0].steps);
        cr_assert_eq(job.result[r].transfer, 0, "the clock was not asked for");
    }
}

Test(ranks_bench, a_rank_waits_for_transfers_within_its_steps)
{
    struct job job = {.outputs = 64, .phases = true};
    thread_ranks_run(RANKS, measure, &job);
    for (size_t r = 0; r < RANKS; r++) {
        const bp_bench_result *result = &job.result[r];
        cr_assert_eq(job.status[r], BP_OK, "%s", job.error[r].message);
        cr_assert(result->transfer > 0);
        cr_assert(result->transfer < result->seconds);
    }
}

/* Partial sums go to the owners, new values come from them: of two nodes that a rank can have and
 * of panels that are not whole at most double. */
Test(ranks_bench, bytes_and_messages_are_those_of_a_step)
{
    struct job job = {.outputs = 64};
    double bytes = 0.0;
    thread_ranks_run(RANKS, measure, &job);
    for (size_t r = 0; r < RANKS; r++) {
        bytes += job.result[r].bytes_sent;
        /* Of 2 layers gradients and values, and the loss, to 2 others each: at least. */
        cr_assert(job.result[r].messages_sent >= (2 * 2 + 1) * 2);
        cr_assert(job.result[r].messages_sent <= (2 * 2 * 2 + 1) * 2);
    }
    const double parameters = 4.0 * (double)job.info[0].parameters;
    cr_assert(bytes >= 2 * (RANKS - 1) * parameters, "%g", bytes);
    cr_assert(bytes <= 4 * (RANKS - 1) * parameters, "%g", bytes);
}

Test(ranks_bench, what_one_rank_refuses_all_refuse)
{
    struct job job = {.outputs = 64, .refused = true};
    thread_ranks_run(RANKS, measure, &job);
    for (size_t r = 0; r < RANKS; r++) {
        cr_assert_eq(job.status[r], BP_ERROR_ARGUMENT);
        cr_assert_not_null(strstr(job.error[r].message, "rank 2 on here: 1025 threads"), "%s",
                           job.error[r].message);
    }
}
