/* Models of several networks: what they predict, what a file keeps of them, and what is refused. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "support/folder.h"
#include "support/hostile.h"

#define IRIS DATASETS "/iris.csv"
#define ROWS 150

static bp_dataset *read_iris(void)
{
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_read(&dataset, IRIS, NULL, NULL), BP_OK);
    return dataset;
}

/* Softmax outputs, or logistic ones; `width` 0: no hidden layer. */
static bp_model *make_member(const bp_dataset *dataset, size_t width, uint64_t seed, bool softmax)
{
    bp_model_options options = bp_model_options_default();
    options.hidden_count = width > 0;
    options.hidden[0] = width;
    options.activations[0] = width % 2 ? BP_ACTIVATION_RELU : BP_ACTIVATION_LOGISTIC;
    if (softmax) {
        options.output_activation = BP_ACTIVATION_SOFTMAX;
        options.loss = BP_LOSS_CROSS_ENTROPY;
    }
    options.seed = seed;
    bp_model *model;
    cr_assert_eq(bp_model_create(&model, dataset, &options, NULL), BP_OK);
    return model;
}

#define MEMBERS 4
static const size_t widths[MEMBERS] = {0, 5, 40, 17};
static const double weights[MEMBERS] = {1, 3, 0.5, 0.5};

static void make_members(const bp_dataset *dataset, bp_model *member[MEMBERS])
{
    for (size_t m = 0; m < MEMBERS; m++)
        member[m] = make_member(dataset, widths[m], m + 1, true);
}

static bp_model *make_model(const bp_dataset *dataset)
{
    bp_model *member[MEMBERS], *model;
    make_members(dataset, member);
    cr_assert_eq(bp_model_combine(&model, member, weights, MEMBERS, NULL), BP_OK);
    return model;
}

static float *predict(const bp_model *model, const bp_dataset *dataset,
                      const bp_run_options *options)
{
    float *outputs = malloc(3 * ROWS * sizeof *outputs);
    cr_assert_not_null(outputs);
    cr_assert_eq(bp_predict(model, dataset, options, outputs, NULL), BP_OK);
    return outputs;
}

Test(model_members, outputs_are_the_weighted_mean_in_binary64)
{
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset);
    float *outputs = predict(model, dataset, NULL), *member[MEMBERS];
    for (size_t m = 0; m < MEMBERS; m++)
        member[m] = predict(bp_model_get_member(model, m), dataset, NULL);
    for (size_t k = 0; k < 3 * ROWS; k++) {
        double sum = 0;
        for (size_t m = 0; m < MEMBERS; m++)
            sum += weights[m] / 5 * (double)member[m][k];
        cr_assert_eq(outputs[k], (float)sum, "output %zu", k);
    }
    for (size_t m = 0; m < MEMBERS; m++)
        free(member[m]);
    free(outputs);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_members, threads_instruction_sets_and_single_rows_change_no_bit)
{
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset);
    float *expected = predict(model, dataset, NULL);
    for (bp_isa isa = BP_ISA_PORTABLE; isa <= BP_ISA_NEON; isa++) {
        if (!bp_has_isa(isa))
            continue;
        for (size_t threads = 1; threads <= 7; threads++) {
            bp_run_options options = bp_run_options_default();
            options.isa = isa;
            options.threads = threads;
            float *outputs = predict(model, dataset, &options);
            cr_assert_arr_eq(outputs, expected, 3 * ROWS * sizeof *outputs);
            free(outputs);
        }
    }
    bp_workspace *workspace;
    cr_assert_eq(bp_workspace_create(&workspace, model, NULL), BP_OK);
    const float row[4] = {5.1f, 3.5f, 1.4f, 0.2f}; /* the first one of the file */
    float outputs[3];
    cr_assert_eq(bp_predict_rows(model, workspace, row, 1, outputs, NULL), BP_OK);
    cr_expect_arr_eq(outputs, expected, sizeof outputs);
    bp_workspace_free(workspace);
    free(expected);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

/* By hand, from the outputs. */
Test(model_members, the_loss_is_that_of_the_mean_and_metrics_are_too)
{
    static const char *const names[] = {"setosa", "versicolor", "virginica"};
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset);
    float *outputs = predict(model, dataset, NULL);
    double loss = 0, hits = 0;
    for (size_t k = 0; k < ROWS; k++) {
        const float *row = outputs + 3 * k;
        const size_t truth = k / 50, answer = row[1] > row[0]   ? (row[2] > row[1] ? 2 : 1)
                                              : row[2] > row[0] ? 2
                                                                : 0;
        loss -= log((double)row[truth]) / ROWS;
        hits += answer == truth;
    }
    bp_metrics metrics;
    cr_assert_eq(bp_evaluate(model, dataset, NULL, &metrics, NULL), BP_OK);
    cr_expect_float_eq(metrics.loss, loss, 1e-12);
    cr_expect_float_eq(metrics.accuracy, hits / ROWS, 1e-12);
    bp_evaluation *evaluation;
    cr_assert_eq(bp_evaluation_create(&evaluation, model, dataset, NULL, NULL), BP_OK);
    for (size_t c = 0; c < 3; c++) {
        bp_class_metrics class;
        cr_assert_eq(bp_evaluation_get_class(evaluation, c, &class, NULL), BP_OK);
        cr_expect_str_eq(class.name, names[c]);
    }
    bp_evaluation_free(evaluation);
    free(outputs);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_members, numbers_are_averaged_in_the_units_of_the_user)
{
    bp_dataset *dataset;
    bp_read_options reading = bp_read_options_default();
    reading.ignore = "species";
    cr_assert_eq(bp_dataset_read(&dataset, IRIS, &reading, NULL), BP_OK);
    bp_model *member[2], *model;
    for (size_t m = 0; m < 2; m++) {
        bp_model_options options = bp_model_options_default();
        options.output_activation = BP_ACTIVATION_IDENTITY;
        options.hidden_count = m;
        options.hidden[0] = 8;
        options.task = BP_TASK_REGRESS;
        cr_assert_eq(bp_model_create(&member[m], dataset, &options, NULL), BP_OK);
    }
    float one[2][ROWS], both[ROWS];
    double squares = 0;
    for (size_t m = 0; m < 2; m++)
        cr_assert_eq(bp_predict(member[m], dataset, NULL, one[m], NULL), BP_OK);
    cr_assert_eq(bp_model_combine(&model, member, NULL, 2, NULL), BP_OK);
    cr_assert_eq(bp_predict(model, dataset, NULL, both, NULL), BP_OK);
    for (size_t k = 0; k < ROWS; k++) {
        cr_assert_float_eq(both[k], (one[0][k] + one[1][k]) / 2, 1e-5f);
        squares += (double)both[k] * (double)both[k];
    }
    cr_expect_gt(squares, 1);
    double outputs[ROWS], spread[ROWS];
    cr_assert_eq(bp_predict_spread(model, dataset, NULL, outputs, spread, NULL), BP_OK);
    for (size_t k = 0; k < ROWS; k++)
        cr_assert_float_eq(spread[k], fabs((double)one[0][k] - (double)one[1][k]) / 2, 1e-5);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

/* The spread by its definition, in two passes. */
Test(model_members, the_spread_is_the_standard_deviation_over_the_members)
{
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset);
    float *member[MEMBERS];
    double outputs[3 * ROWS], spread[3 * ROWS], none[3 * ROWS], widest = 0;
    cr_assert_eq(bp_predict_spread(model, dataset, NULL, outputs, spread, NULL), BP_OK);
    float *expected = predict(model, dataset, NULL);
    for (size_t m = 0; m < MEMBERS; m++)
        member[m] = predict(bp_model_get_member(model, m), dataset, NULL);
    for (size_t k = 0; k < 3 * ROWS; k++) {
        double mean = 0, squares = 0;
        for (size_t m = 0; m < MEMBERS; m++)
            mean += weights[m] / 5 * (double)member[m][k];
        for (size_t m = 0; m < MEMBERS; m++)
            squares +=
                weights[m] / 5 * ((double)member[m][k] - mean) * ((double)member[m][k] - mean);
        cr_assert_eq(outputs[k], (double)expected[k]);
        cr_assert_float_eq(spread[k], sqrt(squares), 1e-7);
        widest = fmax(widest, spread[k]);
    }
    cr_expect_gt(widest, 0.01);
    for (size_t m = 0; m < MEMBERS; m++)
        free(member[m]);
    free(expected);
    bp_model *one = make_member(dataset, 5, 1, true);
    cr_assert_eq(bp_predict_spread(one, dataset, NULL, outputs, none, NULL), BP_OK);
    for (size_t k = 0; k < 3 * ROWS; k++)
        cr_assert_eq(none[k], 0);
    bp_model_free(one);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_members, a_file_keeps_members_weights_and_digests)
{
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset), *loaded;
    const bp_model_info info = bp_model_get_info(model);
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    cr_assert_eq(bp_model_load(&loaded, path, NULL), BP_OK);
    const bp_model_info found = bp_model_get_info(loaded);
    cr_expect_str_eq(found.weights_digest, info.weights_digest);
    cr_expect_eq(found.members, MEMBERS);
    cr_expect_eq(found.layers, 0);
    cr_expect_eq(found.outputs, 3);
    cr_expect_eq(found.output_activation, BP_ACTIVATION_SOFTMAX);
    size_t parameters = 0;
    for (size_t m = 0; m < MEMBERS; m++) {
        const bp_model_info a = bp_model_get_info(bp_model_get_member(model, m));
        const bp_model_info b = bp_model_get_info(bp_model_get_member(loaded, m));
        cr_expect_eq(memcmp(&a, &b, offsetof(bp_model_info, weight)), 0, "member %zu", m);
        cr_expect_eq(b.seed, m + 1);
        cr_expect_eq(bp_model_member_weight(loaded, m), weights[m] / 5);
        parameters += b.parameters;
    }
    cr_expect_eq(found.parameters, parameters);
    float *before = predict(model, dataset, NULL), *after = predict(loaded, dataset, NULL);
    cr_expect_arr_eq(before, after, 3 * ROWS * sizeof *before);
    free(before);
    free(after);
    bp_model_free(loaded);
    bp_model_free(model);
    bp_dataset_free(dataset);
    free(path);
    folder_remove(&folder);
}

Test(model_members, a_member_is_saved_copied_and_trained_as_a_model_of_its_own)
{
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset), *loaded, *copy;
    const bp_model *member = bp_model_get_member(model, 2);
    const bp_model_info info = bp_model_get_info(member);
    cr_assert_eq(bp_model_save(member, path, NULL), BP_OK);
    cr_assert_eq(bp_model_copy(&copy, member, NULL), BP_OK);
    bp_model_free(model);
    cr_assert_eq(bp_model_load(&loaded, path, NULL), BP_OK);
    cr_expect_str_eq(bp_model_get_info(loaded).weights_digest, info.weights_digest);
    cr_expect_str_eq(bp_model_get_info(copy).weights_digest, info.weights_digest);
    cr_expect_eq(bp_model_get_info(copy).seed, info.seed);
    bp_train_options options = bp_train_options_default();
    options.epochs = 2;
    bp_trainer *trainer;
    cr_assert_eq(bp_trainer_create(&trainer, copy, dataset, NULL, &options, NULL), BP_OK);
    cr_expect_eq(bp_trainer_run(trainer, NULL, NULL, NULL, NULL), BP_OK);
    cr_expect_str_neq(bp_model_get_info(copy).weights_digest, info.weights_digest);
    bp_trainer_free(trainer);
    bp_model_free(copy);
    bp_model_free(loaded);
    bp_dataset_free(dataset);
    free(path);
    folder_remove(&folder);
}

/* The second one's weights are other ones; the networks are the same. */
Test(model_members, weights_are_part_of_the_digest)
{
    static const double other[MEMBERS] = {1, 3, 0.75, 0.25};
    bp_dataset *dataset = read_iris();
    bp_model *member[MEMBERS], *a = make_model(dataset), *b;
    make_members(dataset, member);
    cr_assert_eq(bp_model_combine(&b, member, other, MEMBERS, NULL), BP_OK);
    cr_expect_str_neq(bp_model_get_info(a).weights_digest, bp_model_get_info(b).weights_digest);
    bp_model_free(b);
    bp_model_free(a);
    bp_dataset_free(dataset);
}

Test(model_members, a_copy_knows_how_it_was_trained)
{
    bp_dataset *dataset = read_iris();
    bp_model *model = make_member(dataset, 5, 1, true), *copy;
    bp_train_options options = bp_train_options_default();
    bp_trainer *trainer;
    options.epochs = 3;
    options.learning_rate = 0.125f;
    cr_assert_eq(bp_trainer_create(&trainer, model, dataset, NULL, &options, NULL), BP_OK);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, NULL, NULL), BP_OK);
    bp_trainer_free(trainer);
    cr_assert_eq(bp_model_copy(&copy, model, NULL), BP_OK);
    bp_model_free(model);
    options = bp_train_options_default();
    cr_expect(bp_model_get_info(copy).has_recipe);
    cr_assert_eq(bp_model_get_train_options(copy, &options, NULL), BP_OK);
    cr_expect_eq(options.learning_rate, 0.125f);
    bp_model_free(copy);
    bp_dataset_free(dataset);
}

/* More rows than a block of predictions holds: 2^20 outputs. */
Test(model_members, spread_and_loss_of_many_rows_are_those_of_few)
{
    enum { MANY = (1 << 20) + 300, FEW = 500, AT = MANY - FEW };
    float *numbers = malloc(2 * MANY * sizeof *numbers);
    double *outputs = malloc(2 * MANY * sizeof *outputs), *spread = outputs + MANY;
    double few[FEW], few_spread[FEW], loss = 0;
    bp_arrays arrays = bp_arrays_default();
    bp_model_options options = bp_model_options_default();
    bp_dataset *dataset, *end;
    bp_model *member[2], *model;
    bp_model_column target;
    bp_metrics metrics;
    cr_assert(numbers && outputs);
    for (size_t x = 0; x < MANY; x++) {
        numbers[x] = (float)(x % 1009) / 1009;
        numbers[MANY + x] = (float)(x * 7 % 997) / 997;
    }
    arrays.count = MANY;
    arrays.inputs = arrays.outputs = 1;
    arrays.input = numbers;
    arrays.targets = numbers + MANY;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    arrays.count = FEW;
    arrays.input += AT;
    arrays.targets += AT;
    cr_assert_eq(bp_dataset_from_arrays(&end, &arrays, NULL), BP_OK);
    options.hidden_count = 0;
    options.output_activation = BP_ACTIVATION_IDENTITY;
    for (size_t m = 0; m < 2; m++) {
        options.seed = m + 1;
        cr_assert_eq(bp_model_create(&member[m], dataset, &options, NULL), BP_OK);
    }
    cr_assert_eq(bp_model_combine(&model, member, NULL, 2, NULL), BP_OK);
    cr_assert_eq(bp_predict_spread(model, dataset, NULL, outputs, spread, NULL), BP_OK);
    cr_assert_eq(bp_predict_spread(model, end, NULL, few, few_spread, NULL), BP_OK);
    cr_expect_arr_eq(outputs + AT, few, sizeof few);
    cr_expect_arr_eq(spread + AT, few_spread, sizeof few);
    for (size_t x = 0; x < MANY; x++)
        loss += pow(outputs[x] - (double)numbers[MANY + x], 2) / MANY;
    cr_assert_eq(bp_evaluate(model, dataset, NULL, &metrics, NULL), BP_OK);
    cr_expect_float_eq(metrics.rmse * metrics.rmse, loss, 1e-5);
    cr_assert_eq(bp_model_get_column(model, 1, &target, NULL), BP_OK);
    loss *= (double)target.scale * (double)target.scale;
    cr_expect_float_eq(metrics.loss, loss, 1e-5, "%g, not %g", metrics.loss, loss);
    bp_model_free(model);
    bp_dataset_free(end);
    bp_dataset_free(dataset);
    free(outputs);
    free(numbers);
}

/* An output that has rounded to 1 where the target is 0 costs 52 ln 2. */
Test(model_members, the_loss_of_outputs_that_are_0_or_1_is_finite)
{
    static const float input[2] = {0, 1};
    static const uint32_t labels[2] = {0, 1};
    static const float zeros[2] = {0, 0}, thresholds[2] = {-200, 200};
    bp_arrays arrays = bp_arrays_default();
    bp_model_options options = bp_model_options_default();
    bp_dataset *dataset;
    bp_model *member[2], *model;
    bp_metrics metrics;
    arrays.count = 2;
    arrays.inputs = 1;
    arrays.classes = 2;
    arrays.input = input;
    arrays.labels = labels;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    options.hidden_count = 0;
    options.output_activation = BP_ACTIVATION_LOGISTIC;
    options.loss = BP_LOSS_BINARY_CROSS_ENTROPY;
    for (size_t m = 0; m < 2; m++) {
        cr_assert_eq(bp_model_create(&member[m], dataset, &options, NULL), BP_OK);
        cr_assert_eq(bp_model_set_parameters(member[m], 0, zeros, thresholds, NULL), BP_OK);
    }
    cr_assert_eq(bp_model_combine(&model, member, NULL, 2, NULL), BP_OK);
    cr_assert_eq(bp_evaluate(model, dataset, NULL, &metrics, NULL), BP_OK);
    /* Both outputs are right for one row and wrong for the other. */
    cr_expect_float_eq(metrics.loss, 52 * log(2), 1e-9, "%.17g", metrics.loss);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_members, members_of_weight_0_go_and_the_last_one_is_the_model)
{
    static const double some[MEMBERS] = {0, 2, 0, 2}, one[MEMBERS] = {0, 0, 0, 7};
    bp_dataset *dataset = read_iris();
    bp_model *member[MEMBERS], *model;
    make_members(dataset, member);
    cr_assert_eq(bp_model_combine(&model, member, some, MEMBERS, NULL), BP_OK);
    cr_expect_eq(bp_model_members(model), 2);
    cr_expect_eq(bp_model_get_member(model, 0), member[1]);
    cr_expect_eq(bp_model_get_member(model, 1), member[3]);
    cr_expect_null(bp_model_get_member(model, 2));
    cr_expect_eq(bp_model_member_weight(model, 1), 0.5);
    cr_expect_eq(bp_model_member_weight(model, 2), 0);
    bp_model_free(model);
    make_members(dataset, member);
    cr_assert_eq(bp_model_combine(&model, member, one, MEMBERS, NULL), BP_OK);
    cr_expect_eq(model, member[3]);
    cr_expect_eq(bp_model_members(model), 1);
    cr_expect_eq(bp_model_get_member(model, 0), model);
    cr_expect_eq(bp_model_member_weight(model, 0), 1);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_members, the_gradient_of_each_is_checked)
{
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset);
    bp_gradcheck_result all, worst = {.worst_ratio = -1};
    size_t parameters = 0, worst_member = 0;
    cr_assert_eq(bp_gradcheck(model, dataset, NULL, NULL, &all, NULL), BP_OK);
    for (size_t m = 0; m < MEMBERS; m++) {
        bp_gradcheck_result one;
        cr_assert_eq(bp_gradcheck(bp_model_get_member(model, m), dataset, NULL, NULL, &one, NULL),
                     BP_OK);
        parameters += one.parameters + one.skipped;
        if (one.worst_ratio > worst.worst_ratio) {
            worst = one;
            worst_member = m;
        }
    }
    cr_expect_eq(all.parameters + all.skipped, parameters);
    cr_expect_eq(all.failed, 0);
    cr_expect_eq(all.worst_member, worst_member);
    cr_expect_eq(all.worst_ratio, worst.worst_ratio);
    cr_expect_eq(all.analytic, worst.analytic);
    cr_expect_eq(all.worst_layer, worst.worst_layer);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

#define REFUSES(text, call)                                                                        \
    do {                                                                                           \
        bp_error error;                                                                            \
        cr_expect_eq((call), BP_ERROR_ARGUMENT);                                                   \
        cr_expect_not_null(strstr(error.message, text), "%s", error.message);                      \
    } while (0)

Test(model_members, models_that_cannot_be_averaged_are_refused_and_stay_with_the_caller)
{
    static const double none[2] = {0, 0}, negative[2] = {1, -1}, infinite[2] = {1, INFINITY};
    bp_dataset *dataset = read_iris(), *part, *rest;
    bp_model *made = NULL;
    cr_assert_eq(bp_dataset_split(dataset, 0.5, 1, &part, &rest, NULL), BP_OK);
    bp_model *softmax = make_member(dataset, 4, 1, true),
             *logistic = make_member(dataset, 4, 1, false);
    bp_model *scaled = make_member(part, 4, 1, true), *other = make_member(dataset, 9, 1, true);
    bp_model *several[MEMBERS] = {softmax, other};
    REFUSES("model 1 has another output activation or loss",
            bp_model_combine(&made, (bp_model *[]){softmax, logistic}, NULL, 2, &error));
    cr_expect_null(made);
    REFUSES("model 1 has other columns, scaling or classes",
            bp_model_combine(&made, (bp_model *[]){softmax, scaled}, NULL, 2, &error));
    bp_model *bent[2];
    for (size_t m = 0; m < 2; m++) {
        bp_model_options options = bp_model_options_default();
        options.loss = BP_LOSS_HUBER;
        options.huber_bend = m ? 0.5f : 0.25f;
        cr_assert_eq(bp_model_create(&bent[m], dataset, &options, NULL), BP_OK);
    }
    REFUSES("model 1 has another output activation or loss",
            bp_model_combine(&made, bent, NULL, 2, &error));
    bp_model_free(bent[0]);
    bp_model_free(bent[1]);
    REFUSES("models 0 and 1 are the same",
            bp_model_combine(&made, (bp_model *[]){softmax, softmax}, NULL, 2, &error));
    REFUSES("add up to 0", bp_model_combine(&made, several, none, 2, &error));
    REFUSES("weight 1 of a member is -1", bp_model_combine(&made, several, negative, 2, &error));
    REFUSES("is inf", bp_model_combine(&made, several, infinite, 2, &error));
    REFUSES("0 models: give from 1 to 64", bp_model_combine(&made, several, NULL, 0, &error));
    REFUSES("model 1 is NULL",
            bp_model_combine(&made, (bp_model *[]){softmax, NULL}, NULL, 2, &error));
    REFUSES("65 models", bp_model_combine(&made, several, NULL, 65, &error));
    cr_assert_eq(bp_model_combine(&made, several, NULL, 2, NULL), BP_OK);
    bp_model *nested;
    REFUSES("model 1 has several networks",
            bp_model_combine(&nested, (bp_model *[]){scaled, made}, NULL, 2, &error));
    bp_model_free(made);
    bp_model_free(scaled);
    bp_model_free(logistic);
    bp_dataset_free(rest);
    bp_dataset_free(part);
    bp_dataset_free(dataset);
}

Test(model_members, what_is_for_one_network_says_so)
{
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset);
    bp_trainer *trainer;
    bp_model_options shape = bp_model_options_default();
    bp_train_options train = bp_train_options_default();
    REFUSES("4 networks", bp_trainer_create(&trainer, model, dataset, NULL, NULL, &error));
    REFUSES("4 networks", bp_model_get_parameters(model, 0, NULL, NULL, &error));
    REFUSES("4 networks", bp_model_set_parameters(model, 0, NULL, NULL, &error));
    REFUSES("4 networks", bp_model_get_options(model, &shape, &error));
    REFUSES("4 networks", bp_model_get_train_options(model, &train, &error));
    cr_expect_eq(bp_model_get_parameters(bp_model_get_member(model, 1), 0, NULL, NULL, NULL),
                 BP_OK);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_members, a_file_whose_members_were_changed_is_refused)
{
    static const struct {
        const char *from, *to;
    } edits[] = {
        {"members\\\":[{", "memb_rs\\\":[{"},
        {"\\\"format\\\":2", "\\\"format\\\":1"},
        {"\\\"format\\\":2", "\\\"format\\\":3"},
        {"\\\"weight\\\":\\\"3fe", "\\\"weight\\\":\\\"bfe"}, /* 0.6 becomes -0.6 */
        {"\\\"weight\\\":\\\"3fe", "\\\"weight\\\":\\\"3fc"},
        {"\\\"weight\\\":\\\"3fe", "\\\"weight\\\":\\\"7ff"},
        {"members.2.layers.0.weight", "members.2.layers.9.weight"},
        {"\\\"seed\\\":\\\"3", "\\\"seed\\\":\\\"x"},
        {"[4,5,3]", "[4,6,3]"},
        {"[\\\"relu\\\",\\\"softmax\\\"]", "[\\\"relu\\\",\\\"logistic\\\"]"},
    };
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset);
    for (size_t k = 0; k < sizeof edits / sizeof edits[0]; k++) {
        bp_model *loaded;
        bp_error error = {0};
        cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
        hostile_edit(path, edits[k].from, edits[k].to);
        cr_expect_eq(bp_model_load(&loaded, path, &error), BP_ERROR_INPUT, "%s", edits[k].to);
        cr_expect_not_null(strstr(error.message, "m.safetensors"), "%s", error.message);
        cr_expect_null(loaded);
    }
    bp_model_free(model);
    bp_dataset_free(dataset);
    free(path);
    folder_remove(&folder);
}

/* A file of an older contract, by a member that is copied. */
Test(model_members, members_and_copies_keep_the_version_of_their_numerics)
{
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    bp_dataset *dataset = read_iris();
    bp_model *first = make_member(dataset, 5, 1, true), *old[2], *model;
    char text[40], older[40];
    cr_assert_eq(bp_model_save(first, path, NULL), BP_OK);
    snprintf(text, sizeof text, "numerics\\\":%u", bp_model_get_info(first).numerics);
    snprintf(older, sizeof older, "numerics\\\":%u", 1U);
    hostile_edit(path, text, older);
    cr_assert_eq(bp_model_load(&old[0], path, NULL), BP_OK);
    cr_assert_eq(bp_model_copy(&old[1], old[0], NULL), BP_OK);
    cr_expect_eq(bp_model_get_info(old[1]).numerics, 1);
    cr_assert_eq(bp_model_combine(&model, old, NULL, 2, NULL), BP_OK);
    cr_expect_eq(bp_model_get_info(model).numerics, 1);
    bp_model_free(model);
    bp_model_free(first);
    bp_dataset_free(dataset);
    free(path);
    folder_remove(&folder);
}

/* Each member has the digest that the file says; that of all is another one. */
Test(model_members, a_file_with_another_digest_of_all_is_refused)
{
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    bp_dataset *dataset = read_iris();
    bp_model *model = make_model(dataset), *loaded;
    bp_error error = {0};
    char digest[BP_DIGEST_SIZE], other[BP_DIGEST_SIZE];
    memcpy(digest, bp_model_get_info(model).weights_digest, sizeof digest);
    memcpy(other, digest, sizeof other);
    other[7] = digest[7] == '0' ? '1' : '0';
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    hostile_edit(path, digest, other);
    cr_expect_eq(bp_model_load(&loaded, path, &error), BP_ERROR_INPUT);
    cr_expect_not_null(strstr(error.message, "it is damaged"), "%s", error.message);
    cr_expect_null(loaded);
    bp_model_free(model);
    bp_dataset_free(dataset);
    free(path);
    folder_remove(&folder);
}
