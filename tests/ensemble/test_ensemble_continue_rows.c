/* Rows count as left out of training that goes on only where no training has seen them. */
#include <string.h>

#include <criterion/criterion.h>

#include "support/continued.h"

TestSuite(ensemble_continue_rows, .init = continued_set_up, .fini = continued_tear_down);

/* The mean over kinds of equal weight of what their members, each alone, say of their folds. */
static void predict_alone(const bp_model *from, const bp_ensemble *ensemble, double *outputs)
{
    const bp_ensemble_options options = continued_folds(CONTINUED_FOLDS);
    memset(outputs, 0, CONTINUED_CLASSES * CONTINUED_ROWS * sizeof *outputs);
    for (size_t m = 0; m < CONTINUED_MEMBERS; m++) {
        const bp_ensemble_member member = continued_member(ensemble, m);
        bp_dataset *rows, *left;
        static float all[CONTINUED_CLASSES * CONTINUED_ROWS],
            own[CONTINUED_CLASSES * CONTINUED_ROWS];
        continued_cut(&options, member.round, &rows, &left);
        bp_model *model = continued_alone(from, &member, m, rows);
        cr_assert_eq(bp_predict(model, continued.iris, NULL, all, NULL), BP_OK);
        cr_assert_eq(bp_predict(model, left, NULL, own, NULL), BP_OK);
        const size_t count = bp_dataset_get_info(left).rows;
        for (size_t x = 0, row = 0; x < count; x++, row++) {
            while (memcmp(all + CONTINUED_CLASSES * row, own + CONTINUED_CLASSES * x,
                          CONTINUED_CLASSES * sizeof *own) != 0)
                row++;
            cr_assert_lt(row, CONTINUED_ROWS);
            for (size_t j = 0; j < CONTINUED_CLASSES; j++)
                outputs[CONTINUED_CLASSES * row + j] +=
                    (double)own[CONTINUED_CLASSES * x + j] / MEMBER_KINDS;
        }
        bp_model_free(model);
        bp_dataset_free(left);
        bp_dataset_free(rows);
    }
}

Test(ensemble_continue_rows, rows_that_were_left_out_before_are_left_out_again)
{
    static double left_out[CONTINUED_CLASSES * CONTINUED_ROWS],
        expected[CONTINUED_CLASSES * CONTINUED_ROWS];
    bp_model *from = continued_start_folds(continued.iris);
    bp_ensemble *ensemble = continued_go_on(from, continued.iris, NULL);
    bp_quality quality;
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, CONTINUED_ROWS);
    cr_expect_null(bp_ensemble_get_info(ensemble).left_reason);
    cr_assert_eq(bp_ensemble_get_quality(ensemble, &quality, NULL, NULL), BP_OK);
    cr_expect_eq(quality.metrics.samples, CONTINUED_ROWS);
    cr_assert_eq(bp_ensemble_get_left_out(ensemble, left_out, NULL), BP_OK);
    predict_alone(from, ensemble, expected);
    for (size_t k = 0; k < CONTINUED_CLASSES * CONTINUED_ROWS; k++)
        cr_assert_float_eq(left_out[k], expected[k], 1e-6, "%zu", k);
    /* And so on. */
    bp_model *second = continued_take(ensemble);
    ensemble = continued_go_on(second, continued.iris, NULL);
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, CONTINUED_ROWS);
    bp_ensemble_free(ensemble);
    bp_model_free(second);
    bp_model_free(from);
}

Test(ensemble_continue_rows, weights_and_factors_are_fitted_anew_to_rows_that_are_left_out_again)
{
    bp_model *from = continued_start_folds(continued.some);
    bp_ensemble_options options = continued_options(from);
    options.member_weights = BP_MEMBER_WEIGHTS_OUT_OF_FOLD;
    options.decide = BP_DECISION_BALANCED;
    bp_ensemble *ensemble = continued_go_on(from, continued.some, &options);
    cr_expect_eq(bp_ensemble_get_info(ensemble).weights, BP_MEMBER_WEIGHTS_OUT_OF_FOLD);
    cr_expect_eq(bp_ensemble_get_info(ensemble).decision, BP_DECISION_BALANCED);
    bp_model *model = continued_take(ensemble);
    cr_expect(bp_model_get_info(model).has_factors);
    /* Which later trainings do not take over. */
    cr_expect_eq(continued_options(model).decide, BP_DECISION_GREATEST);
    bp_model *plain = continued_take(continued_go_on(model, continued.some, NULL));
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
    bp_ensemble *ensemble = continued_go_on(from, dataset, options);
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

Test(ensemble_continue_rows, rows_that_members_may_have_seen_are_not_counted_as_left_out)
{
    bp_model *from = continued_start_folds(continued.iris);
    bp_ensemble_options options = continued_options(from);
    expect_seen(from, continued.some, &options, "were trained on other rows before");
    options.seed++;
    expect_seen(from, continued.iris, &options, "left out other rows before");
    options = continued_options(from);
    options.member_folds++;
    expect_seen(from, continued.iris, &options, "left out other rows before");
    options = continued_options_with(from, BP_MEMBER_ROWS_BOOTSTRAP);
    expect_seen(from, continued.iris, &options, "left out other rows before");
    bp_model_free(from);
}

/* Rows, other rows, and the first again: they have been seen in part. */
Test(ensemble_continue_rows, what_was_seen_once_stays_seen)
{
    bp_model *from = continued_start_folds(continued.some);
    bp_model *second = continued_take(continued_go_on(from, continued.rest, NULL));
    const bp_ensemble_options options = continued_options(second);
    expect_seen(second, continued.some, &options, "does not say which rows");
    expect_seen(second, continued.rest, &options, "does not say which rows");
    bp_model_free(second);
    /* And all rows. */
    const bp_ensemble_options all = continued_options_with(from, BP_MEMBER_ROWS_ALL);
    const bp_ensemble_options folds = continued_options(from);
    second = continued_take(continued_go_on(from, continued.some, &all));
    expect_seen(second, continued.some, &folds, "does not say which rows");
    bp_model_free(second);
    bp_model_free(from);
    from = continued_start(continued.iris, NULL);
    expect_seen(from, continued.iris, &folds, "does not say which rows");
    bp_model_free(from);
}

Test(ensemble_continue_rows, with_all_rows_nothing_is_left_out_and_there_is_no_reason)
{
    bp_model *from = continued_start_folds(continued.iris);
    const bp_ensemble_options options = continued_options_with(from, BP_MEMBER_ROWS_ALL);
    bp_ensemble *ensemble = continued_go_on(from, continued.some, &options);
    cr_expect_eq(bp_ensemble_get_info(ensemble).left_rows, 0);
    cr_expect_null(bp_ensemble_get_info(ensemble).left_reason);
    bp_ensemble_free(ensemble);
    bp_model_free(from);
}

/* Of a bootstrap, too. */
Test(ensemble_continue_rows, the_same_bootstrap_sample_is_left_out_again)
{
    bp_ensemble_options options = continued_folds(5);
    options.members = 2 * MEMBER_KINDS;
    options.member_rows = BP_MEMBER_ROWS_BOOTSTRAP;
    bp_model *from = continued_start(continued.iris, &options);
    bp_ensemble *ensemble = continued_go_on(from, continued.iris, NULL);
    const size_t left = bp_ensemble_get_info(ensemble).left_rows;
    cr_expect(left > 0 && left < CONTINUED_ROWS, "%zu", left);
    bp_ensemble_free(ensemble);
    bp_model_free(from);
}
