/* A run of training asks for no memory, under every backend. */
#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "support/counted_memory.h"

enum { SAMPLES = 100, INPUTS = 6 };

static bp_dataset *create_dataset(void)
{
    static float input[SAMPLES * INPUTS];
    static uint32_t labels[SAMPLES];
    for (size_t k = 0; k < SAMPLES * INPUTS; k++)
        input[k] = (float)(k * 37 % 101) / 50.0f - 1.0f;
    for (size_t x = 0; x < SAMPLES; x++)
        labels[x] = (uint32_t)(x % 3);
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = SAMPLES,
                              .inputs = INPUTS,
                              .input = input,
                              .labels = labels,
                              .classes = 3};
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, &error), BP_OK, "%s", error.message);
    return dataset;
}

/* Stops a run of six epochs in the middle. */
static bool count_calls(const bp_progress *progress, void *user)
{
    *(size_t *)user += progress->epoch_done;
    return !(progress->epoch_done && progress->epoch == 3);
}

static void train_with(bp_backend backend, size_t threads, bp_plan plan, bool everything)
{
    bp_error error;
    bp_dataset *dataset = create_dataset();
    bp_model *model;
    const bp_model_options model_options = bp_model_options_default();
    cr_assert_eq(bp_model_create(&model, dataset, &model_options, &error), BP_OK, "%s",
                 error.message);
    bp_train_options options = bp_train_options_default();
    options.backend = backend;
    options.threads = threads;
    options.plan = plan;
    options.epochs = 6;
    if (everything) {
        options.optimizer = BP_OPTIMIZER_ADAMW;
        options.schedule = BP_SCHEDULE_COSINE;
        options.weight_decay = options.clip_norm = options.dropout = 0.1f;
    }
    bp_trainer *trainer;
    const size_t before_trainer = counted_allocations();
    cr_assert_eq(bp_trainer_create(&trainer, model, dataset, dataset, &options, &error), BP_OK,
                 "%s", error.message);
    cr_assert_gt(counted_allocations(), before_trainer, "the counting does not work");
    size_t epochs = 0;
    /* Twice, so that what a runtime does at its first parallel region is over. */
    cr_assert_eq(bp_trainer_run(trainer, count_calls, &epochs, NULL, NULL), BP_STOPPED);
    const size_t before = counted_allocations();
    cr_assert_eq(bp_trainer_run(trainer, count_calls, &epochs, NULL, NULL), BP_OK);
    const size_t during = counted_allocations() - before;
    cr_assert_eq(epochs, 6);
    cr_assert_eq(during, 0, "%zu allocations with %zu threads of %s", during, threads,
                 bp_choice_name(BP_CHOICE_BACKEND, (int)backend));
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

/* Plain gradient descent; and an optimizer with state, two passes and dropout. */
static void train(bp_backend backend, size_t threads)
{
    for (bp_plan plan = BP_PLAN_SAMPLES; plan <= BP_PLAN_PARAMETERS; plan++) {
        train_with(backend, threads, plan, false);
        train_with(backend, threads, plan, true);
    }
}

Test(step_allocation, a_run_on_the_serial_backend_allocates_nothing)
{
    train(BP_BACKEND_SERIAL, 1);
}

Test(step_allocation, a_run_on_pthreads_allocates_nothing)
{
    train(BP_BACKEND_PTHREADS, 2);
    train(BP_BACKEND_PTHREADS, 7);
}

Test(step_allocation, a_run_on_openmp_allocates_nothing)
{
    if (!bp_has_backend(BP_BACKEND_OPENMP))
        cr_skip_test("this build has no openmp backend");
    train(BP_BACKEND_OPENMP, 2);
    train(BP_BACKEND_OPENMP, 7);
}
