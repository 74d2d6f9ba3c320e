/* The same digest over plans, threads, backends and instruction sets through the public interface,
 * on the data sets that the project ships and on MNIST (found through BATCHPROP_MNIST). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "support/cases.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void expect_ok(bp_status status, const bp_error *error)
{
    cr_assert_eq(status, BP_OK, "%s", error->message);
}

static bp_dataset *read_dataset(const char *path, const char *labels)
{
    bp_dataset *dataset;
    bp_error error;
    bp_read_options options = bp_read_options_default();
    options.labels = labels;
    expect_ok(bp_dataset_read(&dataset, path, &options, &error), &error);
    return dataset;
}

/* Stops the run every so many epochs. */
static bool pause_run(const bp_progress *progress, void *user)
{
    return !progress->epoch_done || progress->epoch % *(const size_t *)user != 0;
}

static bp_model_options shape_of(size_t hidden)
{
    bp_model_options options = bp_model_options_default();
    options.hidden[0] = hidden;
    return options;
}

/* Trains a new model, in parts of `part` epochs; with a refit a quarter of the rows is held out. */
static bp_train_result train(const bp_dataset *dataset, const bp_model_options *shape,
                             const bp_train_options *options, size_t part)
{
    bp_error error;
    bp_model *model;
    bp_dataset *rest = NULL, *valid = NULL;
    bp_trainer *trainer;
    bp_train_result result;
    expect_ok(bp_model_create(&model, dataset, shape, &error), &error);
    if (options->refit)
        expect_ok(bp_dataset_split(dataset, 0.25, 1, &rest, &valid, &error), &error);
    expect_ok(bp_trainer_create(&trainer, model, rest ? rest : dataset, valid, options, &error),
              &error);
    bp_status status;
    while ((status = bp_trainer_run(trainer, pause_run, &part, &result, &error)) == BP_STOPPED)
        ;
    expect_ok(status, &error);
    cr_assert_str_eq(bp_model_get_info(model).weights_digest, result.weights_digest);
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(valid);
    bp_dataset_free(rest);
    return result;
}

struct team {
    bp_backend backend;
    size_t threads;
    bp_plan plan;
};

static void expect_same(const bp_dataset *dataset, const bp_model_options *shape,
                        const bp_train_options *options, const bp_train_result *expected)
{
    if (case_is_left_out())
        return;
    const bp_train_result result = train(dataset, shape, options, 1);
    cr_assert_str_eq(result.weights_digest, expected->weights_digest,
                     "plan %s, %zu threads of %s, %s, batch size %zu",
                     bp_choice_name(BP_CHOICE_PLAN, (int)options->plan), options->threads,
                     bp_choice_name(BP_CHOICE_BACKEND, (int)options->backend),
                     bp_choice_name(BP_CHOICE_ISA, (int)options->isa), options->batch_size);
    cr_assert_eq(memcmp(&result.train_loss, &expected->train_loss, sizeof(double)), 0);
}

/* Every team with every instruction set of this machine against the serial portable result. */
static void expect_one_value(const bp_dataset *dataset, const bp_model_options *shape,
                             bp_train_options options, const struct team *teams, size_t count)
{
    options.isa = BP_ISA_PORTABLE;
    options.backend = BP_BACKEND_SERIAL;
    const bp_train_result expected = train(dataset, shape, &options, 1);
    for (bp_isa isa = BP_ISA_PORTABLE; bp_choice_name(BP_CHOICE_ISA, (int)isa); isa++) {
        for (size_t k = 0; k < count; k++) {
            if (!bp_has_isa(isa) || !bp_has_backend(teams[k].backend))
                continue;
            options.isa = isa;
            options.backend = teams[k].backend;
            options.threads = teams[k].threads;
            options.plan = teams[k].plan;
            expect_same(dataset, shape, &options, &expected);
        }
    }
}

static const struct team every_team[] = {
    {BP_BACKEND_SERIAL, 1, BP_PLAN_SAMPLES},    {BP_BACKEND_SERIAL, 1, BP_PLAN_PARAMETERS},
    {BP_BACKEND_OPENMP, 3, BP_PLAN_SAMPLES},    {BP_BACKEND_OPENMP, 5, BP_PLAN_PARAMETERS},
    {BP_BACKEND_PTHREADS, 2, BP_PLAN_SAMPLES},  {BP_BACKEND_PTHREADS, 2, BP_PLAN_PARAMETERS},
    {BP_BACKEND_PTHREADS, 16, BP_PLAN_SAMPLES}, {BP_BACKEND_PTHREADS, 40, BP_PLAN_PARAMETERS},
    {BP_BACKEND_AUTO, 0, BP_PLAN_AUTO},         {BP_BACKEND_AUTO, 2, BP_PLAN_AUTO},
};

static void expect_one_value_a_batch_size(const char *path)
{
    static const size_t batch_sizes[] = {1, 7, 64, BP_BATCH_FULL};
    bp_dataset *dataset = read_dataset(path, NULL);
    const bp_model_options shape = shape_of(16);
    for (size_t k = 0; k < COUNT(batch_sizes); k++) {
        bp_train_options options = bp_train_options_default();
        options.epochs = 2;
        options.batch_size = batch_sizes[k];
        expect_one_value(dataset, &shape, options, every_team, COUNT(every_team));
    }
    bp_dataset_free(dataset);
}

Test(bits_public, xor_has_one_digest_a_batch_size)
{
    expect_one_value_a_batch_size(DATASETS "/xor.csv");
}

Test(bits_public, iris_has_one_digest_a_batch_size)
{
    expect_one_value_a_batch_size(DATASETS "/iris.csv");
}

Test(bits_public, a_refit_has_one_digest_a_batch_size)
{
    static const size_t batch_sizes[] = {7, BP_BATCH_FULL};
    bp_dataset *dataset = read_dataset(DATASETS "/iris.csv", NULL);
    const bp_model_options shape = shape_of(16);
    for (size_t k = 0; k < COUNT(batch_sizes); k++) {
        bp_train_options options = bp_train_options_default();
        options.epochs = 8;
        options.batch_size = batch_sizes[k];
        options.refit = true;
        expect_one_value(dataset, &shape, options, every_team, COUNT(every_team));
    }
    bp_dataset_free(dataset);
}

/* What auto chooses depends on the rows and the options, and not on where they are trained. */
Test(bits_public, what_auto_chooses_has_one_digest)
{
    static const struct team teams[] = {{BP_BACKEND_SERIAL, 1, BP_PLAN_SAMPLES},
                                        {BP_BACKEND_OPENMP, 3, BP_PLAN_PARAMETERS},
                                        {BP_BACKEND_PTHREADS, 2, BP_PLAN_SAMPLES}};
    bp_dataset *all = read_dataset(DATASETS "/iris.csv", NULL), *most, *few;
    bp_error error;
    expect_ok(bp_dataset_split(all, 0.2, 1, &most, &few, &error), &error);
    for (int preset = 0; bp_choice_name(BP_CHOICE_PRESET, preset); preset++) {
        bp_model_options shape = bp_model_options_default();
        bp_train_options options = bp_train_options_default();
        cr_assert_eq(bp_preset_apply((bp_preset)preset, &shape, &options, NULL), BP_OK);
        expect_one_value(few, &shape, options, teams, COUNT(teams));
    }
    bp_dataset_free(few);
    bp_dataset_free(most);
    bp_dataset_free(all);
}

Test(bits_public, a_run_that_is_gone_on_with_equals_one_in_one_go)
{
    bp_dataset *dataset = read_dataset(DATASETS "/iris.csv", NULL);
    const bp_model_options shape = shape_of(16);
    bp_train_options options = bp_train_options_default();
    options.epochs = 6;
    const bp_train_result whole = train(dataset, &shape, &options, 6);
    options.threads = 3;
    const bp_train_result parts = train(dataset, &shape, &options, 2);
    cr_assert_str_eq(parts.weights_digest, whole.weights_digest);
    bp_dataset_free(dataset);
}

Test(bits_public, another_seed_or_batch_size_gives_other_bits)
{
    bp_dataset *dataset = read_dataset(DATASETS "/iris.csv", NULL);
    const bp_model_options shape = shape_of(16);
    bp_train_options options = bp_train_options_default();
    options.epochs = 1;
    const bp_train_result first = train(dataset, &shape, &options, 1);
    options.seed = 2;
    const bp_train_result other_seed = train(dataset, &shape, &options, 1);
    options.seed = 1;
    options.batch_size = 33;
    const bp_train_result other_batch = train(dataset, &shape, &options, 1);
    cr_assert_str_neq(first.weights_digest, other_seed.weights_digest);
    cr_assert_str_neq(first.weights_digest, other_batch.weights_digest);
    bp_dataset_free(dataset);
}

/* 1 of 100 rows: the plain C kernels take their time. */
Test(bits_public, mnist_has_one_digest)
{
    static const struct team teams[] = {{BP_BACKEND_PTHREADS, 3, BP_PLAN_PARAMETERS},
                                        {BP_BACKEND_OPENMP, 7, BP_PLAN_SAMPLES}};
    static const size_t batch_sizes[] = {32, BP_BATCH_FULL};
    const char *folder = getenv("BATCHPROP_MNIST");
    if (!folder || !folder[0])
        cr_skip_test("BATCHPROP_MNIST does not name a folder with the files of MNIST");
    char images[4096], labels[4096];
    snprintf(images, sizeof images, "%s/train-images-idx3-ubyte.gz", folder);
    snprintf(labels, sizeof labels, "%s/train-labels-idx1-ubyte.gz", folder);
    bp_dataset *all = read_dataset(images, labels), *train, *held_out;
    const bp_model_options shape = shape_of(128);
    bp_error error;
    expect_ok(bp_dataset_split(all, 0.01, 1, &train, &held_out, &error), &error);
    for (size_t k = 0; k < COUNT(batch_sizes); k++) {
        bp_train_options options = bp_train_options_default();
        options.epochs = 1;
        options.batch_size = batch_sizes[k];
        expect_one_value(held_out, &shape, options, teams, COUNT(teams));
    }
    bp_dataset_free(held_out);
    bp_dataset_free(train);
    bp_dataset_free(all);
}
