/* Labels and targets from NPY files, and what a model learns of them. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/table/table.h"
#include "support/idx_bytes.h"
#include "support/npy_bytes.h"
#include "support/reading.h"

static const float inputs[] = {0.5F, -1, 2, 0.25F, 3, -0.125F};

static struct reading read_pair(const struct npy_bytes *data, const struct npy_bytes *labels)
{
    return read_with_labels(data->data, data->size, labels->data, labels->size);
}

static struct npy_bytes samples(void)
{
    return npy_floats("3, 2", 6, inputs);
}

static void expect_classes(bp_dataset *dataset, const char *first, const char *second,
                           const uint32_t *codes)
{
    const struct bp_table *table = dataset->table;
    const struct bp_column *column = &table->column[table->columns - 1];
    cr_assert_str_eq(column->name, "label");
    cr_assert_eq(column->role, BP_ROLE_TARGET);
    cr_assert_eq(column->categories, 2);
    cr_assert_str_eq(column->category[0], first);
    cr_assert_str_eq(column->category[1], second);
    cr_assert_arr_eq(table->labels, codes, 3 * sizeof *codes);
    bp_dataset_free(dataset);
}

static struct npy_bytes three(const char *type, const char *shape, uint64_t a, uint64_t b,
                              uint64_t c, size_t size)
{
    struct npy_bytes file = npy_header(type, shape);
    npy_append(&file, a, size);
    npy_append(&file, b, size);
    npy_append(&file, c, size);
    return file;
}

Test(data_npy_labels, integers_become_classes_in_ascending_order)
{
    static const uint32_t codes[] = {1, 0, 1};
    struct npy_bytes data = samples(), labels = three("<i8", "3,", 10, (uint64_t)-3, 10, 8);
    expect_classes(expect_dataset(read_pair(&data, &labels)), "-3", "10", codes);
    labels = three("|u1", "3, 1", 255, 7, 255, 1);
    expect_classes(expect_dataset(read_pair(&data, &labels)), "7", "255", codes);
    labels = three("|b1", "3,", 1, 0, 1, 1);
    expect_classes(expect_dataset(read_pair(&data, &labels)), "0", "1", codes);
    labels = three("<u8", "3,", INT64_MAX, 4, INT64_MAX, 8);
    expect_classes(expect_dataset(read_pair(&data, &labels)), "4", "9223372036854775807", codes);
}

Test(data_npy_labels, samples_and_labels_may_be_of_different_formats)
{
    static const uint32_t codes[] = {1, 0, 1};
    struct npy_bytes data = samples(), labels = three("<i4", "3,", 7, 3, 7, 4);
    struct idx_bytes images = idx_images(), idx = idx_labels();
    expect_classes(expect_dataset(read_with_labels(data.data, data.size, idx.data, idx.size)), "3",
                   "7", codes);
    expect_classes(
        expect_dataset(read_with_labels(images.data, images.size, labels.data, labels.size)), "3",
        "7", codes);
}

Test(data_npy_labels, floats_become_targets_beside_the_samples)
{
    static const float targets[] = {1, -4, 2, 0, 6, 4};
    struct npy_bytes data = samples(), labels = npy_floats("3, 2", 6, targets);
    bp_dataset *dataset = expect_dataset(read_pair(&data, &labels));
    const struct bp_table *table = dataset->table;
    cr_assert_eq(table->columns, 4);
    cr_assert_str_eq(table->column[2].name, "y1");
    cr_assert_str_eq(table->column[3].name, "y2");
    cr_assert_eq(table->column[3].role, BP_ROLE_TARGET);
    cr_assert_arr_eq(table->targets, targets, sizeof targets);
    cr_assert_arr_eq(table->values, inputs, sizeof inputs);
    cr_assert_eq(bp_dataset_get_info(dataset).mapped, npy_mapped(&data));
    bp_column_info info;
    cr_assert_eq(bp_dataset_describe(dataset, 3, &info, NULL), BP_OK);
    cr_assert_eq(info.min, -4.0);
    cr_assert_eq(info.max, 4.0);
    cr_assert_eq(info.mean, 0.0);
    cr_assert_eq(info.distinct, 3);
    cr_assert(info.integral);
    bp_value_count counts[3];
    cr_assert_eq(bp_dataset_value_counts(dataset, 2, counts, 3), 3);
    cr_assert_eq(counts[2].number, 6.0);
    bp_dataset_free(dataset);
}

/* Targets in Fortran order and of eight bytes: 1, 2, 6 and -4, 0, 4. */
Test(data_npy_labels, targets_may_be_of_any_float_type_and_order)
{
    static const float targets[] = {1, -4, 2, 0, 6, 4};
    static const double columns[] = {1, 2, 6, -4, 0, 4};
    struct npy_bytes data = samples(), labels;
    labels = npy_begin(1, "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 2), }");
    for (size_t k = 0; k < 6; k++) {
        uint64_t bits;
        memcpy(&bits, &columns[k], sizeof bits);
        npy_append(&labels, bits, 8);
    }
    bp_dataset *dataset = expect_dataset(read_pair(&data, &labels));
    cr_assert_arr_eq(dataset->table->targets, targets, sizeof targets);
    bp_dataset_free(dataset);
}

/* The parameters after a few epochs on `dataset`, which is freed. */
static void train(bp_dataset *dataset, char digest[BP_DIGEST_SIZE], bp_task task)
{
    bp_model_options options = bp_model_options_default();
    bp_train_options train_options = bp_train_options_default();
    bp_model *model;
    bp_trainer *trainer;
    bp_train_result result;
    bp_error error = {.message = ""};
    train_options.epochs = 3;
    train_options.batch_size = 2;
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_OK, "%s", error.message);
    cr_assert_eq(bp_model_get_info(model).task, task);
    cr_assert_eq(bp_trainer_create(&trainer, model, dataset, NULL, &train_options, &error), BP_OK);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, &result, &error), BP_OK);
    memcpy(digest, result.weights_digest, BP_DIGEST_SIZE);
    const bp_run_options run_options = bp_run_options_default();
    bp_metrics metrics;
    cr_assert_eq(bp_evaluate(model, dataset, &run_options, &metrics, &error), BP_OK, "%s",
                 error.message);
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

static bp_dataset *make_dataset(const bp_arrays *arrays)
{
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, arrays, NULL), BP_OK);
    return dataset;
}

Test(data_npy_labels, classes_train_to_the_bits_of_the_same_arrays)
{
    char from_file[BP_DIGEST_SIZE], from_arrays[BP_DIGEST_SIZE];
    struct npy_bytes data = samples(), labels = three("<i4", "3,", 1, 0, 1, 4);
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = 3,
                              .inputs = 2,
                              .input = inputs,
                              .labels = (const uint32_t[]){1, 0, 1},
                              .classes = 2};
    train(expect_dataset(read_pair(&data, &labels)), from_file, BP_TASK_CLASSIFY);
    train(make_dataset(&arrays), from_arrays, BP_TASK_CLASSIFY);
    cr_assert_str_eq(from_file, from_arrays);
}

Test(data_npy_labels, numbers_train_to_the_bits_of_the_same_arrays)
{
    static const float targets[] = {1, -4, 2, 0, 6, 4};
    char from_file[BP_DIGEST_SIZE], from_arrays[BP_DIGEST_SIZE];
    struct npy_bytes data = samples(), labels = npy_floats("3, 2", 6, targets);
    const bp_arrays arrays = {.size = sizeof(bp_arrays),
                              .count = 3,
                              .inputs = 2,
                              .input = inputs,
                              .outputs = 2,
                              .targets = targets};
    train(expect_dataset(read_pair(&data, &labels)), from_file, BP_TASK_REGRESS);
    train(make_dataset(&arrays), from_arrays, BP_TASK_REGRESS);
    cr_assert_str_eq(from_file, from_arrays);
}

Test(data_npy_labels, numbers_are_learned_from_images_too)
{
    static const float targets[] = {1, -4, 2};
    char digest[BP_DIGEST_SIZE];
    struct idx_bytes images = idx_images();
    struct npy_bytes labels = npy_floats("3,", 3, targets);
    train(expect_dataset(read_with_labels(images.data, images.size, labels.data, labels.size)),
          digest, BP_TASK_REGRESS);
}

static void expect_error(const struct npy_bytes *labels, const char *message)
{
    struct npy_bytes data = samples();
    expect_failure(read_pair(&data, labels), BP_ERROR_INPUT, message);
}

Test(data_npy_labels, what_cannot_be_labels_is_an_error)
{
    static const float targets[] = {1, 2, 3, 1.0F / 0.0F};
    struct npy_bytes labels = three("<u8", "3,", 1, 2, (uint64_t)INT64_MAX + 1, 8);
    expect_error(&labels, "labels: column 1 of row 3 is too large for a label");
    labels = three("|b1", "3,", 1, 0, 2, 1);
    expect_error(&labels, "labels: column 1 of row 3 is too large for a label");
    labels = npy_floats("2, 2", 4, targets);
    expect_error(&labels, "labels: the file has 2 labels, but images has 3 samples");
    labels = npy_floats("3,", 3, targets + 1);
    expect_error(&labels, "labels: column 1 of row 3 is not finite as a 32-bit float");
    labels = npy_floats("3, 1, 1", 3, targets);
    expect_error(&labels, "labels: labels have 1 dimension, and targets 1 or 2, but this array has "
                          "3; are samples and labels swapped?");
    labels = npy_header("<i2", "3, 2");
    expect_error(&labels,
                 "labels: labels are one integer a row, but this array has 2 columns; save "
                 "array.astype(\"float32\") if they are numbers to predict");
}

Test(data_npy_labels, a_model_that_needs_labels_asks_for_the_file)
{
    struct npy_bytes data = samples();
    bp_dataset *dataset = expect_dataset(read_bytes("a.npy", data.data, data.size, NULL));
    const bp_model_options options = bp_model_options_default();
    bp_model *model;
    bp_error error;
    cr_assert_eq(bp_model_create(&model, dataset, &options, &error), BP_ERROR_INPUT);
    cr_assert_not_null(strstr(error.message, "give the file of labels (--labels)"));
    bp_dataset_free(dataset);
}
