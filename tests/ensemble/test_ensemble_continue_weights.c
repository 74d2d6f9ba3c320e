/* Weights of members after training that went on. */
#include <criterion/criterion.h>

#include "support/continued.h"

TestSuite(ensemble_continue_weights, .init = continued_set_up, .fini = continued_tear_down);

/* By the rows left out, so that weights differ, and some kinds may be gone. */
static bp_model *start_weighted(const bp_dataset *dataset)
{
    bp_ensemble_options options = continued_folds(CONTINUED_FOLDS);
    options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    return continued_start(dataset, &options);
}

Test(ensemble_continue_weights, weights_are_kept_to_the_bit)
{
    bp_model *from = start_weighted(continued.some);
    const size_t members = bp_model_members(from);
    cr_assert(members > 1 && members % CONTINUED_FOLDS == 0);
    bp_ensemble *ensemble = continued_go_on(from, continued.rest, NULL);
    cr_expect_eq(bp_ensemble_get_info(ensemble).weights, BP_MEMBER_WEIGHTS_KEPT);
    cr_expect_eq(bp_ensemble_get_info(ensemble).members, members);
    double sum = 0;
    for (size_t k = 0; k < MEMBER_KINDS; k++) {
        bp_ensemble_kind kind;
        cr_assert_eq(bp_ensemble_get_kind(ensemble, k, &kind, NULL), BP_OK);
        cr_expect(kind.members == 0 || kind.members == CONTINUED_FOLDS);
        cr_expect_eq(kind.weight > 0, kind.members > 0);
        sum += kind.weight;
    }
    cr_expect_float_eq(sum, 1, 1e-12);
    bp_model *model = continued_take(ensemble);
    for (size_t m = 0; m < members; m++)
        cr_expect_eq(bp_model_member_weight(model, m), bp_model_member_weight(from, m));
    bp_model_free(model);
    bp_model_free(from);
}

/* By rows that the kinds that are left leave out again; the others have no say. */
Test(ensemble_continue_weights, kinds_without_members_take_no_part)
{
    bp_model *from = start_weighted(continued.some);
    bp_ensemble_options options = continued_options(from);
    options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    cr_assert_lt(bp_model_members(from), CONTINUED_MEMBERS);
    bp_ensemble *ensemble = continued_go_on(from, continued.some, &options);
    cr_expect_eq(bp_ensemble_get_info(ensemble).weights, BP_MEMBER_WEIGHTS_OUT_OF_FOLD);
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows,
                 bp_dataset_get_info(continued.some).rows);
    bp_ensemble_free(ensemble);
    bp_model_free(from);
}

Test(ensemble_continue_weights, weights_become_equal_where_that_is_asked)
{
    bp_model *from = start_weighted(continued.some);
    bp_ensemble_options options = continued_options(from);
    options.member_weights = BP_MEMBER_WEIGHTS_EQUAL;
    bp_model *model = continued_take(continued_go_on(from, continued.rest, &options));
    for (size_t m = 0; m < bp_model_members(model); m++)
        cr_expect_float_eq(bp_model_member_weight(model, m), 1.0 / (double)bp_model_members(from),
                           1e-15);
    bp_model_free(model);
    bp_model_free(from);
}

Test(ensemble_continue_weights, new_members_that_keep_weights_count_the_same)
{
    bp_ensemble_options options = continued_folds(CONTINUED_FOLDS);
    bp_model *equal = continued_start(continued.iris, &options);
    options.member_weights = BP_MEMBER_WEIGHTS_KEPT;
    bp_model *kept = continued_start(continued.iris, &options);
    cr_expect_str_eq(bp_model_get_info(kept).weights_digest,
                     bp_model_get_info(equal).weights_digest);
    bp_model_free(kept);
    bp_model_free(equal);
}

/* A member whose rate is far too high is left out; the others count as they did to one another. */
Test(ensemble_continue_weights, the_others_share_the_weight_of_a_member_that_fails)
{
    struct member_kinds kinds;
    bp_model *from = continued_start_folds(continued.iris);
    bp_ensemble *ensemble;
    continued_kinds(&kinds);
    kinds.train[1].learning_rate = 1e30f;
    cr_assert_eq(
        bp_ensemble_continue(&ensemble, from, continued.iris, NULL, kinds.train, NULL, NULL),
        BP_OK);
    cr_expect_eq(bp_ensemble_get_info(ensemble).failed, CONTINUED_FOLDS);
    for (size_t m = 0; m < CONTINUED_MEMBERS; m++)
        cr_expect_float_eq(continued_member(ensemble, m).weight,
                           m % MEMBER_KINDS == 1 ? 0 : 1.0 / 6, 1e-15);
    bp_ensemble_free(ensemble);
    for (size_t k = 0; k < MEMBER_KINDS; k++)
        kinds.train[k].learning_rate = 1e30f;
    cr_expect_eq(
        bp_ensemble_continue(&ensemble, from, continued.iris, NULL, kinds.train, NULL, NULL),
        BP_ERROR_NOT_FINITE);
    cr_expect_null(ensemble);
    bp_model_free(from);
}
