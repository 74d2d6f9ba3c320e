/* The smallest case, a network of one neuron and a batch of one sample, on every number of
 * threads and every backend. */
#include <criterion/criterion.h>

#include "support/problem.h"

static const size_t thread_counts[] = {1, 2, 3, 4, 5, 6, 7, 8, 16};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void expect_same_bits(const struct problem *problem, size_t batch_size)
{
    struct setting setting = {
        .epochs = 3, .batch_size = batch_size, .backend = BP_BACKEND_SERIAL, .threads = 1};
    const struct outcome expected = problem_train(problem, &setting);
    for (bp_backend backend = BP_BACKEND_OPENMP; backend <= BP_BACKEND_PTHREADS; backend++) {
        for (size_t k = 0; k < COUNT(thread_counts) && bp_has_backend(backend); k++) {
            setting.backend = backend;
            setting.threads = thread_counts[k];
            const struct outcome outcome = problem_train(problem, &setting);
            cr_assert(outcome_equal(&outcome, &expected),
                      "%zu threads of %s, %zu samples, batch size %zu: %s, alone %s",
                      setting.threads, bp_choice_name(BP_CHOICE_BACKEND, (int)backend),
                      problem->count, batch_size, outcome.digest, expected.digest);
        }
    }
}

Test(bits_smallest, one_neuron_and_one_sample)
{
    expect_same_bits(&(struct problem){.layers = 1, .widths = {1, 1}, .count = 1}, 1);
}

Test(bits_smallest, one_neuron_and_several_samples)
{
    const struct problem problem = {.layers = 1, .widths = {1, 1}, .count = 19};
    expect_same_bits(&problem, 1);
    expect_same_bits(&problem, 17);
    expect_same_bits(&problem, 0);
}

Test(bits_smallest, layers_of_one_neuron)
{
    expect_same_bits(&(struct problem){.layers = 4, .widths = {1, 1, 1, 1, 1}, .count = 5}, 2);
}

Test(bits_smallest, batches_of_one_sample)
{
    expect_same_bits(&(struct problem){.layers = 2, .widths = {4, 8, 3}, .count = 6}, 1);
    expect_same_bits(&(struct problem){.layers = 3, .widths = {10, 45, 45, 10}, .count = 3}, 1);
}
