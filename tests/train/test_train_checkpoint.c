/* Checkpoints that do not fit, that are damaged, or that are none. */
#include <criterion/criterion.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/scratch.h"
#include "support/training.h"

static char *path;

static void set_up(void)
{
    path = scratch_file("c.safetensors");
}

TestSuite(train_checkpoint, .init = set_up, .fini = scratch_remove);

/* A checkpoint after two batches of the third epoch. */
static void write_checkpoint(const bp_train_options *options)
{
    training_checkpoint(options, NULL, 2, 64, path);
}

/* A trainer that refused a file trains as if it had never seen it. */
static void expect_untouched(struct training *training, const bp_train_options *options)
{
    const bp_train_result expected = training_run(options, NULL);
    const bp_train_result result = training_finish(training);
    training_expect_equal(&result, &expected);
}

static void expect_refused(const bp_train_options *options, const char *reason)
{
    struct training training = training_create(options, NULL);
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_trainer_restore(training.trainer, path, &error), BP_ERROR_INPUT, "%s: %s",
                 reason, error.message);
    cr_assert_eq(strncmp(error.message, path, strlen(path)), 0, "%s", error.message);
    cr_assert_not_null(strstr(error.message, reason), "%s", error.message);
    expect_untouched(&training, options);
    training_free(&training);
}

Test(train_checkpoint, an_option_that_changes_bits_must_be_the_same)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    write_checkpoint(&options);
    bp_train_options other = options;
    other.batch_size = 30;
    expect_refused(&other, "was written with batch-size 32, not 30");
    other = options;
    other.learning_rate = 1.0f;
    expect_refused(&other, "was written with learning-rate 0.005, not 1:");
    other = options;
    other.optimizer = BP_OPTIMIZER_ADAMW;
    expect_refused(&other, "was written with optimizer adam, not adamw");
    other = options;
    other.beta2 = 0.99f;
    expect_refused(&other, "was written with beta2 0.999, not 0.99");
    other = options;
    other.seed = UINT64_MAX;
    expect_refused(&other, "was written with seed 1, not 18446744073709551615");
    other = options;
    other.shuffle = false;
    expect_refused(&other, "was written with no-shuffle false, not true");
    other = options;
    other.shard_size = 8;
    expect_refused(&other, "was written with shard-size auto, not 8");
}

Test(train_checkpoint, an_option_that_changes_the_rate_or_the_end_must_be_the_same)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    write_checkpoint(&options);
    bp_train_options other = options;
    other.schedule = BP_SCHEDULE_STEP;
    expect_refused(&other, "was written with schedule constant, not step");
    other = options;
    other.warmup_epochs = 3;
    expect_refused(&other, "was written with warmup-epochs none, not 3");
    other = options;
    other.dropout = 0.5f;
    expect_refused(&other, "was written with dropout 0, not 0.5");
    other = options;
    other.clip_value = 0.5f;
    expect_refused(&other, "was written with clip-value 0, not 0.5");
    other = options;
    other.class_weight = "balanced";
    expect_refused(&other, "was written with other training rows, or other weights of them");
    other = options;
    other.metric = BP_METRIC_LOSS;
    expect_refused(&other, "was written with metric accuracy, not loss");
    other = options;
    other.keep_best = false;
    expect_refused(&other, "was written with no-keep-best false, not true");
}

Test(train_checkpoint, epochs_may_be_others_but_not_fewer_than_are_done)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    write_checkpoint(&options);
    options.epochs = 2;
    expect_refused(&options, "has 2 epochs done and part of another, of 2 that are asked for");
    options.epochs = 3;
    struct training training = training_create(&options, NULL);
    cr_assert_eq(bp_trainer_restore(training.trainer, path, NULL), BP_OK);
    training_free(&training);
}

/* Values are compared as the trainer works with them, whether they were given or chosen. */
Test(train_checkpoint, what_auto_chose_is_compared_with_what_is_given)
{
    bp_train_options chosen = training_options(BP_OPTIMIZER_ADAMW);
    chosen.schedule = BP_SCHEDULE_COSINE;
    chosen.batch_size = 0;
    chosen.epochs = 0;
    chosen.weight_decay = BP_WEIGHT_DECAY_AUTO;
    write_checkpoint(&chosen);
    bp_train_options given = chosen; /* 120 rows are two batches of 64 */
    given.batch_size = 64;
    given.epochs = 200;
    given.learning_rate = 0.005f;
    given.weight_decay = 2.0f;
    struct training training = training_create(&given, NULL);
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_trainer_restore(training.trainer, path, &error), BP_OK, "%s", error.message);
    training_free(&training);
    given.weight_decay = 0.0f;
    expect_refused(&given, "was written with weight-decay 2, not 0:");
    given = chosen;
    given.batch_size = 32;
    expect_refused(&given, "was written with batch-size 64, not 32:");
    given = chosen;
    given.epochs = 201;
    expect_refused(&given, "was written with epochs 200, not 201:");
}

Test(train_checkpoint, epochs_must_be_the_same_where_the_rate_depends_on_them)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.schedule = BP_SCHEDULE_COSINE;
    write_checkpoint(&options);
    options.epochs = 7;
    expect_refused(&options, "was written with epochs 6, not 7");
}

/* Of `training`, with another data set or network in its place. */
static void expect_restore_refused(struct training *training, const char *reason)
{
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_trainer_restore(training->trainer, path, &error), BP_ERROR_INPUT, "%s",
                 error.message);
    cr_assert_not_null(strstr(error.message, reason), "%s", error.message);
    training_free(training);
}

/* A trainer on the samples of `training`, some of them swapped for others. */
static void make_trainer(struct training *training, const bp_dataset *train,
                         const bp_dataset *valid)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_error error;
    bp_trainer_free(training->trainer);
    cr_assert_eq(
        bp_trainer_create(&training->trainer, training->model, train, valid, &options, &error),
        BP_OK, "%s", error.message);
}

Test(train_checkpoint, samples_must_be_the_same)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    write_checkpoint(&options);
    struct training training = training_create(&options, NULL);
    make_trainer(&training, training.valid, training.valid);
    expect_restore_refused(&training, "was written with 120 training rows, not 30");
    const bp_model_options usual = training_model();
    bp_dataset *whole;
    training = training_create(&options, NULL);
    bp_model_free(training.model);
    cr_assert_eq(bp_dataset_read(&whole, DATASETS "/iris.csv", NULL, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&training.model, whole, &usual, NULL), BP_OK);
    make_trainer(&training, whole, training.valid);
    expect_restore_refused(&training, "was written with 120 training rows, not 150");
    bp_dataset_free(whole);
    training = training_create(&options, NULL);
    make_trainer(&training, training.train, NULL);
    expect_restore_refused(&training, "was written with 30 validation rows, not 0");
    training = training_create(&options, NULL);
    make_trainer(&training, training.train, training.train);
    expect_restore_refused(&training, "was written with 30 validation rows, not 120");
}

/* The plateau is one of another value then. */
Test(train_checkpoint, a_plateau_of_validation_rows_does_not_go_on_without_them)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.schedule = BP_SCHEDULE_PLATEAU;
    write_checkpoint(&options);
    struct training training = training_create(&options, NULL);
    bp_trainer_free(training.trainer);
    cr_assert_eq(
        bp_trainer_create(&training.trainer, training.model, training.train, NULL, &options, NULL),
        BP_OK);
    expect_restore_refused(&training, "was written with 30 validation rows, not 0");
}

Test(train_checkpoint, the_same_number_of_other_samples_is_told_by_their_digest)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    write_checkpoint(&options);
    struct training training = training_create(&options, NULL);
    bp_dataset *whole, *train, *held_out;
    cr_assert_eq(bp_dataset_read(&whole, DATASETS "/iris.csv", NULL, NULL), BP_OK);
    cr_assert_eq(bp_dataset_split(whole, 0.2, 2, &train, &held_out, NULL), BP_OK);
    make_trainer(&training, train, training.valid);
    expect_restore_refused(&training,
                           "was written with other training rows, or other weights of them");
    training = training_create(&options, NULL);
    make_trainer(&training, training.train, held_out);
    expect_restore_refused(&training,
                           "was written with other validation rows, or other weights of them");
    bp_dataset_free(train);
    bp_dataset_free(held_out);
    bp_dataset_free(whole);
}

static void expect_model_refused(const bp_model_options *model, const char *reason)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    struct training training = training_create(&options, model);
    expect_restore_refused(&training, reason);
}

Test(train_checkpoint, the_network_and_its_columns_must_be_the_same)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    write_checkpoint(&options);
    bp_model_options model = training_model();
    model.hidden[0] = 17;
    expect_model_refused(&model, "was written with hidden 16, not 17");
    model = training_model();
    model.activations[0] = BP_ACTIVATION_TANH;
    expect_model_refused(&model, "was written with activation logistic, not tanh");
    model = training_model();
    model.output_activation = BP_ACTIVATION_TANH;
    expect_model_refused(&model, "was written with output-activation logistic, not tanh");
    model = training_model();
    model.hidden_count = 0;
    expect_model_refused(&model, "was written with hidden 16, not none");
    model = training_model();
    model.loss = BP_LOSS_MAE;
    expect_model_refused(&model, "was written with loss mse, not mae");
    model = training_model();
    model.hidden_delta = BP_HIDDEN_DELTA_AS_PRINTED;
    expect_model_refused(&model, "was written with hidden-delta chain-rule, not as-printed");
    model = training_model();
    model.thresholds = false;
    expect_model_refused(&model, "was written with thresholds on, not off");
    model = training_model();
    model.seed = 5;
    expect_model_refused(&model, "was written with seed 1, not 5");
    model = training_model();
    model.scale = BP_SCALE_MINMAX;
    expect_model_refused(&model, "was written with other columns");
}

Test(train_checkpoint, a_model_file_is_no_checkpoint)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    struct training training = training_create(&options, NULL);
    cr_assert_eq(bp_model_save(training.model, path, NULL), BP_OK);
    training_free(&training);
    expect_refused(&options, "is a model without the state of a run, not a checkpoint");
}

Test(train_checkpoint, a_file_of_others_is_no_checkpoint)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    file_put(path, "\2\0\0\0\0\0\0\0{}", 10);
    expect_refused(&options, "is no file of batchprop, not a checkpoint");
}

Test(train_checkpoint, what_is_not_there_cannot_be_taken_up)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    struct training training = training_create(&options, NULL);
    bp_error error;
    cr_assert_eq(bp_trainer_restore(training.trainer, path, &error), BP_ERROR_IO);
    cr_assert_not_null(strstr(error.message, "cannot be opened"));
    training_free(&training);
}

Test(train_checkpoint, a_checkpoint_that_cannot_be_written_says_where)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    struct training training = training_create(&options, NULL);
    char *below_nothing = folder_path(scratch_folder(), "no/c");
    bp_error error;
    cr_assert_eq(bp_trainer_save(training.trainer, below_nothing, &error), BP_ERROR_IO);
    cr_assert_eq(strncmp(error.message, below_nothing, strlen(below_nothing)), 0);
    free(below_nothing);
    training_free(&training);
}

Test(train_checkpoint, a_file_cut_anywhere_is_refused)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    write_checkpoint(&options);
    size_t size;
    free(file_get(path, &size));
    struct training training = training_create(&options, NULL);
    while (size-- > 0) {
        cr_assert_eq(truncate(path, (off_t)size), 0);
        cr_assert_eq(bp_trainer_restore(training.trainer, path, NULL), BP_ERROR_INPUT, "%zu bytes",
                     size);
    }
    expect_untouched(&training, &options);
    training_free(&training);
}

/* Restores into a new trainer and writes it again: what a file says, without what does not
 * count. */
static char *rewrite(const bp_train_options *options, size_t *size)
{
    struct training training = training_create(options, NULL);
    bp_error error;
    cr_assert_eq(bp_trainer_restore(training.trainer, path, &error), BP_OK, "%s", error.message);
    cr_assert_eq(bp_trainer_save(training.trainer, path, NULL), BP_OK);
    training_free(&training);
    return file_get(path, size);
}

Test(train_checkpoint, what_was_taken_up_is_written_again_bit_for_bit)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    write_checkpoint(&options);
    size_t size, again;
    char *content = file_get(path, &size);
    char *rewritten = rewrite(&options, &again);
    cr_assert_eq(again, size);
    cr_assert_eq(memcmp(rewritten, content, size), 0);
    free(rewritten);
    free(content);
}

/* Writes one byte of the file at `path`. */
static void put_byte(size_t at, char byte)
{
    const int file = open(path, O_WRONLY);
    cr_assert(file >= 0 && pwrite(file, &byte, 1, (off_t)at) == 1);
    close(file);
}

/* One bit of every byte, another one in the next: the file is refused, or says the same. */
Test(train_checkpoint, a_flipped_bit_is_found_or_changes_nothing)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    write_checkpoint(&options);
    size_t size, again;
    char *content = file_get(path, &size);
    struct training training = training_create(&options, NULL);
    for (size_t at = 0; at < size; at++) {
        put_byte(at, (char)(content[at] ^ 1 << at % 8));
        const bp_status status = bp_trainer_restore(training.trainer, path, NULL);
        cr_assert(status == BP_OK || status == BP_ERROR_INPUT, "byte %zu", at);
        if (status == BP_OK) {
            char *rewritten = rewrite(&options, &again);
            cr_assert(again == size && memcmp(rewritten, content, size) == 0, "byte %zu", at);
            free(rewritten);
        } else {
            put_byte(at, content[at]);
        }
    }
    training_free(&training);
    free(content);
}

/* Of bytes in memory a message says that they are in memory. */
Test(train_checkpoint, damaged_bytes_in_memory_leave_the_trainer_as_it_was)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    struct training training = training_create(&options, NULL);
    size_t size;
    write_checkpoint(&options);
    char *file = file_get(path, &size);
    for (size_t cut = 0; cut < size; cut += cut < 64 || size - cut < 64 ? 1 : 37) {
        bp_error error = {BP_OK, ""};
        cr_assert_eq(bp_trainer_restore_memory(training.trainer, file, cut, &error), BP_ERROR_INPUT,
                     "%zu: %s", cut, error.message);
        cr_assert_eq(strncmp(error.message, "memory: ", 8), 0, "%s", error.message);
    }
    for (size_t at = 0; at < size; at += 11) {
        file[at] = (char)(file[at] ^ 4);
        cr_assert_neq(bp_trainer_restore_memory(training.trainer, file, size, NULL), BP_OK, "%zu",
                      at);
        file[at] = (char)(file[at] ^ 4);
    }
    expect_untouched(&training, &options);
    training_free(&training);
    free(file);
}
