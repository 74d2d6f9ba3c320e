/* One value of the digest over plans, threads, backends and instruction sets, for several networks,
 * kinds of samples, batch sizes and cuts into shards; and pinned values, so that a change of the
 * numerics between versions is noticed. */
#include <criterion/criterion.h>
#include <math.h>

#include "kernels/list.h"
#include "support/cases.h"
#include "support/problem.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct problem small = {.layers = 2, .widths = {4, 8, 3}, .count = 100};
static const struct problem square = {.layers = 3, .widths = {10, 45, 45, 10}, .count = 100};
static const struct problem ragged = {.layers = 3, .widths = {17, 33, 16, 5}, .count = 100};

static struct problem with(const struct problem *problem, bool bytes, bool labels)
{
    struct problem changed = *problem;
    changed.bytes = bytes;
    changed.labels = labels;
    return changed;
}

static void expect_same(const struct problem *problem, const struct setting *setting,
                        const struct outcome *expected)
{
    if (case_is_left_out())
        return;
    const struct outcome outcome = problem_train(problem, setting);
    cr_assert(outcome_equal(&outcome, expected),
              "%zu inputs, batch size %zu, shard size %zu: %s with %zu threads of %s, %s, plan %s; "
              "%s with one, portable, samples",
              problem->widths[0], setting->batch_size, setting->shard_size, outcome.digest,
              setting->threads, bp_choice_name(BP_CHOICE_BACKEND, (int)setting->backend),
              bp_choice_name(BP_CHOICE_ISA, (int)setting->isa),
              bp_choice_name(BP_CHOICE_PLAN, (int)setting->plan), expected->digest);
}

/* All threads and backends with one instruction set and plan. */
static void expect_same_on_teams(const struct problem *problem, struct setting setting,
                                 const struct outcome *expected)
{
    static const size_t thread_counts[] = {2, 3, 7, 16};
    setting.backend = BP_BACKEND_SERIAL;
    setting.threads = 1;
    expect_same(problem, &setting, expected);
    for (bp_backend backend = BP_BACKEND_OPENMP; backend <= BP_BACKEND_PTHREADS; backend++) {
        for (size_t k = 0; k < COUNT(thread_counts) && bp_has_backend(backend); k++) {
            setting.backend = backend;
            setting.threads = thread_counts[k];
            expect_same(problem, &setting, expected);
        }
    }
}

static void expect_one_value(const struct problem *problem, size_t epochs, size_t batch_size,
                             size_t shard_size)
{
    struct setting setting = {.epochs = epochs,
                              .batch_size = batch_size,
                              .shard_size = shard_size,
                              .isa = BP_ISA_PORTABLE,
                              .backend = BP_BACKEND_SERIAL,
                              .threads = 1};
    const struct outcome expected = problem_train(problem, &setting);
    cr_assert(isfinite(expected.loss));
    for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
        setting.isa = k->isa;
        for (setting.plan = BP_PLAN_SAMPLES; setting.plan <= BP_PLAN_PARAMETERS; setting.plan++)
            expect_same_on_teams(problem, setting, &expected);
    }
}

static void expect_one_value_a_batch_size(const struct problem *problem)
{
    struct problem single = *problem;
    single.count = 20; /* as many steps, on teams of 16 */
    expect_one_value(&single, 1, 1, 0);
    expect_one_value(problem, 1, 7, 0);
    expect_one_value(problem, 2, 64, 0);
    expect_one_value(problem, 2, 0, 0);
}

#define TEST_ONE_VALUE(sentence, shape, bytes, labels)                                             \
    Test(bits_matrix, sentence)                                                                    \
    {                                                                                              \
        const struct problem changed = with(&shape, bytes, labels);                                \
        expect_one_value_a_batch_size(&changed);                                                   \
    }

TEST_ONE_VALUE(a_4_8_3_network_on_floats_and_labels, small, false, true)
TEST_ONE_VALUE(a_4_8_3_network_on_bytes_and_numbers, small, true, false)
TEST_ONE_VALUE(a_10_45_45_10_network_on_floats_and_numbers, square, false, false)
TEST_ONE_VALUE(a_10_45_45_10_network_on_bytes_and_labels, square, true, true)
TEST_ONE_VALUE(a_17_33_16_5_network_on_floats_and_numbers, ragged, false, false)
TEST_ONE_VALUE(a_17_33_16_5_network_on_bytes_and_labels, ragged, true, true)

Test(bits_matrix, the_rule_as_printed)
{
    struct problem printed = with(&ragged, false, true);
    printed.hidden_delta = BP_HIDDEN_DELTA_AS_PRINTED;
    expect_one_value(&printed, 2, 64, 0);
}

Test(bits_matrix, every_activation)
{
    for (int f = BP_ACTIVATION_IDENTITY; bp_choice_name(BP_CHOICE_ACTIVATION, f); f++) {
        if (f == BP_ACTIVATION_SOFTMAX || f == BP_ACTIVATION_AUTO)
            continue;
        struct problem other = with(&ragged, false, false);
        other.hidden =
            (bp_activation)f; /* with outputs that stay in bounds, and the other way round */
        expect_one_value(&other, 1, 32, 0);
        other.hidden = BP_ACTIVATION_LOGISTIC;
        other.output = (bp_activation)f;
        expect_one_value(&other, 1, 50, 0);
    }
}

Test(bits_matrix, every_loss_and_weights_of_samples)
{
    static const struct {
        bp_activation output;
        bp_loss loss;
    } pairs[] = {
        {BP_ACTIVATION_IDENTITY, BP_LOSS_MAE},
        {BP_ACTIVATION_TANH, BP_LOSS_HUBER},
        {BP_ACTIVATION_IDENTITY, BP_LOSS_QUANTILE},
        {BP_ACTIVATION_SOFTMAX, BP_LOSS_MSE},
        {BP_ACTIVATION_LOGISTIC, BP_LOSS_BINARY_CROSS_ENTROPY},
        {BP_ACTIVATION_SOFTMAX, BP_LOSS_CROSS_ENTROPY},
        {BP_ACTIVATION_IDENTITY, BP_LOSS_POISSON},
    };
    for (size_t k = 0; k < COUNT(pairs); k++) {
        struct problem other = with(&square, false, k % 2);
        other.hidden = BP_ACTIVATION_RELU;
        other.output = pairs[k].output;
        other.loss = pairs[k].loss;
        other.weights = true;
        expect_one_value(&other, 1, 32, 0);
    }
}

/* d never passes a bend of 1 between logistic outputs and targets in 0 ... 1, and powers of 2 go
 * through every product. */
Test(bits_matrix, huber_with_bend_1_and_logistic_outputs_is_squared_error_at_half_the_rate)
{
    bp_train_options train = bp_train_options_default();
    struct setting setting = {.epochs = 2, .batch_size = 32, .train = &train, .threads = 1};
    struct problem problem = with(&ragged, false, true);
    train.learning_rate = 0.25f;
    const struct outcome squared = problem_train(&problem, &setting);
    train.learning_rate = 0.5f;
    problem.loss = BP_LOSS_HUBER;
    const struct outcome huber = problem_train(&problem, &setting);
    cr_assert_str_eq(huber.digest, squared.digest);
    cr_assert_eq(2.0 * huber.loss, squared.loss);
}

/* Blocks of several shards, and shards that are worked on in pieces. */
Test(bits_matrix, batches_larger_than_a_workspace_in_any_cut)
{
    static const size_t shard_sizes[] = {0, 3, 200, 600};
    struct problem large = with(&ragged, false, true);
    large.count = 1000;
    for (size_t k = 0; k < COUNT(shard_sizes); k++)
        expect_one_value(&large, 1, 0, shard_sizes[k]);
}

/* So wide that layers are split by panels where parameters are, though there are samples enough. */
Test(bits_matrix, wide_layers)
{
    const struct problem wide = {.layers = 3, .widths = {150, 224, 112, 5}, .count = 40};
    bp_train_options train = bp_train_options_default();
    train.learning_rate = 0.5f;
    train.dropout = 0.25f;
    struct setting setting = {.epochs = 2, .batch_size = 24, .train = &train, .threads = 1};
    const struct outcome expected = problem_train(&wide, &setting);
    for (setting.plan = BP_PLAN_SAMPLES; setting.plan <= BP_PLAN_PARAMETERS; setting.plan++)
        expect_same_on_teams(&wide, setting, &expected);
}

/* The weights of samples wait from region to region, more of them than are computed in one go. */
Test(bits_matrix, wide_layers_and_many_weighted_samples)
{
    const struct problem wide = {
        .layers = 2, .widths = {220, 640, 5}, .count = 600, .weights = true};
    struct setting setting = {.epochs = 1, .threads = 1};
    const struct outcome expected = problem_train(&wide, &setting);
    setting.threads = 2;
    for (setting.plan = BP_PLAN_SAMPLES; setting.plan <= BP_PLAN_PARAMETERS; setting.plan++)
        expect_same(&wide, &setting, &expected);
}

/* More than there are shards in a chunk, panels in a layer and samples in a batch. */
Test(bits_matrix, up_to_130_threads_with_either_plan)
{
    static const size_t thread_counts[] = {1, 31, 32, 33, 64, 127, 128, 129, 130};
    static const size_t batch_sizes[] = {1, 16, 100, 0};
    const struct problem problem = with(&ragged, false, true);
    for (size_t b = 0; b < COUNT(batch_sizes); b++) {
        struct setting setting = {.epochs = 1, .batch_size = batch_sizes[b], .threads = 1};
        const struct outcome expected = problem_train(&problem, &setting);
        for (size_t k = 0; k < COUNT(thread_counts); k++) {
            setting.threads = thread_counts[k];
            setting.plan = BP_PLAN_SAMPLES;
            expect_same(&problem, &setting, &expected);
            setting.plan = BP_PLAN_PARAMETERS;
            expect_same(&problem, &setting, &expected);
        }
    }
}

/* Where parameters are split, a chunk of more samples than threads have room for is several blocks:
 * its gradient is clipped, and used, after the last of them. */
Test(bits_matrix, large_shards_with_an_optimizer_and_clipping)
{
    static const size_t shard_sizes[] = {300, 1100, 2500};
    struct problem large = with(&ragged, false, true);
    large.count = 2500;
    bp_train_options train = bp_train_options_default();
    train.optimizer = BP_OPTIMIZER_ADAM;
    train.learning_rate = 0.01f;
    train.clip_value = 0.01f;
    train.clip_norm = 0.02f;
    train.dropout = 0.25f;
    for (size_t k = 0; k < COUNT(shard_sizes); k++) {
        struct setting setting = {
            .epochs = 2, .shard_size = shard_sizes[k], .train = &train, .threads = 1};
        const struct outcome expected = problem_train(&large, &setting);
        for (setting.plan = BP_PLAN_SAMPLES; setting.plan <= BP_PLAN_PARAMETERS; setting.plan++)
            expect_same_on_teams(&large, setting, &expected);
    }
}

/* Chunks, the last of them smaller, and a last batch of several chunks. */
Test(bits_matrix, batches_of_several_chunks)
{
    const struct problem long_one = {.layers = 2, .widths = {4, 8, 3}, .count = 2600};
    expect_one_value(&long_one, 1, 0, 0);
    expect_one_value(&long_one, 1, 1025, 0);
    expect_one_value(&long_one, 1, 1500, 0);
}

/* ---- pinned values of this numerics version ---- */

static void expect_digest(const struct problem *problem, size_t batch_size, const char *digest)
{
    const struct setting setting = {
        .epochs = 3, .batch_size = batch_size, .backend = BP_BACKEND_AUTO, .threads = 2};
    const struct outcome outcome = problem_train(problem, &setting);
    cr_assert_str_eq(
        outcome.digest, digest,
        "the numerics have changed: if on purpose, count up BP_NUMERICS_VERSION, say so "
        "in docs/numerics.md and pin %s",
        outcome.digest);
}

Test(bits_matrix, the_digest_on_floats_is_that_of_this_numerics_version)
{
    const struct problem problem = with(&ragged, false, false);
    expect_digest(&problem, 7, "f4bb1ed937be9307e33d60072b468818");
}

Test(bits_matrix, the_digest_of_elu_and_softplus_is_that_of_this_numerics_version)
{
    struct problem problem = with(&ragged, false, false);
    problem.hidden = BP_ACTIVATION_ELU;
    expect_digest(&problem, 32, "b2e9f8d17af2960694fd399d3316b3a1");
    problem.hidden = BP_ACTIVATION_SOFTPLUS;
    expect_digest(&problem, 32, "ed70cc776cfcc5b1caa278d23a1dc45f");
}

Test(bits_matrix, the_digest_over_chunks_is_that_of_this_numerics_version)
{
    const struct problem problem = {.layers = 2, .widths = {4, 8, 3}, .count = 2600};
    expect_digest(&problem, 0, "dd7117658792d0d6eb4730b461cf803e");
}

Test(bits_matrix, the_digest_on_bytes_is_that_of_this_numerics_version)
{
    const struct problem problem = with(&square, true, true);
    expect_digest(&problem, 0, "91c7cad6a15f221ae17045da036a18ea");
}
