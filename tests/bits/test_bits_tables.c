/* The same digest over threads, backends and instruction sets for what is special about a table:
 * numbers that binary32 does not tell apart, rows of weight 0, categories that only validation rows
 * have, and a refit that trains on those. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support/reading.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Of 160 rows the times are a second apart, a ninth has weight 0, and one has a category of its own
 * in each half. */
static bp_dataset *read_rows(size_t first, size_t count, const char *other)
{
    char text[8192] = "time,kind,weight,y\n";
    for (size_t k = first; k < first + count; k++)
        sprintf(text + strlen(text), "%zu,%s,%zu,%zu\n", 1700000000 + k,
                k == first + 3 ? other
                : k % 3        ? "u"
                               : "v",
                k * 4 % 9, k % 40 < 20 ? (size_t)0 : (size_t)1);
    return expect_dataset(read_text("d.csv", text, NULL));
}

/* The same numbers in memory, as doubles. */
static bp_dataset *make_doubles(size_t first, size_t count)
{
    double input[160];
    uint32_t label[160];
    for (size_t k = 0; k < count; k++) {
        input[k] = 1700000000.0 + (double)(first + k) / 64;
        label[k] = (first + k) % 40 >= 20;
    }
    bp_arrays arrays = bp_arrays_default();
    arrays.count = count;
    arrays.inputs = 1;
    arrays.wide_input = input;
    arrays.labels = label;
    arrays.classes = 2;
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, &error), BP_OK, "%s", error.message);
    return dataset;
}

struct sets {
    bp_dataset *train, *valid;
    bp_model_options shape;
    bp_train_options options;
};

struct outcome {
    bp_train_result result;
    bp_quality train, valid;
};

static struct outcome train(const struct sets *sets, bp_isa isa, bp_backend backend, size_t threads)
{
    bp_train_options options = sets->options;
    struct outcome outcome;
    bp_model *model;
    bp_trainer *trainer;
    bp_error error;
    options.isa = isa;
    options.backend = backend;
    options.threads = threads;
    cr_assert_eq(bp_model_create(&model, sets->train, &sets->shape, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_trainer_create(&trainer, model, sets->train, sets->valid, &options, &error),
                 BP_OK, "%s", error.message);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, &outcome.result, &error), BP_OK);
    cr_assert_eq(bp_trainer_measure(trainer, false, &outcome.train, &error), BP_OK);
    cr_assert_eq(bp_trainer_measure(trainer, true, &outcome.valid, &error), BP_OK);
    bp_trainer_free(trainer);
    bp_model_free(model);
    return outcome;
}

static void expect_same(const struct outcome *outcome, const struct outcome *expected)
{
    cr_assert_str_eq(outcome->result.weights_digest, expected->result.weights_digest,
                     "%zu threads of %s, %s", outcome->result.threads,
                     bp_choice_name(BP_CHOICE_BACKEND, (int)outcome->result.backend),
                     bp_choice_name(BP_CHOICE_ISA, (int)outcome->result.isa));
    cr_assert_eq(outcome->result.best_epoch, expected->result.best_epoch);
    cr_assert(outcome->result.best_metric == expected->result.best_metric);
    cr_assert(outcome->result.valid_loss == expected->result.valid_loss);
    cr_assert(outcome->train.metrics.loss == expected->train.metrics.loss);
    cr_assert(outcome->valid.metrics.loss == expected->valid.metrics.loss);
    cr_assert(outcome->train.baseline.loss == expected->train.baseline.loss);
    cr_assert(outcome->valid.baseline.loss == expected->valid.baseline.loss);
}

/* With a refit, and what the modern preset chooses. Returns the one outcome. */
static struct outcome expect_one_value(struct sets *sets)
{
    static const struct {
        bp_backend backend;
        size_t threads;
    } teams[] = {{BP_BACKEND_SERIAL, 1},
                 {BP_BACKEND_OPENMP, 3},
                 {BP_BACKEND_PTHREADS, 2},
                 {BP_BACKEND_PTHREADS, 5}};
    sets->options = bp_train_options_default();
    cr_assert_eq(bp_preset_apply(BP_PRESET_MODERN, &sets->shape, &sets->options, NULL), BP_OK);
    sets->options.epochs = 12;
    sets->options.refit = true;
    sets->options.class_weight = "balanced";
    const struct outcome expected = train(sets, BP_ISA_PORTABLE, BP_BACKEND_SERIAL, 1);
    cr_assert_gt(expected.result.refit_epochs, 0);
    for (bp_isa isa = BP_ISA_PORTABLE; bp_choice_name(BP_CHOICE_ISA, (int)isa); isa++) {
        for (size_t k = 0; k < COUNT(teams); k++) {
            if (!bp_has_isa(isa) || !bp_has_backend(teams[k].backend))
                continue;
            const struct outcome outcome = train(sets, isa, teams[k].backend, teams[k].threads);
            expect_same(&outcome, &expected);
        }
    }
    bp_dataset_free(sets->train);
    bp_dataset_free(sets->valid);
    return expected;
}

Test(bits_tables, times_weights_of_0_and_unknown_categories_have_one_digest)
{
    struct sets sets = {.shape = bp_model_options_default()};
    sets.train = read_rows(0, 120, "only here");
    sets.valid = read_rows(120, 40, "only there");
    sets.shape.weight = "weight";
    const struct outcome outcome = expect_one_value(&sets);
    cr_assert_eq(outcome.result.valid.unknown, 1);
    cr_assert_eq(outcome.result.samples, 120 - 14, "a row of weight 0 is as if it were not there");
}

Test(bits_tables, doubles_in_memory_have_one_digest)
{
    struct sets sets = {.train = make_doubles(0, 120),
                        .valid = make_doubles(120, 40),
                        .shape = bp_model_options_default()};
    expect_one_value(&sets);
}
