/* Steps on rows of the caller, beside the epochs of a run. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "batchprop/batchprop.h"

#define ROWS    120
#define INPUTS  5
#define CLASSES 3

/* Everything of one training. */
struct work {
    bp_dataset *train;
    bp_dataset *valid;
    bp_model *model;
    bp_trainer *trainer;
};

static float input[ROWS][INPUTS], weight[ROWS];
static int32_t class[ROWS];
static bp_activation outputs = BP_ACTIVATION_LOGISTIC;
static const char *const classes[CLASSES + 1] = {"low", "middle", "high", "beyond"};

static void fill(void)
{
    for (size_t x = 0; x < ROWS; x++) {
        float sum = 0.0f;
        for (size_t i = 0; i < INPUTS; i++) {
            input[x][i] = (float)((x * INPUTS + i) * 2654435761u % 1000u) / 500.0f - 1.0f;
            sum += input[x][i];
        }
        class[x] = sum < -0.5f ? 0 : sum < 0.5f ? 1 : 2;
        weight[x] = 0.5f + (float)(x % 4);
    }
}

/* Rows begin ... begin + count - 1, of `known` classes. */
static bp_dataset *cut(size_t begin, size_t count, bool weighted, size_t known)
{
    bp_column_block block[3] = {bp_column_block_default(), bp_column_block_default(),
                                bp_column_block_default()};
    bp_blocks blocks = bp_blocks_default();
    bp_dataset *dataset;
    bp_error error;
    block[0].data = input[begin];
    block[0].columns = INPUTS;
    block[1].role = BP_ROLE_TARGET;
    block[1].type = BP_CELL_CODE;
    block[1].data = &class[begin];
    block[1].categories = classes;
    block[1].category_count = known;
    block[1].all_categories = true;
    block[2].role = BP_ROLE_WEIGHT;
    block[2].data = &weight[begin];
    blocks.rows = count;
    blocks.block = block;
    blocks.count = weighted ? 3 : 2;
    blocks.keep = true;
    cr_assert_eq(bp_dataset_from_blocks(&dataset, &blocks, &error), BP_OK, "%s", error.message);
    return dataset;
}

static bp_train_options make_options(bp_optimizer optimizer)
{
    bp_train_options options = bp_train_options_default();
    options.optimizer = optimizer;
    options.batch_size = BP_BATCH_FULL;
    options.shuffle = false;
    options.epochs = 5;
    options.threads = 1;
    return options;
}

static struct work begin(const bp_train_options *options, bool weighted, bool validates)
{
    struct work work = {.valid = NULL};
    bp_model_options model = bp_model_options_default();
    bp_error error;
    fill();
    model.hidden[0] = 24;
    model.output_activation = outputs;
    work.train = cut(0, ROWS, weighted, CLASSES);
    if (validates)
        work.valid = cut(0, ROWS / 3, weighted, CLASSES);
    cr_assert_eq(bp_model_create(&work.model, work.train, &model, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(
        bp_trainer_create(&work.trainer, work.model, work.train, work.valid, options, &error),
        BP_OK, "%s", error.message);
    return work;
}

static void end(struct work *work)
{
    bp_trainer_free(work->trainer);
    bp_model_free(work->model);
    bp_dataset_free(work->valid);
    bp_dataset_free(work->train);
}

static bp_train_result run(struct work *work)
{
    bp_train_result result;
    bp_error error;
    cr_assert_eq(bp_trainer_run(work->trainer, NULL, NULL, &result, &error), BP_OK, "%s",
                 error.message);
    return result;
}

static double update(struct work *work, const bp_dataset *batch, float rate)
{
    double loss;
    bp_error error;
    cr_assert_eq(bp_trainer_update(work->trainer, batch, rate, &loss, &error), BP_OK, "%s",
                 error.message);
    return loss;
}

static void expect_digest(const struct work *work, const char *digest)
{
    const bp_model_info info = bp_model_get_info(work->model);
    cr_expect_str_eq(info.weights_digest, digest);
}

Test(train_update, updates_have_the_bits_of_a_run_on_the_same_batches)
{
    for (bp_optimizer kind = BP_OPTIMIZER_SGD; bp_choice_name(BP_CHOICE_OPTIMIZER, (int)kind);
         kind++) {
        bp_train_options options = make_options(kind);
        options.dropout = 0.25f;
        options.weight_decay = 0.01f;
        struct work work = begin(&options, false, false);
        const bp_train_result result = run(&work);
        end(&work);
        options.threads = 3;
        options.plan = kind % 2 ? BP_PLAN_PARAMETERS : BP_PLAN_SAMPLES;
        work = begin(&options, false, false);
        double loss = 0.0;
        for (size_t k = 0; k < options.epochs; k++)
            loss = update(&work, work.train, 0.0f);
        expect_digest(&work, result.weights_digest);
        cr_expect_eq(loss, result.train_loss);
        end(&work);
    }
}

Test(train_update, batches_may_have_other_sizes_than_those_of_the_run)
{
    bp_train_options options = make_options(BP_OPTIMIZER_ADAM);
    options.batch_size = 50;
    options.epochs = 1;
    struct work work = begin(&options, false, false);
    const bp_train_result result = run(&work);
    end(&work);
    options.batch_size = 7;
    options.dropout = 0.0f;
    work = begin(&options, false, false);
    for (size_t x = 0; x < ROWS; x += 50) {
        bp_dataset *batch = cut(x, x + 50 < ROWS ? 50 : ROWS - x, false, CLASSES);
        update(&work, batch, 0.0f);
        bp_dataset_free(batch);
    }
    expect_digest(&work, result.weights_digest);
    end(&work);
}

Test(train_update, weights_count_as_those_of_the_training_rows)
{
    bp_train_options options = make_options(BP_OPTIMIZER_MOMENTUM);
    options.class_weight = "balanced";
    options.epochs = 2;
    struct work work = begin(&options, true, false);
    const bp_train_result result = run(&work);
    end(&work);
    work = begin(&options, true, false);
    update(&work, work.train, 0.0f);
    update(&work, work.train, 0.0f);
    expect_digest(&work, result.weights_digest);
    end(&work);
}

Test(train_update, a_learning_rate_of_its_own_replaces_that_of_the_options)
{
    bp_train_options options = make_options(BP_OPTIMIZER_SGD);
    options.learning_rate = 0.125f;
    options.epochs = 1;
    struct work work = begin(&options, false, false);
    const bp_train_result result = run(&work);
    end(&work);
    options.learning_rate = 3.0f;
    work = begin(&options, false, false);
    update(&work, work.train, 0.125f);
    expect_digest(&work, result.weights_digest);
    cr_expect_eq(bp_trainer_update(work.trainer, work.train, -1.0f, NULL, NULL), BP_ERROR_ARGUMENT);
    cr_expect_eq(bp_trainer_update(work.trainer, work.train, NAN, NULL, NULL), BP_ERROR_ARGUMENT);
    expect_digest(&work, result.weights_digest);
    end(&work);
}

Test(train_update, rows_that_the_model_does_not_take_change_nothing)
{
    const bp_train_options options = make_options(BP_OPTIMIZER_ADAM);
    struct work work = begin(&options, false, false);
    update(&work, work.train, 0.0f);
    const bp_model_info before = bp_model_get_info(work.model);
    class[3] = CLASSES;
    bp_dataset *batch = cut(0, 8, false, CLASSES + 1);
    bp_error error = {BP_OK, ""};
    double loss = 1.0;
    cr_expect_eq(bp_trainer_update(work.trainer, batch, 0.0f, &loss, &error), BP_ERROR_INPUT);
    cr_expect_not_null(strstr(error.message, "beyond"), "%s", error.message);
    cr_expect(isnan(loss));
    expect_digest(&work, before.weights_digest);
    bp_dataset_free(batch);
    fill();
    update(&work, work.train, 0.0f);
    cr_expect_str_neq(bp_model_get_info(work.model).weights_digest, before.weights_digest);
    end(&work);
}

Test(train_update, the_state_in_memory_goes_on_to_the_same_bits)
{
    bp_train_options options = make_options(BP_OPTIMIZER_ADAMW);
    options.dropout = 0.25f;
    struct work work = begin(&options, false, true);
    for (size_t k = 0; k < 4; k++)
        update(&work, work.train, 0.0f);
    const bp_model_info whole = bp_model_get_info(work.model);
    end(&work);
    work = begin(&options, false, true);
    void *bytes;
    size_t size;
    update(&work, work.train, 0.0f);
    update(&work, work.train, 0.0f);
    cr_assert_eq(bp_trainer_save_memory(work.trainer, &bytes, &size, NULL), BP_OK);
    end(&work);
    work = begin(&options, false, true);
    cr_assert_eq(bp_trainer_restore_memory(work.trainer, bytes, size, NULL), BP_OK);
    bp_memory_free(bytes);
    update(&work, work.train, 0.0f);
    update(&work, work.train, 0.0f);
    expect_digest(&work, whole.weights_digest);
    end(&work);
}

/* The weights of the best epoch would come back, of which the updates know nothing. */
Test(train_update, a_run_that_is_complete_leaves_updates_alone)
{
    const bp_train_options options = make_options(BP_OPTIMIZER_ADAM);
    struct work work = begin(&options, false, true);
    cr_assert_gt(run(&work).best_epoch, 0);
    update(&work, work.train, 0.0f);
    const bp_model_info info = bp_model_get_info(work.model);
    const bp_train_result result = run(&work);
    cr_expect_str_eq(result.weights_digest, info.weights_digest);
    cr_expect_eq(result.epochs, 5);
    cr_expect_eq(result.best_epoch, 0);
    end(&work);
}

/* From memory as well, where a complete run has the weights of its last epoch apart. */
Test(train_update, a_run_goes_on_from_the_updated_weights)
{
    bp_train_options options = make_options(BP_OPTIMIZER_ADAM);
    struct work work = begin(&options, false, false);
    options.epochs = 7;
    struct work longer = begin(&options, false, false);
    const bp_train_result whole = run(&longer);
    end(&longer);
    run(&work);
    update(&work, work.train, 0.0f);
    void *bytes;
    size_t size;
    cr_assert_eq(bp_trainer_set_epochs(work.trainer, 6, NULL), BP_OK);
    cr_assert_eq(bp_trainer_save_memory(work.trainer, &bytes, &size, NULL), BP_OK);
    cr_assert_eq(bp_trainer_restore_memory(work.trainer, bytes, size, NULL), BP_OK);
    bp_memory_free(bytes);
    const bp_train_result result = run(&work);
    cr_expect_str_eq(result.weights_digest, whole.weights_digest);
    end(&work);
}

Test(train_update, a_trainer_with_a_refit_is_refused)
{
    bp_train_options options = make_options(BP_OPTIMIZER_SGD);
    options.refit = true;
    struct work work = begin(&options, false, true);
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_trainer_update(work.trainer, work.train, 0.0f, NULL, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, "without refit"), "%s", error.message);
    end(&work);
}

Test(train_update, a_loss_that_is_not_finite_is_told)
{
    bp_train_options options = make_options(BP_OPTIMIZER_SGD);
    outputs = BP_ACTIVATION_IDENTITY;
    struct work work = begin(&options, false, false);
    outputs = BP_ACTIVATION_LOGISTIC;
    bp_error error = {BP_OK, ""};
    bp_status status = BP_OK;
    for (size_t k = 0; k < 5 && !status; k++)
        status = bp_trainer_update(work.trainer, work.train, 3e38f, NULL, &error);
    cr_assert_eq(status, BP_ERROR_NOT_FINITE);
    cr_expect_not_null(strstr(error.message, "lower learning rate"), "%s", error.message);
    end(&work);
}
