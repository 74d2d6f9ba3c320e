/* Integers that floats do not hold: as classes they stay apart, in every format. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/samples/samples.h"
#include "data/text/integer.h"
#include "support/npy_bytes.h"
#include "support/reading.h"
#include "support/schemas.h"
#include "support/scratch.h"

TestSuite(data_exact, .fini = scratch_remove);

static bp_dataset *read_csv(const char *text)
{
    return expect_dataset(read_text("d.csv", text, NULL));
}

/* The classes of the target, and the one of each row, as indices in "01120". Frees the dataset. */
static void expect_classes(bp_dataset *dataset, const char *const *names, const char *rows)
{
    struct bp_schema_options options = schema_options();
    options.task = BP_TASK_CLASSIFY;
    struct bp_schema *schema = schema_fit(dataset, &options);
    const struct bp_schema_column *target = &schema->column[schema->input_columns];
    size_t count = 0;
    for (; names[count]; count++)
        cr_assert_str_eq(target->category[count], names[count]);
    cr_assert_eq(target->neurons, count);
    struct bp_samples samples;
    bp_error error;
    cr_assert_eq(bp_samples_bind(&samples, schema, dataset,
                                 &(struct bp_bind_options){.need = BP_TARGETS_REQUIRED}, &error),
                 BP_OK, "%s", error.message);
    for (size_t x = 0; x < samples.count; x++)
        cr_assert_eq(samples.labels[x], (uint32_t)(rows[x] - '0'), "row %zu", x);
    bp_samples_release(&samples);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

#define CLASSES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void expect_read(const char *text, enum bp_inexact why, int64_t expected)
{
    int64_t value = 7;
    cr_assert_eq(bp_integer_read(text, strlen(text), '.', &value), why, "%s", text);
    cr_assert_eq(value, why == BP_EXACT ? expected : 7, "%s: %" PRId64, text, value);
}

Test(data_exact, integers_are_read_however_they_are_written)
{
    expect_read("16777217", BP_EXACT, 16777217);
    expect_read(" +0016777217.000 ", BP_EXACT, 16777217);
    expect_read("1.6777217e7", BP_EXACT, 16777217);
    expect_read("167772170E-1", BP_EXACT, 16777217);
    expect_read(".5e1", BP_EXACT, 5);
    expect_read("-0.0", BP_EXACT, 0);
    expect_read("9223372036854775807", BP_EXACT, INT64_MAX);
    expect_read("-9223372036854775808", BP_EXACT, INT64_MIN);
    expect_read("9223372036854775808", BP_INEXACT_SIZE, 0);
    expect_read("-9223372036854775809", BP_INEXACT_SIZE, 0);
    expect_read("1e30", BP_INEXACT_SIZE, 0);
    expect_read("0e999999999999999999999", BP_EXACT, 0);
    expect_read("16777217.5", BP_INEXACT_FRACTION, 0);
    expect_read("1.67772171e7", BP_INEXACT_FRACTION, 0);
    expect_read("99999999999999999999.5", BP_INEXACT_FRACTION, 0);
    int64_t value;
    cr_assert_eq(bp_integer_read("16777217,0", 10, ',', &value), BP_EXACT);
    cr_assert_eq(value, 16777217);
}

Test(data_exact, labels_of_a_csv_file_beyond_2_to_24_stay_apart)
{
    expect_classes(read_csv("a,y\n1,16777216\n2,16777217\n3,16777217.0\n4,16777218\n5,3\n"),
                   CLASSES("3", "16777216", "16777217", "16777218"), "12230");
    expect_classes(read_csv("a,y\n1,9007199254740993\n2,9007199254740992\n3,-9007199254740993\n"),
                   CLASSES("-9007199254740993", "9007199254740992", "9007199254740993"), "210");
}

Test(data_exact, the_classes_of_rows_hold_for_other_files)
{
    bp_dataset *dataset = read_csv("a,y\n1,16777216\n2,16777217\n"),
               *other = read_csv("a,y\n1,16777217\n2,16777216\n2,16777217\n"),
               *foreign = read_csv("a,y\n1,16777216\n2,16777219\n");
    struct bp_schema_options options = schema_options();
    options.task = BP_TASK_CLASSIFY;
    struct bp_schema *schema = schema_fit(dataset, &options);
    struct bp_samples samples;
    bp_error error;
    cr_assert_eq(bp_samples_bind(&samples, schema, other,
                                 &(struct bp_bind_options){.need = BP_TARGETS_REQUIRED}, &error),
                 BP_OK, "%s", error.message);
    cr_assert(samples.labels[0] == 1 && samples.labels[1] == 0 && samples.labels[2] == 1);
    bp_samples_release(&samples);
    cr_assert_eq(bp_samples_bind(&samples, schema, foreign,
                                 &(struct bp_bind_options){.need = BP_TARGETS_REQUIRED}, &error),
                 BP_ERROR_INPUT);
    cr_assert_not_null(strstr(error.message, "16777219"), "%s", error.message);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
    bp_dataset_free(other);
    bp_dataset_free(foreign);
}

Test(data_exact, labels_in_further_files_stay_apart)
{
    char *const a = scratch_file("a.csv"), *const b = scratch_file("b.csv");
    const char *const files[] = {a, b}, *const turned[] = {b, a};
    bp_dataset *dataset;
    bp_error error;
    file_put_text(a, "a,y\n1,5\n2,7\n");
    file_put_text(b, "y,a\n16777217,1\n16777216,2\n");
    cr_assert_eq(bp_dataset_read_files(&dataset, files, 2, NULL, &error), BP_OK, "%s",
                 error.message);
    expect_classes(dataset, CLASSES("5", "7", "16777216", "16777217"), "0132");
    cr_assert_eq(bp_dataset_read_files(&dataset, turned, 2, NULL, &error), BP_OK);
    cr_assert_eq(bp_dataset_get_info(dataset).rows, 4);
    struct bp_schema_options options = schema_options();
    options.task = BP_TASK_CLASSIFY;
    options.target = "y";
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->column[1].neurons, 4);
    cr_assert_str_eq(schema->column[1].category[3], "16777217");
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_exact, labels_of_a_fann_file_stay_apart)
{
    expect_classes(
        expect_dataset(read_text("d.data", "3 1 1\n1\n16777217\n2\n16777216\n3\n16777217\n", NULL)),
        CLASSES("16777216", "16777217"), "101");
}

Test(data_exact, labels_of_a_numpy_file_of_doubles_stay_apart)
{
    const float inputs[] = {1, 2, 3};
    static const double labels[] = {16777217, 16777216, 9007199254740991};
    const struct npy_bytes data = npy_floats("3, 1", 3, inputs);
    struct npy_bytes targets = npy_header("<f8", "3,");
    for (size_t k = 0; k < 3; k++) {
        uint64_t bits;
        memcpy(&bits, &labels[k], sizeof bits);
        npy_append(&targets, bits, 8);
    }
    expect_classes(
        expect_dataset(read_with_labels(data.data, data.size, targets.data, targets.size)),
        CLASSES("16777216", "16777217", "9007199254740991"), "102");
}

Test(data_exact, values_are_counted_exactly)
{
    bp_dataset *dataset = read_csv("a,y\n1,9007199254740993\n2,9007199254740992\n3,\n4,"
                                   "9007199254740993\n");
    bp_value_count counts[3];
    bp_column_info info;
    cr_assert_eq(bp_dataset_value_counts(dataset, 1, counts, 3), 2);
    cr_assert(counts[0].integer == 9007199254740992 && counts[0].count == 1);
    cr_assert(counts[1].integer == 9007199254740993 && counts[1].count == 2);
    cr_assert_eq(bp_dataset_describe(dataset, 1, &info, NULL), BP_OK);
    cr_assert_eq(info.distinct, 2);
    cr_assert_eq(bp_dataset_value_counts(dataset, 0, counts, 1), 1);
    cr_assert_eq(counts[0].integer, 1);
    bp_dataset_free(dataset);
}

static void expect_refused(const char *text, const char *message)
{
    struct bp_schema_options options = schema_options();
    options.task = BP_TASK_CLASSIFY;
    bp_dataset *dataset = read_csv(text);
    struct bp_schema *schema;
    bp_error error;
    cr_assert_eq(bp_schema_fit(&schema, dataset, &options, &error), BP_ERROR_INPUT);
    cr_assert_not_null(strstr(error.message, message), "%s", error.message);
    bp_dataset_free(dataset);
}

Test(data_exact, what_cannot_be_told_apart_is_refused_as_classes)
{
    expect_refused("a,y\n1,16777216\n2,16777216.5\n",
                   "d.csv:3:2: it has a fraction, so that the numbers of column \"y\" cannot be "
                   "classes");
    expect_refused("a,y\n1,99999999999999999998\n2,99999999999999999999\n",
                   "d.csv:2:2: it is beyond 64 bits, so that the numbers of column \"y\" cannot be "
                   "classes: list it with --categorical");
}

Test(data_exact, a_column_of_many_integers_is_no_class_and_costs_nothing)
{
    char *text = malloc(6000 * 24);
    size_t length = (size_t)sprintf(text, "a,y\n");
    for (size_t r = 0; r < 6000; r++)
        length += (size_t)sprintf(text + length, "%zu,%zu\n", 100000001 + 2 * r, r % 3);
    bp_dataset *dataset = read_csv(text);
    cr_assert_null(dataset->table->column[0].integers);
    cr_assert_eq(dataset->table->column[0].inexact, BP_INEXACT_MANY);
    bp_dataset_free(dataset);
    free(text);
}

/* 16777217 is 16777216 in binary32: a class that the rows do not have. */
Test(data_exact, integers_that_were_not_kept_apart_are_of_no_known_class)
{
    char *text = malloc(6000 * 24);
    size_t length = (size_t)sprintf(text, "a,y\n");
    for (size_t r = 0; r < 6000; r++)
        length += (size_t)sprintf(text + length, "%zu,%zu\n", r % 3, 16777217 + 100000 * r);
    struct bp_schema_options options = schema_options();
    options.task = BP_TASK_CLASSIFY;
    bp_dataset *few = read_csv("a,y\n1,16777216\n2,33554432\n"), *many = read_csv(text);
    struct bp_schema *schema = schema_fit(few, &options);
    const struct bp_bind_options binding = {.need = BP_TARGETS_REQUIRED};
    struct bp_samples samples;
    bp_error error;
    cr_assert_eq(bp_samples_bind(&samples, schema, many, &binding, &error), BP_ERROR_INPUT);
    cr_assert_not_null(strstr(error.message, "d.csv:2:2: "), "%s", error.message);
    cr_assert_not_null(strstr(error.message, "6000 of 6000 rows"), "%s", error.message);
    bp_schema_free(schema);
    bp_dataset_free(many);
    bp_dataset_free(few);
    free(text);
}
