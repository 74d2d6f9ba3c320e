/* IDX files: types, dimensions, labels, and what may be wrong. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/table/table.h"
#include "support/idx_bytes.h"
#include "support/reading.h"

static struct reading read_idx(const struct idx_bytes *file)
{
    return read_bytes("images", file->data, file->size, NULL);
}

static struct reading read_pair(const struct idx_bytes *images, const struct idx_bytes *labels)
{
    return read_with_labels(images->data, images->size, labels->data, labels->size);
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint32_t float_bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

Test(data_idx, bytes_stay_bytes_in_one_column_of_images)
{
    struct idx_bytes file = idx_images();
    bp_dataset *dataset = expect_dataset(read_idx(&file));
    bp_dataset_info info = bp_dataset_get_info(dataset);
    cr_assert_eq(info.format, BP_FORMAT_IDX);
    cr_assert_eq(info.rows, 3);
    cr_assert_eq(info.columns, 1);
    cr_assert(info.has_bytes);
    const struct bp_table *table = dataset->table;
    cr_assert_str_eq(table->column[0].name, "image");
    cr_assert_eq(table->column[0].role, BP_ROLE_INPUT);
    cr_assert_eq(table->column[0].width, 4);
    cr_assert_eq(table->cells, 4);
    cr_assert_null(table->values);
    for (size_t k = 0; k < 12; k++)
        cr_assert_eq(table->bytes[k], k);
    bp_dataset_free(dataset);
}

Test(data_idx, labels_become_classes_in_ascending_order)
{
    struct idx_bytes images = idx_images(), labels = idx_labels();
    bp_dataset *dataset = expect_dataset(read_pair(&images, &labels));
    const struct bp_table *table = dataset->table;
    cr_assert_eq(table->columns, 2);
    cr_assert_str_eq(table->column[1].name, "label");
    cr_assert_eq(table->column[1].role, BP_ROLE_TARGET);
    cr_assert_eq(table->column[1].kind, BP_COLUMN_CATEGORY);
    cr_assert_eq(table->column[1].categories, 2);
    cr_assert_str_eq(table->column[1].category[0], "3");
    cr_assert_str_eq(table->column[1].category[1], "7");
    static const uint32_t codes[] = {1, 0, 1};
    cr_assert_arr_eq(table->labels, codes, sizeof codes);
    bp_dataset_free(dataset);
}

Test(data_idx, labels_of_four_bytes_may_be_negative)
{
    struct idx_bytes images = idx_images(), labels = idx_header(0x0C, 3, 0, 0, 0);
    idx_append(&labels, 10, 4);
    idx_append(&labels, (uint32_t)-2, 4);
    idx_append(&labels, 9, 4);
    bp_dataset *dataset = expect_dataset(read_pair(&images, &labels));
    char **category = dataset->table->column[1].category;
    cr_assert_str_eq(category[0], "-2");
    cr_assert_str_eq(category[1], "9");
    cr_assert_str_eq(category[2], "10");
    bp_dataset_free(dataset);
}

Test(data_idx, a_gzip_file_is_read_like_a_plain_one)
{
    struct idx_bytes images = idx_images(), labels = idx_labels();
    size_t images_size, labels_size;
    unsigned char *packed = pack_gzip(images.data, images.size, &images_size);
    unsigned char *packed_labels = pack_gzip(labels.data, labels.size, &labels_size);
    bp_dataset *dataset =
        expect_dataset(read_with_labels(packed, images_size, packed_labels, labels_size));
    cr_assert_eq(dataset->table->bytes[11], 11);
    cr_assert_eq(dataset->table->labels[1], 0);
    bp_dataset_free(dataset);
    free(packed);
    free(packed_labels);
}

/* The values 1 and -2 (or 254, or what they round to) in each type. */
static void expect_values(struct idx_bytes file, float first, float second)
{
    bp_dataset *dataset = expect_dataset(read_idx(&file));
    cr_assert_eq(dataset->table->cells, 1);
    cr_assert_null(dataset->table->bytes);
    cr_assert_eq(dataset->table->values[0], first);
    cr_assert_eq(dataset->table->values[1], second);
    bp_dataset_free(dataset);
}

static struct idx_bytes two_values(unsigned char type, uint64_t first, uint64_t second, size_t size)
{
    struct idx_bytes file = idx_header(type, 2, 0, 0, 0);
    idx_append(&file, first, size);
    idx_append(&file, second, size);
    return file;
}

Test(data_idx, every_other_type_becomes_floats)
{
    expect_values(two_values(0x09, 1, 0xFE, 1), 1.0F, -2.0F);
    expect_values(two_values(0x0B, 1, 0xFFFE, 2), 1.0F, -2.0F);
    expect_values(two_values(0x0C, 1, 0xFFFFFFFE, 4), 1.0F, -2.0F);
    expect_values(two_values(0x0D, float_bits_of(0.1F), float_bits_of(-2.0F), 4), 0.1F, -2.0F);
    expect_values(two_values(0x0E, bits_of(0.1), bits_of(-2.0), 8), 0.1F, -2.0F);
}

Test(data_idx, an_integer_beyond_24_bits_is_rounded)
{
    expect_values(two_values(0x0C, 16777217, 0xFFFFFFFE, 4), 16777216.0F, -2.0F);
}

Test(data_idx, integers_near_one_another_keep_what_makes_them_different)
{
    struct idx_bytes file = two_values(0x0C, 16777217, 16777219, 4);
    bp_dataset *dataset = expect_dataset(read_idx(&file));
    const double origin = dataset->table->column[0].origin;
    cr_assert_eq(origin, 16777216.0);
    cr_assert_eq(dataset->table->values[0], 1.0F);
    cr_assert_eq(dataset->table->values[1], 3.0F);
    bp_dataset_free(dataset);
}

Test(data_idx, four_dimensions_are_multiplied)
{
    struct idx_bytes file = idx_header(0x08, 2, 1, 3, 2);
    for (uint64_t k = 0; k < 12; k++)
        idx_append(&file, k, 1);
    bp_dataset *dataset = expect_dataset(read_idx(&file));
    cr_assert_eq(dataset->table->cells, 6);
    bp_dataset_free(dataset);
}

Test(data_idx, a_value_that_is_not_finite_is_an_error)
{
    static const char message[] = "images: value 1 of item 2 is not finite as a 32-bit float";
    struct idx_bytes nan_file = two_values(0x0D, 0, float_bits_of(NAN), 4);
    expect_failure(read_idx(&nan_file), BP_ERROR_INPUT, message);
    struct idx_bytes large = two_values(0x0E, 0, bits_of(1e39), 8);
    expect_failure(read_idx(&large), BP_ERROR_INPUT, message);
}

Test(data_idx, a_truncated_file_is_an_error_with_what_the_header_counts)
{
    struct idx_bytes file = idx_images();
    file.size -= 5;
    expect_failure(read_idx(&file), BP_ERROR_INPUT,
                   "images: the file ends within item 2; the header counts 3 items of 4 values");
    file.size = 14;
    expect_failure(read_idx(&file), BP_ERROR_INPUT, "images: the file ends within its IDX header");
}

Test(data_idx, bytes_after_the_last_item_are_an_error)
{
    struct idx_bytes file = idx_images();
    idx_append(&file, 0, 1);
    expect_failure(read_idx(&file), BP_ERROR_INPUT,
                   "images: more bytes follow the last of the 3 items that the header counts");
}

Test(data_idx, a_dimension_of_0_is_an_error)
{
    struct idx_bytes file = idx_images();
    file.data[7] = 0;
    expect_failure(read_idx(&file), BP_ERROR_INPUT, "images: dimension 1 of the IDX header is 0");
}

Test(data_idx, more_or_fewer_dimensions_are_an_error)
{
    struct idx_bytes file = idx_images();
    file.data[3] = 5;
    expect_failure(read_idx(&file), BP_ERROR_INPUT,
                   "images: the IDX header has 5 dimensions instead of 1 to 4");
    file.data[3] = 0;
    expect_failure(read_idx(&file), BP_ERROR_INPUT,
                   "images: the IDX header has 0 dimensions instead of 1 to 4");
}

Test(data_idx, dimensions_whose_product_overflows_are_an_error)
{
    struct idx_bytes file = idx_header(0x08, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF);
    expect_failure(read_idx(&file), BP_ERROR_INPUT,
                   "images: the dimensions of the IDX header are too large");
}

Test(data_idx, dimensions_far_beyond_the_file_take_no_memory)
{
    struct idx_bytes file = idx_header(0x08, 0xFFFFFFFF, 1000, 1000, 0);
    expect_failure(read_idx(&file), BP_ERROR_INPUT,
                   "images: the file ends within item 1; the header counts 4294967295 items of "
                   "1000000 values");
}

Test(data_idx, labels_in_another_number_are_an_error_with_both_counts)
{
    struct idx_bytes images = idx_images(), labels = idx_header(0x08, 2, 0, 0, 0);
    idx_append(&labels, 0, 2);
    expect_failure(read_pair(&images, &labels), BP_ERROR_INPUT,
                   "labels: the file has 2 labels, but images has 3 samples");
}

Test(data_idx, images_given_as_labels_are_an_error)
{
    struct idx_bytes images = idx_images();
    expect_failure(read_pair(&images, &images), BP_ERROR_INPUT,
                   "labels: labels have 1 dimension, but this file has 3; are samples and labels "
                   "swapped?");
}

Test(data_idx, labels_that_are_floats_are_an_error)
{
    struct idx_bytes images = idx_images(), labels = idx_header(0x0D, 3, 0, 0, 0);
    idx_append(&labels, 0, 8);
    idx_append(&labels, 0, 4);
    expect_failure(read_pair(&images, &labels), BP_ERROR_INPUT,
                   "labels: labels are integers, but this file holds floats");
}

Test(data_idx, labels_that_are_not_idx_are_an_error)
{
    struct idx_bytes images = idx_images();
    expect_failure(read_with_labels(images.data, images.size, "1\n2\n3\n", 6), BP_ERROR_INPUT,
                   "labels: the file is not IDX: it begins with 31 0A 32 instead of 00 00 and a "
                   "type");
}

Test(data_idx, options_of_csv_files_do_not_go_with_idx)
{
    struct idx_bytes file = idx_images();
    bp_read_options options = bp_read_options_default();
    options.header = BP_HEADER_NO;
    expect_failure(
        read_bytes("images", file.data, file.size, &options), BP_ERROR_ARGUMENT,
        "images: only files of these formats may have a header: csv; this one is read as idx");
    options = bp_read_options_default();
    options.categorical = "1";
    expect_failure(read_bytes("images", file.data, file.size, &options), BP_ERROR_ARGUMENT,
                   "images: only files of these formats may have categorical columns: csv; this "
                   "one is read as "
                   "idx");
}
