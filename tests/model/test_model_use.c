/* What a program that embeds the library may do wrong with a model, and what it is told meanwhile.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"
#include "model/model.h"
#include "support/folder.h"
#include "support/hostile.h"

#define ROWS 32

/* y = x / 4 on both columns. */
static bp_dataset *make_dataset(void)
{
    static float input[2 * ROWS], targets[2 * ROWS];
    for (size_t k = 0; k < 2 * ROWS; k++) {
        input[k] = (float)k;
        targets[k] = (float)k / 4;
    }
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = ROWS,
                              .inputs = 2,
                              .outputs = 2,
                              .input = input,
                              .targets = targets};
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    return dataset;
}

static bp_model *make_model(const bp_dataset *dataset, size_t hidden)
{
    bp_model_options options = bp_model_options_default();
    options.hidden[0] = hidden;
    options.output_activation = BP_ACTIVATION_IDENTITY;
    options.task = BP_TASK_REGRESS;
    options.seed = 12;
    bp_model *model;
    cr_assert_eq(bp_model_create(&model, dataset, &options, NULL), BP_OK);
    return model;
}

static bp_trainer *make_trainer(bp_model *model, const bp_dataset *dataset, float learning_rate)
{
    bp_train_options options = bp_train_options_default();
    options.epochs = 2;
    options.batch_size = 4;
    options.learning_rate = learning_rate;
    bp_trainer *trainer;
    cr_assert_eq(bp_trainer_create(&trainer, model, dataset, dataset, &options, NULL), BP_OK);
    return trainer;
}

Test(model_use, an_instruction_set_that_the_processor_lacks_is_an_error_that_names_the_best)
{
    bp_dataset *dataset = make_dataset();
    bp_model *model = make_model(dataset, 4);
    bp_train_options options = bp_train_options_default();
    const char *name, *best = bp_choice_name(BP_CHOICE_ISA, (int)bp_best_isa());
    for (bp_isa isa = BP_ISA_AUTO; (name = bp_choice_name(BP_CHOICE_ISA, (int)isa)); isa++) {
        bp_trainer *trainer;
        bp_error error;
        if (bp_has_isa(isa))
            continue;
        options.isa = isa;
        cr_assert_eq(bp_trainer_create(&trainer, model, dataset, NULL, &options, &error),
                     BP_ERROR_ARGUMENT);
        cr_assert_not_null(strstr(error.message, name), "%s", error.message);
        cr_assert_not_null(strstr(error.message, best), "%s", error.message);
    }
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_use, a_workspace_serves_no_other_model)
{
    bp_dataset *dataset = make_dataset();
    bp_model *narrow = make_model(dataset, 4), *wide = make_model(dataset, 2000);
    bp_workspace *workspace;
    bp_error error;
    cr_assert_eq(bp_workspace_create(&workspace, narrow, &error), BP_OK);
    const float row[2] = {1, 2};
    float outputs[2];
    cr_expect_eq(bp_predict_rows(wide, workspace, row, 1, outputs, &error), BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "the workspace belongs to another model");
    cr_expect_eq(bp_predict_rows(narrow, workspace, row, 1, outputs, &error), BP_OK);
    bp_workspace_free(workspace);
    bp_model_free(wide);
    bp_model_free(narrow);
    bp_dataset_free(dataset);
}

/* 2^-64 is not stored: with a weight of 2^63 it would give 1/2. */
Test(model_use, an_input_too_small_to_be_stored_is_zero_in_rows_and_in_datasets)
{
    const float input[6] = {0x1p-64f, 0x1p-62f, 0x1p-64f, 0.0f, 0.0f, 0.0f},
                targets[3] = {0.0f, 1.0f, 2.0f};
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = 3,
                              .inputs = 2,
                              .outputs = 1,
                              .input = input,
                              .targets = targets};
    bp_model_options options = bp_model_options_default();
    options.hidden_count = 0;
    options.scale = BP_SCALE_NONE;
    options.output_activation = BP_ACTIVATION_IDENTITY;
    options.task = BP_TASK_REGRESS;
    bp_dataset *dataset;
    bp_model *model;
    bp_workspace *workspace;
    float rows[3], whole[3];
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&model, dataset, &options, NULL), BP_OK);
    cr_assert_eq(bp_model_set_parameters(model, 0, (const float[2]){0x1p63f, 0x1p63f},
                                         (const float[1]){0.0f}, NULL),
                 BP_OK);
    cr_assert_eq(bp_workspace_create(&workspace, model, NULL), BP_OK);
    cr_assert_eq(bp_predict_rows(model, workspace, input, 3, rows, NULL), BP_OK);
    cr_assert_eq(bp_predict(model, dataset, NULL, whole, NULL), BP_OK);
    cr_expect(rows[0] != rows[2] && rows[1] == rows[2], "%g %g %g", (double)rows[0],
              (double)rows[1], (double)rows[2]);
    cr_expect(memcmp(rows, whole, sizeof rows) == 0);
    bp_workspace_free(workspace);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_use, a_model_that_is_not_finite_replaces_no_file)
{
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    bp_dataset *dataset = make_dataset();
    bp_model *model = make_model(dataset, 4);
    bp_error error;
    cr_assert_eq(bp_model_save(model, path, &error), BP_OK);
    model->network->values[0] = NAN;
    cr_expect_eq(bp_model_save(model, path, &error), BP_ERROR_NOT_FINITE);
    cr_expect_not_null(strstr(error.message, path));
    bp_model *kept;
    cr_expect_eq(bp_model_load(&kept, path, &error), BP_OK, "%s", error.message);
    bp_model_free(kept);
    bp_model_free(model);
    bp_dataset_free(dataset);
    free(path);
    folder_remove(&folder);
}

#define SEED "\\\"seed\\\":\\\"" /* in JSON within JSON */

Test(model_use, a_seed_in_a_file_is_digits_alone)
{
    static const struct {
        const char *text;
        bp_status status;
    } seeds[] = {{"77", BP_OK},
                 {"-7", BP_ERROR_INPUT},
                 {"+7", BP_ERROR_INPUT},
                 {" 7", BP_ERROR_INPUT},
                 {"7x", BP_ERROR_INPUT}};
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    bp_dataset *dataset = make_dataset();
    bp_model *model = make_model(dataset, 4);
    for (size_t k = 0; k < sizeof seeds / sizeof seeds[0]; k++) {
        bp_model *loaded;
        char edited[32];
        cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
        snprintf(edited, sizeof edited, SEED "%s\\\"", seeds[k].text);
        hostile_edit(path, SEED "12\\\"", edited);
        cr_expect_eq(bp_model_load(&loaded, path, NULL), seeds[k].status, "%s", seeds[k].text);
        bp_model_free(loaded);
    }
    bp_model_free(model);
    bp_dataset_free(dataset);
    free(path);
    folder_remove(&folder);
}

/* 2^32 + 1 is not taken for 1. */
Test(model_use, a_version_in_a_file_is_not_cut_off)
{
    static const struct {
        const char *key, *reason;
    } edits[] = {{"\\\"format\\\":", "model format 42949672961; this version"},
                 {"\\\"numerics\\\":", "\"numerics\" is not a whole number from 1"}};
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    bp_dataset *dataset = make_dataset();
    bp_model *model = make_model(dataset, 4);
    for (size_t k = 0; k < sizeof edits / sizeof edits[0]; k++) {
        char edited[64];
        cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
        snprintf(edited, sizeof edited, "%s4294967296", edits[k].key);
        hostile_edit(path, edits[k].key, edited);
        hostile_expect_no_model(path, edits[k].reason);
    }
    bp_model_free(model);
    bp_dataset_free(dataset);
    free(path);
    folder_remove(&folder);
}

Test(model_use, the_largest_seed_comes_back_from_a_file)
{
    const struct folder folder = folder_create();
    char *path = folder_path(&folder, "m.safetensors");
    bp_dataset *dataset = make_dataset();
    bp_model_options options = bp_model_options_default();
    options.seed = UINT64_MAX;
    bp_model *model, *loaded;
    cr_assert_eq(bp_model_create(&model, dataset, &options, NULL), BP_OK);
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    cr_assert_eq(bp_model_load(&loaded, path, NULL), BP_OK);
    cr_expect_eq(bp_model_get_info(loaded).seed, UINT64_MAX);
    bp_model_free(loaded);
    bp_model_free(model);
    bp_dataset_free(dataset);
    free(path);
    folder_remove(&folder);
}

/* What a callback saw. */
struct seen {
    size_t within; /* reports within an epoch */
    bool stale;    /* one of them had a validation loss */
    bool stop;     /* within an epoch */
    double valid_loss;
};

/* Pauses after the first epoch, so that the next batch is reported. */
static bool look(const bp_progress *progress, void *user)
{
    struct seen *seen = user;
    if (progress->epoch_done) {
        seen->valid_loss = progress->valid_loss;
        nanosleep(&(struct timespec){.tv_nsec = 150000000}, NULL);
        return true;
    }
    seen->within++;
    seen->stale = seen->stale || !isnan(progress->valid_loss);
    return !seen->stop;
}

Test(model_use, a_validation_loss_is_reported_after_its_epoch_only)
{
    bp_dataset *dataset = make_dataset();
    bp_model *model = make_model(dataset, 4);
    bp_trainer *trainer = make_trainer(model, dataset, 0.01f);
    struct seen seen = {0};
    cr_assert_eq(bp_trainer_run(trainer, look, &seen, NULL, NULL), BP_OK);
    cr_expect_gt(seen.within, 0);
    cr_expect(!seen.stale);
    cr_expect(isfinite(seen.valid_loss));
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_use, a_run_that_is_stopped_gives_the_validation_loss_of_its_last_whole_epoch)
{
    bp_dataset *dataset = make_dataset();
    bp_model *model = make_model(dataset, 4);
    bp_trainer *trainer = make_trainer(model, dataset, 0.01f);
    struct seen seen = {.stop = true};
    bp_train_result result;
    cr_assert_eq(bp_trainer_run(trainer, look, &seen, &result, NULL), BP_STOPPED);
    cr_expect_eq(result.epochs, 1);
    cr_expect_eq(result.valid_loss, seen.valid_loss);
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_use, parameters_taken_out_and_put_back_keep_the_digest)
{
    bp_dataset *dataset = make_dataset();
    bp_model *model = make_model(dataset, 4);
    float weights[8], thresholds[4];
    const bp_model_info before = bp_model_get_info(model);
    cr_assert_eq(bp_model_get_parameters(model, 0, weights, thresholds, NULL), BP_OK);
    cr_expect_eq(signbit(thresholds[0]), 0, "a fresh threshold is +0");
    cr_assert_eq(bp_model_set_parameters(model, 0, weights, thresholds, NULL), BP_OK);
    cr_expect_str_eq(bp_model_get_info(model).weights_digest, before.weights_digest);
    bp_model_free(model);
    bp_dataset_free(dataset);
}
