/* The second training of a run, on all rows: it is that of a run without validation rows. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "data/samples/samples.h"
#include "data/table/table.h"
#include "model/model.h"
#include "support/scratch.h"
#include "support/tables.h"
#include "support/training.h"
#include "train/checkpoint_json.h"
#include "train/fingerprint.h"

/* Asks for what a run does, so that one without refit can be compared. */
static bp_train_options refit_options(bp_optimizer optimizer)
{
    bp_train_options options = training_options(optimizer);
    options.refit = true;
    return options;
}

/* On iris, of which a fifth is held out; the model is created for all rows. `alone`: on all of
 * them, without validation. */
static struct training create(const bp_train_options *options, bool alone)
{
    struct training training = {0};
    bp_dataset *whole;
    bp_holdout holdout = bp_holdout_default();
    bp_error error;
    holdout.fraction = 0.2;
    cr_assert_eq(bp_dataset_read(&whole, DATASETS "/iris.csv", NULL, &error), BP_OK);
    cr_assert_eq(bp_model_create(&training.model, whole, NULL, &error), BP_OK);
    if (alone) {
        training.train = whole;
    } else {
        cr_assert_eq(bp_dataset_hold_out(whole, &holdout, &training.train, &training.valid, &error),
                     BP_OK);
        bp_dataset_free(whole);
    }
    cr_assert_eq(bp_trainer_create(&training.trainer, training.model, training.train,
                                   training.valid, options, &error),
                 BP_OK, "%s", error.message);
    return training;
}

static bp_train_result run(const bp_train_options *options, bool alone)
{
    struct training training = create(options, alone);
    const bp_train_result result = training_finish(&training);
    cr_expect_str_eq(bp_model_get_info(training.model).weights_digest, result.weights_digest);
    training_free(&training);
    return result;
}

static bool stop_after(const bp_progress *progress, void *user)
{
    return !progress->epoch_done || progress->epoch < *(const size_t *)user;
}

/* On all rows, and stopped after so many epochs. */
static bp_train_result run_alone(const bp_train_options *options, size_t epochs)
{
    struct training training = create(options, true);
    bp_train_result result;
    const bp_status status = bp_trainer_run(training.trainer, stop_after, &epochs, &result, NULL);
    cr_assert(status == BP_STOPPED || status == BP_OK);
    cr_assert_eq(result.epochs, epochs);
    training_free(&training);
    return result;
}

/* The same without refit, for the epochs that validation chooses. */
static void expect_as_alone(const bp_train_options *options)
{
    bp_train_options plain = *options;
    plain.refit = false;
    const bp_train_result first = run(&plain, false), refit = run(options, false);
    plain.metric = BP_METRIC_AUTO;
    plain.patience = 0;
    const bp_train_result alone = run_alone(&plain, first.best_epoch);
    const char *name = bp_choice_name(BP_CHOICE_OPTIMIZER, (int)options->optimizer);
    cr_expect_str_eq(refit.weights_digest, alone.weights_digest, "%s", name);
    cr_expect_str_neq(refit.weights_digest, first.weights_digest, "%s", name);
    cr_expect_eq(refit.train_loss, alone.train_loss, "%s", name);
    cr_expect_eq(refit.epochs, first.epochs);
    cr_expect_eq(refit.best_epoch, first.best_epoch);
    cr_expect_eq(refit.best_metric, first.best_metric);
    cr_expect_eq(refit.ended_early, first.ended_early);
    cr_expect_eq(refit.valid_loss, first.valid_loss, "the rows were not trained on then");
    cr_expect_eq(refit.valid.accuracy, first.valid.accuracy);
    cr_expect_eq(refit.samples, 120);
    cr_expect_eq(refit.refit_samples, 150);
    cr_expect_eq(refit.refit_epochs, first.best_epoch);
    cr_expect_eq(first.refit_samples, 0);
    cr_expect_eq(first.refit_epochs, 0);
}

Test(train_refit, it_is_a_run_on_all_rows_for_the_epochs_of_the_best)
{
    for (bp_optimizer kind = BP_OPTIMIZER_SGD; bp_choice_name(BP_CHOICE_OPTIMIZER, (int)kind);
         kind++) {
        const bp_train_options options = refit_options(kind);
        expect_as_alone(&options);
    }
}

Test(train_refit, whatever_changes_the_steps_begins_anew)
{
    bp_train_options options = refit_options(BP_OPTIMIZER_ADAMW);
    options.epochs = 12;
    options.schedule = BP_SCHEDULE_COSINE;
    options.warmup_epochs = 1;
    options.weight_decay = 0.01f;
    options.clip_norm = 0.5f;
    options.dropout = 0.25f;
    options.class_weight = "balanced";
    expect_as_alone(&options);
    options.batch_size = 0;
    expect_as_alone(&options);
    options.batch_size = 140;
    expect_as_alone(&options);
    options.shard_size = 7;
    options.shuffle = false;
    expect_as_alone(&options);
}

Test(train_refit, patience_ends_the_first_training_alone)
{
    bp_train_options options = refit_options(BP_OPTIMIZER_SGD);
    options.epochs = 40;
    options.learning_rate = 8.0f;
    options.patience = 2;
    const bp_train_result result = run(&options, false);
    cr_assert(result.ended_early, "of no use: %zu epochs", result.epochs);
    expect_as_alone(&options);
}

/* What the callback is told. */
struct told {
    size_t first, refit; /* epochs */
    size_t ended;
    size_t rows;
    bool validated;
};

static bool note(const bp_progress *progress, void *user)
{
    struct told *told = user;
    cr_assert_eq(progress->refit, told->refit > 0 || progress->samples_total == 150);
    if (!progress->epoch_done)
        return true;
    cr_assert_eq(progress->epoch, progress->refit ? ++told->refit : ++told->first);
    told->ended += progress->ended;
    told->rows = progress->samples_total;
    told->validated = progress->valid != NULL;
    if (progress->refit)
        cr_assert_eq(progress->epochs, progress->best_epoch);
    return true;
}

Test(train_refit, the_callback_is_told_which_training_it_is)
{
    const bp_train_options options = refit_options(BP_OPTIMIZER_ADAM);
    struct training training = create(&options, false);
    struct told told = {0};
    bp_train_result result;
    cr_assert_eq(bp_trainer_run(training.trainer, note, &told, &result, NULL), BP_OK);
    cr_expect_eq(told.first, 6);
    cr_expect_eq(told.refit, result.best_epoch);
    cr_expect_eq(told.ended, 1);
    cr_expect_eq(told.rows, 150);
    cr_expect_not(told.validated);
    training_free(&training);
}

/* The seconds in forward passes at the end of each training. */
struct phases {
    double first, refit;
};

static bool note_phases(const bp_progress *progress, void *user)
{
    struct phases *phases = user;
    *(progress->refit ? &phases->refit : &phases->first) = progress->phases.forward;
    return true;
}

Test(train_refit, its_phases_are_added_to_those_of_the_first_training)
{
    bp_train_options options = refit_options(BP_OPTIMIZER_ADAM);
    struct phases phases = {0, 0};
    options.time_phases = true;
    struct training training = create(&options, false);
    cr_assert_eq(bp_trainer_run(training.trainer, note_phases, &phases, NULL, NULL), BP_OK);
    cr_expect_gt(phases.first, 0);
    cr_expect_gt(phases.refit, phases.first);
    training_free(&training);
}

/* ---- checkpoints ---- */

/* What a checkpoint at this position is read as, less `without`; false: it is refused. */
static bool read_position(struct bp_trainer *trainer, struct bp_position position,
                          const char *const *without, struct bp_position *found)
{
    uint64_t steps;
    bp_error error = {BP_OK, ""};
    trainer->position = position;
    *found = (struct bp_position){.epochs = 0};
    char *text = bp_checkpoint_format(trainer, 0);
    json_t *json = json_loads(text, 0, NULL);
    for (; without && *without; without++)
        cr_assert_eq(json_object_del(json_object_get(json, "position"), *without), 0);
    free(text);
    text = json_dumps(json, 0);
    const bp_status status =
        bp_checkpoint_parse(trainer, trainer->model, text, "c", found, &steps, &error);
    cr_expect(!status || strstr(error.message, "the position is not one of a run"), "%s",
              error.message);
    json_decref(json);
    free(text);
    return status == BP_OK;
}

Test(train_refit, positions_that_no_run_has_are_refused)
{
    const bp_train_options options = refit_options(BP_OPTIMIZER_ADAM);
    struct training training = create(&options, false);
    const struct bp_position first = {.epochs = 3, .best_epoch = 2, .gain_epoch = 3};
    const struct bp_position refit = {
        .refitting = true, .epochs = 1, .best_epoch = 2, .gain_epoch = 4, .first_epochs = 6};
    struct bp_position wrong, found;
    cr_expect(read_position(training.trainer, first, NULL, &found));
    cr_expect_eq(found.gain_epoch, 3);
    cr_expect(read_position(training.trainer, refit, NULL, &found));
    cr_expect(found.refitting && found.first_epochs == 6);
    wrong = first;
    wrong.gain_epoch = 4;
    cr_expect_not(read_position(training.trainer, wrong, NULL, &found));
    wrong = first;
    wrong.best_epoch = 4;
    cr_expect_not(read_position(training.trainer, wrong, NULL, &found));
    wrong = refit;
    wrong.best_epoch = wrong.epochs = 0;
    cr_expect_not(read_position(training.trainer, wrong, NULL, &found));
    wrong = refit;
    wrong.best_epoch = 7;
    cr_expect_not(read_position(training.trainer, wrong, NULL, &found));
    training_free(&training);
}

/* No loss is lower than one that was not noted, and the last gain was the best epoch. */
Test(train_refit, a_checkpoint_may_be_without_losses_and_gains)
{
    static const char *const without[] = {"best_loss",   "top_metric", "top_loss",
                                          "lowest_loss", "gain_epoch", NULL};
    const bp_train_options options = refit_options(BP_OPTIMIZER_ADAM);
    struct training training = create(&options, false);
    struct bp_position found;
    cr_assert(read_position(training.trainer,
                            (struct bp_position){.epochs = 3, .best_epoch = 2, .gain_epoch = 3},
                            without, &found));
    cr_expect_eq(found.gain_epoch, 2);
    cr_expect_eq(found.best.loss, -(double)INFINITY);
    cr_expect_eq(found.record.top.loss, found.best.loss);
    cr_expect_eq(found.record.top.metric, found.best.metric);
    cr_expect_eq(found.record.lowest_loss, -(double)INFINITY);
    training_free(&training);
}

/* Stops after so many reports of epochs, and of a batch where `within`. */
struct stop {
    size_t epochs;
    bool within;
    size_t seen;
    struct training *training;
    bp_checkpoints *folder;
};

static bool stop_and_save(const bp_progress *progress, void *user)
{
    struct stop *stop = user;
    stop->seen += progress->epoch_done;
    if (stop->seen < stop->epochs || (stop->within && progress->epoch_done)) {
        if (stop->seen >= stop->epochs)
            nanosleep(&(struct timespec){.tv_nsec = 110000000}, NULL);
        return true;
    }
    bp_error error;
    cr_assert_eq(bp_trainer_save_in(stop->training->trainer, stop->folder, &error), BP_OK, "%s",
                 error.message);
    return false;
}

static void expect_resumed(const bp_train_options *options, const bp_train_result *whole,
                           size_t epochs, bool within)
{
    bp_error error;
    struct training training = create(options, false);
    struct stop stop = {.epochs = epochs, .within = within, .training = &training};
    cr_assert_eq(bp_checkpoints_open(&stop.folder, scratch_folder()->path, &error), BP_OK);
    bp_trainer_run(training.trainer, stop_and_save, &stop, NULL, &error);
    training_free(&training);
    training = create(options, false);
    bp_checkpoint resumed;
    cr_assert_eq(bp_trainer_resume(training.trainer, stop.folder, &resumed, &error), BP_OK, "%s",
                 error.message);
    cr_assert_not_null(resumed.path);
    cr_expect_eq(resumed.epochs, epochs);
    const bp_train_result rest = training_finish(&training);
    training_expect_equal(&rest, whole);
    cr_expect_eq(rest.refit_epochs, whole->refit_epochs);
    cr_expect_eq(rest.best_metric, whole->best_metric);
    training_free(&training);
    bp_checkpoints_free(stop.folder);
    scratch_remove();
}

Test(train_refit, a_run_goes_on_from_either_training_and_from_the_border)
{
    bp_train_options options = refit_options(BP_OPTIMIZER_ADAM);
    options.schedule = BP_SCHEDULE_COSINE;
    options.learning_rate = 0.001f;
    options.dropout = 0.25f;
    const bp_train_result whole = run(&options, false);
    cr_assert(whole.best_epoch >= 3);
    for (size_t epochs = 1; epochs <= 6 + whole.best_epoch; epochs++)
        expect_resumed(&options, &whole, epochs, false);
    for (size_t epochs = 1; epochs < 6 + whole.best_epoch; epochs += 3)
        expect_resumed(&options, &whole, epochs, true);
}

/* The first weights of a trainer are those of its model, which a checkpoint replaces. */
Test(train_refit, the_refit_begins_with_the_first_weights_of_the_run_that_was_interrupted)
{
    const bp_train_options options = refit_options(BP_OPTIMIZER_ADAM);
    const bp_train_result whole = run(&options, false);
    char *path = scratch_file("c.safetensors");
    struct training training = create(&options, false);
    training_interrupt(&training, 2, 0, path);
    training_free(&training);
    const float thresholds[64] = {1, 2, 3};
    training = create(&options, false);
    cr_assert_leq(bp_model_get_info(training.model).widths[1], 64);
    bp_trainer_free(training.trainer);
    cr_assert_eq(bp_model_set_parameters(training.model, 0, NULL, thresholds, NULL), BP_OK);
    cr_assert_eq(bp_trainer_create(&training.trainer, training.model, training.train,
                                   training.valid, &options, NULL),
                 BP_OK);
    cr_assert_eq(bp_trainer_restore(training.trainer, path, NULL), BP_OK);
    const bp_train_result rest = training_finish(&training);
    training_expect_equal(&rest, &whole);
    training_free(&training);
    scratch_remove();
}

Test(train_refit, a_checkpoint_needs_the_same_epochs_and_a_refit)
{
    bp_train_options options = refit_options(BP_OPTIMIZER_SGD);
    char *path = scratch_file("c.safetensors");
    bp_error error;
    struct training training = create(&options, false);
    training_interrupt(&training, 2, 0, path);
    training_free(&training);
    options.epochs = 8;
    training = create(&options, false);
    cr_expect_eq(bp_trainer_restore(training.trainer, path, &error), BP_ERROR_INPUT);
    cr_expect_not_null(strstr(error.message, "was written with epochs 6, not 8"), "%s",
                       error.message);
    training_free(&training);
    options.epochs = 6;
    options.refit = false;
    training = create(&options, false);
    cr_expect_eq(bp_trainer_restore(training.trainer, path, &error), BP_ERROR_INPUT);
    cr_expect_not_null(strstr(error.message, "was written with refit true, not false"), "%s",
                       error.message);
    training_free(&training);
    scratch_remove();
}

static void expect_refused(const bp_train_options *options, const bp_dataset *valid,
                           const char *message)
{
    const float rows[] = {1, 2, 2, 3, 3, 5, 4, 8};
    bp_dataset *train = table_numbers(BP_FORMAT_AUTO, 4, 1, 1, rows);
    bp_model *model;
    bp_trainer *trainer;
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_model_create(&model, train, NULL, NULL), BP_OK);
    cr_expect_eq(bp_trainer_create(&trainer, model, train, valid, options, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(error.message, message), "%s", error.message);
    bp_model_free(model);
    bp_dataset_free(train);
}

Test(train_refit, it_needs_validation_rows_and_a_best_epoch)
{
    const float row[] = {2, 4};
    bp_dataset *valid = table_numbers(BP_FORMAT_AUTO, 1, 1, 1, row);
    bp_train_options options = refit_options(BP_OPTIMIZER_SGD);
    expect_refused(&options, NULL, "refit needs validation rows");
    options.keep_best = false;
    expect_refused(&options, valid, "refit has no effect with no-keep-best");
    options.keep_best = true;
    options.schedule = BP_SCHEDULE_PLATEAU;
    expect_refused(&options, valid, "refit cannot repeat schedule plateau");
    bp_dataset_free(valid);
}

/* ---- which samples these are ---- */

static void expect_bound_as(const bp_model_options *options, const bp_dataset *first,
                            const bp_dataset *second, const bp_dataset *all)
{
    bp_model *model;
    bp_error error;
    struct bp_samples both, expected;
    cr_assert_eq(bp_model_create(&model, all, options, &error), BP_OK, "%s", error.message);
    const struct bp_schema *schema = model->schema;
    cr_assert_eq(bp_samples_bind_both(&both, schema, first, second, BP_UNKNOWN_ERROR, &error),
                 BP_OK, "%s", error.message);
    cr_assert_eq(bp_samples_bind(&expected, schema, all,
                                 &(struct bp_bind_options){.need = BP_TARGETS_AND_WEIGHTS}, &error),
                 BP_OK);
    char digests[2][BP_DIGEST_SIZE];
    bp_samples_digest(&both, digests[0]);
    bp_samples_digest(&expected, digests[1]);
    cr_expect_str_eq(digests[0], digests[1]);
    cr_assert_eq(both.count, expected.count);
    cr_expect_eq(both.bytes == NULL, expected.bytes == NULL);
    for (size_t i = 0; i < both.inputs; i++)
        cr_expect(both.shift[i] == expected.shift[i] && both.scale[i] == expected.scale[i]);
    bp_samples_release(&both);
    bp_samples_release(&expected);
    bp_model_free(model);
}

static void expect_bound(const bp_dataset *first, const bp_dataset *second, const bp_dataset *all)
{
    expect_bound_as(NULL, first, second, all);
}

Test(train_refit, rows_of_one_table_are_taken_in_its_order_and_once)
{
    const char *text = "a,b,y\n1,u,p\n2,v,q\n3,u,q\n4,u,p\n5,v,q\n";
    bp_dataset *all = table_csv(text, true);
    bp_dataset *train, *valid;
    cr_assert_eq(bp_dataset_split(all, 0.4, 1, &train, &valid, NULL), BP_OK);
    train->knows_all = valid->knows_all = true;
    expect_bound(train, valid, all);
    expect_bound(valid, train, all);
    expect_bound(all, valid, all);
    expect_bound(all, all, all);
    bp_dataset_free(valid);
    bp_dataset_free(train);
    bp_dataset_free(all);
}

static void expect_appended(bp_dataset *first, bp_dataset *second, bp_dataset *all)
{
    expect_bound(first, second, all);
    bp_dataset_free(first);
    bp_dataset_free(second);
    bp_dataset_free(all);
}

Test(train_refit, rows_of_two_tables_are_taken_one_after_the_other)
{
    expect_appended(table_csv("a,b,y\n1,u,p\n2,v,q\n", true), table_csv("a,b,y\n3,u,q\n", true),
                    table_csv("a,b,y\n1,u,p\n2,v,q\n3,u,q\n", true));
    expect_appended(table_csv("a,y\n1,1.5\n2,2.5\n", true), table_csv("a,y\n3,0.5\n", true),
                    table_csv("a,y\n1,1.5\n2,2.5\n3,0.5\n", true));
    const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    const uint32_t labels[] = {0, 1, 1};
    expect_appended(table_images(2, 3, bytes, labels, 2),
                    table_images(1, 3, bytes + 6, labels + 2, 2),
                    table_images(3, 3, bytes, labels, 2));
}

Test(train_refit, weights_of_two_tables_are_taken_one_after_the_other)
{
    bp_dataset *first = table_csv("a,w,y\n1,2,1.5\n2,0,2.5\n3,1,0.5\n", true);
    bp_dataset *second = table_csv("a,w,y\n4,5,3.5\n5,0,4.5\n", true);
    bp_dataset *all = table_csv("a,w,y\n1,2,1.5\n3,1,0.5\n4,5,3.5\n", true);
    bp_model_options options = bp_model_options_default();
    options.weight = "w";
    expect_bound_as(&options, first, second, all);
    bp_dataset_free(all);
    bp_dataset_free(second);
    bp_dataset_free(first);
}

/* Bytes beside numbers become numbers. */
Test(train_refit, bytes_and_numbers_are_taken_together)
{
    const uint8_t bytes[] = {1, 2, 250, 4};
    const float numbers[] = {1, 2, 250, 4, 0.5f, 6};
    const uint32_t labels[] = {0, 1, 1};
    bp_dataset *parts[3];
    for (size_t k = 0; k < 3; k++) {
        bp_arrays arrays = bp_arrays_default();
        arrays.count = k + 1;
        arrays.inputs = 2;
        arrays.labels = k == 0 ? labels + 2 : labels;
        arrays.classes = 2;
        arrays.input = k == 0 ? numbers + 4 : numbers;
        if (k == 1)
            parts[k] = table_images(2, 2, bytes, labels, 2);
        else
            cr_assert_eq(bp_dataset_from_arrays(&parts[k], &arrays, NULL), BP_OK);
    }
    bp_model *model;
    struct bp_samples both, expected;
    cr_assert_eq(bp_model_create(&model, parts[1], NULL, NULL), BP_OK);
    const struct bp_bind_options binding = {.need = BP_TARGETS_UNUSED};
    cr_assert_eq(
        bp_samples_bind_both(&both, model->schema, parts[1], parts[0], BP_UNKNOWN_ERROR, NULL),
        BP_OK);
    cr_assert_eq(bp_samples_bind(&expected, model->schema, parts[2], &binding, NULL), BP_OK);
    cr_assert_eq(both.count, 3);
    cr_assert_arr_eq(both.values, expected.values, sizeof numbers);
    bp_samples_release(&both);
    bp_samples_release(&expected);
    bp_model_free(model);
    for (size_t k = 0; k < 3; k++)
        bp_dataset_free(parts[k]);
}

/* As validation does: of no category that the model knows. */
Test(train_refit, categories_that_only_validation_rows_have_count_as_none)
{
    bp_dataset *train = table_csv("a,c,y\n1,u,p\n2,v,q\n3,u,q\n4,v,p\n", true);
    bp_dataset *valid = table_csv("a,c,y\n1,u,p\n2,other,q\n", true);
    bp_train_options options = refit_options(BP_OPTIMIZER_ADAM);
    bp_model *model;
    bp_trainer *trainer;
    bp_train_result result;
    bp_error error;
    cr_assert_eq(bp_model_create(&model, train, NULL, NULL), BP_OK);
    cr_assert_eq(bp_trainer_create(&trainer, model, train, valid, &options, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, &result, NULL), BP_OK);
    cr_expect_eq(result.refit_samples, 6);
    cr_expect_eq(result.valid.unknown, 1);
    bp_trainer_free(trainer);
    options.unknown = BP_UNKNOWN_ERROR;
    cr_expect_eq(bp_trainer_create(&trainer, model, train, valid, &options, &error),
                 BP_ERROR_INPUT);
    bp_model_free(model);
    bp_dataset_free(valid);
    bp_dataset_free(train);
}

/* In the file of validation the columns stand elsewhere: its cells cannot stay where they are. */
Test(train_refit, columns_of_the_second_table_are_matched_by_name)
{
    bp_dataset *first = table_csv("a,b,y\n1,5,1.5\n2,6,2.5\n", true);
    bp_dataset *second = table_csv("b,a,y\n7,3,0.5\n", true);
    bp_dataset *all = table_csv("a,b,y\n1,5,1.5\n2,6,2.5\n3,7,0.5\n", true);
    expect_appended(first, second, all);
}

Test(train_refit, weights_of_rows_and_classes_are_those_of_all_rows)
{
    const char *text = "a,w,y\n1,1,p\n2,2,q\n3,3,q\n4,1,p\n5,2,q\n6,1,q\n7,4,p\n8,2,q\n";
    bp_train_options options = refit_options(BP_OPTIMIZER_ADAM);
    bp_model_options model = bp_model_options_default();
    bp_error error;
    options.class_weight = "balanced";
    model.weight = "w";
    bp_train_result results[2];
    for (int k = 0; k < 2; k++) {
        struct training training = {.train = table_csv(text, true)};
        cr_assert_eq(bp_model_create(&training.model, training.train, &model, &error), BP_OK);
        if (k == 0) {
            bp_dataset *whole = training.train;
            bp_holdout holdout = bp_holdout_default();
            holdout.fraction = 0.25;
            cr_assert_eq(
                bp_dataset_hold_out(whole, &holdout, &training.train, &training.valid, &error),
                BP_OK);
            bp_dataset_free(whole);
        }
        cr_assert_eq(bp_trainer_create(&training.trainer, training.model, training.train,
                                       training.valid, &options, &error),
                     BP_OK, "%s", error.message);
        results[k] = training_finish(&training);
        training_free(&training);
        options.refit = false;
        options.epochs = results[0].best_epoch;
    }
    cr_expect_str_eq(results[0].weights_digest, results[1].weights_digest);
}

Test(train_refit, a_trial_creates_its_model_from_all_rows_that_it_may_see)
{
    bp_dataset *dataset, *rest, *part, *train, *valid;
    bp_train_options options = refit_options(BP_OPTIMIZER_ADAM);
    bp_holdout holdout = bp_holdout_default();
    bp_trial trial = bp_trial_default();
    bp_trials trials = bp_trials_default();
    bp_trial_result result;
    bp_error error;
    cr_assert_eq(bp_dataset_read(&dataset, DATASETS "/iris.csv", NULL, &error), BP_OK);
    holdout.fraction = 0.2;
    trial.train = &options;
    trial.holdout = &holdout;
    trial.valid_fraction = 0.25;
    trials.dataset = dataset;
    trials.trial = &trial;
    trials.count = 1;
    cr_assert_eq(bp_trials_run(&trials, &result, &error), BP_OK);
    cr_assert_eq(result.error.status, BP_OK, "%s", result.error.message);

    cr_assert_eq(bp_dataset_hold_out(dataset, &holdout, &rest, &part, &error), BP_OK);
    struct training training = {0};
    cr_assert_eq(bp_model_create(&training.model, rest, NULL, &error), BP_OK);
    holdout.fraction = 0.25;
    cr_assert_eq(bp_dataset_hold_out(rest, &holdout, &train, &valid, &error), BP_OK);
    training.train = train;
    training.valid = valid;
    cr_assert_eq(
        bp_trainer_create(&training.trainer, training.model, train, valid, &options, &error),
        BP_OK);
    const bp_train_result expected = training_finish(&training);
    cr_expect_str_eq(result.train.weights_digest, expected.weights_digest);
    cr_expect_eq(result.train.refit_samples, 120);
    training_free(&training);
    bp_dataset_free(part);
    bp_dataset_free(rest);
    bp_dataset_free(dataset);
}
