/* The cut of a batch into shards and the tree over them, against the recursive definition. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "step/passes/shard_plan.h"
#include "support/noise.h"
#include "team/range.h"

#define MAX_SHARDS  70
#define MAX_THREADS 20
#define MAX_LEVELS  6

/* ---- the cut ---- */

static void expect_cut(size_t rows, size_t asked, size_t size, size_t count)
{
    const struct bp_shards shards = bp_shards_cut(rows, asked);
    cr_assert(shards.rows == rows && shards.size == size && shards.count == count,
              "%zu rows, %zu asked: %zu shards of %zu", rows, asked, shards.count, shards.size);
}

Test(step_shards, a_batch_of_up_to_32_samples_has_shards_of_sixteen)
{
    expect_cut(1, 0, 16, 1);
    expect_cut(16, 0, 16, 1);
    expect_cut(17, 0, 16, 2);
    expect_cut(32, 0, 16, 2);
}

Test(step_shards, a_larger_chunk_has_shards_of_thirty_two)
{
    expect_cut(33, 0, 32, 2);
    expect_cut(64, 0, 32, 2);
    expect_cut(65, 0, 32, 3);
    expect_cut(1000, 0, 32, 32);
    expect_cut(1024, 0, 32, 32);
}

Test(step_shards, a_whole_dataset_has_at_most_thirty_two_shards)
{
    expect_cut(1025, 0, 40, 26);
    expect_cut(60000, 0, 1880, 32);
}

static void expect_chunks(size_t rows, size_t asked, size_t size, size_t count)
{
    const struct bp_chunks chunks = bp_chunks_cut(rows, asked);
    cr_assert(chunks.rows == rows && chunks.size == size && chunks.count == count,
              "%zu rows, shards of %zu: %zu chunks of %zu", rows, asked, chunks.count, chunks.size);
}

Test(step_shards, a_batch_has_chunks_of_about_a_thousand_samples)
{
    expect_chunks(1, 0, 32, 1);
    expect_chunks(1024, 0, 1024, 1);
    expect_chunks(1025, 0, 544, 2);
    expect_chunks(60000, 0, 1024, 59);
}

Test(step_shards, chunks_hold_32_shards_or_more_of_the_size_that_is_asked_for)
{
    expect_chunks(1024, 100, 1100, 1);
    expect_chunks(5000, 1, 1000, 5);
    expect_chunks(100000, 1000, 25000, 4);
    expect_chunks(10, 11, 11, 1);
    expect_chunks(SIZE_MAX, SIZE_MAX, SIZE_MAX, 1);
}

Test(step_shards, the_size_that_is_asked_for_is_taken)
{
    expect_cut(10, 1, 1, 10);
    expect_cut(10, 3, 3, 4);
    expect_cut(10, 10, 10, 1);
    expect_cut(10, 11, 11, 1);
}

Test(step_shards, the_shards_of_a_batch_are_those_of_its_chunks)
{
    cr_assert_eq(bp_shards_at_once(64, 0), 2);
    cr_assert_eq(bp_shards_of_batch(64, 0), 2);
    cr_assert_eq(bp_shards_at_once(5000, 1), 1000);
    cr_assert_eq(bp_shards_of_batch(5000, 1), 5000);
    cr_assert_eq(bp_shards_at_once(1025, 0), 17, "544 samples in shards of 32");
    cr_assert_eq(bp_shards_of_batch(1025, 0), 17 + 16, "and 481");
    cr_assert_eq(bp_shards_at_once(10000, 1000), 10, "large shards keep threads busy, too");
}

/* ---- the tree ---- */

/* A sum over shards as a text, "((0+1)+2)": equal texts are equal trees. */
struct sum {
    char text[8 * MAX_SHARDS];
};

static struct sum leaf(size_t shard)
{
    struct sum sum;
    snprintf(sum.text, sizeof sum.text, "%zu", shard);
    return sum;
}

static struct sum add(const struct sum *left, const struct sum *right)
{
    struct sum sum;
    const size_t lengths[2] = {strlen(left->text), strlen(right->text)};
    cr_assert_lt(lengths[0] + lengths[1] + 3, sizeof sum.text);
    char *end = sum.text;
    *end++ = '(';
    memcpy(end, left->text, lengths[0]);
    end += lengths[0];
    *end++ = '+';
    memcpy(end, right->text, lengths[1]);
    memcpy(end + lengths[1], ")", 2);
    return sum;
}

/* The definition: neighbours in pairs, then pairs of those; an odd one out passes through. */
static struct sum tree_over(size_t first, size_t count)
{
    struct sum level[MAX_SHARDS];
    for (size_t k = 0; k < count; k++)
        level[k] = leaf(first + k);
    for (; count > 1; count = (count + 1) / 2) {
        for (size_t k = 0; k < count / 2; k++)
            level[k] = add(&level[2 * k], &level[2 * k + 1]);
        if (count % 2)
            level[count / 2] = level[count - 1];
    }
    return level[0];
}

static size_t shards_below(struct bp_node node, size_t count)
{
    const size_t width = (size_t)1 << node.level;
    return width < count - node.first ? width : count - node.first;
}

/* What thread t leaves: its blocks summed on their own, then merged as bp_nodes_push() says. */
static size_t run_thread(const struct bp_shard_plan *plan, size_t t, struct sum *left)
{
    const struct bp_range run = bp_shard_plan_run(plan, t);
    struct bp_nodes nodes = {.count = 0};
    for (size_t s = run.begin; s < run.end;) {
        const struct bp_node node = bp_node_next(s, run.end, plan->block_level, plan->shards);
        cr_assert_eq(node.first, s);
        cr_assert_leq(node.level, plan->block_level);
        struct sum sum = tree_over(s, shards_below(node, plan->shards.count));
        size_t waiting = nodes.count;
        const size_t merges = bp_nodes_push(&nodes, node, plan->shards);
        cr_assert_lt(waiting - merges, bp_shard_plan_buffers(plan, t));
        for (size_t m = 0; m < merges; m++)
            sum = add(&left[--waiting], &sum);
        left[waiting] = sum;
        cr_assert_eq(nodes.count, waiting + 1);
        s += (size_t)1 << node.level;
    }
    return nodes.count;
}

/* The sum that threads and reduction form together. */
static struct sum run_plan(const struct bp_shard_plan *plan)
{
    static struct sum left[MAX_THREADS][MAX_SHARDS];
    struct sum waiting[MAX_SHARDS];
    size_t nodes = 0, top = 0;
    for (size_t t = 0; t < plan->threads; t++)
        nodes += run_thread(plan, t, left[t]);
    cr_assert_eq(nodes, plan->leaves);
    for (size_t k = 0; k < plan->leaves; k++) {
        const struct bp_shard_plan_leaf leaf_of_plan = plan->leaf[k];
        waiting[top++] = left[leaf_of_plan.thread][leaf_of_plan.buffer];
        cr_assert_leq(top, plan->depth);
        for (size_t a = 0; a < leaf_of_plan.adds; a++, top--)
            waiting[top - 2] = add(&waiting[top - 2], &waiting[top - 1]);
    }
    cr_assert_eq(top, 1);
    return waiting[0];
}

Test(step_shards, any_number_of_threads_and_any_block_form_the_same_tree)
{
    const size_t size = 4;
    for (size_t count = 1; count <= MAX_SHARDS; count++) {
        const struct sum expected = tree_over(0, count);
        for (size_t threads = 1; threads <= MAX_THREADS; threads++) {
            for (size_t level = 0; level <= MAX_LEVELS; level++) {
                struct bp_shard_plan plan;
                cr_assert_eq(bp_shard_plan_make(&plan, size * count - level % size, size, threads,
                                                size << level, NULL),
                             BP_OK);
                cr_assert_eq(plan.shards.count, count);
                const struct sum sum = run_plan(&plan);
                cr_assert_str_eq(sum.text, expected.text, "%zu shards, %zu threads, level %zu",
                                 count, threads, plan.block_level);
                bp_shard_plan_release(&plan);
            }
        }
    }
}

Test(step_shards, a_shard_larger_than_the_workspace_is_a_block_of_its_own)
{
    struct bp_shard_plan plan;
    cr_assert_eq(bp_shard_plan_make(&plan, 1000, 100, 3, 48, NULL), BP_OK);
    cr_assert_eq(plan.block_level, 0);
    bp_shard_plan_release(&plan);
}

Test(step_shards, blocks_fill_the_workspace_and_no_more)
{
    struct bp_shard_plan plan;
    cr_assert_eq(bp_shard_plan_make(&plan, 1024, 16, 2, 192, NULL), BP_OK);
    cr_assert_eq(plan.block_level, 3, "8 shards of 16 samples in room for 192");
    bp_shard_plan_release(&plan);
}

Test(step_shards, the_samples_of_nodes_are_those_of_their_shards)
{
    const struct bp_shards shards = bp_shards_cut(43, 8); /* 6 shards, the last of 3 */
    static const struct {
        struct bp_node node;
        size_t begin, end;
    } cases[] = {
        {{0, 0}, 0, 8},   {{5, 0}, 40, 43}, {{4, 1}, 32, 43},
        {{2, 1}, 16, 32}, {{4, 2}, 32, 43}, {{0, 3}, 0, 43},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        size_t begin, end;
        bp_node_rows(cases[k].node, shards, &begin, &end);
        cr_assert(begin == cases[k].begin && end == cases[k].end, "case %zu: [%zu,%zu)", k, begin,
                  end);
    }
}

Test(step_shards, runs_cover_the_shards_in_order_and_differ_little)
{
    for (size_t count = 1; count <= MAX_SHARDS; count++) {
        for (size_t threads = 1; threads <= MAX_THREADS; threads++) {
            struct bp_shard_plan plan;
            cr_assert_eq(bp_shard_plan_make(&plan, count, 1, threads, 8, NULL), BP_OK);
            size_t end = 0;
            const size_t fair = (count + threads - 1) / threads;
            for (size_t t = 0; t < threads; t++) {
                const struct bp_range run = bp_shard_plan_run(&plan, t);
                cr_assert_eq(run.begin, end);
                cr_assert_leq(run.end - run.begin, fair + fair / 8);
                end = run.end;
            }
            cr_assert_eq(end, count);
            bp_shard_plan_release(&plan);
        }
    }
}

/* Thresholds and weights, their second copy, and the sum over chunks take three more. */
Test(step_shards, powers_of_two_of_threads_hold_one_gradient_each_and_one_thread_two)
{
    for (size_t threads = 1; threads <= 32; threads *= 2) {
        struct bp_shard_plan plan;
        cr_assert_eq(bp_shard_plan_make(&plan, 1024, 0, threads, 256, NULL), BP_OK);
        size_t buffers = 0;
        for (size_t t = 0; t < threads; t++)
            buffers += bp_shard_plan_buffers(&plan, t);
        cr_assert_eq(buffers, threads == 1 ? 2 : threads);
        bp_shard_plan_release(&plan);
    }
}

Test(step_shards, a_thread_without_shards_holds_nothing)
{
    struct bp_shard_plan plan;
    cr_assert_eq(bp_shard_plan_make(&plan, 48, 16, 8, 48, NULL), BP_OK);
    cr_assert_eq(bp_shard_plan_buffers(&plan, 2), 1);
    cr_assert_eq(bp_shard_plan_buffers(&plan, 3), 0);
    bp_shard_plan_release(&plan);
}

Test(step_shards, many_shards_need_few_buffers)
{
    struct bp_shard_plan plan;
    cr_assert_eq(bp_shard_plan_make(&plan, (size_t)1 << 22, 1, 3, 1, NULL), BP_OK);
    for (size_t t = 0; t < 3; t++)
        cr_assert_leq(bp_shard_plan_buffers(&plan, t), 2 * 22 + 1);
    cr_assert_leq(plan.leaves, 3 * (2 * 22 + 1));
    bp_shard_plan_release(&plan);
}

/* ---- the sum of the losses ---- */

static double sum_by_recursion(const double *values, size_t count)
{
    if (count == 1)
        return values[0];
    size_t left = 1;
    while (2 * left < count)
        left *= 2;
    return sum_by_recursion(values, left) + sum_by_recursion(values + left, count - left);
}

Test(step_shards, losses_are_summed_along_the_same_tree)
{
    struct noise noise = {1};
    for (size_t count = 1; count <= 300; count++) {
        double values[300];
        for (size_t k = 0; k < count; k++)
            values[k] = ldexp((double)noise_float(&noise), (int)(noise_bits(&noise) % 40));
        const double expected = sum_by_recursion(values, count);
        const double sum = bp_shards_sum(values, count);
        cr_assert_eq(memcmp(&sum, &expected, sizeof sum), 0, "%zu shards", count);
    }
}
