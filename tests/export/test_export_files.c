/* What is exported where: formats and names by paths, errors, files that are whole. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "batchprop/batchprop.h"
#include "model/model.h"
#include "support/scratch.h"

static bp_model *model;

static void set_up(void)
{
    char *path = scratch_file("rows.csv");
    bp_dataset *dataset;
    file_put_text(path, "x,colour,class\n1,red,a\n2,green,b\n3,red,b\n4,green,a\n");
    bp_model_options options = bp_model_options_default();
    options.hidden[0] = 3;
    cr_assert_eq(bp_dataset_read(&dataset, path, NULL, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&model, dataset, &options, NULL), BP_OK);
    bp_dataset_free(dataset);
}

static void tear_down(void)
{
    bp_model_free(model);
    scratch_remove();
}

TestSuite(export_files, .init = set_up, .fini = tear_down);

static bp_export_options options_of(bp_export_format format)
{
    bp_export_options options = bp_export_options_default();
    options.format = format;
    return options;
}

static void expect_failure(const char *path, const bp_export_options *options, bp_status status,
                           const char *message)
{
    bp_error error;
    cr_assert_eq(bp_model_export(model, path, options, &error), status, "%s", path);
    cr_expect(strstr(error.message, message) != NULL, "%s", error.message);
}

static void expect_name(const char *file, const char *name)
{
    char line[128];
    char *path = scratch_file(file);
    bp_error error;
    const bp_export_options options = options_of(BP_EXPORT_C);
    cr_assert_eq(bp_model_export(model, path, &options, &error), BP_OK, "%s", error.message);
    char *text = file_get(path, NULL);
    snprintf(line, sizeof line, "\nint %s_predict(", name);
    cr_expect(strstr(text, line) != NULL, "%s: %.60s", file, text);
    free(text);
}

Test(export_files, functions_are_called_as_the_file)
{
    expect_name("iris.c", "iris");
    expect_name("my-model 2.v3.c", "my_model_2");
    expect_name("2nd.c", "model");
    expect_name("_.c", "model");
}

Test(export_files, the_end_of_the_path_is_the_format)
{
    char *path = scratch_file("m.c"), *header = scratch_file("m.h");
    cr_assert_eq(bp_model_export(model, path, NULL, NULL), BP_OK);
    char *text = file_get(header, NULL);
    cr_expect(strstr(text, "int m_predict(") != NULL);
    free(text);
    expect_failure(scratch_file("m.txt"), NULL, BP_ERROR_ARGUMENT, "the end of the name");
}

Test(export_files, a_path_of_another_format_has_no_header_beside_it)
{
    const bp_export_options options = options_of(BP_EXPORT_C);
    expect_failure(scratch_file("m.cpp"), &options, BP_ERROR_ARGUMENT,
                   "m.cpp: a file of this format ends in .c, and its header in .h");
    cr_expect_eq(folder_count(scratch_folder()), 1);
}

Test(export_files, options_belong_to_a_format)
{
    bp_export_options options = options_of(BP_EXPORT_C);
    options.raw = true;
    expect_failure(scratch_file("m.c"), &options, BP_ERROR_ARGUMENT, "raw is an option");
    options = options_of(BP_EXPORT_C);
    options.name = "2nd";
    expect_failure(scratch_file("m.c"), &options, BP_ERROR_ARGUMENT, "a letter, then letters");
    options.name = "";
    expect_failure(scratch_file("m.c"), &options, BP_ERROR_ARGUMENT, "a letter, then letters");
    options = options_of((bp_export_format)77);
    expect_failure(scratch_file("m.c"), &options, BP_ERROR_ARGUMENT, "there is no format 77");
    options = options_of(BP_EXPORT_C);
    options.unknown = (bp_unknown)77;
    expect_failure(scratch_file("m.c"), &options, BP_ERROR_ARGUMENT, "unknown categories");
}

Test(export_files, a_header_can_be_included)
{
    const char *const files[] = {"we\"ird.c", "we\\ird.c", "we\nird.c"};
    for (size_t k = 0; k < sizeof files / sizeof files[0]; k++)
        expect_failure(scratch_file(files[k]), NULL, BP_ERROR_ARGUMENT, "no #include can name");
    cr_expect_eq(folder_count(scratch_folder()), 1);
}

Test(export_files, the_most_frequent_category_must_be_known)
{
    bp_export_options options = options_of(BP_EXPORT_C);
    options.unknown = BP_UNKNOWN_MOST_FREQUENT;
    cr_assert_eq(bp_model_export(model, scratch_file("m.c"), &options, NULL), BP_OK);
    model->schema->column[1].most_frequent = BP_NOT_COUNTED;
    expect_failure(scratch_file("m.c"), &options, BP_ERROR_ARGUMENT, "of column \"colour\"");
}

Test(export_files, parameters_that_are_not_finite_are_not_exported)
{
    char *path = scratch_file("m.c");
    file_put_text(path, "before");
    model->network->values[0] = NAN;
    expect_failure(path, NULL, BP_ERROR_NOT_FINITE, "");
    char *text = file_get(path, NULL);
    cr_expect_str_eq(text, "before");
    free(text);
}

/* The header cannot be put in place: neither file is touched. */
Test(export_files, a_failure_leaves_both_files_as_they_were)
{
    char *path = scratch_file("m.c"), *header = scratch_file("m.h");
    file_put_text(path, "before");
    cr_assert_eq(mkdir(header, 0700), 0);
    expect_failure(path, NULL, BP_ERROR_IO, "m.h");
    char *text = file_get(path, NULL);
    cr_expect_str_eq(text, "before");
    cr_expect_eq(folder_count(scratch_folder()), 3);
    free(text);
}

Test(export_files, memory_gets_source_and_declarations)
{
    void *bytes;
    size_t size;
    bp_export_options options = options_of(BP_EXPORT_C);
    options.name = "colours";
    cr_assert_eq(bp_model_export_save_memory(model, &options, &bytes, &size, NULL), BP_OK);
    char *text = calloc(size + 1, 1);
    memcpy(text, bytes, size);
    cr_expect(strstr(text, "#include \"") == NULL);
    cr_expect(strstr(text, "enum { COLOURS_NUMBERS = 1") != NULL, "%.500s", text);
    free(text);
    bp_memory_free(bytes);
    cr_expect_eq(bp_model_export_save_memory(model, NULL, &bytes, &size, NULL), BP_ERROR_ARGUMENT);
    cr_expect_null(bytes);
}
