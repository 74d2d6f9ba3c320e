/* What samples and classes count. */
#include <string.h>

#include <criterion/criterion.h>

#include "data/samples/weights.h"
#include "support/schemas.h"
#include "support/tables.h"

/* Samples of classes, read from CSV, with the schema that was fitted to them. */
struct trial {
    bp_dataset *dataset;
    struct bp_schema *schema;
    struct bp_samples samples;
    struct bp_class_weights classes;
};

/* `weight` names the column of weights, or is NULL. */
static struct trial create(const char *text, const char *weight)
{
    struct bp_schema_options options = schema_options();
    options.weight = weight;
    struct trial trial = {.dataset = table_csv(text, true)};
    trial.schema = schema_fit(trial.dataset, &options);
    cr_assert_eq(bp_samples_bind(&trial.samples, trial.schema, trial.dataset,
                                 &(struct bp_bind_options){.need = BP_TARGETS_AND_WEIGHTS}, NULL),
                 BP_OK);
    return trial;
}

static void release(struct trial *trial)
{
    bp_class_weights_release(&trial->classes);
    bp_samples_release(&trial->samples);
    bp_schema_free(trial->schema);
    bp_dataset_free(trial->dataset);
}

static const char pets[] = "x,kind\n1,cat\n2,dog\n3,cat\n4,cat\n5,owl\n";

static void fit(struct trial *trial, const char *text)
{
    bp_error error = {.message = ""};
    cr_assert_eq(
        bp_class_weights_fit(&trial->classes, trial->schema, &trial->samples, text, &error), BP_OK,
        "%s", error.message);
}

static void expect_fit_fails(const char *text, const char *message)
{
    struct trial trial = create(pets, NULL);
    bp_error error = {.message = ""};
    cr_expect_eq(bp_class_weights_fit(&trial.classes, trial.schema, &trial.samples, text, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, message);
    cr_expect_null(trial.classes.weight);
    release(&trial);
}

Test(data_weights, classes_that_are_not_named_count_one)
{
    struct trial trial = create(pets, NULL);
    fit(&trial, "dog=2.5");
    cr_assert_eq(trial.classes.count, 3);
    cr_expect_eq(trial.classes.weight[0], 1.0f);
    cr_expect_eq(trial.classes.weight[1], 2.5f);
    cr_expect_eq(trial.classes.weight[2], 1.0f);
    release(&trial);
}

Test(data_weights, names_may_stand_in_quotes_and_between_blanks)
{
    struct trial trial = create(pets, NULL);
    char comma[] = "a, b", equals[] = "c=\"d\"";
    char **names = trial.schema->column[1].category;
    char *const first = names[0], *const second = names[1];
    names[0] = comma;
    names[1] = equals;
    fit(&trial, " \"a, b\" = 3 , \"c=\"\"d\"\"\"=0,owl =4");
    cr_expect_eq(trial.classes.weight[0], 3.0f);
    cr_expect_eq(trial.classes.weight[1], 0.0f);
    cr_expect_eq(trial.classes.weight[2], 4.0f);
    names[0] = first;
    names[1] = second;
    release(&trial);
}

/* n / (k n_c): 5 samples, 3 classes of 3, 1 and 1. */
Test(data_weights, balanced_classes_count_the_same)
{
    struct trial trial = create(pets, NULL);
    fit(&trial, "balanced");
    cr_expect_eq(trial.classes.weight[0], 5.0f / 9.0f);
    cr_expect_eq(trial.classes.weight[1], 5.0f / 3.0f);
    cr_expect_eq(trial.classes.weight[2], 5.0f / 3.0f);
    release(&trial);
}

/* W / (k W_c): weights 1, 1, 4 of cats, 2 of owls; the dog does not count. */
Test(data_weights, balanced_classes_count_by_the_weights_of_their_samples)
{
    struct trial trial = create("x,w,kind\n1,1,cat\n2,0,dog\n3,1,cat\n4,4,cat\n5,2,owl\n", "w");
    fit(&trial, "balanced");
    cr_expect_eq(trial.classes.weight[0], 8.0f / 12.0f);
    cr_expect_eq(trial.classes.weight[1], 8.0f / 4.0f);
    release(&trial);
}

Test(data_weights, a_text_that_is_no_list_of_weights_is_an_error)
{
    static const char form[] = " is not of the form NAME=WEIGHT,... (nor balanced); a name with a "
                               "comma, an equals sign or "
                               "a quote stands in double quotes";
    static const char *const texts[][2] = {
        {"", "\"\""},
        {"dog", "\"dog\""},
        {"dog=1,", "\"\""},
        {"dog,cat=1", "\"dog,cat=1\""},
        {"\"dog=1", "\"\"dog=1\""},
        {"\"dog\"x=1", "\"\"dog\"x=1\""},
        {"do\"g=1", "\"do\"g=1\""},
    };
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        char message[256];
        snprintf(message, sizeof message, "class weights: %s%s", texts[k][1], form);
        expect_fit_fails(texts[k][0], message);
    }
}

Test(data_weights, a_class_that_is_not_there_is_named_with_the_nearest_one)
{
    expect_fit_fails("dgo=2", "class weights: there is no class \"dgo\"; did you mean \"dog\"?");
    expect_fit_fails("horse=2", "class weights: there is no class \"horse\" (cat, dog, owl)");
    expect_fit_fails("dog=2,dog=3", "class weights: the class \"dog\" is named twice");
}

Test(data_weights, a_weight_of_a_class_is_a_number_from_0_on)
{
    static const char *const texts[] = {"", "x", "-1", "nan", "inf", "1e99", "1 2", "1;cat=2"};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        char text[64], message[256];
        snprintf(text, sizeof text, "dog=%s", texts[k]);
        snprintf(message, sizeof message,
                 "class weights: \"%s\", the weight of class \"dog\", is not a number from 0 on",
                 texts[k]);
        expect_fit_fails(text, message);
    }
}

Test(data_weights, numbers_have_no_classes)
{
    struct trial trial = create("x,y\n1,0.5\n2,1.5\n", NULL);
    bp_error error;
    cr_expect_eq(
        bp_class_weights_fit(&trial.classes, trial.schema, &trial.samples, "balanced", &error),
        BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "class weights: \"y\" holds numbers, which have no classes");
    release(&trial);
}

Test(data_weights, a_sample_counts_its_weight_times_that_of_its_class)
{
    struct trial trial = create("x,w,kind\n1,0.5,cat\n2,3,dog\n3,0,cat\n", "w");
    fit(&trial, "cat=4");
    cr_assert_eq(bp_samples_weigh(&trial.samples, &trial.classes, 1.0, "file", NULL), BP_OK);
    cr_expect_eq(trial.samples.weight[0], 2.0f);
    cr_expect_eq(trial.samples.weight[1], 3.0f);
    cr_expect_eq(trial.samples.count, 2, "a row of weight 0 is none");
    release(&trial);
}

/* As training does. */
static bp_status weigh_by_mean(struct trial *trial, const char *path, bp_error *error)
{
    const double unit = bp_samples_mean_weight(&trial->samples, &trial->classes);
    return bp_samples_weigh(&trial->samples, &trial->classes, unit, path, error);
}

Test(data_weights, in_training_the_mean_of_the_weights_is_one)
{
    struct trial trial = create("x,w,kind\n1,0.5,cat\n2,3,dog\n3,0,cat\n4,0.5,dog\n", "w");
    fit(&trial, NULL);
    cr_assert_eq(weigh_by_mean(&trial, "file", NULL), BP_OK);
    static const float wanted[] = {0.375f, 2.25f, 0.375f};
    cr_expect_arr_eq(trial.samples.weight, wanted, sizeof wanted);
    release(&trial);
}

Test(data_weights, the_mean_without_weights_is_one)
{
    struct trial trial = create("x,kind\n1,cat\n2,dog\n", NULL);
    cr_expect_eq(bp_samples_mean_weight(&trial.samples, &trial.classes), 1.0);
    release(&trial);
}

Test(data_weights, weights_that_are_all_the_same_change_nothing_in_training)
{
    struct trial trial = create("x,w,kind\n1,7,cat\n2,7,dog\n", "w");
    cr_assert_eq(weigh_by_mean(&trial, "file", NULL), BP_OK);
    cr_expect_null(trial.samples.weight);
    release(&trial);
}

Test(data_weights, a_set_of_no_weight_and_a_weight_beyond_a_float_are_errors)
{
    struct trial none = create("x,w,kind\n1,0,cat\n2,3,dog\n", "w");
    struct trial large = create("x,w,kind\n1,1,cat\n2,1e38,dog\n", "w");
    bp_error error;
    fit(&none, "dog=0");
    cr_expect_eq(weigh_by_mean(&none, "a.csv", &error), BP_ERROR_INPUT);
    cr_expect_str_eq(error.message, "a.csv: the weights of all samples are 0");
    fit(&large, "dog=1e3");
    cr_expect_eq(bp_samples_weigh(&large.samples, &large.classes, 1.0, "a.csv", &error),
                 BP_ERROR_INPUT);
    cr_expect_str_eq(error.message, "a.csv: sample 2 has a weight that is too large times that of "
                                    "its class");
    release(&none);
    release(&large);
}

/* Binding `text` to the schema of a training file with the weights "w" fails with this message. */
static void expect_bind_fails(const char *text, const char *message)
{
    struct trial trial = create("x,w,kind\n1,1,cat\n2,2,dog\n", "w");
    bp_dataset *dataset = table_csv(text, true);
    struct bp_samples samples;
    bp_error error = {.message = ""};
    cr_expect_eq(bp_samples_bind(&samples, trial.schema, dataset,
                                 &(struct bp_bind_options){.need = BP_TARGETS_AND_WEIGHTS}, &error),
                 BP_ERROR_INPUT);
    cr_expect_str_eq(error.message, message);
    bp_dataset_free(dataset);
    release(&trial);
}

Test(data_weights, a_cell_that_is_no_weight_is_an_error_with_its_place)
{
    expect_bind_fails(
        "x,w,kind\n1,1,cat\n2,-0.5,dog\n",
        "test.csv:3:2: -0.5 is no weight: column \"w\" holds the weights of the rows, "
        "numbers from 0 on");
    expect_bind_fails("x,w,kind\n1,1,cat\n2,much,dog\n",
                      "test.csv:3:2: \"much\" is not a number, and column \"w\" holds the weights "
                      "of the rows");
}

Test(data_weights, training_data_without_the_weights_of_the_model_are_an_error)
{
    expect_bind_fails("x,kind\n1,cat\n2,dog\n",
                      "test.csv: column \"w\" is missing, which holds the weights of the rows that "
                      "the model is trained on");
}

Test(data_weights, other_data_may_have_no_weights)
{
    struct trial trial = create("x,w,kind\n1,1,cat\n2,2,dog\n", "w");
    bp_dataset *dataset = table_csv("x,kind\n1,cat\n2,dog\n", true);
    struct bp_samples samples;
    cr_assert_eq(bp_samples_bind(&samples, trial.schema, dataset,
                                 &(struct bp_bind_options){.need = BP_TARGETS_REQUIRED}, NULL),
                 BP_OK);
    cr_expect_null(samples.weight);
    bp_samples_release(&samples);
    bp_dataset_free(dataset);
    release(&trial);
}

Test(data_weights, another_column_of_weights_takes_the_place_of_the_first)
{
    struct trial trial = create("x,w,kind\n1,1,cat\n2,2,dog\n", "w");
    struct bp_bind_options options = {.need = BP_TARGETS_REQUIRED, .weight = "1"};
    struct bp_samples samples;
    bp_error error;
    cr_assert_eq(bp_samples_bind(&samples, trial.schema, trial.dataset, &options, &error), BP_OK);
    cr_expect_eq(samples.weight[0], 1.0f);
    cr_expect_eq(samples.weight[1], 2.0f);
    bp_samples_release(&samples);
    options.weight = "knid";
    cr_expect_eq(bp_samples_bind(&samples, trial.schema, trial.dataset, &options, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message,
                     "test.csv: weight: there is no column \"knid\"; did you mean \"kind\"?");
    options.weight = "kind";
    cr_expect_eq(bp_samples_bind(&samples, trial.schema, trial.dataset, &options, &error),
                 BP_ERROR_INPUT);
    release(&trial);
}

Test(data_weights, rows_of_weight_0_are_no_samples)
{
    struct trial trial = create("x,w,kind\n1,1,cat\n9,0,owl\n2,2,dog\n8,0,\n", "w");
    cr_expect_eq(trial.samples.count, 2);
    cr_expect_eq(trial.samples.outputs, 2);
    cr_expect_eq(trial.samples.weight[1], 2.0f);
    cr_expect_eq(trial.samples.labels[1], 1);
    release(&trial);
}

Test(data_weights, the_column_of_weights_is_no_input)
{
    struct trial trial = create("x,w,kind\n1,1,cat\n2,2,dog\n", "w");
    cr_expect_eq(trial.samples.inputs, 1);
    release(&trial);
}
