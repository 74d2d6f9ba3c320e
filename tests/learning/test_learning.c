/* That networks learn what they should, with the recipes of the documents: accuracy on rows that
 * the training never saw. DATASETS is the folder of the data that the project ships; MNIST and
 * FANN's sets are found through BATCHPROP_MNIST and BATCHPROP_FANN. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"

#if defined(__SANITIZE_ADDRESS__)
#define SLOW 1
#elif defined(__has_feature)
#define SLOW __has_feature(address_sanitizer)
#else
#define SLOW 0
#endif

struct recipe {
    const char *folder;
    const char *train, *train_labels; /* labels: NULL but for IDX */
    const char *test, *test_labels;
    size_t hidden;
    size_t batch_size; /* 0: full */
    size_t epochs;
    float learning_rate;
};

static bp_dataset *read_file(const char *folder, const char *name, const char *labels)
{
    char path[1024], labels_path[1024];
    bp_error error = {.message = ""};
    bp_read_options options = bp_read_options_default();
    bp_dataset *dataset;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (labels) {
        snprintf(labels_path, sizeof labels_path, "%s/%s", folder, labels);
        options.labels = labels_path;
    }
    cr_assert_eq(bp_dataset_read(&dataset, path, &options, &error), BP_OK, "%s", error.message);
    return dataset;
}

/* Trains by the recipe and evaluates on the test file. */
static bp_metrics learn(const struct recipe *recipe)
{
    bp_error error = {.message = ""};
    bp_dataset *train = read_file(recipe->folder, recipe->train, recipe->train_labels);
    bp_dataset *test = read_file(recipe->folder, recipe->test, recipe->test_labels);
    bp_model_options shape = bp_model_options_default();
    shape.hidden[0] = recipe->hidden;
    bp_train_options how = bp_train_options_default();
    how.batch_size = recipe->batch_size;
    how.epochs = recipe->epochs;
    how.learning_rate = recipe->learning_rate;
    const bp_run_options run = bp_run_options_default();
    bp_model *model;
    bp_trainer *trainer;
    bp_metrics metrics;
    cr_assert_eq(bp_model_create(&model, train, &shape, &error), BP_OK, "%s", error.message);
    cr_assert_eq(bp_trainer_create(&trainer, model, train, NULL, &how, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, NULL, &error), BP_OK, "%s", error.message);
    cr_assert_eq(bp_evaluate(model, test, &run, &metrics, &error), BP_OK, "%s", error.message);
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(test);
    bp_dataset_free(train);
    return metrics;
}

static const char *find_folder(const char *variable)
{
    const char *folder = getenv(variable);
    if (!folder)
        cr_skip_test("%s does not name a folder", variable);
    return folder;
}

Test(learning, xor_is_learned_without_an_error)
{
    const struct recipe recipe = {DATASETS, "xor.csv", NULL, "xor.csv", NULL, 4, 0, 2000, 2.0f};
    cr_assert_eq(learn(&recipe).accuracy, 1.0);
}

Test(learning, iris_is_learned_to_96_of_100)
{
    const struct recipe recipe = {DATASETS, "iris.csv", NULL, "iris.csv", NULL, 8, 32, 200, 1.0f};
    cr_assert_geq(learn(&recipe).accuracy, 0.96);
}

Test(learning, digits_of_the_quick_start_are_told_apart_on_other_rows)
{
    const struct recipe recipe = {
        DATASETS, "digits-train.csv", NULL, "digits-test.csv", NULL, 64, 32, 60, 1.0f};
    cr_assert_geq(learn(&recipe).accuracy, 0.96);
}

Test(learning, mushrooms_are_told_apart)
{
    const struct recipe recipe = {find_folder("BATCHPROP_FANN"),
                                  "mushroom.train",
                                  NULL,
                                  "mushroom.test",
                                  NULL,
                                  32,
                                  32,
                                  20,
                                  1.0f};
    cr_assert_geq(learn(&recipe).accuracy, 0.995);
}

Test(learning, the_energy_of_buildings_is_predicted)
{
    const struct recipe recipe = {find_folder("BATCHPROP_FANN"),
                                  "building.train",
                                  NULL,
                                  "building.test",
                                  NULL,
                                  16,
                                  32,
                                  200,
                                  0.5f};
    const bp_metrics metrics = learn(&recipe);
    cr_assert(isnan(metrics.accuracy));
    cr_assert_geq(metrics.r2, 0.75);
}

Test(learning, mnist_is_learned_to_974_of_1000)
{
    if (SLOW)
        cr_skip_test("takes minutes under a sanitizer");
    const struct recipe recipe = {find_folder("BATCHPROP_MNIST"),
                                  "train-images-idx3-ubyte.gz",
                                  "train-labels-idx1-ubyte.gz",
                                  "t10k-images-idx3-ubyte.gz",
                                  "t10k-labels-idx1-ubyte.gz",
                                  128,
                                  32,
                                  20,
                                  1.0f};
    cr_assert_geq(learn(&recipe).accuracy, 0.974);
}
