/* Ensembles: members are the networks of trainings of their own, whatever runs beside them; what
 * the rows left out say is computed again here, from predictions of the members. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "support/member_kinds.h"
#include "support/scratch.h"

#define IRIS  DATASETS "/iris.csv"
#define ROWS  150
#define KINDS MEMBER_KINDS

/* Softmax networks on iris: none, 5 and 40 hidden neurons. */
static void make_kinds(struct member_kinds *kinds)
{
    static const size_t widths[KINDS] = {0, 5, 40};
    member_kinds_make(kinds, widths);
}

static bp_dataset *read_iris(void)
{
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_read(&dataset, IRIS, NULL, NULL), BP_OK);
    return dataset;
}

static bp_ensemble_options folds_of(size_t members)
{
    bp_ensemble_options options = bp_ensemble_options_default();
    options.members = members;
    options.member_rows = BP_MEMBER_ROWS_FOLDS;
    options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    options.seed = 7;
    return options;
}

static bp_ensemble *train(const bp_dataset *dataset, size_t kinds,
                          const bp_ensemble_options *options)
{
    struct member_kinds all;
    bp_ensemble *ensemble;
    bp_error error;
    make_kinds(&all);
    const bp_status status =
        bp_ensemble_train(&ensemble, dataset, NULL, all.kind, kinds, options, &error);
    cr_assert_eq(status, BP_OK, "%s", error.message);
    return ensemble;
}

static bp_ensemble_member get_member(const bp_ensemble *ensemble, size_t m)
{
    bp_ensemble_member member;
    cr_assert_eq(bp_ensemble_get_member(ensemble, m, &member, NULL), BP_OK);
    return member;
}

static bp_ensemble_kind get_kind(const bp_ensemble *ensemble, size_t k)
{
    bp_ensemble_kind kind;
    cr_assert_eq(bp_ensemble_get_kind(ensemble, k, &kind, NULL), BP_OK);
    return kind;
}

/* A fold, as bp_ensemble_train() says. */
static void hold_out(const bp_dataset *dataset, size_t folds, size_t fold, bp_dataset **rows,
                     bp_dataset **left)
{
    bp_holdout holdout = bp_holdout_default();
    holdout.folds = folds;
    holdout.fold = fold;
    holdout.seed = 7;
    cr_assert_eq(bp_dataset_hold_out(dataset, &holdout, rows, left, NULL), BP_OK);
}

/* A training of its own, with the seed of a member and the scaling of all rows. */
static bp_model *train_alone(const bp_dataset *dataset, const bp_dataset *rows, size_t kind,
                             const bp_ensemble_member *member)
{
    struct member_kinds kinds;
    bp_model *model;
    bp_trainer *trainer;
    make_kinds(&kinds);
    kinds.model[kind].seed = kinds.train[kind].seed = member->seed;
    cr_assert_eq(bp_model_create(&model, dataset, &kinds.model[kind], NULL), BP_OK);
    cr_assert_eq(bp_trainer_create(&trainer, model, rows, NULL, &kinds.train[kind], NULL), BP_OK);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, NULL, NULL), BP_OK);
    bp_trainer_free(trainer);
    return model;
}

Test(ensemble, members_are_trainings_of_their_own)
{
    bp_dataset *dataset = read_iris();
    bp_ensemble_options options = folds_of(0);
    options.member_folds = 3;
    bp_ensemble *ensemble = train(dataset, KINDS, &options);
    cr_assert_eq(bp_ensemble_get_info(ensemble).members, 9);
    for (size_t m = 0; m < 9; m++) {
        const bp_ensemble_member member = get_member(ensemble, m);
        bp_dataset *rows, *left;
        cr_expect_eq(member.kind, m % KINDS);
        cr_expect_eq(member.round, m / KINDS);
        hold_out(dataset, 3, member.round, &rows, &left);
        bp_model *model = train_alone(dataset, rows, member.kind, &member);
        cr_expect_str_eq(member.train.weights_digest, bp_model_get_info(model).weights_digest,
                         "member %zu", m);
        cr_expect_eq(member.samples, 100);
        bp_model_free(model);
        bp_dataset_free(left);
        bp_dataset_free(rows);
    }
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
}

Test(ensemble, a_member_does_not_depend_on_their_number)
{
    bp_dataset *dataset = read_iris();
    const bp_ensemble_options few = folds_of(KINDS * 5), more = folds_of(KINDS * 10);
    bp_ensemble *a = train(dataset, KINDS, &few), *b = train(dataset, KINDS, &more);
    bp_ensemble_options plain = bp_ensemble_options_default();
    bp_ensemble *one = train(dataset, 1, &plain);
    for (size_t m = 0; m < KINDS * 5; m++)
        cr_expect_str_eq(get_member(a, m).train.weights_digest,
                         get_member(b, m).train.weights_digest);
    for (size_t m = 0; m < KINDS * 10; m++) {
        cr_expect_lt(get_member(b, m).seed, UINT64_C(1) << 63);
        for (size_t k = 0; k < m; k++)
            cr_expect_neq(get_member(b, m).seed, get_member(b, k).seed);
    }
    /* The first one has the seed that was given. */
    cr_expect_eq(get_member(a, 0).seed, 7);
    bp_ensemble_member first = get_member(one, 0);
    cr_expect_eq(first.seed, 1);
    bp_model *model = train_alone(dataset, dataset, 0, &first);
    cr_expect_str_eq(first.train.weights_digest, bp_model_get_info(model).weights_digest);
    bp_model_free(model);
    bp_ensemble_free(one);
    bp_ensemble_free(b);
    bp_ensemble_free(a);
    bp_dataset_free(dataset);
}

static void take_digest(bp_ensemble *ensemble, char digest[BP_DIGEST_SIZE])
{
    bp_model *model;
    cr_assert_eq(bp_ensemble_take_model(ensemble, &model, NULL), BP_OK);
    memcpy(digest, bp_model_get_info(model).weights_digest, BP_DIGEST_SIZE);
    bp_model_free(model);
    cr_expect_eq(bp_ensemble_take_model(ensemble, &model, NULL), BP_ERROR_ARGUMENT);
    cr_expect_null(model);
}

Test(ensemble, threads_backends_and_instruction_sets_change_no_bit)
{
    static const char expected[] = "f570464113560fa177661d55e9322909";
    bp_dataset *dataset = read_iris();
    struct member_kinds kinds;
    make_kinds(&kinds);
    for (bp_isa isa = BP_ISA_AUTO; isa <= BP_ISA_NEON; isa++) {
        for (size_t k = 0; k < KINDS; k++)
            kinds.train[k].isa = isa;
        for (bp_backend backend = BP_BACKEND_AUTO; backend <= BP_BACKEND_PTHREADS; backend++) {
            for (size_t threads = 1; threads <= 17; threads = threads == 4 ? 17 : threads + 1) {
                bp_ensemble_options options = folds_of(KINDS * 2);
                options.member_folds = 2;
                options.threads = backend == BP_BACKEND_SERIAL ? 1 : threads;
                options.backend = backend;
                if (!bp_has_backend(backend) || !bp_has_isa(isa))
                    continue;
                bp_ensemble *ensemble;
                char digest[BP_DIGEST_SIZE];
                bp_error error;
                cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, KINDS,
                                               &options, &error),
                             BP_OK, "%s", error.message);
                take_digest(ensemble, digest);
                cr_expect_str_eq(digest, expected, "%s with %d threads, isa %d", digest,
                                 (int)threads, (int)isa);
                bp_ensemble_free(ensemble);
            }
        }
    }
    bp_dataset_free(dataset);
}

/* What a callback saw. */
struct seen {
    size_t begun, epochs, stopping, ended;
    size_t stop_after;  /* members that ended; 0: never */
    size_t stop_epochs; /* epochs in all; 0: never */
    bool alone;         /* one member at a time */
    double share, seconds;
};

static bool look(const bp_member_progress *progress, void *user)
{
    struct seen *seen = user;
    cr_assert_not_null(progress->trainer);
    cr_assert_lt(progress->member, progress->members);
    seen->begun += !progress->run && !progress->result;
    seen->epochs += progress->run && progress->run->epoch_done && !progress->stopping;
    seen->stopping += progress->stopping;
    seen->ended += progress->result != NULL;
    cr_assert_geq(progress->share, seen->share);
    cr_assert_geq(progress->seconds, seen->seconds);
    seen->share = progress->share;
    seen->seconds = progress->seconds;
    cr_assert_eq(progress->done, seen->ended);
    if (seen->alone && progress->result)
        cr_assert_float_eq(progress->share, (double)progress->done / (double)progress->members,
                           1e-12);
    return (seen->stop_after == 0 || progress->done < seen->stop_after) &&
           (seen->stop_epochs == 0 || seen->epochs < seen->stop_epochs);
}

/* Steps of 2 x 500 hidden neurons are long enough to be shared; seven members are one too many for
 * two threads, and too few for five. */
Test(ensemble, members_that_share_threads_have_the_same_bits)
{
    char expected[BP_DIGEST_SIZE] = "";
    bp_dataset *dataset = read_iris();
    struct member_kinds kinds;
    make_kinds(&kinds);
    kinds.model[0].hidden_count = 2;
    kinds.model[0].hidden[0] = kinds.model[0].hidden[1] = 500;
    kinds.model[0].activations[1] = kinds.model[0].activations[0];
    kinds.train[0].epochs = 1;
    /* A batch of all 150 rows is no longer than that. */
    bp_ensemble_options six = bp_ensemble_options_default();
    six.members = 7;
    six.threads = 6;
    kinds.train[1].batch_size = BP_BATCH_FULL;
    bp_ensemble *small;
    cr_assert_eq(bp_ensemble_train(&small, dataset, NULL, kinds.kind + 1, 1, &six, NULL), BP_OK);
    cr_expect_eq(get_member(small, 0).train.threads, 1);
    bp_ensemble_free(small);
    for (size_t threads = 1; threads <= 8; threads++) {
        bp_ensemble_options options = bp_ensemble_options_default();
        struct seen seen = {.alone = false};
        options.members = 7;
        options.threads = threads;
        options.progress = look;
        options.user = &seen;
        bp_ensemble *ensemble;
        char digest[BP_DIGEST_SIZE];
        cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, 1, &options, NULL),
                     BP_OK);
        cr_expect_float_eq(seen.share, 1, 1e-12);
        cr_expect_eq(seen.ended, 7);
        if (threads > 2 && 7 % threads > 0)
            cr_expect_eq(get_member(ensemble, 0).train.threads, threads / (7 % threads));
        take_digest(ensemble, digest);
        if (threads == 1)
            memcpy(expected, digest, sizeof expected);
        cr_expect_str_eq(digest, expected, "%zu threads", threads);
        bp_ensemble_free(ensemble);
    }
    bp_dataset_free(dataset);
}

/* What each member says of the rows that it left out, by a training of its own; the folds cover
 * every row once. */
static void predict_left(const bp_dataset *dataset, const bp_ensemble *ensemble, size_t kind,
                         size_t folds, float outputs[3 * ROWS])
{
    static const size_t kinds = KINDS;
    for (size_t f = 0; f < folds; f++) {
        const bp_ensemble_member member = get_member(ensemble, f * kinds + kind);
        bp_dataset *rows, *left;
        float own[3 * ROWS];
        size_t row = 0;
        hold_out(dataset, folds, f, &rows, &left);
        bp_model *model = train_alone(dataset, rows, kind, &member);
        const size_t count = bp_dataset_get_info(left).rows;
        cr_assert_eq(bp_predict(model, left, NULL, own, NULL), BP_OK);
        /* Rows of a fold stand in the order of the file: find them by prediction of all rows. */
        float all[3 * ROWS];
        cr_assert_eq(bp_predict(model, dataset, NULL, all, NULL), BP_OK);
        for (size_t x = 0; x < count; x++) {
            while (memcmp(all + 3 * row, own + 3 * x, 3 * sizeof *own) != 0)
                row++;
            cr_assert_lt(row, ROWS);
            memcpy(outputs + 3 * row, own + 3 * x, 3 * sizeof *own);
            row++;
        }
        bp_model_free(model);
        bp_dataset_free(left);
        bp_dataset_free(rows);
    }
}

static double mean_loss(const double *outputs)
{
    double loss = 0;
    for (size_t x = 0; x < ROWS; x++)
        loss -= log(fmax((double)(float)outputs[3 * x + x / 50], 0x1p-52)) / ROWS;
    return loss;
}

/* How often kinds were chosen, as shares: those below a twentieth go. */
static void find_shares(const size_t times[KINDS], size_t all, double share[KINDS])
{
    double kept = 0;
    for (size_t k = 0; k < KINDS; k++)
        kept += 20 * times[k] >= all ? (double)times[k] : 0;
    for (size_t k = 0; k < KINDS; k++)
        share[k] = 20 * times[k] >= all ? (double)times[k] / kept : 0;
}

/* Greedy selection by its definition. */
static void select_kinds(float (*outputs)[3 * ROWS], double share[KINDS])
{
    size_t times[KINDS] = {0};
    double lowest = INFINITY;
    for (size_t n = 0; n < 25; n++) {
        size_t best = 0;
        double least = INFINITY;
        for (size_t k = 0; k < KINDS; k++) {
            static double mean[3 * ROWS];
            for (size_t i = 0; i < 3 * ROWS; i++) {
                mean[i] = (double)outputs[k][i];
                for (size_t c = 0; c < KINDS; c++)
                    mean[i] += (double)times[c] * (double)outputs[c][i];
                mean[i] /= (double)(n + 1);
            }
            const double loss = mean_loss(mean);
            if (loss < least) {
                least = loss;
                best = k;
            }
        }
        times[best]++;
        if (least < lowest) {
            lowest = least;
            find_shares(times, n + 1, share);
        }
    }
}

Test(ensemble, kinds_count_as_greedy_selection_on_the_rows_left_out_says)
{
    static float outputs[KINDS][3 * ROWS];
    static double mean[3 * ROWS], left_out[3 * ROWS];
    double share[KINDS] = {0}, weight = 0;
    bp_dataset *dataset = read_iris();
    const bp_ensemble_options options = folds_of(0);
    bp_ensemble *ensemble = train(dataset, KINDS, &options);
    const bp_ensemble_info info = bp_ensemble_get_info(ensemble);
    cr_expect_eq(info.left_rows, ROWS);
    cr_expect_eq(info.rows, ROWS);
    cr_expect_eq(info.weights, BP_MEMBER_WEIGHTS_OUT_OF_FOLD);
    for (size_t k = 0; k < KINDS; k++)
        predict_left(dataset, ensemble, k, 5, outputs[k]);
    select_kinds(outputs, share);
    for (size_t k = 0; k < KINDS; k++) {
        const bp_ensemble_kind kind = get_kind(ensemble, k);
        cr_expect_float_eq(kind.weight, share[k], 1e-12, "kind %zu: %g, not %g", k, kind.weight,
                           share[k]);
        for (size_t i = 0; i < 3 * ROWS; i++)
            mean[i] = (double)outputs[k][i];
        cr_expect_float_eq(kind.metrics.loss, mean_loss(mean), 1e-12);
    }
    for (size_t i = 0; i < 3 * ROWS; i++) {
        mean[i] = 0;
        for (size_t k = 0; k < KINDS; k++)
            mean[i] += share[k] * (double)outputs[k][i];
    }
    bp_quality quality;
    bp_metrics cross_fitted;
    cr_assert_eq(bp_ensemble_get_quality(ensemble, &quality, &cross_fitted, NULL), BP_OK);
    cr_expect_float_eq(quality.metrics.loss, mean_loss(mean), 1e-7);
    cr_expect_gt(cross_fitted.loss, quality.metrics.loss - 1e-9);
    cr_expect_float_eq(quality.baseline.accuracy, 1.0 / 3, 1e-9);
    cr_expect_str_eq(quality.baseline_class, "setosa");
    cr_assert_eq(bp_ensemble_get_left_out(ensemble, left_out, NULL), BP_OK);
    for (size_t i = 0; i < 3 * ROWS; i++)
        cr_assert_float_eq(left_out[i], mean[i], 1e-6);
    for (size_t m = 0; m < info.members; m++)
        weight += get_member(ensemble, m).weight;
    cr_expect_float_eq(weight, 1, 1e-12);
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
}

/* From the predictions for the rows left out, which are in the order of the file. */
Test(ensemble, probabilities_are_held_against_how_often_they_are_right)
{
    static double left_out[3 * ROWS];
    size_t count[BP_CALIBRATION_BINS] = {0}, all = 0;
    double predicted[BP_CALIBRATION_BINS] = {0}, right[BP_CALIBRATION_BINS] = {0};
    bp_calibration_bin bins[BP_CALIBRATION_BINS];
    bp_dataset *dataset = read_iris();
    const bp_ensemble_options options = folds_of(0);
    bp_ensemble *ensemble = train(dataset, KINDS, &options);
    cr_assert_eq(bp_ensemble_get_left_out(ensemble, left_out, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_get_calibration(ensemble, 0, bins, NULL), BP_OK);
    cr_expect_eq(bp_ensemble_get_calibration(ensemble, 1, bins, NULL), BP_ERROR_ARGUMENT);
    for (size_t x = 0; x < ROWS; x++) {
        const double *row = left_out + 3 * x;
        size_t best = 0;
        for (size_t j = 1; j < 3; j++)
            best = row[j] > row[best] ? j : best;
        const size_t bin = (size_t)fmin(row[best] * 10, 9);
        count[bin]++;
        predicted[bin] += row[best];
        right[bin] += best == x / 50;
    }
    for (size_t k = 0; k < BP_CALIBRATION_BINS; k++) {
        cr_expect_eq(bins[k].count, count[k]);
        all += bins[k].count;
        if (count[k] == 0) {
            cr_expect(isnan(bins[k].predicted) && isnan(bins[k].actual));
            continue;
        }
        cr_expect_float_eq(bins[k].predicted, predicted[k] / (double)count[k], 1e-9);
        cr_expect_float_eq(bins[k].actual, right[k] / (double)count[k], 1e-9);
    }
    cr_expect_eq(all, ROWS);
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
}

Test(ensemble, errors_of_numbers_are_held_against_how_far_kinds_disagree)
{
    bp_calibration_bin bins[BP_CALIBRATION_BINS];
    static double left_out[ROWS];
    bp_read_options reading = bp_read_options_default();
    bp_dataset *dataset;
    struct member_kinds kinds;
    bp_ensemble *ensemble;
    bp_ensemble_options options = folds_of(0);
    double squares = 0, rmse = 0;
    reading.ignore = "species";
    make_kinds(&kinds);
    for (size_t k = 0; k < KINDS; k++)
        kinds.model[k].task = BP_TASK_REGRESS;
    options.member_weights = BP_MEMBER_WEIGHTS_EQUAL;
    cr_assert_eq(bp_dataset_read(&dataset, IRIS, &reading, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, KINDS, &options, NULL),
                 BP_OK);
    cr_assert_eq(bp_ensemble_get_calibration(ensemble, 0, bins, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_get_left_out(ensemble, left_out, NULL), BP_OK);
    bp_quality quality;
    cr_assert_eq(bp_ensemble_get_quality(ensemble, &quality, NULL, NULL), BP_OK);
    for (size_t k = 0; k < BP_CALIBRATION_BINS; k++) {
        cr_expect_eq(bins[k].count, ROWS / BP_CALIBRATION_BINS);
        cr_expect(k == 0 || bins[k].predicted >= bins[k - 1].predicted);
        cr_expect(bins[k].within >= 0 && bins[k].within <= 1);
        cr_expect_gt(bins[k].predicted, 0);
        squares += bins[k].actual * bins[k].actual / BP_CALIBRATION_BINS;
    }
    rmse = quality.metrics.rmse;
    cr_expect_float_eq(sqrt(squares), rmse, 1e-6 * rmse);
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
}

Test(ensemble, a_bootstrap_leaves_out_about_a_third_and_counts_what_was_left_out)
{
    static double left_out[3 * ROWS];
    bp_dataset *dataset = read_iris();
    bp_ensemble_options options = folds_of(4);
    options.member_rows = BP_MEMBER_ROWS_BOOTSTRAP;
    options.member_weights = BP_MEMBER_WEIGHTS_EQUAL;
    bp_ensemble *ensemble = train(dataset, 1, &options);
    const bp_ensemble_info info = bp_ensemble_get_info(ensemble);
    size_t predicted = 0;
    cr_assert_eq(bp_ensemble_get_left_out(ensemble, left_out, NULL), BP_OK);
    for (size_t x = 0; x < ROWS; x++)
        predicted += isnan(left_out[3 * x]) ? 0 : 1;
    cr_expect_eq(predicted, info.left_rows);
    /* 1 - (1 - 0.368)^4 = 0.84 of the rows are left out by one at least. */
    cr_expect_gt((double)info.left_rows, 0.7 * ROWS);
    cr_expect_lt((double)info.left_rows, 0.95 * ROWS);
    for (size_t m = 0; m < 4; m++) {
        cr_expect_eq(get_member(ensemble, m).samples, ROWS);
        cr_expect_eq(get_member(ensemble, m).weight, 0.25);
    }
    cr_expect_str_neq(get_member(ensemble, 0).train.weights_digest,
                      get_member(ensemble, 1).train.weights_digest);
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
}

Test(ensemble, the_callback_hears_of_each_member_and_epoch)
{
    for (size_t threads = 1; threads <= 4; threads++) {
        bp_dataset *dataset = read_iris();
        struct seen seen = {.alone = threads == 1};
        bp_ensemble_options options = folds_of(0);
        options.member_folds = 3;
        options.threads = threads;
        options.progress = look;
        options.user = &seen;
        bp_ensemble *ensemble = train(dataset, KINDS, &options);
        cr_expect_eq(seen.begun, 9);
        cr_expect_eq(seen.ended, 9);
        cr_expect_eq(seen.epochs, 3 * (4 + 5 + 6));
        cr_expect_float_eq(seen.share, 1, 1e-12);
        bp_ensemble_free(ensemble);
        bp_dataset_free(dataset);
    }
}

Test(ensemble, a_member_that_is_stopped_has_not_ended)
{
    bp_dataset *dataset = read_iris();
    struct seen seen = {.stop_epochs = 3};
    struct member_kinds kinds;
    bp_ensemble_options options = folds_of(0);
    bp_ensemble *ensemble;
    bp_model *model;
    bp_error error;
    make_kinds(&kinds);
    options.threads = 1;
    options.progress = look;
    options.user = &seen;
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, KINDS, &options, NULL),
                 BP_STOPPED);
    cr_expect_eq(seen.begun, 1);
    cr_expect_eq(seen.ended, 0);
    cr_expect_eq(bp_ensemble_get_info(ensemble).finished, 0);
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, 0);
    cr_expect_eq(get_member(ensemble, 2).samples, 120);
    cr_expect_eq(get_member(ensemble, 0).samples, 0);
    cr_expect_eq(bp_ensemble_take_model(ensemble, &model, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "no member of the ensemble has ended");
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
}

/* The callback requests it where it would say so, and would go on. */
struct requesting {
    struct seen seen;
    bp_stop *stop;
};

static bool request(const bp_member_progress *progress, void *user)
{
    struct requesting *requesting = user;
    if (!look(progress, &requesting->seen))
        bp_stop_request(requesting->stop);
    return true;
}

Test(ensemble, a_request_stops_members_as_the_callback_does)
{
    bp_dataset *dataset = read_iris();
    struct requesting requesting = {.seen = {.stop_epochs = 3}};
    struct member_kinds kinds;
    bp_ensemble_options options = folds_of(0);
    bp_ensemble *ensemble;
    make_kinds(&kinds);
    cr_assert_eq(bp_stop_create(&requesting.stop, NULL), BP_OK);
    options.threads = 1;
    options.progress = request;
    options.user = &requesting;
    options.stop = requesting.stop;
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, KINDS, &options, NULL),
                 BP_STOPPED);
    cr_expect_eq(requesting.seen.begun, 1);
    cr_expect_eq(requesting.seen.ended, 0);
    cr_expect_eq(requesting.seen.stopping, 1);
    cr_expect_eq(get_member(ensemble, 2).samples, 120);
    cr_expect_eq(get_member(ensemble, 0).samples, 0);
    bp_ensemble_free(ensemble);
    options.progress = NULL; /* nobody is asked, and it is requested already */
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, KINDS, &options, NULL),
                 BP_STOPPED);
    cr_expect_eq(get_member(ensemble, 2).samples, 0);
    bp_ensemble_free(ensemble);
    bp_stop_free(requesting.stop);
    bp_dataset_free(dataset);
}

/* With validation rows, and with what they stopped trained again on all rows. */
Test(ensemble, validation_and_refit_change_with_no_thread_or_backend)
{
    bp_dataset *dataset = read_iris(), *rows, *valid;
    hold_out(dataset, 5, 0, &rows, &valid);
    for (int refit = 0; refit < 2; refit++) {
        char expected[BP_DIGEST_SIZE] = "";
        for (bp_backend backend = BP_BACKEND_SERIAL; backend <= BP_BACKEND_PTHREADS; backend++) {
            for (size_t threads = 1; threads <= (backend == BP_BACKEND_SERIAL ? 1 : 3); threads++) {
                struct member_kinds kinds;
                struct seen seen = {.alone = threads == 1};
                bp_ensemble_options options = folds_of(0);
                bp_ensemble *ensemble;
                bp_error error;
                char digest[BP_DIGEST_SIZE];
                make_kinds(&kinds);
                for (size_t k = 0; k < KINDS; k++)
                    kinds.train[k].refit = refit;
                options.member_rows = refit ? BP_MEMBER_ROWS_BOOTSTRAP : BP_MEMBER_ROWS_FOLDS;
                options.threads = threads;
                options.backend = backend;
                options.progress = look;
                options.user = &seen;
                if (!bp_has_backend(backend))
                    continue;
                options.member_folds = refit ? 5 : 2;
                options.members = KINDS * 2;
                cr_assert_eq(
                    bp_ensemble_train(&ensemble, rows, valid, kinds.kind, KINDS, &options, &error),
                    BP_OK, "%s", error.message);
                cr_expect_float_eq(seen.share, 1, 1e-12);
                cr_expect_eq(get_member(ensemble, 0).train.refit_epochs > 0, refit);
                take_digest(ensemble, digest);
                if (!expected[0])
                    memcpy(expected, digest, sizeof expected);
                cr_expect_str_eq(digest, expected, "%zu threads", threads);
                bp_ensemble_free(ensemble);
            }
        }
    }
    bp_dataset_free(valid);
    bp_dataset_free(rows);
    bp_dataset_free(dataset);
}

Test(ensemble, what_ended_before_a_stop_is_a_model)
{
    bp_dataset *dataset = read_iris();
    struct seen seen = {.stop_after = 4};
    struct member_kinds kinds;
    bp_ensemble_options options = folds_of(0);
    bp_ensemble *ensemble;
    bp_model *model;
    make_kinds(&kinds);
    options.threads = 1;
    options.progress = look;
    options.user = &seen;
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, KINDS, &options, NULL),
                 BP_STOPPED);
    const bp_ensemble_info info = bp_ensemble_get_info(ensemble);
    cr_expect_eq(info.finished, 4);
    cr_expect_eq(info.failed, 0);
    /* The largest come first: four of five of the third kind; no kind is whole. */
    cr_expect_eq(info.weights, BP_MEMBER_WEIGHTS_EQUAL);
    for (size_t m = 0; m < info.members; m++) {
        const bp_ensemble_member member = get_member(ensemble, m);
        const bool ended = member.kind == 2 && member.round < 4;
        cr_expect_eq(member.weight, ended ? 0.25 : 0);
        cr_expect_eq(member.error.status, ended ? BP_OK : BP_STOPPED);
    }
    cr_assert_eq(bp_ensemble_take_model(ensemble, &model, NULL), BP_OK);
    cr_expect_eq(bp_model_members(model), 4);
    bp_model_free(model);
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
}

/* The first member is wanted to stop with its last epoch or the one before. */
Test(ensemble, a_member_that_ends_does_not_stop)
{
    bp_dataset *dataset = read_iris();
    struct member_kinds kinds;
    make_kinds(&kinds);
    for (size_t stopped = 0; stopped < 2; stopped++) {
        struct seen seen = {.stop_epochs = kinds.train[2].epochs - stopped};
        bp_ensemble_options options = folds_of(0);
        bp_ensemble *ensemble;
        options.threads = 1;
        options.progress = look;
        options.user = &seen;
        cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, KINDS, &options, NULL),
                     BP_STOPPED);
        cr_expect_eq(seen.stopping, stopped);
        cr_expect_eq(seen.ended, 1 - stopped);
        cr_expect_eq(bp_ensemble_get_info(ensemble).finished, 1 - stopped);
        bp_ensemble_free(ensemble);
    }
    bp_dataset_free(dataset);
}

/* The largest come first: the third kind is whole, the second has two of five. */
Test(ensemble, a_kind_that_is_not_whole_does_not_count_beside_one_that_is)
{
    bp_dataset *dataset = read_iris();
    struct seen seen = {.stop_after = 7};
    struct member_kinds kinds;
    bp_ensemble_options options = folds_of(0);
    bp_ensemble *ensemble;
    make_kinds(&kinds);
    options.threads = 1;
    options.progress = look;
    options.user = &seen;
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, KINDS, &options, NULL),
                 BP_STOPPED);
    const bp_ensemble_info info = bp_ensemble_get_info(ensemble);
    cr_expect_eq(info.finished, 7);
    cr_expect_eq(info.left_rows, ROWS);
    cr_expect_eq(info.weights, BP_MEMBER_WEIGHTS_OUT_OF_FOLD);
    cr_expect_eq(get_kind(ensemble, 1).finished, 2);
    cr_expect_eq(get_kind(ensemble, 1).weight, 0);
    cr_expect_eq(get_kind(ensemble, 2).weight, 1);
    for (size_t m = 0; m < info.members; m++)
        cr_expect_eq(get_member(ensemble, m).weight, m % KINDS == 2 ? 0.2 : 0);
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
}

Test(ensemble, a_kind_that_diverges_is_left_out)
{
    bp_dataset *dataset = read_iris();
    struct member_kinds kinds;
    const bp_ensemble_options options = folds_of(0);
    bp_ensemble *ensemble;
    bp_error error;
    make_kinds(&kinds);
    kinds.train[1].learning_rate = 1e30f;
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, KINDS, &options, NULL),
                 BP_OK);
    cr_expect_eq(bp_ensemble_get_info(ensemble).failed, 5);
    cr_expect_eq(get_kind(ensemble, 1).weight, 0);
    cr_expect_eq(get_kind(ensemble, 1).finished, 0);
    cr_expect_eq(get_member(ensemble, 1).error.status, BP_ERROR_NOT_FINITE);
    cr_expect_float_eq(get_kind(ensemble, 0).weight + get_kind(ensemble, 2).weight, 1, 1e-12);
    bp_ensemble_free(ensemble);
    cr_expect_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind + 1, 1, &options, &error),
                 BP_ERROR_NOT_FINITE);
    cr_expect_not_null(strstr(error.message, "and all others"), "%s", error.message);
    cr_expect_null(ensemble);
    bp_dataset_free(dataset);
}

#define REFUSES(text, kinds, count, options)                                                       \
    do {                                                                                           \
        bp_error error;                                                                            \
        cr_expect_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds, count, options, &error),   \
                     BP_ERROR_ARGUMENT);                                                           \
        cr_expect_not_null(strstr(error.message, text), "%s", error.message);                      \
        cr_expect_null(ensemble);                                                                  \
    } while (0)

Test(ensemble, options_that_do_not_go_together_are_refused)
{
    bp_dataset *dataset = read_iris();
    struct member_kinds kinds;
    bp_ensemble *ensemble;
    bp_ensemble_options options = folds_of(7);
    make_kinds(&kinds);
    REFUSES("take a multiple of 15", kinds.kind, KINDS, &options);
    options.members = 65;
    REFUSES("members 65: give a whole number from 1 to 64, or 0 for auto", kinds.kind, KINDS,
            &options);
    options.members = 2;
    REFUSES("there are 3 kinds", kinds.kind, KINDS, &options);
    options = folds_of(0);
    options.member_folds = 151;
    REFUSES("150 rows cannot be divided into 151 folds", kinds.kind, KINDS, &options);
    options = folds_of(0);
    options.member_rows = BP_MEMBER_ROWS_ALL;
    REFUSES("needs rows that members leave out", kinds.kind, KINDS, &options);
    options = bp_ensemble_options_default();
    options.member_folds = 7;
    REFUSES("member-folds 7 has no effect with member-rows all: it is for folds", kinds.kind, KINDS,
            &options);
    options = folds_of(0);
    options.member_folds = 1;
    REFUSES("member-folds 1: give a whole number from 2 to 1000", kinds.kind, KINDS, &options);
    options = folds_of(0);
    REFUSES("0 kinds of members", kinds.kind, 0, &options);
    REFUSES("17 kinds of members", kinds.kind, 17, &options);
    kinds.model[2].loss = BP_LOSS_MSE;
    kinds.model[2].output_activation = BP_ACTIVATION_LOGISTIC;
    REFUSES("output-activation is not the same for kinds 1 and 3", kinds.kind, KINDS, &options);
    make_kinds(&kinds);
    kinds.model[1].scale = BP_SCALE_MINMAX;
    REFUSES("scale is not the same for kinds 1 and 2", kinds.kind, KINDS, &options);
    bp_dataset_free(dataset);
}

Test(ensemble, members_are_counted_before_there_are_data)
{
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_error error;
    size_t members = 0;
    cr_expect_eq(bp_ensemble_count_members(&options, 3, &members, &error), BP_OK);
    cr_expect_eq(members, 3);
    options.member_rows = BP_MEMBER_ROWS_FOLDS;
    cr_expect_eq(bp_ensemble_count_members(&options, 3, &members, &error), BP_OK);
    cr_expect_eq(members, 15);
    options.members = 4;
    cr_expect_eq(bp_ensemble_count_members(&options, 3, &members, &error), BP_OK);
    cr_expect_eq(members, 4);
    options.members = 0;
    cr_expect_eq(bp_ensemble_count_members(&options, 13, &members, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "members 65 (auto): a model has at most 64: give fewer "
                                    "member-folds or kinds");
}

/* ---- the recipe of the whole ---- */

static void expect_recipe(const bp_model *model)
{
    struct member_kinds kinds;
    bp_ensemble_options ensemble = bp_ensemble_options_default();
    make_kinds(&kinds);
    cr_assert_eq(bp_model_kinds(model), KINDS);
    for (size_t k = 0; k < KINDS; k++) {
        bp_model_options options = bp_model_options_default();
        bp_train_options how = bp_train_options_default();
        cr_assert_eq(bp_model_get_kind(model, k, &options, &how, NULL), BP_OK);
        cr_expect_eq(options.hidden_count, kinds.model[k].hidden_count);
        cr_expect(options.hidden_count == 0 || options.hidden[0] == kinds.model[k].hidden[0]);
        cr_expect_eq(options.activations[0], kinds.model[k].activations[0]);
        cr_expect_eq(options.loss, BP_LOSS_AUTO);
        cr_expect_eq(options.seed, 7);
        cr_expect_eq(how.epochs, kinds.train[k].epochs);
        cr_expect_eq(how.optimizer, kinds.train[k].optimizer);
        cr_expect_eq(how.weight_decay, BP_WEIGHT_DECAY_AUTO);
        cr_expect_eq(how.seed, 7);
        cr_expect_eq(bp_model_get_kind(model, k, NULL, NULL, NULL), BP_OK);
    }
    cr_assert_eq(bp_model_get_ensemble_options(model, &ensemble, NULL), BP_OK);
    cr_expect_eq(ensemble.members, 0);
    cr_expect_eq(ensemble.member_rows, BP_MEMBER_ROWS_FOLDS);
    cr_expect_eq(ensemble.member_folds, 3);
    cr_expect_eq(ensemble.member_weights, BP_MEMBER_WEIGHTS_OUT_OF_FOLD);
    cr_expect_eq(ensemble.seed, 7);
}

Test(ensemble, a_model_of_several_networks_knows_all_kinds)
{
    bp_dataset *dataset = read_iris();
    bp_ensemble_options options = folds_of(0);
    options.member_folds = 3;
    bp_ensemble *ensemble = train(dataset, KINDS, &options);
    bp_model *model, *read;
    bp_error error;
    char *path = scratch_file("m.safetensors");
    cr_assert_eq(bp_ensemble_take_model(ensemble, &model, NULL), BP_OK);
    expect_recipe(model);
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    cr_assert_eq(bp_model_load(&read, path, &error), BP_OK, "%s", error.message);
    expect_recipe(read);
    cr_expect_eq(bp_model_get_kind(read, KINDS, NULL, NULL, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "the model has no kind 3 of 3, from 0");
    cr_expect_eq(bp_model_kinds(bp_model_get_member(read, 0)), 0);
    bp_model_free(read);
    bp_model_free(model);
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
    scratch_remove();
}
