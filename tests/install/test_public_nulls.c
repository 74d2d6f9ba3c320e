/* Every function that can fail refuses a NULL that may not be, and names it; options may be NULL.
 * The test `header_rules` checks that no such function is missing here. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support/tables.h"

#define PATH DATASETS "/iris.csv"

/* The call, of which the argument `name` is NULL, fails and says so. */
#define REFUSES(name, call)                                                                        \
    do {                                                                                           \
        bp_error error = {.message = ""};                                                          \
        cr_expect_eq((call), BP_ERROR_ARGUMENT, #call);                                            \
        cr_expect_not_null(strstr(error.message, "`" name "`"), #call ": %s", error.message);      \
    } while (0)

#define ACCEPTS(call)                                                                              \
    do {                                                                                           \
        bp_error error = {.message = ""};                                                          \
        cr_expect_eq((call), BP_OK, #call ": %s", error.message);                                  \
    } while (0)

/* What the functions work on. */
static bp_dataset *dataset;
static bp_model *model;
static bp_trainer *trainer;
static bp_evaluation *evaluation;
static bp_workspace *workspace;
static bp_bench *bench;

static char *format_rows(void *user, size_t begin, size_t end, size_t *size)
{
    (void)user;
    *size = end - begin;
    return calloc(*size + 1, 1);
}

static bool take_text(void *user, const char *text, size_t size)
{
    (void)user;
    return text[size] == '\0';
}

static void make_all(void)
{
    bp_train_options train = bp_train_options_default();
    bp_bench_options shape = bp_bench_options_default();
    train.epochs = 1;
    shape.samples = shape.batch_size;
    shape.threads = 1;
    cr_assert_eq(bp_dataset_read(&dataset, PATH, NULL, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&model, dataset, NULL, NULL), BP_OK);
    cr_assert_eq(bp_trainer_create(&trainer, model, dataset, NULL, &train, NULL), BP_OK);
    cr_assert_eq(bp_evaluation_create(&evaluation, model, dataset, NULL, NULL), BP_OK);
    cr_assert_eq(bp_workspace_create(&workspace, model, NULL), BP_OK);
    cr_assert_eq(bp_bench_create(&bench, &shape, NULL), BP_OK);
}

static void free_all(void)
{
    bp_bench_free(bench);
    bp_workspace_free(workspace);
    bp_evaluation_free(evaluation);
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

TestSuite(public_nulls, .init = make_all, .fini = free_all);

/* The two functions of one kind of options. */
#define REFUSES_BY_NAME(kind, option)                                                              \
    do {                                                                                           \
        bp_##kind##_options options = bp_##kind##_options_default();                               \
        char text[64];                                                                             \
        REFUSES("options", bp_##kind##_options_set(NULL, option, NULL, &error));                   \
        REFUSES("name", bp_##kind##_options_set(&options, NULL, NULL, &error));                    \
        ACCEPTS(bp_##kind##_options_set(&options, option, NULL, &error));                          \
        REFUSES("options", bp_##kind##_options_get(NULL, option, text, sizeof text, &error));      \
        REFUSES("name", bp_##kind##_options_get(&options, NULL, text, sizeof text, &error));       \
        REFUSES("text", bp_##kind##_options_get(&options, option, NULL, 0, &error));               \
    } while (0)

/* bp_model_options_set(), bp_model_options_get(), bp_train_options_set(),
 * bp_train_options_get(), bp_read_options_set(), bp_read_options_get(),
 * bp_run_options_set(), bp_run_options_get(), bp_ensemble_options_set(),
 * bp_ensemble_options_get() */
Test(public_nulls, options_by_name)
{
    REFUSES("info", bp_option_get(0, NULL, &error));
    REFUSES_BY_NAME(model, "loss");
    REFUSES_BY_NAME(train, "epochs");
    REFUSES_BY_NAME(read, "format");
    REFUSES_BY_NAME(run, "isa");
    REFUSES_BY_NAME(ensemble, "members");
}

/* A process alone, whatever has started the tests. */
Test(public_nulls, ranks)
{
    bp_ranks *ranks;
    unsigned char own = 1, all = 0;
    REFUSES("out", bp_ranks_open(NULL, BP_LAUNCH_NONE, &error));
    cr_assert_eq(bp_ranks_open(&ranks, BP_LAUNCH_NONE, NULL), BP_OK);
    cr_assert_null(ranks);
    cr_assert_eq(bp_ranks_open(&ranks, (bp_launch)77, NULL), BP_ERROR_ARGUMENT);
    REFUSES("out", bp_ranks_first(NULL, NULL, 1, &error));
    ranks = (bp_ranks *)&ranks;
    cr_assert_eq(bp_ranks_first(&ranks, NULL, 1, NULL), BP_OK);
    cr_assert_null(ranks);
    cr_assert_eq(bp_ranks_first(&ranks, NULL, 2, NULL), BP_ERROR_ARGUMENT);
    cr_assert_eq(bp_ranks_first(&ranks, NULL, 0, NULL), BP_ERROR_ARGUMENT);
    cr_assert_eq(bp_ranks_count(NULL), 1);
    cr_assert_eq(bp_ranks_rank(NULL), 0);
    cr_assert_str_eq(bp_ranks_host(NULL, 0), "");
    bp_ranks_broadcast(NULL, &own, 1);
    bp_ranks_gather(NULL, &own, &all, 1);
    cr_assert_eq(all, own);
    bp_ranks_barrier(NULL);
    bp_ranks_abort(NULL, 3);
    bp_ranks_close(NULL);
}

Test(public_nulls, names_and_datasets)
{
    bp_column_hint hint;
    bp_dataset *a, *b;
    bp_column_info column;
    int value;
    const char *paths[] = {PATH, NULL};
    const bp_arrays arrays = bp_arrays_default();
    const bp_blocks blocks = bp_blocks_default();
    const bp_holdout holdout = bp_holdout_default();
    REFUSES("name", bp_choice_value(BP_CHOICE_LOSS, NULL, &value, &error));
    REFUSES("value", bp_choice_value(BP_CHOICE_LOSS, "mse", NULL, &error));
    REFUSES("out", bp_dataset_read(NULL, PATH, NULL, &error));
    REFUSES("path", bp_dataset_read(&a, NULL, NULL, &error));
    REFUSES("out", bp_dataset_read_files(NULL, paths, 1, NULL, &error));
    REFUSES("paths", bp_dataset_read_files(&a, NULL, 1, NULL, &error));
    REFUSES("path", bp_dataset_read_files(&a, paths, 2, NULL, &error));
    REFUSES("out", bp_dataset_from_arrays(NULL, &arrays, &error));
    REFUSES("arrays", bp_dataset_from_arrays(&a, NULL, &error));
    REFUSES("out", bp_dataset_from_blocks(NULL, &blocks, &error));
    REFUSES("blocks", bp_dataset_from_blocks(&a, NULL, &error));
    REFUSES("dataset", bp_dataset_weighted(&a, NULL, NULL, &error));
    REFUSES("out", bp_dataset_weighted(NULL, dataset, NULL, &error));
    REFUSES("dataset", bp_dataset_split(NULL, 0.5, 1, &a, &b, &error));
    REFUSES("train", bp_dataset_split(dataset, 0.5, 1, NULL, &b, &error));
    REFUSES("held_out", bp_dataset_split(dataset, 0.5, 1, &a, NULL, &error));
    REFUSES("dataset", bp_dataset_hold_out(NULL, &holdout, &a, &b, &error));
    REFUSES("holdout", bp_dataset_hold_out(dataset, NULL, &a, &b, &error));
    REFUSES("train", bp_dataset_hold_out(dataset, &holdout, NULL, &b, &error));
    REFUSES("held_out", bp_dataset_hold_out(dataset, &holdout, &a, NULL, &error));
    REFUSES("dataset", bp_dataset_describe(NULL, 0, &column, &error));
    REFUSES("info", bp_dataset_describe(dataset, 0, NULL, &error));
    REFUSES("dataset", bp_dataset_get_hint(NULL, 0, &hint, NULL, &error));
    REFUSES("hint", bp_dataset_get_hint(dataset, 0, NULL, NULL, &error));
    ACCEPTS(bp_dataset_get_hint(dataset, 0, &hint, NULL, &error));
}

Test(public_nulls, models)
{
    bp_model *other;
    bp_model_column column;
    void *bytes;
    size_t size;
    bp_model_options shape = bp_model_options_default();
    bp_ensemble_options ensemble = bp_ensemble_options_default();
    bp_train_options train = bp_train_options_default();
    REFUSES("out", bp_model_create(NULL, dataset, NULL, &error));
    REFUSES("dataset", bp_model_create(&other, NULL, NULL, &error));
    REFUSES("out", bp_model_load(NULL, PATH, &error));
    REFUSES("path", bp_model_load(&other, NULL, &error));
    REFUSES("model", bp_model_save(NULL, PATH, &error));
    REFUSES("path", bp_model_save(model, NULL, &error));
    REFUSES("model", bp_model_export(NULL, "model.c", NULL, &error));
    REFUSES("path", bp_model_export(model, NULL, NULL, &error));
    REFUSES("model", bp_model_export_save_memory(NULL, NULL, &bytes, &size, &error));
    REFUSES("bytes", bp_model_export_save_memory(model, NULL, NULL, &size, &error));
    REFUSES("size", bp_model_export_save_memory(model, NULL, &bytes, NULL, &error));
    REFUSES("model", bp_model_save_memory(NULL, &bytes, &size, &error));
    REFUSES("bytes", bp_model_save_memory(model, NULL, &size, &error));
    REFUSES("size", bp_model_save_memory(model, &bytes, NULL, &error));
    REFUSES("out", bp_model_load_memory(NULL, &size, sizeof size, &error));
    REFUSES("bytes", bp_model_load_memory(&other, NULL, 0, &error));
    REFUSES("model", bp_model_get_column(NULL, 0, &column, &error));
    REFUSES("info", bp_model_get_column(model, 0, NULL, &error));
    REFUSES("model", bp_model_get_options(NULL, &shape, &error));
    REFUSES("options", bp_model_get_options(model, NULL, &error));
    REFUSES("model", bp_model_get_kind(NULL, 0, &shape, NULL, &error));
    REFUSES("model", bp_model_get_ensemble_options(NULL, &ensemble, &error));
    REFUSES("options", bp_model_get_ensemble_options(model, NULL, &error));
    cr_expect_eq(bp_model_kinds(NULL), 0);
    REFUSES("model", bp_model_get_train_options(NULL, &train, &error));
    REFUSES("options", bp_model_get_train_options(model, NULL, &error));
    REFUSES("model", bp_model_get_effective_options(NULL, &train, &error));
    REFUSES("options", bp_model_get_effective_options(model, NULL, &error));
    REFUSES("model", bp_model_check_options(NULL, &shape, NULL, 0, &error));
    REFUSES("given", bp_model_check_options(model, &shape, NULL, 1, &error));
    ACCEPTS(bp_model_check_options(model, NULL, (const char *[]){"hidden"}, 1, &error));
    REFUSES("model", bp_model_get_parameters(NULL, 0, NULL, NULL, &error));
    REFUSES("model", bp_model_set_parameters(NULL, 0, NULL, NULL, &error));
    bp_layer_view view;
    REFUSES("model", bp_model_view_layer(NULL, 0, &view, &error));
    REFUSES("view", bp_model_view_layer(model, 0, NULL, &error));
    bp_gradient *gradient;
    REFUSES("out", bp_gradient_create(NULL, model, NULL, &error));
    REFUSES("model", bp_gradient_create(&gradient, NULL, NULL, &error));
    ACCEPTS(bp_gradient_create(&gradient, model, NULL, &error));
    REFUSES("gradient", bp_gradient_compute(NULL, dataset, NULL, &error));
    REFUSES("batch", bp_gradient_compute(gradient, NULL, NULL, &error));
    ACCEPTS(bp_gradient_compute(gradient, dataset, NULL, &error));
    REFUSES("gradient", bp_gradient_get_parameters(NULL, 0, NULL, NULL, &error));
    ACCEPTS(bp_gradient_get_parameters(gradient, 0, NULL, NULL, &error));
    REFUSES("gradient", bp_gradient_view_layer(NULL, 0, &view, &error));
    REFUSES("view", bp_gradient_view_layer(gradient, 0, NULL, &error));
    bp_gradient_free(gradient);
    bp_gradient_free(NULL);
    REFUSES("out", bp_model_combine(NULL, &model, NULL, 1, &error));
    REFUSES("models", bp_model_combine(&other, NULL, NULL, 1, &error));
    REFUSES("out", bp_model_import(NULL, "m", NULL, NULL, &error));
    REFUSES("path", bp_model_import(&other, NULL, NULL, NULL, &error));
    REFUSES("out", bp_model_import_memory(NULL, &size, sizeof size, NULL, NULL, &error));
    REFUSES("bytes", bp_model_import_memory(&other, NULL, 0, NULL, NULL, &error));
    REFUSES("out", bp_model_copy(NULL, model, &error));
    REFUSES("model", bp_model_set_factors(NULL, NULL, &error));
    ACCEPTS(bp_model_set_factors(model, NULL, &error));
    REFUSES("model", bp_model_copy(&other, NULL, &error));
    ACCEPTS(bp_model_get_parameters(model, 0, NULL, NULL, &error));
    ACCEPTS(bp_model_set_parameters(model, 0, NULL, NULL, &error));
}

Test(public_nulls, training)
{
    bp_quality quality;
    bp_trainer *other;
    void *bytes;
    size_t size;
    bp_model_options shape = bp_model_options_default();
    bp_train_options train = bp_train_options_default();
    REFUSES("out", bp_trainer_create(NULL, model, dataset, NULL, NULL, &error));
    REFUSES("model", bp_trainer_create(&other, NULL, dataset, NULL, NULL, &error));
    REFUSES("train", bp_trainer_create(&other, model, NULL, NULL, NULL, &error));
    ACCEPTS(bp_trainer_create(&other, model, dataset, NULL, NULL, &error));
    bp_trainer_free(other);
    cr_assert_eq(bp_trainer_idle_ranks(NULL), 0);
    REFUSES("trainer", bp_trainer_run(NULL, NULL, NULL, NULL, &error));
    ACCEPTS(bp_trainer_run(trainer, NULL, NULL, NULL, &error));
    REFUSES("trainer", bp_trainer_measure(NULL, false, &quality, &error));
    REFUSES("quality", bp_trainer_measure(trainer, false, NULL, &error));
    REFUSES("trainer", bp_trainer_save(NULL, PATH, &error));
    REFUSES("path", bp_trainer_save(trainer, NULL, &error));
    REFUSES("trainer", bp_trainer_restore(NULL, PATH, &error));
    REFUSES("path", bp_trainer_restore(trainer, NULL, &error));
    REFUSES("out", bp_stop_create(NULL, &error));
    bp_stop_request(NULL);
    bp_stop_clear(NULL);
    cr_expect_not(bp_stop_requested(NULL));
    REFUSES("trainer", bp_trainer_update(NULL, dataset, 0.0f, NULL, &error));
    REFUSES("batch", bp_trainer_update(trainer, NULL, 0.0f, NULL, &error));
    ACCEPTS(bp_trainer_update(trainer, dataset, 0.0f, NULL, &error));
    REFUSES("trainer", bp_trainer_set_data(NULL, dataset, &error));
    REFUSES("train", bp_trainer_set_data(trainer, NULL, &error));
    ACCEPTS(bp_trainer_set_data(trainer, dataset, &error));
    REFUSES("trainer", bp_trainer_set_epochs(NULL, 2, &error));
    REFUSES("trainer", bp_trainer_save_memory(NULL, &bytes, &size, &error));
    REFUSES("bytes", bp_trainer_save_memory(trainer, NULL, &size, &error));
    REFUSES("size", bp_trainer_save_memory(trainer, &bytes, NULL, &error));
    REFUSES("trainer", bp_trainer_restore_memory(NULL, &size, sizeof size, &error));
    REFUSES("bytes", bp_trainer_restore_memory(trainer, NULL, 0, &error));
    ACCEPTS(bp_preset_apply(BP_PRESET_MODERN, NULL, &train, &error));
    ACCEPTS(bp_preset_apply(BP_PRESET_MODERN, &shape, NULL, &error));
    ACCEPTS(bp_preset_apply_kind(BP_PRESET_ENSEMBLE, 4, NULL, NULL, &error));
    ACCEPTS(bp_preset_apply_ensemble(BP_PRESET_ENSEMBLE, NULL, &error));
    REFUSES("members", bp_ensemble_count_members(NULL, 1, NULL, &error));
    REFUSES("given", bp_options_check(&shape, &train, false, NULL, 1, &error));
    ACCEPTS(bp_options_check(NULL, NULL, false, NULL, 0, &error));
    cr_expect_null(bp_preset_text(BP_PRESET_MODERN, BP_OPTIMIZER_SGD, BP_OPTION_OF_MODEL, NULL));
    cr_expect_eq(train.optimizer, BP_OPTIMIZER_ADAMW);
    cr_expect_eq(shape.loss, BP_LOSS_AUTO);
}

Test(public_nulls, checkpoints)
{
    bp_checkpoints *checkpoints;
    bp_checkpoint checkpoint;
    char folder[] = "/tmp/batchprop_XXXXXX";
    cr_assert_not_null(mkdtemp(folder));
    REFUSES("out", bp_checkpoints_open(NULL, folder, &error));
    REFUSES("folder", bp_checkpoints_open(&checkpoints, NULL, &error));
    ACCEPTS(bp_checkpoints_open(&checkpoints, folder, &error));
    REFUSES("checkpoints", bp_checkpoints_get(NULL, 0, &checkpoint, &error));
    REFUSES("checkpoint", bp_checkpoints_get(checkpoints, 0, NULL, &error));
    REFUSES("checkpoints", bp_checkpoints_newest(NULL, &checkpoint, &error));
    REFUSES("newest", bp_checkpoints_newest(checkpoints, NULL, &error));
    REFUSES("trainer", bp_trainer_resume(NULL, checkpoints, NULL, &error));
    REFUSES("checkpoints", bp_trainer_resume(trainer, NULL, NULL, &error));
    ACCEPTS(bp_trainer_resume(trainer, checkpoints, NULL, &error));
    REFUSES("trainer", bp_trainer_save_in(NULL, checkpoints, &error));
    REFUSES("checkpoints", bp_trainer_save_in(trainer, NULL, &error));
    bp_checkpoints_free(checkpoints);
    rmdir(folder);
}

Test(public_nulls, use_of_a_model)
{
    static float outputs[150 * 3];
    static double wide[150 * 3];
    const bp_blocks blocks = bp_blocks_default();
    const bp_predictions predictions = bp_predictions_default();
    bp_unknown_info unknown;
    bp_metrics metrics;
    bp_evaluation *other;
    bp_workspace *scratch;
    bp_class_metrics of_class;
    bp_target_metrics of_target;
    bp_importance importance[4];
    bp_calibration_bin bins[BP_CALIBRATION_BINS];
    size_t rows;
    uint64_t counts[3];
    float row[4] = {0};
    REFUSES("model", bp_evaluate(NULL, dataset, NULL, &metrics, &error));
    REFUSES("dataset", bp_evaluate(model, NULL, NULL, &metrics, &error));
    REFUSES("metrics", bp_evaluate(model, dataset, NULL, NULL, &error));
    ACCEPTS(bp_evaluate(model, dataset, NULL, &metrics, &error));
    REFUSES("out", bp_evaluation_create(NULL, model, dataset, NULL, &error));
    REFUSES("model", bp_evaluation_create(&other, NULL, dataset, NULL, &error));
    REFUSES("dataset", bp_evaluation_create(&other, model, NULL, NULL, &error));
    REFUSES("evaluation", bp_evaluation_get_class(NULL, 0, &of_class, &error));
    REFUSES("metrics", bp_evaluation_get_class(evaluation, 0, NULL, &error));
    REFUSES("evaluation", bp_evaluation_get_confusion(NULL, 0, counts, &error));
    REFUSES("counts", bp_evaluation_get_confusion(evaluation, 0, NULL, &error));
    REFUSES("evaluation", bp_evaluation_get_target(NULL, 0, &of_target, &error));
    REFUSES("metrics", bp_evaluation_get_target(evaluation, 0, NULL, &error));
    REFUSES("model", bp_predict(NULL, dataset, NULL, outputs, &error));
    REFUSES("dataset", bp_predict(model, NULL, NULL, outputs, &error));
    REFUSES("outputs", bp_predict(model, dataset, NULL, NULL, &error));
    ACCEPTS(bp_predict(model, dataset, NULL, outputs, &error));
    REFUSES("model", bp_predict_wide(NULL, dataset, NULL, wide, &error));
    REFUSES("dataset", bp_predict_wide(model, NULL, NULL, wide, &error));
    REFUSES("outputs", bp_predict_wide(model, dataset, NULL, NULL, &error));
    ACCEPTS(bp_predict_wide(model, dataset, NULL, wide, &error));
    REFUSES("model", bp_predict_spread(NULL, dataset, NULL, wide, wide, &error));
    REFUSES("dataset", bp_predict_spread(model, NULL, NULL, wide, wide, &error));
    REFUSES("outputs", bp_predict_spread(model, dataset, NULL, NULL, wide, &error));
    REFUSES("spread", bp_predict_spread(model, dataset, NULL, wide, NULL, &error));
    REFUSES("model", bp_calibrate(NULL, dataset, NULL, bins, &error));
    REFUSES("dataset", bp_calibrate(model, NULL, NULL, bins, &error));
    REFUSES("bins", bp_calibrate(model, dataset, NULL, NULL, &error));
    ACCEPTS(bp_calibrate(model, dataset, NULL, bins, &error));
    REFUSES("model", bp_predict_pairs(NULL, dataset, NULL, wide, &rows, &error));
    REFUSES("dataset", bp_predict_pairs(model, NULL, NULL, wide, &rows, &error));
    REFUSES("pairs", bp_predict_pairs(model, dataset, NULL, NULL, &rows, &error));
    REFUSES("rows", bp_predict_pairs(model, dataset, NULL, wide, NULL, &error));
    REFUSES("model", bp_permutation_importance(NULL, dataset, NULL, NULL, importance, &error));
    REFUSES("dataset", bp_permutation_importance(model, NULL, NULL, NULL, importance, &error));
    REFUSES("importance", bp_permutation_importance(model, dataset, NULL, NULL, NULL, &error));
    ACCEPTS(bp_permutation_importance(model, dataset, NULL, NULL, importance, &error));
    REFUSES("model", bp_predict_blocks(NULL, &blocks, NULL, &predictions, &error));
    REFUSES("blocks", bp_predict_blocks(model, NULL, NULL, &predictions, &error));
    REFUSES("predictions", bp_predict_blocks(model, &blocks, NULL, NULL, &error));
    REFUSES("format", bp_format_rows(1, NULL, NULL, take_text, NULL, &error));
    REFUSES("take", bp_format_rows(1, NULL, format_rows, NULL, NULL, &error));
    ACCEPTS(bp_format_rows(1, NULL, format_rows, take_text, NULL, &error));
    REFUSES("model", bp_count_unknown(NULL, dataset, &unknown, &error));
    REFUSES("dataset", bp_count_unknown(model, NULL, &unknown, &error));
    REFUSES("info", bp_count_unknown(model, dataset, NULL, &error));
    ACCEPTS(bp_count_unknown(model, dataset, &unknown, &error));
    REFUSES("out", bp_workspace_create(NULL, model, &error));
    REFUSES("model", bp_workspace_create(&scratch, NULL, &error));
    REFUSES("model", bp_predict_rows(NULL, workspace, row, 1, outputs, &error));
    REFUSES("workspace", bp_predict_rows(model, NULL, row, 1, outputs, &error));
    REFUSES("inputs", bp_predict_rows(model, workspace, NULL, 1, outputs, &error));
    REFUSES("outputs", bp_predict_rows(model, workspace, row, 1, NULL, &error));
    ACCEPTS(bp_predict_rows(model, workspace, NULL, 0, NULL, &error));
    REFUSES("model", bp_predict_rows_wide(NULL, workspace, wide, 1, wide, &error));
    REFUSES("workspace", bp_predict_rows_wide(model, NULL, wide, 1, wide, &error));
    REFUSES("inputs", bp_predict_rows_wide(model, workspace, NULL, 1, wide, &error));
    REFUSES("outputs", bp_predict_rows_wide(model, workspace, wide, 1, NULL, &error));
    ACCEPTS(bp_predict_rows_wide(model, workspace, NULL, 0, NULL, &error));
}

Test(public_nulls, trials_and_checks_and_measurements)
{
    const bp_trial trial = bp_trial_default();
    bp_trials trials = bp_trials_default();
    bp_trial_result results[1];
    bp_gradcheck_result checked;
    bp_bench *other;
    bp_bench_result measured;
    double rate;
    REFUSES("trials", bp_trials_run(NULL, results, &error));
    trials.count = 1;
    REFUSES("trials->dataset", bp_trials_run(&trials, results, &error));
    trials.dataset = dataset;
    REFUSES("trials->trial", bp_trials_run(&trials, results, &error));
    trials.trial = &trial;
    REFUSES("results", bp_trials_run(&trials, NULL, &error));
    cr_expect_eq(bp_trials_run(&trials, results, NULL), BP_OK);
    cr_expect_str_eq(results[0].error.message, "the argument `trial->holdout` may not be NULL");
    REFUSES("model", bp_gradcheck(NULL, dataset, NULL, NULL, &checked, &error));
    REFUSES("dataset", bp_gradcheck(model, NULL, NULL, NULL, &checked, &error));
    REFUSES("result", bp_gradcheck(model, dataset, NULL, NULL, NULL, &error));
    ACCEPTS(bp_gradcheck(model, dataset, NULL, NULL, &checked, &error));
    REFUSES("out", bp_bench_create(NULL, NULL, &error));
    ACCEPTS(bp_bench_create(&other, NULL, &error));
    bp_bench_free(other);
    REFUSES("bench", bp_bench_run(NULL, 0.01, false, &measured, &error));
    REFUSES("result", bp_bench_run(bench, 0.01, false, NULL, &error));
    bp_bench_simulation simulation;
    REFUSES("bench", bp_bench_join(NULL, 0.01, &rate, &error));
    REFUSES("join", bp_bench_join(bench, 0.01, NULL, &error));
    REFUSES("bench", bp_bench_join_further(NULL, 0.01, &rate, &error));
    REFUSES("further", bp_bench_join_further(bench, 0.01, NULL, &error));
    bp_rank_trace *trace = NULL;
    bp_rank_prediction prediction;
    REFUSES("out", bp_rank_trace_create(NULL, NULL, 2, 0.001, &error));
    ACCEPTS(bp_rank_trace_create(&trace, NULL, 2, 0.001, NULL));
    REFUSES("trace", bp_rank_trace_predict(NULL, 1e-6, 1e9, &prediction, &error));
    REFUSES("prediction", bp_rank_trace_predict(trace, 1e-6, 1e9, NULL, &error));
    bp_rank_trace_free(trace);
    bp_rank_trace_free(NULL);
    REFUSES("latency", bp_bench_link(NULL, 0.01, NULL, &rate, &error));
    REFUSES("bandwidth", bp_bench_link(NULL, 0.01, &rate, NULL, &error));
    cr_assert_eq(bp_bench_link(NULL, 0.01, &rate, &rate, NULL), BP_OK);
    REFUSES("bench", bp_bench_stream(NULL, 0.01, &rate, &error));
    REFUSES("rate", bp_bench_stream(bench, 0.01, NULL, &error));
    REFUSES("bench", bp_bench_simulate(NULL, NULL, &simulation, &error));
    REFUSES("simulation", bp_bench_simulate(bench, NULL, NULL, &error));
    ACCEPTS(bp_bench_simulate(bench, NULL, &simulation, &error));
    REFUSES("bench", bp_bench_peak(NULL, 0.01, &rate, &error));
    REFUSES("rate", bp_bench_peak(bench, 0.01, NULL, &error));
}

Test(public_nulls, cross_validations)
{
    bp_cross_validation *validation;
    bp_cross_validation_options two = bp_cross_validation_options_default();
    const bp_cross_validation_options *options[] = {&two};
    bp_train_options train = bp_train_options_default();
    bp_cross_validation_model of_model;
    train.epochs = 1;
    two.train = &train;
    two.folds = 2;
    REFUSES("out", bp_cross_validate(NULL, dataset, &two, &error));
    REFUSES("dataset", bp_cross_validate(&validation, NULL, &two, &error));
    REFUSES("out", bp_cross_validate_each(NULL, 1, dataset, options, &error));
    REFUSES("dataset", bp_cross_validate_each(&validation, 1, NULL, options, &error));
    REFUSES("options", bp_cross_validate_each(&validation, 1, dataset, NULL, &error));
    ACCEPTS(bp_cross_validate(&validation, dataset, &two, &error));
    REFUSES("validation", bp_cross_validation_get_model(NULL, 0, &of_model, &error));
    REFUSES("model", bp_cross_validation_get_model(validation, 0, NULL, &error));
    bp_cross_validation_free(validation);
    cr_expect_eq(bp_cross_validation_get_info(NULL).models, 0);
    cr_expect_eq(bp_cross_validation_summarize(NULL, BP_METRIC_LOSS).count, 0);
}

Test(public_nulls, a_failure_needs_no_error_to_be_filled)
{
    bp_dataset *other;
    bp_model *loaded;
    cr_expect_eq(bp_dataset_read(&other, NULL, NULL, NULL), BP_ERROR_ARGUMENT);
    cr_expect_null(other);
    cr_expect_eq(bp_model_load(&loaded, NULL, NULL), BP_ERROR_ARGUMENT);
    cr_expect_null(loaded);
}

Test(public_nulls, ensembles)
{
    bp_member_kind kind = bp_member_kind_default();
    bp_ensemble_member member;
    bp_ensemble_kind one;
    bp_quality quality;
    bp_ensemble *ensemble, *none;
    bp_model *taken;
    double outputs[1];
    bp_ensemble_options options = bp_ensemble_options_default();
    kind.train = &(bp_train_options){.size = sizeof(bp_train_options), .epochs = 1};
    REFUSES("out", bp_ensemble_train(NULL, dataset, NULL, &kind, 1, NULL, &error));
    REFUSES("train", bp_ensemble_train(&none, NULL, NULL, &kind, 1, NULL, &error));
    REFUSES("kinds", bp_ensemble_train(&none, dataset, NULL, NULL, 1, NULL, &error));
    kind.train = NULL;
    REFUSES("out", bp_ensemble_continue(NULL, model, dataset, NULL, NULL, NULL, &error));
    REFUSES("from", bp_ensemble_continue(&none, NULL, dataset, NULL, NULL, NULL, &error));
    REFUSES("train", bp_ensemble_continue(&none, model, NULL, NULL, NULL, NULL, &error));
    cr_expect_null(none);
    REFUSES("from", bp_ensemble_check_continue(NULL, NULL, &error));
    REFUSES("from", bp_ensemble_continue_options(NULL, &options, &error));
    REFUSES("options", bp_ensemble_continue_options(model, NULL, &error));
    cr_expect_eq(bp_model_member_kind(NULL, 0), SIZE_MAX);
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, &kind, 1, NULL, NULL), BP_OK);
    REFUSES("ensemble", bp_ensemble_get_member(NULL, 0, &member, &error));
    REFUSES("member", bp_ensemble_get_member(ensemble, 0, NULL, &error));
    REFUSES("ensemble", bp_ensemble_get_kind(NULL, 0, &one, &error));
    REFUSES("kind", bp_ensemble_get_kind(ensemble, 0, NULL, &error));
    REFUSES("ensemble", bp_ensemble_get_quality(NULL, &quality, NULL, &error));
    REFUSES("quality", bp_ensemble_get_quality(ensemble, NULL, NULL, &error));
    bp_calibration_bin bins[BP_CALIBRATION_BINS];
    REFUSES("ensemble", bp_ensemble_get_calibration(NULL, 0, bins, &error));
    REFUSES("bins", bp_ensemble_get_calibration(ensemble, 0, NULL, &error));
    REFUSES("ensemble", bp_ensemble_get_left_out(NULL, outputs, &error));
    REFUSES("outputs", bp_ensemble_get_left_out(ensemble, NULL, &error));
    REFUSES("ensemble", bp_ensemble_take_model(NULL, &taken, &error));
    REFUSES("model", bp_ensemble_take_model(ensemble, NULL, &error));
    cr_expect_eq(bp_ensemble_get_info(NULL).members, 0);
    bp_ensemble_free(ensemble);
    bp_ensemble_free(NULL);
}

Test(public_nulls, what_cannot_fail_gives_nothing)
{
    bp_value_count count;
    bp_read_options options = bp_model_read_options(NULL);
    cr_expect_null(bp_nearest_name(NULL, NULL, 0));
    cr_expect_str_eq(bp_nearest_name("sed", (const char *const[]){NULL, "seed"}, 2), "seed");
    cr_expect_eq(bp_dataset_get_info(NULL).rows, 0);
    cr_expect_null(bp_dataset_get_id(NULL, 0));
    cr_expect_eq(bp_dataset_value_counts(NULL, 0, &count, 1), 0);
    cr_expect_eq(bp_dataset_value_counts(dataset, 0, NULL, 1), 0);
    cr_expect_eq(bp_model_get_info(NULL).layers, 0);
    cr_expect_eq(bp_model_members(NULL), 0);
    cr_expect_null(bp_model_get_member(NULL, 0));
    cr_expect_eq(bp_model_member_weight(NULL, 0), 0);
    cr_expect_eq(options.header, BP_HEADER_AUTO);
    cr_expect(isnan(bp_metrics_get(NULL, BP_METRIC_LOSS)));
    cr_expect_eq(bp_checkpoints_count(NULL), 0);
    cr_expect_eq(bp_evaluation_get_metrics(NULL).samples, 0);
    cr_expect_eq(bp_evaluation_classes(NULL) + bp_evaluation_targets(NULL), 0);
    cr_expect_eq(bp_bench_get_info(NULL).threads, 0);
    cr_expect_eq(bp_bench_get_work(NULL).update_bytes, 0);
    bp_train_options_init(NULL, sizeof(bp_train_options));
}
