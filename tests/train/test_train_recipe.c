/* A model knows how it was made and trained, and so does its file. */
#include <string.h>

#include <criterion/criterion.h>

#include "support/hostile.h"
#include "support/other_option.h"
#include "support/scratch.h"
#include "support/training.h"

#define TEXT_SIZE 256

static char *path;

static void set_up(void)
{
    path = scratch_file("m.safetensors");
}

TestSuite(train_recipe, .init = set_up, .fini = scratch_remove);

static void save(const bp_model *model)
{
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_model_save(model, path, &error), BP_OK, "%s", error.message);
}

static bp_model *load(void)
{
    bp_model *model;
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_model_load(&model, path, &error), BP_OK, "%s", error.message);
    return model;
}

/* Trains a model, saves it and loads it again. */
static bp_model *train(const bp_train_options *options, const bp_model_options *shape)
{
    struct training training = training_create(options, shape);
    training_finish(&training);
    save(training.model);
    training_free(&training);
    return load();
}

static bp_train_options get_training(const bp_model *model)
{
    bp_train_options options = bp_train_options_default();
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_model_get_train_options(model, &options, &error), BP_OK, "%s", error.message);
    return options;
}

static bp_model_options get_shape(const bp_model *model)
{
    bp_model_options options = bp_model_options_default();
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_model_get_options(model, &options, &error), BP_OK, "%s", error.message);
    return options;
}

Test(train_recipe, every_option_of_training_goes_through_the_file)
{
    bp_option_info info;
    char now[TEXT_SIZE], then[TEXT_SIZE], room[OTHER_OPTION_SIZE];
    size_t count = 0;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (info.owner != BP_OPTION_OF_TRAINING || !info.affects_bits)
            continue;
        bp_train_options options = other_option_training(&info);
        bp_error error = {BP_OK, ""};
        cr_assert_eq(bp_train_options_get(&options, info.name, now, sizeof now, NULL), BP_OK);
        cr_assert_eq(
            bp_train_options_set(&options, info.name, other_option_text(&info, now, room), &error),
            BP_OK, "%s", error.message);
        bp_train_options_get(&options, info.name, now, sizeof now, NULL);
        bp_model *model = train(&options, NULL);
        const bp_train_options found = get_training(model);
        cr_assert_eq(bp_train_options_get(&found, info.name, then, sizeof then, NULL), BP_OK);
        cr_expect_str_eq(then, now, "%s", info.name);
        bp_model_free(model);
        count++;
    }
    cr_assert_gt(count, 20);
}

/* The plateau schedule reads it, too, and is not there. */
Test(train_recipe, what_validation_reads_is_there_beside_any_schedule)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.min_delta = 0.25;
    bp_model *model = train(&options, NULL);
    cr_expect_eq(get_training(model).min_delta, 0.25);
    bp_model_free(model);
}

Test(train_recipe, threads_backend_and_instruction_set_are_no_part_of_it)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    options.isa = BP_ISA_PORTABLE;
    options.backend = BP_BACKEND_SERIAL;
    bp_model *model = train(&options, NULL);
    const bp_train_options found = get_training(model);
    cr_expect_eq(found.threads, 0);
    cr_expect_eq(found.isa, BP_ISA_AUTO);
    cr_expect_eq(found.backend, BP_BACKEND_AUTO);
    bp_model_free(model);
}

/* A text for another value of an option of models, beside what reads it. */
static bp_model_options make_other(const bp_option_info *info)
{
    char now[TEXT_SIZE], room[OTHER_OPTION_SIZE];
    bp_model_options options = other_option_model(info);
    if (strcmp(info->name, "init-range") == 0)
        options.init = BP_INIT_UNIFORM;
    if (strcmp(info->name, "task") == 0) /* of numbers, which may be classes too */
        options.target = "petal_width";
    bp_error error = {BP_OK, ""};
    bp_model_options_get(&options, info->name, now, sizeof now, NULL);
    const char *text = other_option_text(info, now, room);
    cr_assert_eq(bp_model_options_set(&options, info->name, text, &error), BP_OK, "%s",
                 error.message);
    return options;
}

static bool is_of_model(const bp_option_info *info)
{
    return info->owner == BP_OPTION_OF_MODEL && info->kind != BP_OPTION_SEED;
}

Test(train_recipe, every_option_of_a_model_goes_through_the_file)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_option_info info;
    char now[TEXT_SIZE], then[TEXT_SIZE];
    size_t count = 0;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (!is_of_model(&info))
            continue;
        const bp_model_options shape = make_other(&info);
        bp_model *model = train(&options, &shape);
        const bp_model_options found = get_shape(model);
        bp_model_options_get(&shape, info.name, now, sizeof now, NULL);
        cr_assert_eq(bp_model_options_get(&found, info.name, then, sizeof then, NULL), BP_OK);
        cr_expect_str_eq(then, now, "%s", info.name);
        bp_model_free(model);
        count++;
    }
    cr_assert_gt(count, 12);
}

Test(train_recipe, options_that_are_given_again_are_accepted_and_others_refused)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_option_info info;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (!is_of_model(&info))
            continue;
        const bp_model_options shape = other_option_model(&info), other = make_other(&info);
        bp_model *model = train(&options, &shape);
        bp_error error = {BP_OK, ""};
        if (info.kind != BP_OPTION_TEXT)
            cr_expect_eq(bp_model_check_options(model, &shape, &info.name, 1, &error), BP_OK, "%s",
                         error.message);
        cr_expect_eq(bp_model_check_options(model, &other, &info.name, 1, &error),
                     BP_ERROR_ARGUMENT, "another %s is accepted", info.name);
        cr_expect_eq(strncmp(error.message, info.name, strlen(info.name)), 0, "%s", error.message);
        bp_model_free(model);
        model = train(&options, &other);
        cr_expect_eq(bp_model_check_options(model, &other, &info.name, 1, &error), BP_OK, "%s",
                     error.message);
        bp_model_free(model);
    }
}

static bp_status check(const bp_model *model, const char *name, const char *text, bp_error *error)
{
    bp_model_options options = get_shape(model);
    cr_assert_eq(bp_model_options_set(&options, name, text, error), BP_OK, "%s", error->message);
    return bp_model_check_options(model, &options, &name, 1, error);
}

Test(train_recipe, what_says_the_same_in_other_words_is_the_same)
{
    static const char *const same[][2] = {
        {"loss", "auto"},     {"loss", "cross-entropy"}, {"output-activation", "softmax"},
        {"task", "classify"}, {"task", "auto"},          {"target", "species"},
        {"target", "5"},      {"activation", "gelu"},    {"hidden", "16"},
        {"hidden", "auto"}};
    static const char *const other[][3] = {
        {"loss", "mse", "loss mse: the model has cross-entropy, which stays"},
        {"target", "4", "target 4: the model has species, which stays"},
        {"target", "4,5", "target 4,5: the model has species, which stays"},
        {"weight", "petal_width", "weight petal_width: the model has none, which stays"},
        {"hidden", "16,16", "hidden 16,16: the model has 16, which stays"},
        {"init", "glorot", "init glorot: the model has auto, which stays"}};
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    bp_model_options shape = training_model();
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_preset_apply(BP_PRESET_MODERN, &shape, &options, &error), BP_OK);
    bp_model *model = train(&options, &shape);
    for (size_t k = 0; k < sizeof same / sizeof same[0]; k++)
        cr_expect_eq(check(model, same[k][0], same[k][1], &error), BP_OK, "%s", error.message);
    for (size_t k = 0; k < sizeof other / sizeof other[0]; k++) {
        cr_expect_eq(check(model, other[k][0], other[k][1], &error), BP_ERROR_ARGUMENT);
        cr_expect_eq(strncmp(error.message, other[k][2], strlen(other[k][2])), 0, "%s",
                     error.message);
    }
    bp_model_free(model);
}

/* The seed draws the order of the samples: another one is no other model. */
Test(train_recipe, another_seed_is_accepted)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_model *model = train(&options, NULL);
    bp_error error = {BP_OK, ""};
    cr_expect_eq(check(model, "seed", "77", &error), BP_OK, "%s", error.message);
    bp_model_free(model);
}

Test(train_recipe, several_targets_are_the_same_in_any_order_and_each_once)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_model_options shape = training_model();
    bp_error error = {BP_OK, ""};
    shape.target = "sepal_length,petal_width";
    shape.weight = "petal_length";
    bp_model *model = train(&options, &shape);
    cr_expect_str_eq(get_shape(model).target, "sepal_length,petal_width");
    cr_expect_eq(check(model, "target", "4,1", &error), BP_OK, "%s", error.message);
    cr_expect_eq(check(model, "target", "sepal_length,1", &error), BP_ERROR_ARGUMENT);
    cr_expect_eq(check(model, "target", "sepal_length", &error), BP_ERROR_ARGUMENT);
    cr_expect_eq(check(model, "weight", "petal_length", &error), BP_OK, "%s", error.message);
    cr_expect_eq(check(model, "weight", "sepal_width", &error), BP_ERROR_ARGUMENT);
    cr_expect_eq(strncmp(error.message, "weight sepal_width: the model has petal_length", 46), 0,
                 "%s", error.message);
    bp_model_free(model);
}

Test(train_recipe, a_word_stays_a_word_and_what_it_stood_for_is_known)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_model *model = train(&options, NULL);
    bp_train_options found = get_training(model);
    cr_expect_eq(found.learning_rate, 0.0f);
    cr_assert_eq(bp_model_get_effective_options(model, &found, NULL), BP_OK);
    cr_expect_eq(found.learning_rate, 1.0f);
    bp_model_free(model);
}

Test(train_recipe, a_model_that_was_not_trained_has_none)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    struct training training = training_create(&options, NULL);
    save(training.model);
    cr_expect_not(bp_model_get_info(training.model).has_recipe);
    bp_model *model = load();
    cr_expect_not(bp_model_get_info(model).has_recipe);
    cr_expect_eq(get_training(model).optimizer, BP_OPTIMIZER_SGD);
    bp_model_free(model);
    training_finish(&training);
    cr_expect(bp_model_get_info(training.model).has_recipe);
    training_free(&training);
}

Test(train_recipe, a_checkpoint_has_it_from_the_first_on)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    struct training training = training_create(&options, NULL);
    cr_assert_eq(bp_trainer_save(training.trainer, path, NULL), BP_OK);
    bp_model *model = load();
    cr_expect_eq(get_training(model).optimizer, BP_OPTIMIZER_ADAM);
    bp_model_free(model);
    training_free(&training);
}

Test(train_recipe, the_last_training_counts)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    bp_model_free(train(&options, NULL));
    options = training_options(BP_OPTIMIZER_MOMENTUM);
    options.momentum = 0.5f;
    struct training training = training_load(&options, path);
    training_finish(&training);
    cr_expect_eq(get_training(training.model).optimizer, BP_OPTIMIZER_MOMENTUM);
    cr_expect_eq(get_training(training.model).momentum, 0.5f);
    cr_expect_eq(get_shape(training.model).hidden[0], 16);
    training_free(&training);
}

Test(train_recipe, the_share_that_was_held_out_for_validation_is_known)
{
    bp_dataset *whole, *rest, *valid, *other, *held_out;
    bp_holdout holdout = bp_holdout_default();
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_model *model;
    cr_assert_eq(bp_dataset_read(&whole, DATASETS "/iris.csv", NULL, NULL), BP_OK);
    holdout.fraction = 0.2;
    cr_assert_eq(bp_dataset_hold_out(whole, &holdout, &rest, &valid, NULL), BP_OK);
    holdout.fraction = 0.3;
    cr_assert_eq(bp_dataset_hold_out(whole, &holdout, &other, &held_out, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&model, rest, NULL, NULL), BP_OK);
    const bp_dataset *const sets[][2] = {
        {rest, valid}, {rest, NULL}, {rest, held_out}, {other, held_out}};
    static const double shares[] = {0.2, 0, 0, 0.3};
    for (size_t k = 0; k < sizeof sets / sizeof sets[0]; k++) {
        bp_trainer *trainer;
        cr_assert_eq(bp_trainer_create(&trainer, model, sets[k][0], sets[k][1], &options, NULL),
                     BP_OK);
        cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, NULL, NULL), BP_OK);
        bp_trainer_free(trainer);
        save(model);
        bp_model *loaded = load();
        cr_expect_eq(bp_model_get_info(loaded).valid_fraction, shares[k]);
        bp_model_free(loaded);
    }
    bp_model_free(model);
    bp_dataset_free(held_out);
    bp_dataset_free(other);
    bp_dataset_free(valid);
    bp_dataset_free(rest);
    bp_dataset_free(whole);
}

/* An older version wrote no such key. */
Test(train_recipe, a_file_without_one_tells_what_the_network_tells)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    bp_model_options shape = bp_model_options_default();
    shape.loss = BP_LOSS_HUBER;
    shape.huber_bend = 0.25f;
    shape.init = BP_INIT_HE;
    bp_model_free(train(&options, &shape));
    hostile_edit(path, "recipe", "other!");
    bp_model *model = load();
    cr_expect_not(bp_model_get_info(model).has_recipe);
    cr_expect_eq(get_training(model).optimizer, BP_OPTIMIZER_SGD);
    const bp_model_options found = get_shape(model);
    cr_expect_eq(found.loss, BP_LOSS_HUBER);
    cr_expect_eq(found.huber_bend, 0.25f);
    cr_expect_eq(found.init, BP_INIT_AUTO);
    cr_expect_eq(found.task, BP_TASK_CLASSIFY);
    cr_expect_str_eq(found.target, "species");
    bp_model_free(model);
}

/* One name of several is no answer. */
Test(train_recipe, a_file_without_one_tells_no_target_of_several)
{
    const bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    bp_model_options shape = training_model();
    shape.target = "sepal_length,petal_width";
    bp_model_free(train(&options, &shape));
    hostile_edit(path, "recipe", "other!");
    bp_model *model = load();
    cr_expect_null(get_shape(model).target);
    bp_model_free(model);
}

Test(train_recipe, one_of_another_form_is_refused)
{
    static const char *const edits[][3] = {
        {"\\\"recipe\\\":{", "\\\"recipe\\\":1,\\\"other\\\":{", "the recipe is not an object"},
        {"\\\"training\\\":{", "\\\"training\\\":[],\\\"other\\\":{",
         "\"training\" of the recipe is not an object of texts"},
        {"\\\"epochs\\\":\\\"6\\\"", "\\\"epochs\\\":6",
         "\"training\" of the recipe is not an object of texts"},
        {"\\\"recipe\\\":{", "\\\"recipe\\\":{\\\"valid_fraction\\\":\\\"1\\\",",
         "\"valid_fraction\" of the recipe is not between 0 and 1"}};
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    for (size_t k = 0; k < sizeof edits / sizeof edits[0]; k++) {
        bp_model_free(train(&options, NULL));
        hostile_edit(path, edits[k][0], edits[k][1]);
        hostile_expect_no_model(path, edits[k][2]);
    }
}

/* Of a later version: the model is of use, and going on from it is refused. */
Test(train_recipe, names_and_values_that_are_not_known_are_errors_where_they_are_asked_for)
{
    static const char *const edits[][3] = {
        {"\\\"epochs\\\"", "\\\"epoches\\\"",
         "the recipe of the model: \"epoches\" is not an option that this version of batchprop"},
        {"\\\"epochs\\\":\\\"6\\\"", "\\\"epochs\\\":\\\"many\\\"",
         "the recipe of the model: epochs: \"many\" is not a whole number"},
        {"\\\"optimizer\\\":\\\"adam\\\"", "\\\"optimizer\\\":\\\"lion\\\"",
         "the recipe of the model: optimizer: unknown optimizer \"lion\""},
        {"\\\"optimizer\\\":\\\"adam\\\"",
         "\\\"optimizer\\\":\\\"sgd\\\",\\\"momentum\\\":\\\"0.5\\\"",
         "the recipe of the model: momentum 0.5 has no effect with optimizer sgd"}};
    const bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    for (size_t k = 0; k < sizeof edits / sizeof edits[0]; k++) {
        bp_model_free(train(&options, NULL));
        hostile_edit(path, edits[k][0], edits[k][1]);
        bp_model *model = load();
        bp_train_options found = bp_train_options_default(), before = found;
        bp_error error = {BP_OK, ""};
        cr_expect_eq(bp_model_get_train_options(model, &found, &error), BP_ERROR_INPUT);
        cr_expect_eq(strncmp(error.message, edits[k][2], strlen(edits[k][2])), 0, "%s",
                     error.message);
        cr_expect_eq(memcmp(&found, &before, sizeof found), 0);
        bp_model_free(model);
    }
}

Test(train_recipe, a_training_with_its_options_is_the_one_with_the_same_by_hand)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    bp_model_options shape = bp_model_options_default();
    cr_assert_eq(bp_preset_apply(BP_PRESET_MODERN, &shape, &options, NULL), BP_OK);
    bp_model *model = train(&options, &shape);
    const bp_train_options found = get_training(model);
    struct training by_recipe = training_load(&found, path);
    struct training by_hand = training_load(&options, path);
    const bp_train_result result = training_finish(&by_recipe);
    const bp_train_result expected = training_finish(&by_hand);
    training_expect_equal(&result, &expected);
    training_free(&by_recipe);
    training_free(&by_hand);
    bp_model_free(model);
}
