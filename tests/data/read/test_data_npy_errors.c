/* NPY files that are wrong: each error's message, and files cut off and changed everywhere. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/npy_bytes.h"
#include "support/reading.h"
#include "support/torture.h"

static void expect_error(const struct npy_bytes *file, const char *message)
{
    expect_failure(read_bytes("a.npy", file->data, file->size, NULL), BP_ERROR_INPUT, message);
}

static void expect_header_error(const char *dictionary, const char *message)
{
    struct npy_bytes file = npy_begin(1, dictionary);
    expect_error(&file, message);
}

Test(data_npy_errors, a_cell_that_is_not_finite_is_an_error_with_row_and_column)
{
    float values[] = {1, 2, 3, 4, NAN, 6};
    struct npy_bytes file = npy_floats("2, 3", 6, values);
    static const char message[] = "a.npy: column 2 of row 2 is not finite as a 32-bit float";
    expect_error(&file, message);
    values[4] = -INFINITY;
    file = npy_floats("2, 3", 6, values);
    expect_error(&file, message);
}

Test(data_npy_errors, a_double_beyond_the_floats_is_an_error)
{
    const double value = 1e39;
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    struct npy_bytes file = npy_header("<f8", "2,");
    npy_append(&file, 0, 8);
    npy_append(&file, bits, 8);
    expect_error(&file, "a.npy: column 1 of row 2 is not finite as a 32-bit float");
}

Test(data_npy_errors, a_cell_in_fortran_order_is_named_by_its_row_and_column)
{
    static const float values[] = {1, 2, 3, 4, NAN, 6};
    struct npy_bytes file =
        npy_begin(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }");
    for (size_t k = 0; k < 6; k++)
        npy_append_float(&file, values[k]);
    expect_error(&file, "a.npy: column 3 of row 1 is not finite as a 32-bit float");
    file.size -= 5;
    expect_error(&file,
                 "a.npy: the file ends within column 3; the header counts 3 columns of 2 rows");
}

Test(data_npy_errors, a_bool_is_true_or_false)
{
    struct npy_bytes file = npy_header("|b1", "2, 2");
    npy_append(&file, 0x02000100, 4);
    expect_error(&file, "a.npy: column 2 of row 2 is neither true nor false");
}

Test(data_npy_errors, a_file_of_the_wrong_size_is_an_error)
{
    static const float values[] = {1, 2, 3, 4, 5, 6};
    struct npy_bytes file = npy_floats("2, 3", 6, values);
    file.size -= 9;
    expect_error(&file, "a.npy: the file ends within row 2; the header counts 2 rows of 3 columns");
    file.size += 10;
    expect_error(&file, "a.npy: more bytes follow the last of the 2 rows that the header counts");
    file.size = 100;
    expect_error(&file, "a.npy: the file ends within its NPY header");
    file.size = 9;
    expect_error(&file, "a.npy: the file ends within its NPY header");
}

Test(data_npy_errors, a_shape_far_beyond_the_file_takes_no_memory)
{
    struct npy_bytes file = npy_header("<f4", "4294967295, 1048576");
    npy_append(&file, 0, 4);
    expect_error(&file, "a.npy: the file ends within row 1; the header counts 4294967295 rows of "
                        "1048576 columns");
}

Test(data_npy_errors, a_shape_that_cannot_be_a_table_is_an_error)
{
    static const char order[] = "'fortran_order': False, 'descr': '<f4'";
    static const char wide[] = "a.npy: a row of the array holds more than 1048576 numbers";
    static const char high[] = "a.npy: the array has 4294967296 rows; a table has at most "
                               "4294967295, and has to fit into memory";
    static const struct {
        const char *shape;
        const char *message;
    } cases[] = {
        {"()", "a.npy: the array has no dimension; save one with a row for each sample"},
        {"(0,)", "a.npy: dimension 1 of the array is 0"},
        {"(3, 0)", "a.npy: dimension 2 of the array is 0"},
        {"(1, 1048577)", wide},
        {"(1, 4294967296, 4294967296)", wide},
        {"(1, 18446744073709551615, 2)", wide},
        {"(4294967296,)", high},
        {"(18446744073709551616,)",
         "a.npy: the NPY header is wrong: 'shape' is not a tuple of sizes"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char dictionary[200];
        snprintf(dictionary, sizeof dictionary, "{%s, 'shape': %s}", order, cases[k].shape);
        expect_header_error(dictionary, cases[k].message);
    }
}

Test(data_npy_errors, a_type_that_is_not_read_says_what_to_do)
{
    static const char *const types[] = {"<f2", "<c8", "|S5", "|O",   "<M8[ns]", "<f16", "|f4",
                                        "<u3", "f4",  "",    "<i44", "<b8",     "<g8"};
    for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
        char expected[160];
        struct npy_bytes file = npy_header(types[k], "2, 2");
        snprintf(expected, sizeof expected,
                 "a.npy: the array is of type \"%s\", which is not read; save "
                 "array.astype(\"float32\")",
                 types[k]);
        expect_error(&file, expected);
    }
    expect_header_error("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }",
                        "a.npy: the NPY header is wrong: the array holds records; save the columns "
                        "as one array of numbers");
}

Test(data_npy_errors, a_dictionary_that_is_not_as_numpy_writes_it_is_an_error)
{
    static const struct {
        const char *dictionary;
        const char *complaint;
    } cases[] = {
        {"", "it does not begin with {"},
        {"{", "a key is none of 'descr', 'fortran_order' and 'shape'"},
        {"{}", "the key 'descr' is missing"},
        {"{'descr': '<f4', 'shape': (2,)}", "the key 'fortran_order' is missing"},
        {"{'descr': '<f4', 'fortran_order': False}", "the key 'shape' is missing"},
        {"{'descr': '<f4', 'descr': '<f4'}", "a key is there twice"},
        {"{'descr': '<f4' 'shape': (2,)}", "a comma is missing"},
        {"{'order': '<f4'}", "a key is none of 'descr', 'fortran_order' and 'shape'"},
        {"{'descr' '<f4'}", "a key is none of 'descr', 'fortran_order' and 'shape'"},
        {"{'descr': <f4}", "'descr' is not a text"},
        {"{'descr': '<f4}", "'descr' is not a text"},
        {"{'descr': '\\x3cf4'}", "'descr' is not a text"},
        {"{'fortran_order': 0}", "'fortran_order' is not True or False"},
        {"{'shape': (2)}", "'shape' is not a tuple of sizes"},
        {"{'shape': [2]}", "'shape' is not a tuple of sizes"},
        {"{'shape': (2 3)}", "'shape' is not a tuple of sizes"},
        {"{'shape': (-2,)}", "'shape' is not a tuple of sizes"},
        {"{'shape': (,)}", "'shape' is not a tuple of sizes"},
        {"{'shape': (2,", "'shape' is not a tuple of sizes"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + {}", "something follows the }"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        char expected[200];
        snprintf(expected, sizeof expected, "a.npy: the NPY header is wrong: %s",
                 cases[k].complaint);
        expect_header_error(cases[k].dictionary, expected);
    }
}

Test(data_npy_errors, more_dimensions_than_numpy_has_are_an_error)
{
    char shape[200] = "1";
    for (size_t k = 1; k < 33; k++)
        strcat(shape, ", 1");
    struct npy_bytes file = npy_header("|u1", shape);
    expect_error(&file, "a.npy: the NPY header is wrong: 'shape' is not a tuple of sizes");
}

Test(data_npy_errors, another_version_and_an_endless_header_are_errors)
{
    struct npy_bytes file = npy_header("<f4", "2,");
    file.data[6] = 4;
    expect_error(&file, "a.npy: version 4.0 of the NPY format is not read; 1.0, 2.0 and 3.0 are");
    file.data[6] = 1;
    file.data[7] = 1;
    expect_error(&file, "a.npy: version 1.1 of the NPY format is not read; 1.0, 2.0 and 3.0 are");
    file = npy_begin(2, "{}");
    file.data[11] = 1;
    expect_error(&file,
                 "a.npy: the NPY header is 16777268 bytes long, more than the 65535 that are "
                 "read");
}

Test(data_npy_errors, format_npy_is_not_guessed)
{
    bp_read_options options = bp_read_options_default();
    options.format = BP_FORMAT_NPY;
    expect_failure(read_text("a.npy", "1,2\n3,4\n", &options), BP_ERROR_INPUT,
                   "a.npy: the file is not NPY: it does not begin as numpy.save() writes it");
    options = bp_read_options_default();
    options.header = BP_HEADER_NO;
    struct npy_bytes file = npy_header("<f4", "2,");
    expect_failure(
        read_bytes("a.npy", file.data, file.size, &options), BP_ERROR_ARGUMENT,
        "a.npy: only files of these formats may have a header: csv; this one is read as npy");
}

Test(data_npy_errors, an_archive_is_to_be_unpacked)
{
    expect_failure(read_text("a.npz", "PK\3\4", NULL), BP_ERROR_INPUT,
                   "a.npz: the file is a zip archive, as .npz and .xlsx are; unpack it and name a "
                   "file of data");
}

Test(data_npy_errors, no_file_of_floats_does_harm)
{
    static const float values[] = {1, -2.5F, 3, 1e30F, 0, 8};
    struct npy_bytes file = npy_floats("2, 3", 6, values);
    torture_file("a.npy", file.data, file.size, true);
}

Test(data_npy_errors, no_file_of_images_does_harm)
{
    static const uint8_t values[] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct npy_bytes file = npy_bytes("2, 2, 2", 8, values);
    torture_file("a.npy", file.data, file.size, true);
}

Test(data_npy_errors, no_file_in_fortran_order_does_harm)
{
    struct npy_bytes file =
        npy_begin(2, "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }");
    npy_append(&file, 0x0123456789AB, 6);
    npy_append(&file, 0xFEDCBA987654, 6);
    torture_file("a.npy", file.data, file.size, true);
}
