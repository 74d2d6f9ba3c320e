/* Training that goes on from a model of several networks: each member is the network of a training
 * that goes on from it alone, and rows count as left out only where no training has seen them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/random.h"
#include "batchprop/batchprop.h"
#include "support/hostile.h"
#include "support/member_kinds.h"
#include "support/scratch.h"

#define IRIS    DATASETS "/iris.csv"
#define ROWS    150
#define KINDS   MEMBER_KINDS
#define CLASSES 3
#define SEED    7
#define FOLDS   3
#define MEMBERS (KINDS * FOLDS)

static bp_dataset *iris; /* all rows, in their order */
static bp_dataset *some; /* four fifths of them */
static bp_dataset *rest;
static char *path, *alone;

static bp_holdout make_holdout(size_t folds, size_t fold, uint64_t seed)
{
    bp_holdout holdout = bp_holdout_default();
    holdout.folds = folds;
    holdout.fold = fold;
    holdout.seed = seed;
    return holdout;
}

static void set_up(void)
{
    bp_holdout holdout = make_holdout(5, 0, 99);
    holdout.stratify = false; /* so that classes of the rows differ in number */
    cr_assert_eq(bp_dataset_read(&iris, IRIS, NULL, NULL), BP_OK);
    cr_assert_eq(bp_dataset_hold_out(iris, &holdout, &some, &rest, NULL), BP_OK);
    path = scratch_file("m.safetensors");
    alone = scratch_file("alone.safetensors");
}

static void tear_down(void)
{
    bp_dataset_free(rest);
    bp_dataset_free(some);
    bp_dataset_free(iris);
    scratch_remove();
}

TestSuite(ensemble_continue, .init = set_up, .fini = tear_down);

static void make_kinds(struct member_kinds *kinds)
{
    static const size_t widths[KINDS] = {0, 5, 12};
    member_kinds_make(kinds, widths);
}

static bp_ensemble_options folds_of(size_t folds)
{
    bp_ensemble_options options = bp_ensemble_options_default();
    options.member_rows = BP_MEMBER_ROWS_FOLDS;
    options.member_folds = folds;
    options.seed = SEED;
    return options;
}

static bp_model *take_model(bp_ensemble *ensemble)
{
    bp_model *model;
    cr_assert_eq(bp_ensemble_take_model(ensemble, &model, NULL), BP_OK);
    bp_ensemble_free(ensemble);
    return model;
}

/* A first training, read from its file again. */
static bp_model *start(const bp_dataset *dataset, const bp_ensemble_options *options)
{
    struct member_kinds kinds;
    bp_ensemble *ensemble;
    bp_model *model;
    bp_error error;
    make_kinds(&kinds);
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, kinds.kind, KINDS, options, &error),
                 BP_OK, "%s", error.message);
    model = take_model(ensemble);
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    bp_model_free(model);
    cr_assert_eq(bp_model_load(&model, path, NULL), BP_OK);
    return model;
}

static bp_model *start_folds(const bp_dataset *dataset)
{
    const bp_ensemble_options options = folds_of(FOLDS);
    return start(dataset, &options);
}

static bp_ensemble *go_on(const bp_model *from, const bp_dataset *dataset,
                          const bp_ensemble_options *options)
{
    bp_ensemble *ensemble;
    bp_error error;
    cr_assert_eq(bp_ensemble_continue(&ensemble, from, dataset, NULL, NULL, options, &error), BP_OK,
                 "%s", error.message);
    return ensemble;
}

static bp_ensemble_options options_of(const bp_model *from)
{
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_error error;
    cr_assert_eq(bp_ensemble_continue_options(from, &options, &error), BP_OK, "%s", error.message);
    return options;
}

/* The same for other rows of the members. */
static bp_ensemble_options options_with(const bp_model *from, bp_member_rows rows)
{
    bp_ensemble_options options = options_of(from);
    options.member_rows = rows;
    options.member_folds = bp_ensemble_options_default().member_folds;
    return options;
}

static bp_ensemble_member get_member(const bp_ensemble *ensemble, size_t m)
{
    bp_ensemble_member member;
    cr_assert_eq(bp_ensemble_get_member(ensemble, m, &member, NULL), BP_OK);
    return member;
}

/* ---- members ---- */

/* The rows that a member leaves out, and the others, as bp_ensemble_train() says. */
static void cut(const bp_ensemble_options *options, size_t round, bp_dataset **rows,
                bp_dataset **left)
{
    bp_holdout holdout = make_holdout(options->member_folds, round % options->member_folds,
                                      options->seed + round / options->member_folds);
    cr_assert_eq(bp_dataset_hold_out(iris, &holdout, rows, left, NULL), BP_OK);
}

/* A member alone, from a file of its own. */
static bp_model *train_alone(const bp_model *from, const bp_ensemble_member *member, size_t m,
                             const bp_dataset *rows)
{
    bp_train_options train = bp_train_options_default();
    bp_model *model;
    bp_trainer *trainer;
    cr_assert_eq(bp_model_save(bp_model_get_member(from, m), alone, NULL), BP_OK);
    cr_assert_eq(bp_model_load(&model, alone, NULL), BP_OK);
    cr_assert_eq(bp_model_get_train_options(model, &train, NULL), BP_OK);
    train.seed = member->seed;
    cr_assert_eq(bp_trainer_create(&trainer, model, rows, NULL, &train, NULL), BP_OK);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, NULL, NULL), BP_OK);
    bp_trainer_free(trainer);
    return model;
}

Test(ensemble_continue, members_are_trainings_that_go_on_from_one)
{
    bp_model *from = start_folds(iris);
    bp_ensemble_options options[3] = {options_of(from), options_with(from, BP_MEMBER_ROWS_ALL),
                                      options_of(from)};
    options[2].seed = SEED + 1;
    for (size_t k = 0; k < 3; k++) {
        bp_ensemble *ensemble = go_on(from, iris, &options[k]);
        for (size_t m = 0; m < MEMBERS; m++) {
            const bp_ensemble_member member = get_member(ensemble, m);
            const bool folds = options[k].member_rows == BP_MEMBER_ROWS_FOLDS;
            bp_dataset *rows = NULL, *left = NULL;
            bp_train_options own = bp_train_options_default();
            cr_expect_eq(member.kind, m % KINDS);
            cr_expect_eq(member.round, m / KINDS);
            cr_assert_eq(bp_model_get_train_options(bp_model_get_member(from, m), &own, NULL),
                         BP_OK);
            cr_expect_eq(member.seed == own.seed, k != 2);
            if (folds)
                cut(&options[k], member.round, &rows, &left);
            bp_model *model = train_alone(from, &member, m, rows ? rows : iris);
            cr_expect_str_eq(member.train.weights_digest, bp_model_get_info(model).weights_digest,
                             "member %zu", m);
            cr_expect_eq(member.samples, folds ? 100 : 150);
            bp_model_free(model);
            bp_dataset_free(left);
            bp_dataset_free(rows);
        }
        bp_ensemble_free(ensemble);
    }
    bp_model_free(from);
}

/* Drawn as docs/numerics.md says. */
Test(ensemble_continue, bootstrap_samples_follow_from_seed_and_round)
{
    bp_model *from = start_folds(iris);
    const bp_ensemble_options options = options_with(from, BP_MEMBER_ROWS_BOOTSTRAP);
    uint32_t drawn[ROWS];
    bp_ensemble *ensemble = go_on(from, iris, &options);
    for (size_t m = 0; m < MEMBERS; m++) {
        const bp_ensemble_member member = get_member(ensemble, m);
        size_t distinct = 0;
        bool in[ROWS] = {false};
        for (size_t k = 0; k < ROWS; k++) {
            drawn[k] = (uint32_t)bp_random_below(
                SEED, bp_stream(BP_STREAM_BOOTSTRAP, (uint32_t)member.round), k, ROWS);
            distinct += !in[drawn[k]];
            in[drawn[k]] = true;
        }
        cr_expect_lt(distinct, ROWS);
        cr_expect_eq(member.samples, ROWS);
    }
    /* They may have been seen: by a network whose fold they were not. */
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, 0);
    cr_expect_not_null(bp_ensemble_get_info(ensemble).left_reason);
    bp_ensemble_free(ensemble);
    bp_model_free(from);
}

Test(ensemble_continue, options_of_a_kind_are_for_its_members)
{
    struct member_kinds kinds;
    bp_train_options train[KINDS];
    bp_model *from = start_folds(iris);
    bp_ensemble *ensemble;
    bp_train_options said = bp_train_options_default();
    make_kinds(&kinds);
    for (size_t k = 0; k < KINDS; k++) {
        train[k] = kinds.train[k];
        train[k].epochs = 10 + k;
    }
    cr_assert_eq(bp_ensemble_continue(&ensemble, from, iris, NULL, train, NULL, NULL), BP_OK);
    for (size_t m = 0; m < MEMBERS; m++)
        cr_expect_eq(get_member(ensemble, m).train.epochs, 10 + m % KINDS);
    bp_model *model = take_model(ensemble);
    /* The model says so, and who goes on from it goes on like this. */
    cr_expect_eq(bp_model_kinds(model), KINDS);
    cr_expect_eq(bp_model_member_kind(model, 4), 1);
    cr_expect_eq(bp_model_member_kind(model, MEMBERS), SIZE_MAX);
    cr_assert_eq(bp_model_get_kind(model, 2, NULL, &said, NULL), BP_OK);
    cr_expect_eq(said.epochs, 12);
    cr_expect_eq(said.seed, SEED);
    ensemble = go_on(model, iris, NULL);
    cr_expect_eq(get_member(ensemble, 5).train.epochs, 12);
    bp_ensemble_free(ensemble);
    bp_model_free(model);
    bp_model_free(from);
}

Test(ensemble_continue, threads_backends_and_instruction_sets_change_no_bit)
{
    struct member_kinds kinds;
    bp_model *from = start_folds(iris);
    bp_ensemble *whole = go_on(from, iris, NULL);
    bp_model *expected = take_model(whole);
    make_kinds(&kinds);
    for (bp_isa isa = BP_ISA_AUTO; isa <= BP_ISA_NEON; isa++) {
        for (size_t k = 0; k < KINDS; k++)
            kinds.train[k].isa = isa;
        for (bp_backend backend = BP_BACKEND_AUTO; backend <= BP_BACKEND_PTHREADS; backend++) {
            for (size_t threads = 1; threads <= 4; threads++) {
                bp_ensemble_options options = options_of(from);
                bp_ensemble *ensemble;
                bp_error error;
                options.threads = backend == BP_BACKEND_SERIAL ? 1 : threads;
                options.backend = backend;
                if (!bp_has_backend(backend) || !bp_has_isa(isa))
                    continue;
                cr_assert_eq(bp_ensemble_continue(&ensemble, from, iris, NULL, kinds.train,
                                                  &options, &error),
                             BP_OK, "%s", error.message);
                bp_model *model = take_model(ensemble);
                cr_expect_str_eq(bp_model_get_info(model).weights_digest,
                                 bp_model_get_info(expected).weights_digest);
                bp_model_free(model);
            }
        }
    }
    bp_model_free(expected);
    bp_model_free(from);
}

static bool stop_after_two(const bp_member_progress *progress, void *user)
{
    (void)user;
    return progress->done < 2;
}

/* The two that ended count as they did beside one another. */
Test(ensemble_continue, a_stop_leaves_the_members_that_ended_with_their_weights)
{
    bp_model *from = start_folds(iris);
    bp_ensemble_options options = options_of(from);
    bp_ensemble *ensemble;
    options.threads = 1;
    options.progress = stop_after_two;
    cr_assert_eq(bp_ensemble_continue(&ensemble, from, iris, NULL, NULL, &options, NULL),
                 BP_STOPPED);
    cr_expect_eq(bp_ensemble_get_info(ensemble).finished, 2);
    cr_expect_eq(bp_ensemble_get_info(ensemble).weights, BP_MEMBER_WEIGHTS_KEPT);
    bp_model *model = take_model(ensemble);
    cr_expect_eq(bp_model_members(model), 2);
    cr_expect_float_eq(bp_model_member_weight(model, 0), 0.5, 1e-15);
    bp_model_free(model);
    bp_model_free(from);
}

/* ---- weights ---- */

/* By the rows left out, so that weights differ, and some kinds may be gone. */
static bp_model *start_weighted(const bp_dataset *dataset)
{
    bp_ensemble_options options = folds_of(FOLDS);
    options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    return start(dataset, &options);
}

Test(ensemble_continue, weights_are_kept_to_the_bit)
{
    bp_model *from = start_weighted(some);
    const size_t members = bp_model_members(from);
    cr_assert(members > 1 && members % FOLDS == 0);
    bp_ensemble *ensemble = go_on(from, rest, NULL);
    cr_expect_eq(bp_ensemble_get_info(ensemble).weights, BP_MEMBER_WEIGHTS_KEPT);
    cr_expect_eq(bp_ensemble_get_info(ensemble).members, members);
    double sum = 0;
    for (size_t k = 0; k < KINDS; k++) {
        bp_ensemble_kind kind;
        cr_assert_eq(bp_ensemble_get_kind(ensemble, k, &kind, NULL), BP_OK);
        cr_expect(kind.members == 0 || kind.members == FOLDS);
        cr_expect_eq(kind.weight > 0, kind.members > 0);
        sum += kind.weight;
    }
    cr_expect_float_eq(sum, 1, 1e-12);
    bp_model *model = take_model(ensemble);
    for (size_t m = 0; m < members; m++)
        cr_expect_eq(bp_model_member_weight(model, m), bp_model_member_weight(from, m));
    bp_model_free(model);
    bp_model_free(from);
}

/* By rows that the kinds that are left leave out again; the others have no say. */
Test(ensemble_continue, kinds_without_members_take_no_part)
{
    bp_model *from = start_weighted(some);
    bp_ensemble_options options = options_of(from);
    options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    cr_assert_lt(bp_model_members(from), MEMBERS);
    bp_ensemble *ensemble = go_on(from, some, &options);
    cr_expect_eq(bp_ensemble_get_info(ensemble).weights, BP_MEMBER_WEIGHTS_OUT_OF_FOLD);
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, bp_dataset_get_info(some).rows);
    bp_ensemble_free(ensemble);
    bp_model_free(from);
}

Test(ensemble_continue, weights_become_equal_where_that_is_asked)
{
    bp_model *from = start_weighted(some);
    bp_ensemble_options options = options_of(from);
    options.member_weights = BP_MEMBER_WEIGHTS_EQUAL;
    bp_model *model = take_model(go_on(from, rest, &options));
    for (size_t m = 0; m < bp_model_members(model); m++)
        cr_expect_float_eq(bp_model_member_weight(model, m), 1.0 / (double)bp_model_members(from),
                           1e-15);
    bp_model_free(model);
    bp_model_free(from);
}

Test(ensemble_continue, new_members_that_keep_weights_count_the_same)
{
    bp_ensemble_options options = folds_of(FOLDS);
    bp_model *equal = start(iris, &options);
    options.member_weights = BP_MEMBER_WEIGHTS_KEPT;
    bp_model *kept = start(iris, &options);
    cr_expect_str_eq(bp_model_get_info(kept).weights_digest,
                     bp_model_get_info(equal).weights_digest);
    bp_model_free(kept);
    bp_model_free(equal);
}

/* A member whose rate is far too high is left out; the others count as they did to one another. */
Test(ensemble_continue, the_others_share_the_weight_of_a_member_that_fails)
{
    struct member_kinds kinds;
    bp_model *from = start_folds(iris);
    bp_ensemble *ensemble;
    make_kinds(&kinds);
    kinds.train[1].learning_rate = 1e30f;
    cr_assert_eq(bp_ensemble_continue(&ensemble, from, iris, NULL, kinds.train, NULL, NULL), BP_OK);
    cr_expect_eq(bp_ensemble_get_info(ensemble).failed, FOLDS);
    for (size_t m = 0; m < MEMBERS; m++)
        cr_expect_float_eq(get_member(ensemble, m).weight, m % KINDS == 1 ? 0 : 1.0 / 6, 1e-15);
    bp_ensemble_free(ensemble);
    for (size_t k = 0; k < KINDS; k++)
        kinds.train[k].learning_rate = 1e30f;
    cr_expect_eq(bp_ensemble_continue(&ensemble, from, iris, NULL, kinds.train, NULL, NULL),
                 BP_ERROR_NOT_FINITE);
    cr_expect_null(ensemble);
    bp_model_free(from);
}

/* ---- rows left out ---- */

/* The mean over kinds of equal weight of what their members, each alone, say of their folds. */
static void predict_alone(const bp_model *from, const bp_ensemble *ensemble, double *outputs)
{
    const bp_ensemble_options options = folds_of(FOLDS);
    memset(outputs, 0, CLASSES * ROWS * sizeof *outputs);
    for (size_t m = 0; m < MEMBERS; m++) {
        const bp_ensemble_member member = get_member(ensemble, m);
        bp_dataset *rows, *left;
        static float all[CLASSES * ROWS], own[CLASSES * ROWS];
        cut(&options, member.round, &rows, &left);
        bp_model *model = train_alone(from, &member, m, rows);
        cr_assert_eq(bp_predict(model, iris, NULL, all, NULL), BP_OK);
        cr_assert_eq(bp_predict(model, left, NULL, own, NULL), BP_OK);
        const size_t count = bp_dataset_get_info(left).rows;
        for (size_t x = 0, row = 0; x < count; x++, row++) {
            while (memcmp(all + CLASSES * row, own + CLASSES * x, CLASSES * sizeof *own) != 0)
                row++;
            cr_assert_lt(row, ROWS);
            for (size_t j = 0; j < CLASSES; j++)
                outputs[CLASSES * row + j] += (double)own[CLASSES * x + j] / KINDS;
        }
        bp_model_free(model);
        bp_dataset_free(left);
        bp_dataset_free(rows);
    }
}

Test(ensemble_continue, rows_that_were_left_out_before_are_left_out_again)
{
    static double left_out[CLASSES * ROWS], expected[CLASSES * ROWS];
    bp_model *from = start_folds(iris);
    bp_ensemble *ensemble = go_on(from, iris, NULL);
    bp_quality quality;
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, ROWS);
    cr_expect_null(bp_ensemble_get_info(ensemble).left_reason);
    cr_assert_eq(bp_ensemble_get_quality(ensemble, &quality, NULL, NULL), BP_OK);
    cr_expect_eq(quality.metrics.samples, ROWS);
    cr_assert_eq(bp_ensemble_get_left_out(ensemble, left_out, NULL), BP_OK);
    predict_alone(from, ensemble, expected);
    for (size_t k = 0; k < CLASSES * ROWS; k++)
        cr_assert_float_eq(left_out[k], expected[k], 1e-6, "%zu", k);
    /* And so on. */
    bp_model *second = take_model(ensemble);
    ensemble = go_on(second, iris, NULL);
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, ROWS);
    bp_ensemble_free(ensemble);
    bp_model_free(second);
    bp_model_free(from);
}

Test(ensemble_continue, weights_and_factors_are_fitted_anew_to_rows_that_are_left_out_again)
{
    bp_model *from = start_folds(some);
    bp_ensemble_options options = options_of(from);
    options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    options.decide = BP_DECISION_BALANCED;
    bp_ensemble *ensemble = go_on(from, some, &options);
    cr_expect_eq(bp_ensemble_get_info(ensemble).weights, BP_MEMBER_WEIGHTS_OUT_OF_FOLD);
    cr_expect_eq(bp_ensemble_get_info(ensemble).decision, BP_DECISION_BALANCED);
    bp_model *model = take_model(ensemble);
    cr_expect(bp_model_get_info(model).has_factors);
    /* Which later trainings do not take over. */
    cr_expect_eq(options_of(model).decide, BP_DECISION_GREATEST);
    bp_model *plain = take_model(go_on(model, some, NULL));
    cr_expect_not(bp_model_get_info(plain).has_factors);
    bp_model_free(plain);
    bp_model_free(model);
    bp_model_free(from);
}

/* No figures, and no choice by these rows. */
static void expect_seen(const bp_model *from, const bp_dataset *dataset,
                        const bp_ensemble_options *options, const char *reason)
{
    bp_quality quality;
    bp_error error;
    bp_ensemble_options weighs = *options, decides = *options;
    bp_ensemble *ensemble = go_on(from, dataset, options);
    const bp_ensemble_info info = bp_ensemble_get_info(ensemble);
    cr_expect_eq(info.left_rows, 0);
    cr_assert_not_null(info.left_reason);
    cr_expect_not_null(strstr(info.left_reason, reason), "%s", info.left_reason);
    cr_expect_eq(bp_ensemble_get_quality(ensemble, &quality, NULL, NULL), BP_ERROR_ARGUMENT);
    cr_expect_eq(info.weights, BP_MEMBER_WEIGHTS_KEPT);
    bp_ensemble_free(ensemble);
    weighs.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    cr_expect_eq(bp_ensemble_continue(&ensemble, from, dataset, NULL, NULL, &weighs, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, reason), "%s", error.message);
    cr_expect_not_null(strstr(error.message, "member-weights out-of-fold needs rows that networks "
                                             "have not seen"),
                       "%s", error.message);
    decides.decide = BP_DECISION_F1;
    cr_expect_eq(bp_ensemble_continue(&ensemble, from, dataset, NULL, NULL, &decides, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "decide f1 needs rows that networks have not seen"),
                       "%s", error.message);
}

Test(ensemble_continue, rows_that_members_may_have_seen_are_not_counted_as_left_out)
{
    bp_model *from = start_folds(iris);
    bp_ensemble_options options = options_of(from);
    expect_seen(from, some, &options, "were trained on other rows before");
    options.seed++;
    expect_seen(from, iris, &options, "left out other rows before");
    options = options_of(from);
    options.member_folds++;
    expect_seen(from, iris, &options, "left out other rows before");
    options = options_with(from, BP_MEMBER_ROWS_BOOTSTRAP);
    expect_seen(from, iris, &options, "left out other rows before");
    bp_model_free(from);
}

/* Rows, other rows, and the first again: they have been seen in part. */
Test(ensemble_continue, what_was_seen_once_stays_seen)
{
    bp_model *from = start_folds(some);
    bp_model *second = take_model(go_on(from, rest, NULL));
    const bp_ensemble_options options = options_of(second);
    expect_seen(second, some, &options, "does not say which rows");
    expect_seen(second, rest, &options, "does not say which rows");
    bp_model_free(second);
    /* And all rows. */
    const bp_ensemble_options all = options_with(from, BP_MEMBER_ROWS_ALL);
    const bp_ensemble_options folds = options_of(from);
    second = take_model(go_on(from, some, &all));
    expect_seen(second, some, &folds, "does not say which rows");
    bp_model_free(second);
    bp_model_free(from);
    from = start(iris, NULL);
    expect_seen(from, iris, &folds, "does not say which rows");
    bp_model_free(from);
}

Test(ensemble_continue, with_all_rows_nothing_is_left_out_and_there_is_no_reason)
{
    bp_model *from = start_folds(iris);
    const bp_ensemble_options options = options_with(from, BP_MEMBER_ROWS_ALL);
    bp_ensemble *ensemble = go_on(from, some, &options);
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, 0);
    cr_expect_null(bp_ensemble_get_info(ensemble).left_reason);
    bp_ensemble_free(ensemble);
    bp_model_free(from);
}

/* Of a bootstrap, too. */
Test(ensemble_continue, the_same_bootstrap_sample_is_left_out_again)
{
    bp_ensemble_options options = folds_of(5);
    options.members = 2 * KINDS;
    options.member_rows = BP_MEMBER_ROWS_BOOTSTRAP;
    bp_model *from = start(iris, &options);
    bp_ensemble *ensemble = go_on(from, iris, NULL);
    const size_t left = bp_ensemble_get_info(ensemble).left_rows;
    cr_expect(left > 0 && left < ROWS, "%zu", left);
    bp_ensemble_free(ensemble);
    bp_model_free(from);
}

/* ---- what is refused ---- */

static void expect_error(const bp_model *from, const bp_ensemble_options *options, bp_status status,
                         const char *words)
{
    bp_ensemble *ensemble;
    bp_error error;
    cr_expect_eq(bp_ensemble_continue(&ensemble, from, iris, NULL, NULL, options, &error), status,
                 "%s", words);
    cr_expect_null(ensemble);
    cr_expect_not_null(strstr(error.message, words), "%s", error.message);
    cr_expect_eq(bp_ensemble_check_continue(from, options, &error), status);
    cr_expect_not_null(strstr(error.message, words), "%s", error.message);
}

Test(ensemble_continue, options_that_do_not_suit_the_model_are_refused)
{
    bp_model *from = start_folds(iris);
    bp_ensemble_options options = options_of(from);
    options.members = MEMBERS;
    cr_expect_eq(bp_ensemble_check_continue(from, &options, NULL), BP_OK);
    options.members = MEMBERS + 1;
    expect_error(from, &options, BP_ERROR_ARGUMENT, "members 10: the model has 9, which stay");
    options = options_with(from, BP_MEMBER_ROWS_ALL);
    options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    expect_error(from, &options, BP_ERROR_ARGUMENT, "needs rows that members leave out");
    options = options_of(from);
    options.member_folds = 1;
    expect_error(from, &options, BP_ERROR_ARGUMENT, "member-folds");
    bp_model_free(from);
}

Test(ensemble_continue, one_network_is_for_a_trainer)
{
    bp_model *from;
    cr_assert_eq(bp_model_create(&from, iris, NULL, NULL), BP_OK);
    expect_error(from, NULL, BP_ERROR_ARGUMENT, "the model has one network");
    bp_model_free(from);
}

Test(ensemble_continue, networks_that_were_combined_are_trained_alone)
{
    bp_model *models[2], *from;
    for (size_t k = 0; k < 2; k++)
        cr_assert_eq(bp_model_create(&models[k], iris, NULL, NULL), BP_OK);
    cr_assert_eq(bp_model_combine(&from, models, NULL, 2, NULL), BP_OK);
    expect_error(from, NULL, BP_ERROR_ARGUMENT,
                 "the model has 2 networks that were not trained "
                 "together");
    bp_model_free(from);
}

/* A file that was changed by hand. */
Test(ensemble_continue, a_recipe_with_other_seeds_is_an_error_of_the_file)
{
    bp_model *from;
    bp_model_free(start_folds(iris));
    /* That of the first weights of the first member, and that of its training. */
    for (size_t k = 0; k < 2; k++)
        hostile_edit(path, "\\\"seed\\\":\\\"7\\\"", "\\\"seed\\\":\\\"8\\\"");
    cr_assert_eq(bp_model_load(&from, path, NULL), BP_OK);
    expect_error(from, NULL, BP_ERROR_INPUT, "has the seed");
    bp_model_free(from);
}

Test(ensemble_continue, two_members_with_one_seed_are_an_error_of_the_file)
{
    bp_model *from = start_folds(iris);
    bp_train_options own = bp_train_options_default();
    char text[64];
    cr_assert_eq(bp_model_get_train_options(bp_model_get_member(from, 1), &own, NULL), BP_OK);
    bp_model_free(from);
    snprintf(text, sizeof text, "\\\"seed\\\":\\\"%llu\\\"", (unsigned long long)own.seed);
    for (size_t k = 0; k < 2; k++)
        hostile_edit(path, text, "\\\"seed\\\":\\\"7\\\"");
    cr_assert_eq(bp_model_load(&from, path, NULL), BP_OK);
    expect_error(from, NULL, BP_ERROR_INPUT, "network 2 has the seed 7");
    cr_expect_eq(bp_model_member_kind(from, 0), SIZE_MAX);
    bp_model_free(from);
}

Test(ensemble_continue, a_digest_of_rows_that_is_no_text_is_an_error_of_the_file)
{
    bp_model_free(start_folds(iris));
    hostile_edit(path, "\\\"rows\\\":", "\\\"rows\\\":1,\\\"row\\\":");
    hostile_expect_no_model(path, "\"rows\" of the recipe is not a text");
}

Test(ensemble_continue, pointers_that_are_missing_are_named)
{
    bp_model *from = start_folds(iris);
    bp_ensemble *ensemble;
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_error error;
    options.size = 3;
    cr_expect_eq(bp_ensemble_continue(&ensemble, from, iris, NULL, NULL, &options, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_eq(bp_ensemble_continue_options(from, &options, &error), BP_ERROR_ARGUMENT);
    bp_train_options train[KINDS] = {bp_train_options_default()};
    train[0].size = 1;
    cr_expect_eq(bp_ensemble_continue(&ensemble, from, iris, NULL, train, NULL, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "bp_train_options"), "%s", error.message);
    bp_model_free(from);
}
