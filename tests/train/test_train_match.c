/* No option that changes bits is forgotten when a checkpoint is compared with a run: the table of
 * options says which there are. */
#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/folder.h"
#include "support/other_option.h"
#include "support/training.h"
#include "train/checkpoint_match.h"

/* The first weights are in the checkpoint: how they were drawn is no longer of interest. */
static const char *const drawn[] = {"init", "init-range"};

static bool is_compared(const bp_option_info *info)
{
    for (size_t k = 0; k < sizeof drawn / sizeof drawn[0]; k++) {
        if (info->owner == BP_OPTION_OF_MODEL && strcmp(info->name, drawn[k]) == 0)
            return false;
    }
    return info->affects_bits &&
           (info->owner == BP_OPTION_OF_MODEL || info->owner == BP_OPTION_OF_TRAINING);
}

/* Trains and saves with one set of options, and expects another not to go on from there. */
static void expect_refused(const bp_option_info *info, const char *path,
                           const bp_train_options *options, const bp_model_options *model,
                           const bp_train_options *other, const bp_model_options *other_model)
{
    bp_error error = {BP_OK, ""};
    training_checkpoint(options, model, 2, 64, path);
    struct training training = training_create(other, other_model);
    cr_expect_eq(bp_trainer_restore(training.trainer, path, &error), BP_ERROR_INPUT,
                 "a checkpoint is taken up with another --%s", info->name);
    training_free(&training);
}

Test(train_match, every_option_that_affects_bits_is_compared)
{
    struct folder folder = folder_create();
    char *path = folder_path(&folder, "c.safetensors"), now[256], room[64];
    bp_option_info info;
    bp_error error = {BP_OK, ""};
    size_t count = 0;
    for (size_t k = 0; bp_option_get(k, &info, NULL) == BP_OK; k++) {
        if (!is_compared(&info))
            continue;
        const bp_train_options options = other_option_training(&info);
        bp_train_options other = options;
        const bp_model_options base = other_option_model(&info);
        bp_model_options model = base;
        bp_status status;
        if (info.owner == BP_OPTION_OF_MODEL) {
            cr_assert_eq(bp_model_options_get(&model, info.name, now, sizeof now, NULL), BP_OK);
            if (strcmp(info.name, "task") == 0) /* of numbers, which may be classes too */
                model.target = "petal_width";
            status = bp_model_options_set(&model, info.name, other_option_text(&info, now, room),
                                          &error);
        } else {
            cr_assert_eq(bp_train_options_get(&other, info.name, now, sizeof now, NULL), BP_OK);
            status = bp_train_options_set(&other, info.name, other_option_text(&info, now, room),
                                          &error);
        }
        cr_assert_eq(status, BP_OK, "%s", error.message);
        expect_refused(&info, path, &options, &base, &other, &model);
        count++;
    }
    cr_assert_gt(count, 30);
    free(path);
    folder_remove(&folder);
}

/* A version that did not know an option trained with its default. */
Test(train_match, an_option_that_a_checkpoint_lacks_had_its_default)
{
    bp_train_options options = training_options(BP_OPTIMIZER_SGD);
    struct training training = training_create(&options, NULL);
    bp_error error = {BP_OK, ""};
    json_t *metadata = json_pack("{s:o, s:o}", "options", bp_match_options(training.trainer),
                                 "data", bp_match_data(training.trainer));
    cr_assert_eq(json_object_del(json_object_get(metadata, "options"), "clip_norm"), 0);
    cr_assert_eq(bp_match_check(training.trainer, training.model, metadata, "c", &error), BP_OK,
                 "%s", error.message);
    training_free(&training);

    options.clip_norm = 0.5f;
    training = training_create(&options, NULL);
    cr_assert_eq(bp_match_check(training.trainer, training.model, metadata, "c", &error),
                 BP_ERROR_INPUT);
    cr_assert_str_eq(error.message,
                     "c: was written with clip-norm 0, not 0.5: give the same to go on from it");
    training_free(&training);
    json_decref(metadata);
}

/* Whether a run goes on where `field` has the value `stored` in the file. */
static bp_status match(const bp_train_options *options, const char *field, double stored,
                       bp_error *error)
{
    struct training training = training_create(options, NULL);
    json_t *then = bp_match_options(training.trainer);
    cr_assert_eq(json_object_set_new(then, field, json_real(stored)), 0);
    json_t *metadata =
        json_pack("{s:o, s:o}", "options", then, "data", bp_match_data(training.trainer));
    *error = (bp_error){BP_OK, ""};
    const bp_status status = bp_match_check(training.trainer, training.model, metadata, "c", error);
    json_decref(metadata);
    training_free(&training);
    return status;
}

/* Version 0.1 stored the epsilon of 1e-8 that was its default. */
Test(train_match, what_auto_stands_for_may_be_given_or_not)
{
    bp_train_options options = training_options(BP_OPTIMIZER_ADAM);
    bp_error error;
    options.epsilon = 0.0f;
    cr_expect_eq(match(&options, "epsilon", (double)1e-8f, &error), BP_OK, "%s", error.message);
    options.epsilon = 1e-8f;
    cr_expect_eq(match(&options, "epsilon", (double)1e-8f, &error), BP_OK, "%s", error.message);
    cr_expect_eq(match(&options, "epsilon", 0.0, &error), BP_OK, "%s", error.message);
    options.epsilon = 1e-7f;
    cr_expect_eq(match(&options, "epsilon", (double)1e-8f, &error), BP_ERROR_INPUT);
    cr_expect_str_eq(error.message,
                     "c: was written with epsilon 1e-08, not 1e-07: give the same to "
                     "go on from it");
    options = training_options(BP_OPTIMIZER_SGD);
    options.schedule = BP_SCHEDULE_STEP;
    cr_expect_eq(match(&options, "schedule_factor", 0.5, &error), BP_OK, "%s", error.message);
    cr_expect_eq(match(&options, "learning_rate", 0.5, &error), BP_ERROR_INPUT);
    options.learning_rate = 1.0f;
    cr_expect_eq(match(&options, "learning_rate", 0.0, &error), BP_OK, "%s", error.message);
    options.schedule_factor = 0.5f;
    cr_expect_eq(match(&options, "schedule_factor", 0.0, &error), BP_OK, "%s", error.message);
}
