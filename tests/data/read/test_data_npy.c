/* What good NPY files become. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/table/column_statistics.h"
#include "data/table/table.h"
#include "support/folder.h"
#include "support/npy_bytes.h"
#include "support/reading.h"

static const float six[] = {1, -2.5F, 3, 1e30F, 0, -0.0F};

static bp_dataset *read_npy(const struct npy_bytes *file)
{
    return expect_dataset(read_bytes("a.npy", file->data, file->size, NULL));
}

static void expect_values(const bp_dataset *dataset, size_t rows, size_t width, const float *values)
{
    const struct bp_table *table = dataset->table;
    cr_assert_eq(table->rows, rows);
    cr_assert_eq(table->cells, width);
    cr_assert_null(table->bytes);
    cr_assert_arr_eq(table->values, values, rows * width * sizeof *values);
}

static void expect_bytes(const bp_dataset *dataset, size_t rows, size_t width,
                         const uint8_t *values)
{
    const struct bp_table *table = dataset->table;
    cr_assert_eq(table->rows, rows);
    cr_assert_eq(table->cells, width);
    cr_assert_null(table->values);
    cr_assert_arr_eq(table->bytes, values, rows * width);
}

Test(data_npy, a_table_of_floats_stays_in_the_file)
{
    struct npy_bytes file = npy_floats("2, 3", 6, six);
    bp_dataset *dataset = read_npy(&file);
    bp_dataset_info info = bp_dataset_get_info(dataset);
    cr_assert_eq(info.format, BP_FORMAT_NPY);
    cr_assert_eq(info.columns, 3);
    cr_assert_eq(info.mapped, npy_mapped(&file));
    cr_assert_not(info.has_bytes);
    expect_values(dataset, 2, 3, six);
    const struct bp_column *column = dataset->table->column;
    cr_assert_str_eq(column[0].name, "x1");
    cr_assert_str_eq(column[2].name, "x3");
    cr_assert_eq(column[2].offset, 2);
    cr_assert_eq(column[2].role, BP_ROLE_INPUT);
    bp_dataset_free(dataset);
}

Test(data_npy, a_table_of_bytes_stays_in_the_file)
{
    static const uint8_t values[] = {0, 255, 1, 2};
    struct npy_bytes file = npy_bytes("2, 2", 4, values);
    bp_dataset *dataset = read_npy(&file);
    cr_assert_eq(bp_dataset_get_info(dataset).mapped, file.size);
    cr_assert(bp_dataset_get_info(dataset).has_bytes);
    expect_bytes(dataset, 2, 2, values);
    bp_dataset_free(dataset);
}

Test(data_npy, bools_are_bytes)
{
    static const uint8_t values[] = {0, 1, 1};
    struct npy_bytes file = npy_header("|b1", "3, 1");
    npy_append(&file, 0x010100, 3);
    bp_dataset *dataset = read_npy(&file);
    expect_bytes(dataset, 3, 1, values);
    bp_dataset_free(dataset);
}

Test(data_npy, a_file_that_is_replaced_does_not_change_the_dataset)
{
    struct folder folder = folder_create();
    char *path = folder_path(&folder, "a.npy"), *other = folder_path(&folder, "b.npy");
    struct npy_bytes file = npy_floats("2, 3", 6, six), zeros = npy_floats("1,", 1, &six[4]);
    file_put(path, file.data, file.size);
    file_put(other, zeros.data, zeros.size);
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_read(&dataset, path, NULL, NULL), BP_OK);
    cr_assert_eq(rename(other, path), 0);
    expect_values(dataset, 2, 3, six);
    bp_dataset_free(dataset);
    free(path);
    free(other);
    folder_remove(&folder);
}

Test(data_npy, more_dimensions_make_one_column_of_images)
{
    static const uint8_t values[] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct npy_bytes file = npy_bytes("2, 2, 1, 2", 8, values);
    bp_dataset *dataset = read_npy(&file);
    expect_bytes(dataset, 2, 4, values);
    cr_assert_eq(dataset->table->columns, 1);
    cr_assert_str_eq(dataset->table->column[0].name, "image");
    cr_assert_eq(dataset->table->column[0].width, 4);
    bp_dataset_free(dataset);
}

Test(data_npy, one_dimension_makes_one_column)
{
    struct npy_bytes file = npy_floats("6,", 6, six);
    bp_dataset *dataset = read_npy(&file);
    expect_values(dataset, 6, 1, six);
    cr_assert_eq(dataset->table->columns, 1);
    bp_dataset_free(dataset);
}

static uint64_t swap(uint64_t bits, size_t size)
{
    uint64_t swapped = 0;
    for (size_t k = 0; k < size; k++, bits >>= 8)
        swapped = swapped << 8 | (bits & 0xFF);
    return swapped;
}

static uint64_t double_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Two numbers of a type, in both orders of bytes. */
static void expect_type(const char *type, size_t size, uint64_t first, uint64_t second,
                        const float *expected)
{
    for (int big = 0; big < 2; big++) {
        char name[8];
        snprintf(name, sizeof name, "%c%s", big ? '>' : '<', type);
        struct npy_bytes file = npy_header(name, "2, 1");
        npy_append(&file, big ? swap(first, size) : first, size);
        npy_append(&file, big ? swap(second, size) : second, size);
        bp_dataset *dataset = read_npy(&file);
        expect_values(dataset, 2, 1, expected);
        bp_dataset_free(dataset);
    }
}

Test(data_npy, every_type_in_both_orders_of_bytes_becomes_floats)
{
    static const float plain[] = {1, -2}, positive[] = {1, 65534}, wide[] = {1, 4294967294.0F},
                       widest[] = {1, 18446744073709551614.0F}, tenth[] = {0.1F, -2};
    expect_type("i1", 1, 1, 0xFE, plain);
    expect_type("i2", 2, 1, 0xFFFE, plain);
    expect_type("i4", 4, 1, 0xFFFFFFFE, plain);
    expect_type("i8", 8, 1, (uint64_t)-2, plain);
    expect_type("u2", 2, 1, 0xFFFE, positive);
    expect_type("u4", 4, 1, 0xFFFFFFFE, wide);
    expect_type("u8", 8, 1, (uint64_t)-2, widest);
    expect_type("f4", 4, 0x3DCCCCCD, 0xC0000000, tenth);
    expect_type("f8", 8, double_bits(0.1), double_bits(-2), tenth);
}

static struct npy_bytes fortran(const char *type, const char *shape)
{
    char dictionary[256];
    snprintf(dictionary, sizeof dictionary,
             "{'descr': '%s', 'fortran_order': True, 'shape': (%s), }", type, shape);
    return npy_begin(1, dictionary);
}

/* Cell (i, j, k) of the array 2 x 2 x 3 is 100 i + 10 j + k. */
Test(data_npy, fortran_order_is_put_into_rows)
{
    static const float floats[] = {0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112};
    uint8_t bytes[12];
    struct npy_bytes file = fortran("<f4", "2, 2, 3"), byte_file = fortran("|u1", "2, 2, 3");
    for (size_t k = 0; k < 3; k++)
        for (size_t j = 0; j < 2; j++)
            for (size_t i = 0; i < 2; i++) {
                npy_append_float(&file, (float)(100 * i + 10 * j + k));
                npy_append(&byte_file, 100 * i + 10 * j + k, 1);
            }
    for (size_t k = 0; k < 12; k++)
        bytes[k] = (uint8_t)floats[k];
    bp_dataset *dataset = read_npy(&file), *byte_dataset = read_npy(&byte_file);
    expect_values(dataset, 2, 6, floats);
    expect_bytes(byte_dataset, 2, 6, bytes);
    cr_assert_eq(bp_dataset_get_info(dataset).mapped, 0);
    bp_dataset_free(dataset);
    bp_dataset_free(byte_dataset);
}

Test(data_npy, every_version_and_spelling_of_the_header_is_read)
{
    static const char *const dictionaries[] = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
        "{\"shape\":(2L,3L),\"descr\":\"<f4\",\"fortran_order\":False}",
        " { 'fortran_order' : False , 'shape' : ( 2 , 3 , ) , 'descr' : '<f4' } ",
    };
    for (unsigned major = 1; major <= 3; major++)
        for (size_t k = 0; k < sizeof dictionaries / sizeof *dictionaries; k++) {
            struct npy_bytes file = npy_begin(major, dictionaries[k]);
            for (size_t v = 0; v < 6; v++)
                npy_append_float(&file, six[v]);
            bp_dataset *dataset = read_npy(&file);
            expect_values(dataset, 2, 3, six);
            cr_assert_eq(bp_dataset_get_info(dataset).mapped, npy_mapped(&file));
            bp_dataset_free(dataset);
        }
}

/* Removes one blank of the padding. */
Test(data_npy, floats_off_their_alignment_are_copied)
{
    struct npy_bytes file = npy_floats("2, 3", 6, six);
    size_t begin = file.size - 24;
    file.data[8]--;
    memmove(file.data + begin - 2, file.data + begin - 1, 25);
    file.size--;
    bp_dataset *dataset = read_npy(&file);
    expect_values(dataset, 2, 3, six);
    cr_assert_eq(bp_dataset_get_info(dataset).mapped, 0);
    bp_dataset_free(dataset);
}

Test(data_npy, a_gzip_file_is_read_into_memory)
{
    struct npy_bytes file = npy_floats("2, 3", 6, six);
    size_t size;
    unsigned char *packed = pack_gzip(file.data, file.size, &size);
    bp_dataset *dataset = expect_dataset(read_bytes("a.npy.gz", packed, size, NULL));
    free(packed);
    expect_values(dataset, 2, 3, six);
    bp_dataset_info info = bp_dataset_get_info(dataset);
    cr_assert_eq(info.mapped, 0);
    cr_assert_geq(info.memory, sizeof six);
    bp_dataset_free(dataset);
}

Test(data_npy, parts_of_a_mapped_table_keep_it)
{
    struct npy_bytes file = npy_floats("6, 1", 6, six);
    bp_dataset *dataset = read_npy(&file), *train, *held_out;
    cr_assert_eq(bp_dataset_split(dataset, 0.5, 1, &train, &held_out, NULL), BP_OK);
    bp_dataset_free(dataset);
    float sum = 0;
    for (size_t x = 0; x < 3; x++)
        sum += train->table->values[train->rows[x]] + held_out->table->values[held_out->rows[x]];
    cr_assert_eq(sum, 1e30F);
    bp_dataset_free(train);
    bp_dataset_free(held_out);
}

/* Columns are counted in groups; 70 is more than two of them. */
Test(data_npy, columns_of_bytes_are_measured_one_by_one)
{
    uint8_t values[3 * 70];
    for (size_t k = 0; k < sizeof values; k++)
        values[k] = (uint8_t)(k * 37 % 251);
    struct npy_bytes file = npy_bytes("3, 70", sizeof values, values);
    bp_dataset *dataset = read_npy(&file);
    struct bp_column_statistics all[70];
    bp_columns_get_statistics(dataset, NULL, 0, 70, all);
    for (size_t c = 0; c < 70; c++) {
        const double v[] = {values[c], values[70 + c], values[140 + c]};
        bp_column_info info;
        cr_assert_eq(bp_dataset_describe(dataset, c, &info, NULL), BP_OK);
        cr_assert_eq(info.min, fmin(fmin(v[0], v[1]), v[2]));
        cr_assert_eq(info.max, fmax(fmax(v[0], v[1]), v[2]));
        cr_assert_eq(info.mean, (v[0] + v[1] + v[2]) / 3);
        cr_assert_eq(all[c].min, info.min);
        cr_assert_eq(all[c].max, info.max);
        cr_assert_eq(all[c].mean, info.mean);
        cr_assert_eq(all[c].std, info.std);
    }
    bp_dataset_free(dataset);
}

static void append_double(struct npy_bytes *file, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    npy_append(file, bits, sizeof bits);
}

/* Beside a column that floats tell apart; in both orders. */
Test(data_npy, doubles_near_one_another_keep_what_makes_them_different)
{
    static const double numbers[] = {1e5, 1.5, 1e5 + 0x1p-10, 1e7, 1e5 + 3 * 0x1p-10, -2};
    static const float cells[] = {0, 1.5F, 0x1p-10F, 1e7F, 3 * 0x1p-10F, -2};
    for (int fortran = 0; fortran < 2; fortran++) {
        struct npy_bytes file =
            fortran ? npy_begin(1, "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 2), }")
                    : npy_header("<f8", "3, 2");
        for (size_t k = 0; k < 6; k++)
            append_double(&file, numbers[fortran ? k % 3 * 2 + k / 3 : k]);
        bp_dataset *dataset = read_npy(&file);
        expect_values(dataset, 3, 2, cells);
        cr_assert_eq(dataset->table->column[0].origin, 1e5);
        cr_assert_eq(dataset->table->column[1].origin, 0.0);
        bp_dataset_free(dataset);
    }
}

Test(data_npy, long_integers_near_one_another_keep_what_makes_them_different)
{
    struct npy_bytes file = npy_header("<i8", "3, 1");
    for (uint64_t k = 0; k < 3; k++)
        npy_append(&file, UINT64_C(1700000000) + k * k, 8);
    bp_dataset *dataset = read_npy(&file);
    static const float cells[] = {0, 1, 4};
    expect_values(dataset, 3, 1, cells);
    cr_assert_eq(dataset->table->column[0].origin, 1.7e9);
    bp_dataset_free(dataset);
}

Test(data_npy, an_image_of_doubles_has_one_origin)
{
    struct npy_bytes file = npy_header("<f8", "2, 1, 2");
    static const double numbers[] = {1e5 + 0x1p-10, 1e5 + 0x1p-9, 1e5, 1e5 + 1};
    static const float cells[] = {0x1p-10F, 0x1p-9F, 0, 1};
    for (size_t k = 0; k < 4; k++)
        append_double(&file, numbers[k]);
    bp_dataset *dataset = read_npy(&file);
    expect_values(dataset, 2, 2, cells);
    cr_assert_eq(dataset->table->column[0].origin, 1e5);
    bp_dataset_free(dataset);
}
