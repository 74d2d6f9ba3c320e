/* Steps over ranks have the bits of one process: for any number of ranks and of threads in them,
 * for batches with fewer and with more shards than ranks, and for every optimizer. */
#include <criterion/criterion.h>
#include <math.h>

#include "step/optimizer.h"
#include "step/ownership.h"
#include "support/cases.h"
#include "support/nets.h"
#include "support/problem.h"
#include "support/thread_ranks.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define RANKS_MAX    7

static const struct problem small = {.layers = 2, .widths = {4, 8, 3}, .count = 100};
static const struct problem ragged = {
    .layers = 3, .widths = {17, 33, 16, 5}, .count = 150, .bytes = true, .labels = true};
static const struct problem wide = {.layers = 3, .widths = {150, 224, 112, 5}, .count = 70};
static const struct problem long_one = {.layers = 2, .widths = {3, 17, 2}, .count = 3100};

/* What all ranks do, and what each found. */
struct job {
    const struct problem *problem;
    struct setting setting;
    struct outcome outcome[RANKS_MAX];
    size_t sent[RANKS_MAX];
};

static void train_rank(struct bp_ranks *ranks, void *arg)
{
    struct job *job = arg;
    struct setting setting = job->setting;
    setting.ranks = ranks;
    job->outcome[ranks->rank] = problem_train(job->problem, &setting);
    job->sent[ranks->rank] = (size_t)ranks->sent.bytes;
}

static void expect_same(const struct problem *problem, const struct setting *setting, size_t ranks,
                        const struct outcome *expected)
{
    if (case_is_left_out())
        return;
    struct job job = {.problem = problem, .setting = *setting};
    thread_ranks_run(ranks, train_rank, &job);
    for (size_t r = 0; r < ranks; r++)
        cr_assert(
            outcome_equal(&job.outcome[r], expected),
            "%zu inputs, batch size %zu, shard size %zu: rank %zu of %zu with %zu threads: %s "
            "%.17g; alone %s %.17g",
            problem->widths[0], setting->batch_size, setting->shard_size, r, ranks,
            setting->threads, job.outcome[r].digest, job.outcome[r].loss, expected->digest,
            expected->loss);
}

static void expect_one_value(const struct problem *problem, struct setting setting)
{
    static const size_t thread_counts[] = {1, 2, 3};
    setting.epochs = 2;
    setting.backend = BP_BACKEND_PTHREADS;
    setting.threads = 1;
    const struct outcome expected = problem_train(problem, &setting);
    for (size_t ranks = 2; ranks <= RANKS_MAX; ranks++) {
        for (size_t k = 0; k < 2 * COUNT(thread_counts); k++) {
            setting.threads = thread_counts[k / 2];
            setting.plan = k % 2 ? BP_PLAN_PARAMETERS : BP_PLAN_SAMPLES;
            expect_same(problem, &setting, ranks, &expected);
        }
    }
}

Test(ranks_step, batches_of_every_size)
{
    static const size_t batch_sizes[] = {1, 15, 16, 17, 32, 33, 64, 0};
    for (size_t k = 0; k < COUNT(batch_sizes); k++) {
        expect_one_value(&small, (struct setting){.batch_size = batch_sizes[k]});
        expect_one_value(&ragged, (struct setting){.batch_size = batch_sizes[k]});
    }
    expect_one_value(&wide, (struct setting){.batch_size = 0});
    expect_one_value(&wide, (struct setting){.batch_size = 33});
}

Test(ranks_step, shards_of_every_size)
{
    static const size_t shard_sizes[] = {1, 3, 8, 150};
    for (size_t k = 0; k < COUNT(shard_sizes); k++)
        expect_one_value(&ragged, (struct setting){.batch_size = 70, .shard_size = shard_sizes[k]});
}

/* Some ranks have a part of a chunk, some the ends of two. */
Test(ranks_step, batches_of_several_chunks)
{
    expect_one_value(&long_one, (struct setting){.batch_size = 0});
    expect_one_value(&long_one, (struct setting){.batch_size = 1500});
    expect_one_value(&long_one, (struct setting){.batch_size = 2049, .shard_size = 7});
}

Test(ranks_step, every_optimizer)
{
    for (int optimizer = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, optimizer); optimizer++) {
        bp_train_options train = bp_train_options_default();
        train.optimizer = (bp_optimizer)optimizer;
        train.learning_rate = 0.01f;
        train.weight_decay = 0.001f;
        const bool full = optimizer == BP_OPTIMIZER_IRPROP;
        expect_one_value(&ragged, (struct setting){.batch_size = full ? 0 : 50, .train = &train});
    }
}

Test(ranks_step, clipping_and_dropout)
{
    bp_train_options train = bp_train_options_default();
    train.optimizer = BP_OPTIMIZER_ADAM;
    train.learning_rate = 0.01f;
    train.clip_norm = 0.05f;
    expect_one_value(&ragged, (struct setting){.batch_size = 50, .train = &train});
    expect_one_value(&wide, (struct setting){.batch_size = 0, .train = &train});
    train.clip_value = 0.001f;
    train.dropout = 0.3f;
    train.clip_norm = 0.0f;
    expect_one_value(&ragged, (struct setting){.batch_size = 50, .train = &train});
}

static void count_bytes(size_t ranks, size_t batch_size)
{
    struct job job = {.problem = &wide,
                      .setting = {.epochs = 1,
                                  .batch_size = batch_size,
                                  .shard_size = 1,
                                  .backend = BP_BACKEND_SERIAL,
                                  .threads = 1}};
    thread_ranks_run(ranks, train_rank, &job);
    struct bp_network *network = problem_network(&wide);
    const double steps = ceil((double)wide.count / (double)batch_size);
    const double most = 2.0 * (double)network->floats * sizeof(float) * (1.0 + 1.0 / (double)ranks);
    bp_network_free(network);
    for (size_t r = 0; r < ranks; r++)
        cr_assert_leq((double)job.sent[r] / steps, most, "rank %zu of %zu sends %zu bytes", r,
                      ranks, job.sent[r]);
}

/* A sum of gradients goes out once, and each new value once to each other rank. */
Test(ranks_step, bytes_of_aligned_splits)
{
    count_bytes(2, 64);
    count_bytes(4, 64);
}

/* Every parameter has one owner, and compact arrays have no holes. */
Test(ranks_step, ownership)
{
    static const size_t widths[] = {150, 224, 112, 5};
    struct bp_network *network = net_create(3, widths, 1);
    for (size_t ranks = 1; ranks <= 40; ranks += 3) {
        struct bp_ownership ownership;
        cr_assert_eq(bp_ownership_make(&ownership, network, ranks, ranks % 2 == 0, NULL), BP_OK);
        size_t all = 0;
        for (size_t r = 0; r < ranks; r++) {
            size_t place = 0;
            for (size_t l = 0; l < network->layers; l++) {
                const struct bp_range range = bp_ownership_floats(&ownership, l, r);
                cr_assert_eq(range.begin - bp_ownership_shift(&ownership, l, r), place);
                place += range.end - range.begin;
            }
            cr_assert_eq(place, ownership.floats[r]);
            all += place;
        }
        cr_assert_eq(all, network->floats);
        bp_ownership_release(&ownership);
    }
    bp_network_free(network);
}

static void make_state(struct bp_ranks *ranks, void *arg)
{
    bool *made = arg;
    bp_train_options train = bp_train_options_default();
    struct bp_network *network = problem_network(&small);
    struct bp_optimizer_state *optimizer;
    train.optimizer = BP_OPTIMIZER_ADAM;
    cr_assert_eq(bp_optimizer_create(&optimizer, network, &train, ranks, NULL), BP_OK);
    made[ranks->rank] = optimizer->states != 2 || optimizer->state[0] || optimizer->state[1];
    bp_optimizer_free(optimizer);
    bp_network_free(network);
}

Test(ranks_step, no_rank_ever_has_room_for_the_whole_state)
{
    bool made[2] = {true, true};

    thread_ranks_run(2, make_state, made);
    cr_assert(!made[0] && !made[1]);
    thread_ranks_run(1, make_state, made);
    cr_assert(made[0]);
}
