/* Names of choices, and the nearest name. */
#include <criterion/criterion.h>

#include <string.h>

#include "base/status.h"

static const struct name {
    bp_choice choice;
    int value;
    const char *name;
} names[] = {
    {BP_CHOICE_ACTIVATION, BP_ACTIVATION_LOGISTIC, "logistic"},
    {BP_CHOICE_ACTIVATION, BP_ACTIVATION_IDENTITY, "identity"},
    {BP_CHOICE_LOSS, BP_LOSS_MSE, "mse"},
    {BP_CHOICE_OPTIMIZER, BP_OPTIMIZER_SGD, "sgd"},
    {BP_CHOICE_HIDDEN_DELTA, BP_HIDDEN_DELTA_CHAIN_RULE, "chain-rule"},
    {BP_CHOICE_HIDDEN_DELTA, BP_HIDDEN_DELTA_AS_PRINTED, "as-printed"},
    {BP_CHOICE_BACKEND, BP_BACKEND_AUTO, "auto"},
    {BP_CHOICE_BACKEND, BP_BACKEND_SERIAL, "serial"},
    {BP_CHOICE_BACKEND, BP_BACKEND_OPENMP, "openmp"},
    {BP_CHOICE_BACKEND, BP_BACKEND_PTHREADS, "pthreads"},
    {BP_CHOICE_ISA, BP_ISA_AUTO, "auto"},
    {BP_CHOICE_ISA, BP_ISA_PORTABLE, "portable"},
    {BP_CHOICE_ISA, BP_ISA_AVX2, "avx2"},
    {BP_CHOICE_ISA, BP_ISA_AVX512, "avx512"},
    {BP_CHOICE_ISA, BP_ISA_NEON, "neon"},
    {BP_CHOICE_SCALE, BP_SCALE_STANDARD, "standard"},
    {BP_CHOICE_SCALE, BP_SCALE_MINMAX, "minmax"},
    {BP_CHOICE_SCALE, BP_SCALE_NONE, "none"},
    {BP_CHOICE_TASK, BP_TASK_AUTO, "auto"},
    {BP_CHOICE_TASK, BP_TASK_CLASSIFY, "classify"},
    {BP_CHOICE_TASK, BP_TASK_REGRESS, "regress"},
    {BP_CHOICE_FORMAT, BP_FORMAT_AUTO, "auto"},
    {BP_CHOICE_FORMAT, BP_FORMAT_CSV, "csv"},
    {BP_CHOICE_FORMAT, BP_FORMAT_IDX, "idx"},
    {BP_CHOICE_FORMAT, BP_FORMAT_FANN, "fann"},
    {BP_CHOICE_FORMAT, BP_FORMAT_NPY, "npy"},
    {BP_CHOICE_HEADER, BP_HEADER_AUTO, "auto"},
    {BP_CHOICE_HEADER, BP_HEADER_YES, "yes"},
    {BP_CHOICE_HEADER, BP_HEADER_NO, "no"},
    {BP_CHOICE_MEMBER_ROWS, BP_MEMBER_ROWS_ALL, "all"},
    {BP_CHOICE_MEMBER_ROWS, BP_MEMBER_ROWS_FOLDS, "folds"},
    {BP_CHOICE_MEMBER_ROWS, BP_MEMBER_ROWS_BOOTSTRAP, "bootstrap"},
    {BP_CHOICE_MEMBER_WEIGHTS, BP_MEMBER_WEIGHTS_EQUAL, "equal"},
    {BP_CHOICE_MEMBER_WEIGHTS, BP_MEMBER_WEIGHTS_OUT_OF_FOLD, "out-of-fold"},
    {BP_CHOICE_MEMBER_WEIGHTS, BP_MEMBER_WEIGHTS_KEPT, "kept"},
    {BP_CHOICE_DECISION, BP_DECISION_GREATEST, "greatest"},
    {BP_CHOICE_DECISION, BP_DECISION_F1, "f1"},
    {BP_CHOICE_DECISION, BP_DECISION_BALANCED, "balanced"},
    {BP_CHOICE_PLAN, BP_PLAN_AUTO, "auto"},
    {BP_CHOICE_PLAN, BP_PLAN_SAMPLES, "samples"},
    {BP_CHOICE_PLAN, BP_PLAN_PARAMETERS, "parameters"},
    {BP_CHOICE_LAUNCH, BP_LAUNCH_AUTO, "auto"},
    {BP_CHOICE_LAUNCH, BP_LAUNCH_NONE, "none"},
    {BP_CHOICE_LAUNCH, BP_LAUNCH_MPI, "mpi"},
    {BP_CHOICE_TARGET_SCALE, BP_TARGET_SCALE_AUTO, "auto"},
    {BP_CHOICE_TARGET_SCALE, BP_TARGET_SCALE_NONE, "none"},
    {BP_CHOICE_EXPORT_FORMAT, BP_EXPORT_AUTO, "auto"},
    {BP_CHOICE_EXPORT_FORMAT, BP_EXPORT_ONNX, "onnx"},
    {BP_CHOICE_EXPORT_FORMAT, BP_EXPORT_C, "c"},
    {BP_CHOICE_EXPORT_FORMAT, BP_EXPORT_PYTHON, "python"},
    {BP_CHOICE_EXPORT_FORMAT, BP_EXPORT_SQL, "sql"},
    {BP_CHOICE_EXPORT_FORMAT, BP_EXPORT_JAVASCRIPT, "javascript"},
    {BP_CHOICE_IMPORT_FORMAT, BP_IMPORT_AUTO, "auto"},
    {BP_CHOICE_IMPORT_FORMAT, BP_IMPORT_SAFETENSORS, "safetensors"},
    {BP_CHOICE_IMPORT_FORMAT, BP_IMPORT_FANN, "fann"},
};

Test(base_choice, every_value_has_its_name_and_every_name_its_value)
{
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        const struct name *name = &names[k];
        cr_assert_str_eq(bp_choice_name(name->choice, name->value), name->name);
        int value = -1;
        cr_assert_eq(bp_choice_value(name->choice, name->name, &value, NULL), BP_OK);
        cr_assert_eq(value, name->value);
    }
}

Test(base_choice, a_value_or_a_choice_that_does_not_exist_has_no_name)
{
    cr_assert_null(bp_choice_name(BP_CHOICE_ACTIVATION, 99));
    cr_assert_null(bp_choice_name(BP_CHOICE_ACTIVATION, -1));
    cr_assert_null(bp_choice_name((bp_choice)99, 0));
    cr_assert_null(bp_choice_name((bp_choice)-1, 0));
}

static void check_unknown(bp_choice choice, const char *name, const char *message)
{
    int value = 77;
    bp_error error;
    cr_assert_eq(bp_choice_value(choice, name, &value, &error), BP_ERROR_ARGUMENT);
    cr_assert_eq(error.status, BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message, message);
    cr_assert_eq(value, 77, "a value was written");
}

Test(base_choice, a_mistyped_name_gets_the_nearest_one)
{
    check_unknown(BP_CHOICE_ACTIVATION, "logstic",
                  "unknown activation \"logstic\"; did you mean \"logistic\"? (logistic, "
                  "identity, tanh, relu, leaky-relu, gelu, silu, softmax, auto, elu, softplus)");
    check_unknown(BP_CHOICE_LOSS, "MSE",
                  "unknown loss \"MSE\"; did you mean \"mse\"? (mse, mae, huber, "
                  "binary-cross-entropy, cross-entropy, poisson, auto, quantile)");
    check_unknown(BP_CHOICE_HIDDEN_DELTA, "chain_rule",
                  "unknown hidden-delta rule \"chain_rule\"; did you mean \"chain-rule\"? "
                  "(chain-rule, as-printed)");
}

Test(base_choice, a_name_near_to_nothing_gets_the_whole_list)
{
    check_unknown(BP_CHOICE_BACKEND, "gpu",
                  "unknown backend \"gpu\": use one of auto, serial, openmp, pthreads");
    check_unknown(BP_CHOICE_HEADER, "yes,no",
                  "\"yes,no\" is a list: give one header choice of auto, yes, no");
    check_unknown(BP_CHOICE_HEADER, "", "unknown header choice \"\": use one of auto, yes, no");
}

Test(base_choice, a_missing_argument_is_an_error)
{
    int value;
    cr_assert_eq(bp_choice_value(BP_CHOICE_LOSS, NULL, &value, NULL), BP_ERROR_ARGUMENT);
    cr_assert_eq(bp_choice_value(BP_CHOICE_LOSS, "mse", NULL, NULL), BP_ERROR_ARGUMENT);
    cr_assert_eq(bp_choice_value((bp_choice)99, "mse", &value, NULL), BP_ERROR_ARGUMENT);
}

static const char *const columns[] = {"sepal_length", "sepal_width", "petal_length", "x",
                                      "Species"};
#define COLUMNS (sizeof columns / sizeof columns[0])

Test(base_nearest_name, one_slip_of_each_kind_is_forgiven)
{
    cr_assert_str_eq(bp_nearest_name("speal_width", columns, COLUMNS), "sepal_width");
    cr_assert_str_eq(bp_nearest_name("sepal_wdth", columns, COLUMNS), "sepal_width");
    cr_assert_str_eq(bp_nearest_name("sepal_wiidth", columns, COLUMNS), "sepal_width");
    cr_assert_str_eq(bp_nearest_name("sepal-width", columns, COLUMNS), "sepal_width");
}

Test(base_nearest_name, a_swap_of_neighbours_counts_once)
{
    static const char *const losses[] = {"mse"};
    cr_assert_str_eq(bp_nearest_name("mes", losses, 1), "mse");
}

Test(base_nearest_name, case_does_not_count)
{
    cr_assert_str_eq(bp_nearest_name("SPECIES", columns, COLUMNS), "Species");
}

Test(base_nearest_name, the_nearest_wins_over_the_first_that_is_near)
{
    static const char *const near[] = {"weights", "weight"};
    cr_assert_str_eq(bp_nearest_name("wieght", near, 2), "weight");
}

Test(base_nearest_name, nothing_is_near_to_another_word)
{
    cr_assert_null(bp_nearest_name("colour", columns, COLUMNS));
    cr_assert_null(bp_nearest_name("y", columns, COLUMNS));
    cr_assert_null(bp_nearest_name("", columns, COLUMNS));
    cr_assert_null(bp_nearest_name("x", NULL, 0));
}

Test(base_nearest_name, words_up_to_64_bytes_are_compared_and_longer_ones_left_alone)
{
    char word[66], name[66];
    memset(word, 'a', sizeof word);
    memset(name, 'a', sizeof name);
    name[10] = 'b';
    const char *const list[] = {name};
    word[64] = name[64] = '\0';
    cr_assert_eq(bp_nearest_name(word, list, 1), name);
    word[64] = 'a';
    word[65] = '\0';
    cr_assert_null(bp_nearest_name(word, list, 1));
    word[64] = '\0';
    name[64] = 'a';
    name[65] = '\0';
    cr_assert_null(bp_nearest_name(word, list, 1));
}
