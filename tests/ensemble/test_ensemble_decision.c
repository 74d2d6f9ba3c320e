/* Factors of classes that an ensemble fits to the rows that its members left out, computed again
 * here by their definition, and the figures of these rows. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/random.h"
#include "batchprop/batchprop.h"
#include "support/folder.h"
#include "support/member_kinds.h"

#define ROWS    300
#define CLASSES 3
#define SEED    7

/* Three classes that overlap, of which the third is rare; two inputs. */
struct table {
    float inputs[2 * ROWS];
    uint32_t labels[ROWS];
    double weight[ROWS];
    bp_dataset *dataset;
};

static void make_table(struct table *table)
{
    for (size_t x = 0; x < ROWS; x++) {
        const float draw = bp_random_uniform(1, 0, 3 * x);
        const uint32_t label = draw < 0.6f ? 0 : draw < 0.92f ? 1 : 2;
        const float angle = 2 * (float)label;
        table->labels[x] = label;
        table->weight[x] = 1;
        table->inputs[2 * x] = cosf(angle) + 3 * (bp_random_uniform(1, 0, 3 * x + 1) - 0.5f);
        table->inputs[2 * x + 1] = sinf(angle) + 3 * (bp_random_uniform(1, 0, 3 * x + 2) - 0.5f);
    }
    bp_arrays arrays = bp_arrays_default();
    arrays.count = ROWS;
    arrays.inputs = 2;
    arrays.input = table->inputs;
    arrays.labels = table->labels;
    arrays.classes = CLASSES;
    cr_assert_eq(bp_dataset_from_arrays(&table->dataset, &arrays, NULL), BP_OK);
}

/* The same rows in a file, with weights 1, 2.5, 4 and so on to 10. */
static void weigh_table(struct table *table)
{
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "w.csv");
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs("a,b,w,class\n", file);
    for (size_t x = 0; x < ROWS; x++) {
        table->weight[x] = 1 + 1.5 * (double)(x % 7);
        fprintf(file, "%.9g,%.9g,%g,c%u\n", (double)table->inputs[2 * x],
                (double)table->inputs[2 * x + 1], table->weight[x], (unsigned)table->labels[x]);
    }
    fclose(file);
    bp_dataset_free(table->dataset);
    cr_assert_eq(bp_dataset_read(&table->dataset, path, NULL, NULL), BP_OK);
    free(path);
    folder_remove(&folder);
}

/* The first two are none and 8 hidden neurons. */
static void make_kinds(struct member_kinds *kinds)
{
    static const size_t widths[MEMBER_KINDS] = {0, 8, 8};
    member_kinds_make(kinds, widths);
    for (size_t k = 0; k < MEMBER_KINDS; k++)
        kinds->train[k].epochs = 5;
}

static bp_ensemble_options options_of(bp_decision decide)
{
    bp_ensemble_options options = bp_ensemble_options_default();
    options.member_rows = BP_MEMBER_ROWS_FOLDS;
    options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    options.decide = decide;
    options.seed = SEED;
    return options;
}

static bp_ensemble *train_weighted(const bp_dataset *dataset, const bp_ensemble_options *options,
                                   const char *weight)
{
    struct member_kinds kinds;
    bp_ensemble *ensemble;
    bp_error error;
    make_kinds(&kinds);
    for (size_t k = 0; k < 2; k++)
        kinds.model[k].weight = weight;
    const bp_status status =
        bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, 2, options, &error);
    cr_assert_eq(status, BP_OK, "%s", error.message);
    return ensemble;
}

static bp_ensemble *train(const bp_dataset *dataset, const bp_ensemble_options *options)
{
    return train_weighted(dataset, options, NULL);
}

static bp_model *take_model(bp_ensemble *ensemble)
{
    bp_model *model;
    cr_assert_eq(bp_ensemble_take_model(ensemble, &model, NULL), BP_OK);
    return model;
}

static size_t decide(const double *factor, const double *outputs)
{
    size_t best = 0;
    for (size_t c = 1; c < CLASSES; c++) {
        if (factor[c] * outputs[c] > factor[best] * outputs[best])
            best = c;
    }
    return best;
}

/* Macro F1 where row x is there times[x] times. */
static double macro_f1(const struct table *table, const double *outputs, const double *factor,
                       const size_t *times)
{
    double hits[CLASSES] = {0}, support[CLASSES] = {0}, predicted[CLASSES] = {0}, sum = 0, met = 0;
    for (size_t x = 0; x < ROWS; x++) {
        const size_t class = decide(factor, outputs + CLASSES * x);
        const double weight = (double)times[x] * table->weight[x];
        support[table->labels[x]] += weight;
        predicted[class] += weight;
        if (class == table->labels[x])
            hits[class] += weight;
    }
    for (size_t c = 0; c < CLASSES; c++) {
        if (support[c] + predicted[c] > 0) {
            met++;
            sum += 2 * hits[c] / (support[c] + predicted[c]);
        }
    }
    return sum / met;
}

/* The definition in src/ensemble/factors.h, slowly, on the rows but those with number % 5 ==
 * without. */
static void fit_sample(const struct table *table, const double *outputs, size_t without,
                       size_t sample, double logarithm[CLASSES])
{
    size_t times[ROWS] = {0}, row[ROWS], rows = 0;
    double support[CLASSES] = {0};
    double factor[CLASSES] = {1, 1, 1};
    bool done[CLASSES] = {false};
    for (size_t x = 0; x < ROWS; x++) {
        if (x % 5 != without)
            row[rows++] = x;
    }
    for (size_t k = 0; k < rows; k++) {
        const uint64_t stream = bp_stream(BP_STREAM_DECISION, (uint32_t)sample);
        times[row[bp_random_below(SEED, stream, k, rows)]]++;
    }
    for (size_t x = 0; x < ROWS; x++)
        support[table->labels[x]] += (double)times[x] * table->weight[x];
    for (size_t round = 0; round < CLASSES; round++) {
        size_t rarest = CLASSES;
        for (size_t c = 0; c < CLASSES; c++) {
            if (!done[c] && (rarest == CLASSES || support[c] < support[rarest]))
                rarest = c;
        }
        done[rarest] = true;
        double best = macro_f1(table, outputs, factor, times), chosen = 0;
        for (int k = -30; k <= 30; k++) {
            double tried[CLASSES];
            memcpy(tried, factor, sizeof tried);
            tried[rarest] = exp(k / 10.0);
            const double f1 = macro_f1(table, outputs, tried, times);
            if (f1 > best + 1e-9) {
                best = f1;
                chosen = k / 10.0;
            }
        }
        factor[rarest] = exp(chosen);
        logarithm[rarest] += chosen / 8;
    }
}

/* By which the mean factor of a row is 1. */
static void normalize(const struct table *table, double factor[CLASSES])
{
    double sum = 0, weight = 0;
    for (size_t x = 0; x < ROWS; x++) {
        sum += table->weight[x] * factor[table->labels[x]];
        weight += table->weight[x];
    }
    for (size_t c = 0; c < CLASSES; c++)
        factor[c] *= weight / sum;
}

static void fit_f1(const struct table *table, const double *outputs, size_t without,
                   double factor[CLASSES])
{
    memset(factor, 0, CLASSES * sizeof *factor);
    for (size_t s = 0; s < 8; s++)
        fit_sample(table, outputs, without, s, factor);
    for (size_t c = 0; c < CLASSES; c++)
        factor[c] = exp(factor[c]);
    normalize(table, factor);
}

Test(ensemble_decision, f1_takes_the_factors_of_its_definition)
{
    static double outputs[CLASSES * ROWS];
    static const double ones[] = {1, 1, 1};
    struct table table;
    double factor[CLASSES];
    size_t times[ROWS];
    make_table(&table);
    const bp_ensemble_options options = options_of(BP_DECISION_F1);
    bp_ensemble *ensemble = train(table.dataset, &options);
    cr_expect_eq(bp_ensemble_get_info(ensemble).decision, BP_DECISION_F1);
    cr_assert_eq(bp_ensemble_get_left_out(ensemble, outputs, NULL), BP_OK);
    fit_f1(&table, outputs, 5, factor);
    bp_model *model = take_model(ensemble);
    for (size_t c = 0; c < CLASSES; c++)
        cr_expect_float_eq(bp_model_get_factor(model, c), factor[c], 1e-12, "class %zu: %g, not %g",
                           c, bp_model_get_factor(model, c), factor[c]);
    for (size_t x = 0; x < ROWS; x++)
        times[x] = 1;
    cr_expect_gt(macro_f1(&table, outputs, factor, times), macro_f1(&table, outputs, ones, times));
    bp_model_free(model);
    bp_ensemble_free(ensemble);
    bp_dataset_free(table.dataset);
}

Test(ensemble_decision, balanced_divides_by_the_share_of_a_class)
{
    struct table table;
    double factor[CLASSES], count[CLASSES] = {0};
    make_table(&table);
    for (size_t x = 0; x < ROWS; x++)
        count[table.labels[x]]++;
    for (size_t c = 0; c < CLASSES; c++)
        factor[c] = 1 / count[c];
    normalize(&table, factor);
    bp_ensemble_options options = options_of(BP_DECISION_BALANCED);
    bp_ensemble *ensemble = train(table.dataset, &options);
    bp_model *model = take_model(ensemble);
    for (size_t c = 0; c < CLASSES; c++)
        cr_expect_float_eq(bp_model_get_factor(model, c), factor[c], 1e-12);
    cr_expect_eq(bp_ensemble_get_info(ensemble).decision, BP_DECISION_BALANCED);
    bp_model_free(model);
    bp_ensemble_free(ensemble);
    bp_dataset_free(table.dataset);
}

Test(ensemble_decision, rows_count_by_their_weights)
{
    static double outputs[CLASSES * ROWS];
    struct table table;
    double f1[CLASSES], balanced[CLASSES], weight[CLASSES] = {0};
    make_table(&table);
    weigh_table(&table);
    for (bp_decision decide = BP_DECISION_F1; decide <= BP_DECISION_BALANCED; decide++) {
        const bp_ensemble_options options = options_of(decide);
        bp_ensemble *ensemble = train_weighted(table.dataset, &options, "w");
        cr_assert_eq(bp_ensemble_get_left_out(ensemble, outputs, NULL), BP_OK);
        fit_f1(&table, outputs, 5, f1);
        for (size_t x = 0; x < ROWS; x++)
            weight[table.labels[x]] += table.weight[x];
        for (size_t c = 0; c < CLASSES; c++)
            balanced[c] = 1 / weight[c];
        normalize(&table, balanced);
        bp_model *model = take_model(ensemble);
        for (size_t c = 0; c < CLASSES; c++) {
            const double wanted = decide == BP_DECISION_F1 ? f1[c] : balanced[c];
            cr_expect_float_eq(bp_model_get_factor(model, c), wanted, 1e-9 * wanted,
                               "class %zu: %g, not %g", c, bp_model_get_factor(model, c), wanted);
        }
        bp_model_free(model);
        bp_ensemble_free(ensemble);
    }
    bp_dataset_free(table.dataset);
}

/* Of the whole, of kinds and cross-fitted; losses are those of the outputs. */
Test(ensemble_decision, the_figures_of_rows_left_out_count_the_class_decided)
{
    static double outputs[CLASSES * ROWS];
    struct table table;
    make_table(&table);
    bp_ensemble_options options = options_of(BP_DECISION_BALANCED);
    bp_ensemble *ensemble = train(table.dataset, &options);
    options.decide = BP_DECISION_GREATEST;
    bp_ensemble *plain = train(table.dataset, &options);
    cr_assert_eq(bp_ensemble_get_left_out(ensemble, outputs, NULL), BP_OK);
    bp_model *model = take_model(ensemble);
    size_t hits = 0;
    for (size_t x = 0; x < ROWS; x++)
        hits += bp_model_decide_wide(model, outputs + CLASSES * x) == table.labels[x];
    bp_quality quality, greatest;
    bp_metrics cross, plain_cross;
    cr_assert_eq(bp_ensemble_get_quality(ensemble, &quality, &cross, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_get_quality(plain, &greatest, &plain_cross, NULL), BP_OK);
    cr_expect_float_eq(quality.metrics.accuracy, (double)hits / ROWS, 1e-15);
    cr_expect_neq(quality.metrics.accuracy, greatest.metrics.accuracy);
    cr_expect_eq(quality.metrics.loss, greatest.metrics.loss);
    cr_expect_eq(quality.baseline.accuracy, greatest.baseline.accuracy);
    bp_calibration_bin bins[BP_CALIBRATION_BINS];
    double right = 0;
    cr_assert_eq(bp_ensemble_get_calibration(ensemble, 0, bins, NULL), BP_OK);
    for (size_t b = 0; b < BP_CALIBRATION_BINS; b++)
        right += bins[b].count > 0 ? bins[b].actual * (double)bins[b].count : 0;
    cr_expect_float_eq(right, (double)hits, 1e-9);
    cr_expect_neq(cross.accuracy, plain_cross.accuracy);
    cr_expect_eq(cross.loss, plain_cross.loss);
    for (size_t k = 0; k < 2; k++) {
        bp_ensemble_kind kind, plain_kind;
        cr_assert_eq(bp_ensemble_get_kind(ensemble, k, &kind, NULL), BP_OK);
        cr_assert_eq(bp_ensemble_get_kind(plain, k, &plain_kind, NULL), BP_OK);
        cr_expect_neq(kind.metrics.accuracy, plain_kind.metrics.accuracy);
    }
    bp_model *plain_model = take_model(plain);
    cr_expect_not(bp_model_get_info(plain_model).has_factors);
    bp_model_free(plain_model);
    bp_model_free(model);
    bp_ensemble_free(plain);
    bp_ensemble_free(ensemble);
    bp_dataset_free(table.dataset);
}

Test(ensemble_decision, cross_fitted_figures_use_factors_of_other_rows)
{
    static double outputs[CLASSES * ROWS];
    struct table table;
    size_t hits = 0;
    make_table(&table);
    bp_ensemble_options options = options_of(BP_DECISION_F1);
    options.member_weights = BP_MEMBER_WEIGHTS_EQUAL;
    bp_ensemble *ensemble = train(table.dataset, &options);
    bp_quality quality;
    bp_metrics cross;
    cr_assert_eq(bp_ensemble_get_quality(ensemble, &quality, &cross, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_get_left_out(ensemble, outputs, NULL), BP_OK);
    for (size_t part = 0; part < 5; part++) {
        double factor[CLASSES];
        fit_f1(&table, outputs, part, factor);
        for (size_t x = part; x < ROWS; x += 5)
            hits += decide(factor, outputs + CLASSES * x) == table.labels[x];
    }
    cr_expect_eq(cross.loss, quality.metrics.loss);
    cr_expect_neq(cross.accuracy, quality.metrics.accuracy);
    cr_expect_float_eq(cross.accuracy, (double)hits / ROWS, 1e-15);
    bp_ensemble_free(ensemble);
    bp_dataset_free(table.dataset);
}

Test(ensemble_decision, threads_and_backends_change_no_factor)
{
    struct table table;
    double expected[CLASSES];
    make_table(&table);
    bp_ensemble_options options = options_of(BP_DECISION_F1);
    for (size_t threads = 1; threads <= 5; threads++) {
        options.threads = threads;
        options.backend = threads % 2 ? BP_BACKEND_PTHREADS : BP_BACKEND_AUTO;
        bp_ensemble *ensemble = train(table.dataset, &options);
        bp_model *model = take_model(ensemble);
        for (size_t c = 0; c < CLASSES; c++) {
            const double factor = bp_model_get_factor(model, c);
            if (threads == 1)
                expected[c] = factor;
            cr_expect_eq(factor, expected[c], "%zu threads", threads);
        }
        bp_model_free(model);
        bp_ensemble_free(ensemble);
    }
    bp_dataset_free(table.dataset);
}

static bool stop_at_once(const bp_member_progress *progress, void *user)
{
    (void)progress;
    (void)user;
    return false;
}

Test(ensemble_decision, without_rows_left_out_the_greatest_counts)
{
    struct table table;
    struct member_kinds kinds;
    bp_ensemble *ensemble;
    make_table(&table);
    make_kinds(&kinds);
    bp_ensemble_options options = options_of(BP_DECISION_F1);
    options.progress = stop_at_once;
    cr_assert_eq(bp_ensemble_train(&ensemble, table.dataset, NULL, kinds.kind, 2, &options, NULL),
                 BP_STOPPED);
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, 0);
    cr_expect_eq(bp_ensemble_get_info(ensemble).decision, BP_DECISION_GREATEST);
    bp_ensemble_free(ensemble);
    bp_dataset_free(table.dataset);
}

#define REFUSES(text, dataset, options)                                                            \
    do {                                                                                           \
        bp_error error;                                                                            \
        bp_ensemble *ensemble;                                                                     \
        cr_expect_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, 2, options, &error),  \
                     BP_ERROR_ARGUMENT);                                                           \
        cr_expect_not_null(strstr(error.message, text), "%s", error.message);                      \
        cr_expect_null(ensemble);                                                                  \
    } while (0)

Test(ensemble_decision, it_needs_classes_shares_and_rows_left_out)
{
    struct table table;
    struct member_kinds kinds;
    bp_dataset *numbers;
    make_table(&table);
    make_kinds(&kinds);
    bp_ensemble_options options = options_of(BP_DECISION_F1);
    options.member_rows = BP_MEMBER_ROWS_ALL;
    options.member_weights = BP_MEMBER_WEIGHTS_EQUAL;
    REFUSES("decide f1 needs rows that members leave out: give member-rows", table.dataset,
            &options);
    options = options_of((bp_decision)9);
    REFUSES("decide 9", table.dataset, &options);
    options = options_of(BP_DECISION_BALANCED);
    for (size_t k = 0; k < 2; k++) {
        kinds.model[k].output_activation = BP_ACTIVATION_TANH;
        kinds.model[k].loss = BP_LOSS_MSE;
    }
    REFUSES("decide balanced is for outputs from 0 to 1", table.dataset, &options);
    make_kinds(&kinds);
    bp_arrays arrays = bp_arrays_default();
    arrays.count = ROWS;
    arrays.inputs = arrays.outputs = 1;
    arrays.input = table.inputs;
    arrays.targets = table.inputs + ROWS;
    cr_assert_eq(bp_dataset_from_arrays(&numbers, &arrays, NULL), BP_OK);
    REFUSES("decide balanced is for classes, and column \"y1\" holds numbers", numbers, &options);
    bp_dataset_free(numbers);
    bp_dataset_free(table.dataset);
}
