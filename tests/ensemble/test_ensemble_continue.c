/* Training that goes on from a model of several networks: each member is the network of a training
 * that goes on from it alone. */
#include <criterion/criterion.h>

#include "base/random.h"
#include "support/continued.h"

TestSuite(ensemble_continue, .init = continued_set_up, .fini = continued_tear_down);

Test(ensemble_continue, members_are_trainings_that_go_on_from_one)
{
    bp_model *from = continued_start_folds(continued.iris);
    bp_ensemble_options options[3] = {continued_options(from),
                                      continued_options_with(from, BP_MEMBER_ROWS_ALL),
                                      continued_options(from)};
    options[2].seed = CONTINUED_SEED + 1;
    for (size_t k = 0; k < 3; k++) {
        bp_ensemble *ensemble = continued_go_on(from, continued.iris, &options[k]);
        for (size_t m = 0; m < CONTINUED_MEMBERS; m++) {
            const bp_ensemble_member member = continued_member(ensemble, m);
            const bool folds = options[k].member_rows == BP_MEMBER_ROWS_FOLDS;
            bp_dataset *rows = NULL, *left = NULL;
            bp_train_options own = bp_train_options_default();
            cr_expect_eq(member.kind, m % MEMBER_KINDS);
            cr_expect_eq(member.round, m / MEMBER_KINDS);
            cr_assert_eq(bp_model_get_train_options(bp_model_get_member(from, m), &own, NULL),
                         BP_OK);
            cr_expect_eq(member.seed == own.seed, k != 2);
            if (folds)
                continued_cut(&options[k], member.round, &rows, &left);
            bp_model *model = continued_alone(from, &member, m, rows ? rows : continued.iris);
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
    bp_model *from = continued_start_folds(continued.iris);
    const bp_ensemble_options options = continued_options_with(from, BP_MEMBER_ROWS_BOOTSTRAP);
    uint32_t drawn[CONTINUED_ROWS];
    bp_ensemble *ensemble = continued_go_on(from, continued.iris, &options);
    for (size_t m = 0; m < CONTINUED_MEMBERS; m++) {
        const bp_ensemble_member member = continued_member(ensemble, m);
        size_t distinct = 0;
        bool in[CONTINUED_ROWS] = {false};
        for (size_t k = 0; k < CONTINUED_ROWS; k++) {
            drawn[k] = (uint32_t)bp_random_below(
                CONTINUED_SEED, bp_stream(BP_STREAM_BOOTSTRAP, (uint32_t)member.round), k,
                CONTINUED_ROWS);
            distinct += !in[drawn[k]];
            in[drawn[k]] = true;
        }
        cr_expect_lt(distinct, CONTINUED_ROWS);
        cr_expect_eq(member.samples, CONTINUED_ROWS);
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
    bp_train_options train[MEMBER_KINDS];
    bp_model *from = continued_start_folds(continued.iris);
    bp_ensemble *ensemble;
    bp_train_options said = bp_train_options_default();
    continued_kinds(&kinds);
    for (size_t k = 0; k < MEMBER_KINDS; k++) {
        train[k] = kinds.train[k];
        train[k].epochs = 10 + k;
    }
    cr_assert_eq(bp_ensemble_continue(&ensemble, from, continued.iris, NULL, train, NULL, NULL),
                 BP_OK);
    for (size_t m = 0; m < CONTINUED_MEMBERS; m++)
        cr_expect_eq(continued_member(ensemble, m).train.epochs, 10 + m % MEMBER_KINDS);
    bp_model *model = continued_take(ensemble);
    /* The model says so, and who goes on from it goes on like this. */
    cr_expect_eq(bp_model_kinds(model), MEMBER_KINDS);
    cr_expect_eq(bp_model_member_kind(model, 4), 1);
    cr_expect_eq(bp_model_member_kind(model, CONTINUED_MEMBERS), SIZE_MAX);
    cr_assert_eq(bp_model_get_kind(model, 2, NULL, &said, NULL), BP_OK);
    cr_expect_eq(said.epochs, 12);
    cr_expect_eq(said.seed, CONTINUED_SEED);
    ensemble = continued_go_on(model, continued.iris, NULL);
    cr_expect_eq(continued_member(ensemble, 5).train.epochs, 12);
    bp_ensemble_free(ensemble);
    bp_model_free(model);
    bp_model_free(from);
}

Test(ensemble_continue, threads_backends_and_instruction_sets_change_no_bit)
{
    struct member_kinds kinds;
    bp_model *from = continued_start_folds(continued.iris);
    bp_ensemble *whole = continued_go_on(from, continued.iris, NULL);
    bp_model *expected = continued_take(whole);
    continued_kinds(&kinds);
    for (bp_isa isa = BP_ISA_AUTO; isa <= BP_ISA_NEON; isa++) {
        for (size_t k = 0; k < MEMBER_KINDS; k++)
            kinds.train[k].isa = isa;
        for (bp_backend backend = BP_BACKEND_AUTO; backend <= BP_BACKEND_PTHREADS; backend++) {
            for (size_t threads = 1; threads <= 4; threads++) {
                bp_ensemble_options options = continued_options(from);
                bp_ensemble *ensemble;
                bp_error error;
                options.threads = backend == BP_BACKEND_SERIAL ? 1 : threads;
                options.backend = backend;
                if (!bp_has_backend(backend) || !bp_has_isa(isa))
                    continue;
                cr_assert_eq(bp_ensemble_continue(&ensemble, from, continued.iris, NULL,
                                                  kinds.train, &options, &error),
                             BP_OK, "%s", error.message);
                bp_model *model = continued_take(ensemble);
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
    bp_model *from = continued_start_folds(continued.iris);
    bp_ensemble_options options = continued_options(from);
    bp_ensemble *ensemble;
    options.threads = 1;
    options.progress = stop_after_two;
    cr_assert_eq(bp_ensemble_continue(&ensemble, from, continued.iris, NULL, NULL, &options, NULL),
                 BP_STOPPED);
    cr_expect_eq(bp_ensemble_get_info(ensemble).finished, 2);
    cr_expect_eq(bp_ensemble_get_info(ensemble).weights, BP_MEMBER_WEIGHTS_KEPT);
    bp_model *model = continued_take(ensemble);
    cr_expect_eq(bp_model_members(model), 2);
    cr_expect_float_eq(bp_model_member_weight(model, 0), 0.5, 1e-15);
    bp_model_free(model);
    bp_model_free(from);
}
