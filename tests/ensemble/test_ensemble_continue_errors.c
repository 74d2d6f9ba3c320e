/* What training that goes on from a model of several networks refuses. */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/continued.h"
#include "support/hostile.h"

TestSuite(ensemble_continue_errors, .init = continued_set_up, .fini = continued_tear_down);

static void expect_error(const bp_model *from, const bp_ensemble_options *options, bp_status status,
                         const char *words)
{
    bp_ensemble *ensemble;
    bp_error error;
    cr_expect_eq(bp_ensemble_continue(&ensemble, from, continued.iris, NULL, NULL, options, &error),
                 status, "%s", words);
    cr_expect_null(ensemble);
    cr_expect_not_null(strstr(error.message, words), "%s", error.message);
    cr_expect_eq(bp_ensemble_check_continue(from, options, &error), status);
    cr_expect_not_null(strstr(error.message, words), "%s", error.message);
}

Test(ensemble_continue_errors, options_that_do_not_suit_the_model_are_refused)
{
    bp_model *from = continued_start_folds(continued.iris);
    bp_ensemble_options options = continued_options(from);
    options.members = CONTINUED_MEMBERS;
    cr_expect_eq(bp_ensemble_check_continue(from, &options, NULL), BP_OK);
    options.members = CONTINUED_MEMBERS + 1;
    expect_error(from, &options, BP_ERROR_ARGUMENT, "members 10: the model has 9, which stay");
    options = continued_options_with(from, BP_MEMBER_ROWS_ALL);
    options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    expect_error(from, &options, BP_ERROR_ARGUMENT, "needs rows that members leave out");
    options = continued_options(from);
    options.member_folds = 1;
    expect_error(from, &options, BP_ERROR_ARGUMENT, "member-folds");
    bp_model_free(from);
}

Test(ensemble_continue_errors, one_network_is_for_a_trainer)
{
    bp_model *from;
    cr_assert_eq(bp_model_create(&from, continued.iris, NULL, NULL), BP_OK);
    expect_error(from, NULL, BP_ERROR_ARGUMENT, "the model has one network");
    bp_model_free(from);
}

Test(ensemble_continue_errors, networks_that_were_combined_are_trained_alone)
{
    bp_model *models[2], *from;
    for (size_t k = 0; k < 2; k++)
        cr_assert_eq(bp_model_create(&models[k], continued.iris, NULL, NULL), BP_OK);
    cr_assert_eq(bp_model_combine(&from, models, NULL, 2, NULL), BP_OK);
    expect_error(from, NULL, BP_ERROR_ARGUMENT,
                 "the model has 2 networks that were not trained "
                 "together");
    bp_model_free(from);
}

/* A file that was changed by hand. */
Test(ensemble_continue_errors, a_recipe_with_other_seeds_is_an_error_of_the_file)
{
    bp_model *from;
    bp_model_free(continued_start_folds(continued.iris));
    /* That of the first weights of the first member, and that of its training. */
    for (size_t k = 0; k < 2; k++)
        hostile_edit(continued.path, "\\\"seed\\\":\\\"7\\\"", "\\\"seed\\\":\\\"8\\\"");
    cr_assert_eq(bp_model_load(&from, continued.path, NULL), BP_OK);
    expect_error(from, NULL, BP_ERROR_INPUT, "has the seed");
    bp_model_free(from);
}

Test(ensemble_continue_errors, two_members_with_one_seed_are_an_error_of_the_file)
{
    bp_model *from = continued_start_folds(continued.iris);
    bp_train_options own = bp_train_options_default();
    char text[64];
    cr_assert_eq(bp_model_get_train_options(bp_model_get_member(from, 1), &own, NULL), BP_OK);
    bp_model_free(from);
    snprintf(text, sizeof text, "\\\"seed\\\":\\\"%llu\\\"", (unsigned long long)own.seed);
    for (size_t k = 0; k < 2; k++)
        hostile_edit(continued.path, text, "\\\"seed\\\":\\\"7\\\"");
    cr_assert_eq(bp_model_load(&from, continued.path, NULL), BP_OK);
    expect_error(from, NULL, BP_ERROR_INPUT, "network 2 has the seed 7");
    cr_expect_eq(bp_model_member_kind(from, 0), SIZE_MAX);
    bp_model_free(from);
}

Test(ensemble_continue_errors, a_digest_of_rows_that_is_no_text_is_an_error_of_the_file)
{
    bp_model_free(continued_start_folds(continued.iris));
    hostile_edit(continued.path, "\\\"rows\\\":", "\\\"rows\\\":1,\\\"row\\\":");
    hostile_expect_no_model(continued.path, "\"rows\" of the recipe is not a text");
}

Test(ensemble_continue_errors, pointers_that_are_missing_are_named)
{
    bp_model *from = continued_start_folds(continued.iris);
    bp_ensemble *ensemble;
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_error error;
    options.size = 3;
    cr_expect_eq(
        bp_ensemble_continue(&ensemble, from, continued.iris, NULL, NULL, &options, &error),
        BP_ERROR_ARGUMENT);
    cr_expect_eq(bp_ensemble_continue_options(from, &options, &error), BP_ERROR_ARGUMENT);
    bp_train_options train[MEMBER_KINDS] = {bp_train_options_default()};
    train[0].size = 1;
    cr_expect_eq(bp_ensemble_continue(&ensemble, from, continued.iris, NULL, train, NULL, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "bp_train_options"), "%s", error.message);
    bp_model_free(from);
}
