/* One value of the digest over plans, threads, backends and instruction sets for every optimizer,
 * with everything that changes its gradient; and the values of this numerics version. */
#include <criterion/criterion.h>

#include "kernels/list.h"
#include "support/cases.h"
#include "support/problem.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct problem ragged = {
    .layers = 3, .widths = {17, 33, 40, 5}, .count = 100, .labels = true};

/* Of every epoch so many batches that the norm is sometimes above the limit. */
static bp_train_options make_options(bp_optimizer optimizer)
{
    static const float rates[] = {1.0f, 0.01f, 0.01f, 0.01f, 0.001f, 0.001f, 0.0125f, 0.01f};
    bp_train_options options = bp_train_options_default();
    options.optimizer = optimizer;
    options.learning_rate = rates[optimizer];
    options.weight_decay = 0.01f;
    options.clip_norm = 0.25f;
    options.dropout = 0.25f;
    options.seed = 7;
    return options;
}

static void expect_same(const struct problem *problem, const struct setting *setting,
                        const struct outcome *expected)
{
    if (case_is_left_out())
        return;
    const struct outcome outcome = problem_train(problem, setting);
    cr_assert(outcome_equal(&outcome, expected),
              "%s, batch size %zu: %s with %zu threads of %s, %s, plan %s; %s with one, portable, "
              "samples",
              bp_choice_name(BP_CHOICE_OPTIMIZER, (int)setting->train->optimizer),
              setting->batch_size, outcome.digest, setting->threads,
              bp_choice_name(BP_CHOICE_BACKEND, (int)setting->backend),
              bp_choice_name(BP_CHOICE_ISA, (int)setting->isa),
              bp_choice_name(BP_CHOICE_PLAN, (int)setting->plan), expected->digest);
}

/* All threads and backends with one instruction set and plan. */
static void expect_same_on_teams(const struct problem *problem, struct setting setting,
                                 const struct outcome *expected)
{
    static const size_t thread_counts[] = {2, 3, 7};
    setting.backend = BP_BACKEND_SERIAL;
    setting.threads = 1;
    expect_same(problem, &setting, expected);
    for (bp_backend backend = BP_BACKEND_OPENMP; backend <= BP_BACKEND_PTHREADS; backend++) {
        for (size_t c = 0; c < COUNT(thread_counts) && bp_has_backend(backend); c++) {
            setting.backend = backend;
            setting.threads = thread_counts[c];
            expect_same(problem, &setting, expected);
        }
    }
}

/* Returns the one value. */
static struct outcome expect_one_value(const struct problem *problem, size_t batch_size,
                                       const bp_train_options *options)
{
    struct setting setting = {.epochs = 3,
                              .batch_size = batch_size,
                              .train = options,
                              .isa = BP_ISA_PORTABLE,
                              .backend = BP_BACKEND_SERIAL,
                              .threads = 1};
    const struct outcome expected = problem_train(problem, &setting);
    for (const struct bp_kernels *k = bp_kernels_next(NULL); k; k = bp_kernels_next(k)) {
        setting.isa = k->isa;
        for (setting.plan = BP_PLAN_SAMPLES; setting.plan <= BP_PLAN_PARAMETERS; setting.plan++)
            expect_same_on_teams(problem, setting, &expected);
    }
    return expected;
}

static void expect_digest(bp_optimizer optimizer, const char *digest)
{
    const bp_train_options options = make_options(optimizer);
    const size_t batch_size = optimizer == BP_OPTIMIZER_IRPROP ? 0 : 40;
    const struct outcome outcome = expect_one_value(&ragged, batch_size, &options);
    cr_assert_str_eq(outcome.digest, digest,
                     "the numerics have changed: if on purpose, count up BP_NUMERICS_VERSION, say "
                     "so in docs/numerics.md and pin %s",
                     outcome.digest);
}

Test(bits_optimizers, gradient_descent)
{
    expect_digest(BP_OPTIMIZER_SGD, "49069691656f652ed809bbc8d52b1b74");
}

Test(bits_optimizers, momentum)
{
    expect_digest(BP_OPTIMIZER_MOMENTUM, "4fc9c17d0b39e44d321d8a9e70db18f8");
}

Test(bits_optimizers, nesterov)
{
    expect_digest(BP_OPTIMIZER_NESTEROV, "b63a8b6c2880305a7a1ba39894e25bd6");
}

Test(bits_optimizers, rmsprop)
{
    expect_digest(BP_OPTIMIZER_RMSPROP, "cb95952bc44c4eec33e8f06693750ab0");
}

Test(bits_optimizers, adam)
{
    expect_digest(BP_OPTIMIZER_ADAM, "4eca694b7dd88936cbd1cb97fa74d031");
}

Test(bits_optimizers, adamw)
{
    expect_digest(BP_OPTIMIZER_ADAMW, "708e22489dad2b74f008c63440e404ea");
}

Test(bits_optimizers, irprop)
{
    expect_digest(BP_OPTIMIZER_IRPROP, "7c6dded9ee01a80227f38be8503d5a6e");
}

Test(bits_optimizers, adagrad)
{
    expect_digest(BP_OPTIMIZER_ADAGRAD, "c1d434f0e99e05ef0c75c043cb1f86ba");
}

/* The gradient of several chunks, of which the last is clipped, and masks of all their samples. */
Test(bits_optimizers, batches_of_several_chunks)
{
    const struct problem long_one = {.layers = 3, .widths = {4, 8, 20, 3}, .count = 2600};
    const bp_train_options options = make_options(BP_OPTIMIZER_ADAM);
    expect_one_value(&long_one, 0, &options);
    expect_one_value(&long_one, 1500, &options);
}

/* Components cut in one pass with the update, and in the pass before it where there is a norm. */
Test(bits_optimizers, components_of_the_gradient_cut)
{
    const struct problem long_one = {.layers = 2, .widths = {4, 20, 3}, .count = 1100};
    struct setting plain = {.epochs = 3, .batch_size = 40, .threads = 1};
    bp_train_options options = make_options(BP_OPTIMIZER_MOMENTUM);
    for (int norm = 0; norm < 2; norm++) {
        options.clip_norm = norm ? 0.25f : 0.0f;
        options.clip_value = 0.0f;
        plain.train = &options;
        const struct outcome whole = problem_train(&ragged, &plain);
        options.clip_value = 0.001f;
        const struct outcome cut = expect_one_value(&ragged, 40, &options);
        cr_assert_not(outcome_equal(&whole, &cut));
        expect_one_value(&long_one, 0, &options); /* two chunks */
    }
}

Test(bits_optimizers, networks_without_thresholds)
{
    struct problem reduced = {.layers = 2, .widths = {17, 33, 5}, .count = 90, .reduced = true};
    for (bp_optimizer optimizer = BP_OPTIMIZER_SGD; optimizer <= BP_OPTIMIZER_IRPROP; optimizer++) {
        const bp_train_options options = make_options(optimizer);
        expect_one_value(&reduced, optimizer == BP_OPTIMIZER_IRPROP ? 0 : 40, &options);
    }
    reduced.count = 1100; /* two chunks */
    const bp_train_options options = make_options(BP_OPTIMIZER_SGD);
    expect_one_value(&reduced, 0, &options);
}

/* More parameters than one thread updates alone. */
Test(bits_optimizers, parameters_that_threads_share)
{
    const struct problem wide = {.layers = 2, .widths = {70, 150, 10}, .count = 90};
    for (int optimizer = 0; bp_choice_name(BP_CHOICE_OPTIMIZER, optimizer); optimizer++) {
        const bp_train_options options = make_options((bp_optimizer)optimizer);
        if (optimizer != BP_OPTIMIZER_IRPROP)
            expect_one_value(&wide, 40, &options);
    }
}

/* Shards are cut and assigned otherwise; the masks stay. */
Test(bits_optimizers, dropout_does_not_depend_on_batches)
{
    bp_train_options options = make_options(BP_OPTIMIZER_SGD);
    options.learning_rate = 1e-30f; /* nothing moves: the losses are those of the first weights */
    options.weight_decay = options.clip_norm = 0.0f;
    struct setting setting = {.epochs = 1, .train = &options, .threads = 1};
    const double loss = problem_train(&ragged, &setting).loss;
    for (size_t batch_size = 1; batch_size < 100; batch_size += 13) {
        setting.batch_size = batch_size;
        cr_assert_float_eq(problem_train(&ragged, &setting).loss, loss, 1e-13 * loss);
    }
    options.seed++;
    cr_assert_neq(problem_train(&ragged, &setting).loss, loss);
}
