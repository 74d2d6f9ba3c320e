/* Predictions and figures of merit have the same bits however many threads make them, and those of
 * validation in training have the bits of evaluation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "support/reading.h"

#define ROWS 3000
#define MANY 700 /* classes, of which rows are worked through in several blocks */

/* Rows with weights: a few inputs, and one of the targets, which follow from them. */
static bp_dataset *make_dataset(const char *target)
{
    bp_read_options options = bp_read_options_default();
    options.ignore = strcmp(target, "kind") == 0   ? "many,number"
                     : strcmp(target, "many") == 0 ? "kind,number"
                                                   : "kind,many";
    char *bytes;
    size_t size;
    FILE *text = open_memstream(&bytes, &size);
    cr_assert_not_null(text);
    fputs("a,b,c,w,kind,many,number\n", text);
    for (int x = 0; x < ROWS; x++)
        fprintf(text, "%d,%d,%d,%.2f,%s,m%03d,%.3f\n", x % 17, x % 29, x % 7, 0.25 + 0.3 * (x % 5),
                x % 3 ? (x % 29 > 11 ? "p" : "q") : "r", x % MANY, 0.1 * (x % 17) - 0.3 * (x % 7));
    cr_assert_eq(fclose(text), 0);
    bp_dataset *dataset = expect_dataset(read_text("t.csv", bytes, &options));
    free(bytes);
    return dataset;
}

static bp_model *make_model(const bp_dataset *dataset, const char *target)
{
    bp_model_options options = bp_model_options_default();
    options.hidden[0] = 12;
    options.target = target;
    options.weight = "w";
    if (strcmp(target, "number") != 0) {
        options.output_activation = BP_ACTIVATION_SOFTMAX;
        options.loss = BP_LOSS_CROSS_ENTROPY;
    }
    bp_model *model;
    bp_error error;
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s", error.message);
    return model;
}

struct figures {
    double metric[BP_METRIC_LOG_LOSS + 1];
    size_t classes;
    uint64_t *confusion; /* classes x classes */
    float *outputs;      /* ROWS x outputs */
    size_t floats;       /* of them */
};

static struct figures measure(const bp_model *model, const bp_dataset *dataset,
                              const bp_run_options *options)
{
    const bp_model_info info = bp_model_get_info(model);
    struct figures figures = {.floats = ROWS * info.widths[info.layers]};
    bp_evaluation *evaluation;
    bp_error error;
    cr_assert_eq(bp_evaluation_create(&evaluation, model, dataset, options, &error), BP_OK, "%s",
                 error.message);
    const bp_metrics metrics = bp_evaluation_get_metrics(evaluation);
    for (bp_metric metric = BP_METRIC_LOSS; metric <= BP_METRIC_LOG_LOSS; metric++)
        figures.metric[metric] = bp_metrics_get(&metrics, metric);
    const size_t classes = figures.classes = bp_evaluation_classes(evaluation);
    figures.confusion = calloc(classes * classes + 1, sizeof *figures.confusion);
    figures.outputs = malloc(figures.floats * sizeof *figures.outputs);
    cr_assert(figures.confusion && figures.outputs);
    for (size_t c = 0; c < classes; c++)
        cr_assert_eq(
            bp_evaluation_get_confusion(evaluation, c, figures.confusion + c * classes, NULL),
            BP_OK);
    bp_evaluation_free(evaluation);
    cr_assert_eq(bp_predict(model, dataset, options, figures.outputs, NULL), BP_OK);
    return figures;
}

static void release(struct figures *figures)
{
    free(figures->confusion);
    free(figures->outputs);
}

static bool equal(const struct figures *a, const struct figures *b)
{
    return memcmp(a->metric, b->metric, sizeof a->metric) == 0 &&
           memcmp(a->confusion, b->confusion, a->classes * a->classes * sizeof *a->confusion) ==
               0 &&
           memcmp(a->outputs, b->outputs, a->floats * sizeof *a->outputs) == 0;
}

/* The model, trained for an epoch, has the figures that validation on the same rows gave. */
static void check_validation(const char *target, const bp_dataset *dataset, size_t threads)
{
    bp_model *model = make_model(dataset, target);
    bp_train_options options = bp_train_options_default();
    options.epochs = 1;
    options.threads = threads;
    options.batch_size = 64;
    options.learning_rate = 0.1F;
    bp_trainer *trainer;
    bp_train_result result;
    bp_error error;
    cr_assert_eq(bp_trainer_create(&trainer, model, dataset, dataset, &options, &error), BP_OK,
                 "%s", error.message);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, &result, &error), BP_OK, "%s", error.message);
    bp_trainer_free(trainer);
    struct figures figures = measure(model, dataset, NULL);
    for (bp_metric metric = BP_METRIC_LOSS; metric <= BP_METRIC_LOG_LOSS; metric++) {
        const double valid = bp_metrics_get(&result.valid, metric);
        cr_assert(memcmp(&valid, &figures.metric[metric], sizeof valid) == 0,
                  "%zu threads: metric %d is %a in validation, %a in evaluation", threads,
                  (int)metric, valid, figures.metric[metric]);
    }
    release(&figures);
    bp_model_free(model);
}

static void expect_the_same(const char *target)
{
    static const size_t counts[] = {2, 3, 8, 13};
    bp_dataset *dataset = make_dataset(target);
    bp_model *model = make_model(dataset, target);
    bp_run_options options = bp_run_options_default();
    options.backend = BP_BACKEND_SERIAL;
    options.isa = BP_ISA_PORTABLE;
    struct figures one = measure(model, dataset, &options);
    check_validation(target, dataset, 1);
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        options.threads = counts[k];
        for (bp_backend backend = BP_BACKEND_OPENMP; backend <= BP_BACKEND_PTHREADS; backend++) {
            options.backend = backend;
            options.isa = backend == BP_BACKEND_OPENMP ? BP_ISA_AUTO : BP_ISA_PORTABLE;
            if (!bp_has_backend(backend))
                continue;
            struct figures many = measure(model, dataset, &options);
            cr_assert(equal(&one, &many), "%zu threads", counts[k]);
            release(&many);
        }
        check_validation(target, dataset, counts[k]);
    }
    release(&one);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_threads, classes_are_evaluated_and_predicted_the_same)
{
    expect_the_same("kind");
}

Test(model_threads, many_classes_are_evaluated_and_predicted_the_same)
{
    expect_the_same("many");
}

Test(model_threads, numbers_are_evaluated_and_predicted_the_same)
{
    expect_the_same("number");
}

/* Of equal outputs the first. */
static size_t find_greatest(const float *outputs, size_t count)
{
    size_t best = 0;
    for (size_t j = 1; j < count; j++)
        best = outputs[j] > outputs[best] ? j : best;
    return best;
}

/* Row x has class x mod MANY: in the order of the file and of the alphabet. */
Test(model_threads, every_sample_of_every_block_is_counted_once_at_the_class_of_its_outputs)
{
    bp_dataset *dataset = make_dataset("many");
    bp_model *model = make_model(dataset, "many");
    bp_run_options options = bp_run_options_default();
    options.threads = 3;
    struct figures figures = measure(model, dataset, &options);
    cr_assert_eq(figures.classes, MANY);
    for (size_t x = 0; x < ROWS; x++) {
        const size_t answer = find_greatest(figures.outputs + x * MANY, MANY);
        uint64_t *count = &figures.confusion[x % MANY * MANY + answer];
        cr_assert(*count > 0, "row %zu", x);
        (*count)--;
    }
    for (size_t k = 0; k < MANY * MANY; k++)
        cr_assert_eq(figures.confusion[k], 0);
    release(&figures);
    bp_model_free(model);
    bp_dataset_free(dataset);
}
