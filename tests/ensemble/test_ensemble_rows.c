/* Which rows the members of an ensemble are trained on and leave out: rows with weights and without
 * any, views, repeats of the folds, bootstrap samples. What is expected is computed from trainings
 * of single networks. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/random.h"
#include "batchprop/batchprop.h"
#include "support/folder.h"
#include "support/member_kinds.h"

#define IRIS    DATASETS "/iris.csv"
#define SEED    11
#define KINDS   MEMBER_KINDS
#define CLASSES 3
#define FOLDS   2
#define REPEATS 2
#define ROWS    90 /* of the file */
#define PARTS   5  /* of cross-fitting */

/* Class and weight of row `row` of the file; every seventh does not count. */
static size_t get_class(size_t row)
{
    return row % 9 < 5 ? 0 : row % 9 < 8 ? 1 : 2;
}

static double get_weight(size_t row)
{
    return row % 7 == 2 ? 0 : 0.5 * (double)(1 + row % 4);
}

/* Half of the rows belong to another class than they look like. */
static size_t get_look(size_t row)
{
    return row % 2 ? get_class(row) : get_class(row * 31 % 97);
}

static double get_number(size_t row)
{
    return (double)((row * 53) % 29) / 8 + (double)get_look(row);
}

/* Classes are numbers that only the option task makes classes. */
static void write_rows(const char *path)
{
    static const int name[CLASSES] = {-4, 70, 1000};
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    fputs("id,y,a,w,b\n", file);
    for (size_t row = 0; row < ROWS; row++) {
        fprintf(file, "%zu,%d,%zu,%g,%g\n", row, name[get_class(row)],
                (row * 37) % 23 + get_look(row) * 20, get_weight(row), get_number(row));
    }
    cr_assert_eq(fclose(file), 0);
}

/* For the rows above, with one of their targets; or for other data (NULL). */
static void make_kinds(struct member_kinds *kinds, const char *target)
{
    static const size_t widths[KINDS] = {0, 6, 21};
    member_kinds_make(kinds, widths);
    for (size_t k = 0; k < KINDS; k++) {
        kinds->model[k].target = target;
        kinds->model[k].weight = target ? "w" : NULL;
        if (target)
            kinds->model[k].task = target[0] == 'y' ? BP_TASK_CLASSIFY : BP_TASK_REGRESS;
        kinds->train[k].learning_rate = 0.05f;
        kinds->train[k].epochs = 6;
    }
}

/* Rows that are trained on, in their order; those that count have a place. */
struct rows {
    const char *target; /* "y", classes, or "b" */
    size_t outputs;     /* of a network */
    bp_dataset *all, *view, *others;
    size_t count;                     /* of the view */
    size_t counted;                   /* of them, with a weight */
    size_t row[ROWS];                 /* of the file, of each that counts */
    size_t place[ROWS];               /* of each row of the file */
    bool counts[ROWS];                /* of each row of the view */
    double weight[ROWS];              /* of each that counts */
    float left[KINDS][ROWS][CLASSES]; /* mean of a kind, of each that counts */
};

static size_t get_row(const bp_dataset *dataset, size_t x)
{
    const char *id = bp_dataset_get_id(dataset, x);
    cr_assert_not_null(id);
    return (size_t)atoi(id);
}

static struct rows *read_rows(const char *target)
{
    struct rows *rows = calloc(1, sizeof *rows);
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "rows.csv");
    bp_read_options reading = bp_read_options_default();
    cr_assert_not_null(rows);
    rows->target = target;
    rows->outputs = target[0] == 'y' ? CLASSES : 1;
    reading.id = "id";
    write_rows(path);
    cr_assert_eq(bp_dataset_read(&rows->all, path, &reading, NULL), BP_OK);
    cr_assert_eq(bp_dataset_split(rows->all, 0.25, 3, &rows->view, &rows->others, NULL), BP_OK);
    rows->count = bp_dataset_get_info(rows->view).rows;
    for (size_t x = 0; x < rows->count; x++) {
        const size_t row = get_row(rows->view, x);
        rows->counts[x] = get_weight(row) > 0;
        if (!rows->counts[x])
            continue;
        rows->weight[rows->counted] = get_weight(row);
        rows->place[row] = rows->counted;
        rows->row[rows->counted++] = row;
    }
    cr_assert_lt(rows->counted, rows->count);
    free(path);
    folder_remove(&folder);
    return rows;
}

static void free_rows(struct rows *rows)
{
    bp_dataset_free(rows->others);
    bp_dataset_free(rows->view);
    bp_dataset_free(rows->all);
    free(rows);
}

/* Trains what member m is by itself, and adds its share of the mean of its kind. */
static void train_member(struct rows *rows, const bp_ensemble *ensemble, size_t m)
{
    struct member_kinds kinds;
    bp_ensemble_member member;
    bp_holdout holdout = bp_holdout_default();
    bp_dataset *train, *left;
    bp_model *model;
    bp_trainer *trainer;
    float outputs[ROWS * CLASSES];
    make_kinds(&kinds, rows->target);
    cr_assert_eq(bp_ensemble_get_member(ensemble, m, &member, NULL), BP_OK);
    holdout.folds = FOLDS;
    holdout.fold = member.round % FOLDS;
    holdout.seed = SEED + member.round / FOLDS;
    holdout.target = kinds.model[0].target;
    holdout.task = kinds.model[0].task;
    holdout.weight = "w";
    cr_assert_eq(bp_dataset_hold_out(rows->view, &holdout, &train, &left, NULL), BP_OK);
    kinds.model[member.kind].seed = kinds.train[member.kind].seed = member.seed;
    cr_assert_eq(bp_model_create(&model, rows->view, &kinds.model[member.kind], NULL), BP_OK);
    cr_assert_eq(bp_trainer_create(&trainer, model, train, NULL, &kinds.train[member.kind], NULL),
                 BP_OK);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, NULL, NULL), BP_OK);
    cr_expect_str_eq(bp_model_get_info(model).weights_digest, member.train.weights_digest);
    cr_assert_eq(bp_predict(model, left, NULL, outputs, NULL), BP_OK);
    for (size_t x = 0; x < bp_dataset_get_info(left).rows; x++) {
        float *to = rows->left[member.kind][rows->place[get_row(left, x)]];
        for (size_t j = 0; j < rows->outputs; j++)
            to[j] += outputs[x * rows->outputs + j] / REPEATS;
    }
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(left);
    bp_dataset_free(train);
}

static double get_output(const struct rows *rows, const double *share, size_t x, size_t j)
{
    double sum = 0;
    for (size_t k = 0; k < KINDS; k++)
        sum += share[k] * (double)rows->left[k][x][j];
    return sum;
}

static double get_loss(const struct rows *rows, const double *share, size_t x)
{
    return -rows->weight[x] * log(get_output(rows, share, x, get_class(rows->row[x])));
}

/* Greedy selection by its definition, without the rows of a part. */
static void select_kinds(const struct rows *rows, size_t without, double *share)
{
    size_t times[KINDS] = {0};
    double lowest = INFINITY;
    for (size_t n = 1; n <= 25; n++) {
        size_t best = 0;
        double least = INFINITY;
        for (size_t k = 0; k < KINDS; k++) {
            double tried[KINDS], loss = 0;
            for (size_t c = 0; c < KINDS; c++)
                tried[c] = (double)(times[c] + (c == k)) / (double)n;
            for (size_t x = 0; x < rows->counted; x++)
                loss += x % PARTS == without ? 0 : get_loss(rows, tried, x);
            best = loss < least ? k : best;
            least = fmin(loss, least);
        }
        times[best]++;
        if (least >= lowest)
            continue;
        size_t kept = 0;
        lowest = least;
        for (size_t k = 0; k < KINDS; k++)
            kept += 20 * times[k] < n ? 0 : times[k];
        for (size_t k = 0; k < KINDS; k++)
            share[k] = 20 * times[k] < n ? 0 : (double)times[k] / (double)kept;
    }
}

/* The mean loss of rows, each with the shares that were chosen without its part. */
static double cross_fit(const struct rows *rows)
{
    double loss = 0, weight = 0;
    for (size_t p = 0; p < PARTS; p++) {
        double share[KINDS] = {0};
        select_kinds(rows, p, share);
        for (size_t x = p; x < rows->counted; x += PARTS) {
            loss += get_loss(rows, share, x);
            weight += rows->weight[x];
        }
    }
    return loss / weight;
}

static void check_left_out(const struct rows *rows, const bp_ensemble *ensemble,
                           const double *share)
{
    double outputs[ROWS * CLASSES];
    size_t place = 0;
    cr_assert_eq(bp_ensemble_get_left_out(ensemble, outputs, NULL), BP_OK);
    for (size_t x = 0; x < rows->count; x++) {
        for (size_t j = 0; j < rows->outputs; j++) {
            const double output = outputs[x * rows->outputs + j];
            if (rows->counts[x])
                cr_expect_float_eq(output, get_output(rows, share, place, j), 1e-6);
            else
                cr_expect(isnan(output));
        }
        place += rows->counts[x];
    }
}

static void check_calibration(const struct rows *rows, const bp_ensemble *ensemble,
                              const double *share)
{
    struct {
        double weight, predicted, right;
    } bin[BP_CALIBRATION_BINS] = {{0, 0, 0}};
    bp_calibration_bin bins[BP_CALIBRATION_BINS];
    cr_assert_eq(bp_ensemble_get_calibration(ensemble, 0, bins, NULL), BP_OK);
    for (size_t x = 0; x < rows->counted; x++) {
        size_t best = 0;
        for (size_t j = 1; j < CLASSES; j++)
            best = get_output(rows, share, x, j) > get_output(rows, share, x, best) ? j : best;
        const double p = get_output(rows, share, x, best);
        const size_t k = (size_t)(p * BP_CALIBRATION_BINS);
        bin[k].weight += rows->weight[x];
        bin[k].predicted += rows->weight[x] * p;
        bin[k].right += best == get_class(rows->row[x]) ? rows->weight[x] : 0;
    }
    for (size_t k = 0; k < BP_CALIBRATION_BINS; k++) {
        if (!(bin[k].weight > 0))
            continue;
        cr_expect_float_eq(bins[k].predicted, bin[k].predicted / bin[k].weight, 1e-6);
        cr_expect_float_eq(bins[k].actual, bin[k].right / bin[k].weight, 1e-6);
    }
}

/* Of all kinds, and the weights of classes in all rows. */
static void check_figures(const struct rows *rows, const bp_ensemble *ensemble, const double *share)
{
    bp_quality quality;
    bp_metrics cross_fitted;
    double loss = 0, weight = 0, support[CLASSES] = {0}, baseline = 0;
    cr_assert_eq(bp_ensemble_get_quality(ensemble, &quality, &cross_fitted, NULL), BP_OK);
    for (size_t x = 0; x < rows->counted; x++) {
        loss += get_loss(rows, share, x);
        weight += rows->weight[x];
        support[get_class(rows->row[x])] += rows->weight[x];
    }
    for (size_t c = 0; c < CLASSES; c++)
        baseline -= support[c] / weight * log(support[c] / weight);
    cr_expect_float_eq(quality.metrics.loss, loss / weight, 1e-6);
    cr_expect_float_eq(quality.baseline.loss, baseline, 1e-6);
    cr_expect_float_eq(cross_fitted.loss, cross_fit(rows), 1e-6, "%.9g, not %.9g",
                       cross_fitted.loss, cross_fit(rows));
    cr_expect_gt(fabs(cross_fitted.loss - quality.metrics.loss), 1e-5);
    for (size_t k = 0; k < KINDS; k++) {
        bp_ensemble_kind kind;
        cr_assert_eq(bp_ensemble_get_kind(ensemble, k, &kind, NULL), BP_OK);
        cr_expect_float_eq(kind.weight, share[k], 1e-12, "kind %zu: %g, not %g", k, kind.weight,
                           share[k]);
    }
}

/* All kinds with two repeats of the folds; the networks of members, made again, are in `rows`. */
static bp_ensemble *train_ensemble(struct rows *rows, bp_member_weights weights)
{
    struct member_kinds kinds;
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_ensemble *ensemble;
    bp_error error;
    make_kinds(&kinds, rows->target);
    options.members = KINDS * FOLDS * REPEATS;
    options.member_rows = BP_MEMBER_ROWS_FOLDS;
    options.member_folds = FOLDS;
    options.member_weights = weights;
    options.seed = SEED;
    cr_assert_eq(
        bp_ensemble_train(&ensemble, rows->view, NULL, kinds.kind, KINDS, &options, &error), BP_OK,
        "%s", error.message);
    const bp_ensemble_info info = bp_ensemble_get_info(ensemble);
    cr_expect_eq(info.rows, rows->counted);
    cr_expect_eq(info.left_rows, rows->counted);
    for (size_t m = 0; m < info.members; m++)
        train_member(rows, ensemble, m);
    return ensemble;
}

Test(ensemble_rows, weights_rows_that_do_not_count_and_views_are_taken_for_what_they_are)
{
    struct rows *rows = read_rows("y");
    bp_ensemble *ensemble = train_ensemble(rows, BP_MEMBER_WEIGHTS_OUT_OF_FOLD);
    double share[KINDS] = {0};
    select_kinds(rows, PARTS, share);
    check_figures(rows, ensemble, share);
    check_left_out(rows, ensemble, share);
    check_calibration(rows, ensemble, share);
    bp_ensemble_free(ensemble);
    free_rows(rows);
}

Test(ensemble_rows, there_are_as_many_rows_that_count_as_folds)
{
    struct rows *rows = read_rows("y");
    struct member_kinds kinds;
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_ensemble *ensemble;
    bp_error error;
    make_kinds(&kinds, "y");
    options.members = 2;
    options.member_rows = BP_MEMBER_ROWS_FOLDS;
    options.member_folds = rows->count;
    cr_expect_eq(bp_ensemble_train(&ensemble, rows->view, NULL, kinds.kind, 1, &options, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "csv: "), "%s", error.message);
    cr_expect_null(strstr(error.message, "member 1"), "%s", error.message);
    cr_expect_not_null(strstr(error.message, "rows cannot be divided into"));
    free_rows(rows);
}

/* A row that was left out: a number and how far the kinds are from one another. */
struct guess {
    double spread, missed, weight;
};

static int compare_guesses(const void *left, const void *right)
{
    const struct guess *a = left, *b = right;
    return (a->spread > b->spread) - (a->spread < b->spread);
}

static struct guess make_guess(const struct rows *rows, const double *share, size_t x)
{
    const double mean = get_output(rows, share, x, 0);
    struct guess guess = {.missed = get_number(rows->row[x]) - mean, .weight = rows->weight[x]};
    for (size_t k = 0; k < KINDS; k++)
        guess.spread += share[k] * pow((double)rows->left[k][x][0] - mean, 2);
    guess.spread = sqrt(guess.spread);
    return guess;
}

Test(ensemble_rows, tenths_of_the_rows_by_spread_say_how_wrong_the_mean_is)
{
    static const double share[KINDS] = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    struct rows *rows = read_rows("b");
    bp_ensemble *ensemble = train_ensemble(rows, BP_MEMBER_WEIGHTS_EQUAL);
    struct guess guess[ROWS];
    bp_calibration_bin bins[BP_CALIBRATION_BINS];
    size_t within_one = 0;
    for (size_t x = 0; x < rows->counted; x++)
        guess[x] = make_guess(rows, share, x);
    qsort(guess, rows->counted, sizeof *guess, compare_guesses);
    cr_assert_eq(bp_ensemble_get_calibration(ensemble, 0, bins, NULL), BP_OK);
    for (size_t k = 0, x = 0; k < BP_CALIBRATION_BINS; k++) {
        double weight = 0, predicted = 0, actual = 0, within = 0;
        for (size_t n = 0; n < bins[k].count; n++, x++) {
            weight += guess[x].weight;
            predicted += guess[x].weight * guess[x].spread * guess[x].spread;
            actual += guess[x].weight * guess[x].missed * guess[x].missed;
            within += fabs(guess[x].missed) <= 2 * guess[x].spread ? guess[x].weight : 0;
        }
        cr_expect_float_eq(bins[k].predicted, sqrt(predicted / weight), 1e-5);
        cr_expect_float_eq(bins[k].actual, sqrt(actual / weight), 1e-5);
        cr_expect_float_eq(bins[k].within, within / weight, 1e-9);
        within_one += within > 0 && within < weight;
    }
    cr_expect_gt(within_one, 2);
    check_left_out(rows, ensemble, share);
    bp_ensemble_free(ensemble);
    free_rows(rows);
}

/* The rows that are drawn follow from the seed and the round: docs/numerics.md. */
Test(ensemble_rows, a_bootstrap_sample_follows_from_seed_and_round)
{
    enum { COUNT = 150, ROUND = 1 };
    bp_dataset *dataset;
    struct member_kinds kinds;
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_ensemble *ensemble;
    bp_quality quality;
    double outputs[COUNT * CLASSES];
    bool drawn[2][COUNT] = {{false}};
    size_t left = 0;
    cr_assert_eq(bp_dataset_read(&dataset, IRIS, NULL, NULL), BP_OK);
    make_kinds(&kinds, NULL);
    options.members = 2 * KINDS;
    options.member_rows = BP_MEMBER_ROWS_BOOTSTRAP;
    options.seed = SEED;
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, KINDS, &options, NULL),
                 BP_OK);
    for (uint32_t round = 0; round <= ROUND; round++) {
        for (size_t k = 0; k < COUNT; k++)
            drawn[round][bp_random_below(SEED, bp_stream(BP_STREAM_BOOTSTRAP, round), k, COUNT)] =
                true;
    }
    cr_assert_eq(bp_ensemble_get_left_out(ensemble, outputs, NULL), BP_OK);
    for (size_t x = 0; x < COUNT; x++) {
        const bool both = drawn[0][x] && drawn[ROUND][x];
        cr_expect_eq((bool)isnan(outputs[x * CLASSES]), both, "row %zu", x);
        left += !both;
    }
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, left);
    /* The one answer is that of all rows, a third of each class. */
    cr_assert_eq(bp_ensemble_get_quality(ensemble, &quality, NULL, NULL), BP_OK);
    cr_expect_float_eq(quality.baseline.loss, log(3), 1e-6);
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
}

Test(ensemble_rows, figures_are_of_rows_that_every_kind_left_out)
{
    bp_dataset *dataset;
    struct member_kinds kinds;
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_ensemble *ensemble;
    cr_assert_eq(bp_dataset_read(&dataset, IRIS, NULL, NULL), BP_OK);
    make_kinds(&kinds, NULL);
    options.members = 3; /* of two kinds: the first leaves out two folds, the second one */
    options.member_rows = BP_MEMBER_ROWS_FOLDS;
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, 2, &options, NULL), BP_OK);
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, 30);
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
}

/* Of two rows a bootstrap sample may have both. */
Test(ensemble_rows, without_rows_left_out_by_all_members_count_the_same)
{
    static const float inputs[2] = {0, 1};
    static const uint32_t labels[2] = {0, 1};
    bp_arrays arrays = bp_arrays_default();
    struct member_kinds kinds;
    bp_ensemble_options options = bp_ensemble_options_default();
    size_t none = 0;
    bp_dataset *dataset;
    arrays.count = 2;
    arrays.input = inputs;
    arrays.inputs = 1;
    arrays.labels = labels;
    arrays.classes = 2;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    make_kinds(&kinds, NULL);
    options.member_rows = BP_MEMBER_ROWS_BOOTSTRAP;
    options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    for (options.seed = 1; options.seed <= 8; options.seed++) {
        bp_ensemble *ensemble;
        cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, 2, &options, NULL),
                     BP_OK);
        const bp_ensemble_info info = bp_ensemble_get_info(ensemble);
        cr_expect_eq(info.weights,
                     info.left_rows ? BP_MEMBER_WEIGHTS_OUT_OF_FOLD : BP_MEMBER_WEIGHTS_EQUAL);
        none += info.left_rows == 0;
        bp_ensemble_free(ensemble);
    }
    cr_expect(none > 0 && none < 8, "%zu of 8", none);
    bp_dataset_free(dataset);
}

/* One step of a far too high rate: parameters are finite, and products of two are not. */
Test(ensemble_rows, a_member_with_outputs_that_are_not_finite_has_failed)
{
    bp_read_options reading = bp_read_options_default();
    bp_dataset *dataset;
    struct member_kinds kinds;
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_ensemble *ensemble;
    bp_error error;
    reading.ignore = "species";
    cr_assert_eq(bp_dataset_read(&dataset, IRIS, &reading, NULL), BP_OK);
    make_kinds(&kinds, NULL);
    for (size_t k = 0; k < KINDS; k++)
        kinds.model[k].task = BP_TASK_REGRESS;
    kinds.train[1].learning_rate = 1e30f;
    kinds.train[1].batch_size = 1000;
    kinds.train[1].epochs = 1;
    options.member_rows = BP_MEMBER_ROWS_FOLDS;
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, 2, &options, &error),
                 BP_OK);
    const bp_ensemble_info info = bp_ensemble_get_info(ensemble);
    cr_expect_eq(info.finished, 5);
    cr_expect_eq(info.left_rows, 150); /* by the kind that has members */
    cr_expect_eq(info.failed, 5);
    for (size_t m = 0; m < info.members; m++) {
        bp_ensemble_member member;
        cr_assert_eq(bp_ensemble_get_member(ensemble, m, &member, NULL), BP_OK);
        cr_expect_eq(member.error.status, m % 2 ? BP_ERROR_NOT_FINITE : BP_OK);
        cr_expect_eq(member.weight > 0, m % 2 == 0);
    }
    bp_ensemble_free(ensemble);
    options = bp_ensemble_options_default();
    options.member_rows = BP_MEMBER_ROWS_BOOTSTRAP;
    cr_expect_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind + 1, 1, &options, &error),
                 BP_ERROR_NOT_FINITE);
    cr_expect_eq(strncmp(error.message, "training diverged: an output", 28), 0, "%s",
                 error.message);
    bp_dataset_free(dataset);
}
