/* The table of formats: each value of bp_format has a row, each field of a row is what reading
 * does, and a format that this file adds is read like the others. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/memory.h"
#include "data/csv/csv.h"
#include "data/read/readers.h"
#include "data/source/source.h"
#include "data/table/cells.h"
#include "data/table/classes.h"
#include "data/table/columns.h"
#include "support/idx_bytes.h"
#include "support/npy_bytes.h"
#include "support/scratch.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* A file of a format: two samples of the integers 1 and 2, and a target where it holds targets. */
struct sample {
    bp_format format;
    const char *name;
    const void *data;
    size_t size;
    const char *place; /* of the last cell of the second sample */
};

static const char csv_text[] = "a,b,y\n1,2,1\n1,2,2\n", fann_text[] = "2 2 1\n1 2\n1\n1 2\n2\n";
static struct idx_bytes idx_file, idx_label_file;
static struct npy_bytes npy_file;

static void make_files(void)
{
    static const float values[] = {1, 2, 1, 2};
    idx_file = idx_header(0x08, 2, 2, 0, 0);
    for (size_t k = 0; k < LENGTH(values); k++)
        idx_append(&idx_file, (uint64_t)values[k], 1);
    idx_label_file = idx_header(0x08, 2, 0, 0, 0);
    idx_append(&idx_label_file, 1, 1);
    idx_append(&idx_label_file, 2, 1);
    npy_file = npy_floats("2, 2", 4, values);
}

TestSuite(data_formats, .init = make_files, .fini = scratch_remove);

/* The file of a format; a new format needs one here. */
static struct sample sample_of(bp_format format)
{
    const struct sample samples[] = {
        {BP_FORMAT_CSV, "d.csv", csv_text, sizeof csv_text - 1, "d.csv:3:3"},
        {BP_FORMAT_FANN, "d.data", fann_text, sizeof fann_text - 1, "d.data:4"},
        {BP_FORMAT_IDX, "images", idx_file.data, idx_file.size, "images: item 2"},
        {BP_FORMAT_NPY, "x.npy", npy_file.data, npy_file.size, "x.npy: row 2"},
    };
    size_t k = 0;
    while (k < LENGTH(samples) && samples[k].format != format)
        k++;
    cr_assert(k < LENGTH(samples), "no file for format %d", (int)format);
    return samples[k];
}

static char *put(const char *name, const void *data, size_t size)
{
    char *path = folder_path(scratch_folder(), name);
    file_put(path, data, size);
    return path;
}

/* Reads the same file `count` times as one, by the table of formats. */
static bp_status read_times(const char *path, size_t count, const bp_read_options *options,
                            bp_dataset **dataset)
{
    const char *paths[] = {path, path};
    return bp_dataset_read_files(dataset, paths, count, options, NULL);
}

static void expect_read(const char *path, size_t count, const bp_read_options *options, bool works)
{
    bp_dataset *dataset;
    cr_assert_eq(read_times(path, count, options, &dataset) == BP_OK, works, "%s", path);
    bp_dataset_free(dataset);
}

Test(data_formats, every_value_of_the_enumeration_has_one_row)
{
    size_t formats = 0;
    for (int value = BP_FORMAT_AUTO + 1; bp_choice_name(BP_CHOICE_FORMAT, value); value++) {
        const struct bp_reader *reader = bp_readers_find(&bp_all_readers, (bp_format)value);
        cr_assert_not_null(reader, "%s", bp_choice_name(BP_CHOICE_FORMAT, value));
        cr_assert_not_null(reader->read);
        cr_assert(reader->has_fields || reader->row_lines > 0 || reader->row_word);
        formats++;
    }
    cr_assert_eq(bp_all_readers.count, formats);
    for (size_t k = 0; k < formats; k++)
        cr_assert_eq(bp_all_readers.row[k]->recognizes == NULL, k + 1 == formats);
    cr_assert_null(bp_readers_find(&bp_all_readers, BP_FORMAT_AUTO));
}

Test(data_formats, a_file_is_recognized_and_its_cells_have_places)
{
    for (size_t k = 0; k < bp_all_readers.count; k++) {
        const struct bp_reader *reader = bp_all_readers.row[k];
        const struct sample sample = sample_of(reader->format);
        char *path = put(sample.name, sample.data, sample.size), place[512];
        bp_dataset *dataset;
        cr_assert_eq(read_times(path, 1, NULL, &dataset), BP_OK);
        const struct bp_table *table = dataset->table;
        cr_assert_eq(table->reader, reader);
        cr_assert_eq(bp_dataset_get_info(dataset).format, reader->format);
        cr_assert_eq(table->rows, 2);
        bp_cell_place(table, 1, table->columns - 1, place, sizeof place);
        cr_assert_str_eq(place + strlen(scratch_folder()->path) + 1, sample.place);
        bp_dataset_free(dataset);
        free(path);
    }
}

Test(data_formats, every_field_of_a_row_is_what_reading_does)
{
    char *labels = put("labels", idx_label_file.data, idx_label_file.size);
    bp_read_options with_labels = bp_read_options_default(), with_header = with_labels;
    with_labels.labels = labels;
    with_header.header = BP_HEADER_YES;
    for (size_t k = 0; k < bp_all_readers.count; k++) {
        const struct bp_reader *reader = bp_all_readers.row[k];
        const struct sample sample = sample_of(reader->format);
        char *path = put(sample.name, sample.data, sample.size);
        expect_read(path, 1, &with_labels, reader->takes_labels);
        expect_read(path, 1, &with_header, reader->may_have_header);
        expect_read(path, 2, NULL, reader->may_be_appended);
        bp_dataset *dataset;
        cr_assert_eq(read_times(path, 1, NULL, &dataset), BP_OK);
        cr_assert_eq(dataset->table->column[0].role == BP_ROLE_INPUT, reader->has_roles);
        cr_assert_eq(bp_table_line(dataset->table, 1) > 0, reader->row_lines > 0);
        const size_t last = dataset->table->columns - 1;
        if (dataset->table->column[last].width == 1)
            cr_assert_eq(bp_column_is_classes(dataset, last), reader->integers_may_be_classes);
        bp_dataset_free(dataset);
        free(path);
    }
    free(labels);
}

Test(data_formats, a_format_with_labels_reads_what_read_labels_says)
{
    size_t readers = 0;
    char *images = put("images", idx_file.data, idx_file.size);
    for (size_t k = 0; k < bp_all_readers.count; k++) {
        const struct bp_reader *reader = bp_all_readers.row[k];
        if (!reader->read_labels)
            continue;
        const struct npy_bytes npy = npy_bytes("2,", 2, (const uint8_t[]){1, 2});
        const bool is_npy = reader->format == BP_FORMAT_NPY;
        char *labels = put("labels", is_npy ? npy.data : idx_label_file.data,
                           is_npy ? npy.size : idx_label_file.size);
        bp_read_options options = bp_read_options_default();
        options.labels = labels;
        expect_read(images, 1, &options, true);
        free(labels);
        readers++;
    }
    cr_assert_eq(readers, 2);
    free(images);
}

/* ---- a format of its own: "TOY", a byte of width, then bytes, that many a row ------------- */

static bool recognizes_toy(const char *path, const unsigned char *head, size_t size)
{
    (void)path;
    return size >= 3 && memcmp(head, "TOY", 3) == 0;
}

static bp_status read_toy(struct bp_table *table, struct bp_source *source,
                          const bp_read_options *options, bp_error *error)
{
    unsigned char header[4], bytes[64];
    size_t got;
    (void)options;
    bp_status status = bp_source_read_header(source, header, sizeof header, "TOY", error);
    if (status == BP_OK)
        status = bp_source_read(source, bytes, sizeof bytes, &got, error);
    if (status != BP_OK)
        return status;
    if (header[3] == 0 || got == 0 || got % header[3] != 0)
        return bp_fail(error, BP_ERROR_INPUT, "%s: the file ends within row %zu", table->path,
                       header[3] ? got / header[3] + 1 : 1);
    table->cells = header[3];
    table->rows = got / table->cells;
    table->bytes = bp_array_alloc(got, 1);
    if (!table->bytes || !bp_table_add_columns(table, table->cells) ||
        !bp_columns_set_numbers(table, 0, table->cells - 1, BP_ROLE_INPUT, "x") ||
        !bp_columns_set_numbers(table, table->cells - 1, 1, BP_ROLE_TARGET, "y"))
        return bp_fail_memory(error, table->path);
    memcpy(table->bytes, bytes, got);
    return BP_OK;
}

/* It takes the number of a format that is not in its list. */
static const struct bp_reader toy_format = {.format = BP_FORMAT_IDX,
                                            .may_be_appended = true,
                                            .recognizes = recognizes_toy,
                                            .read = read_toy,
                                            .has_roles = true,
                                            .row_word = "toy"};
static const struct bp_reader *const toy_rows[] = {&toy_format, &bp_csv_format};
static const struct bp_readers toy_readers = {toy_rows, LENGTH(toy_rows)};

static bp_status read_as_toy(const void *data, size_t size, bp_read_options options,
                             bp_dataset **dataset, bp_error *error)
{
    char *path = put("d.toy", data, size);
    const char *const paths[] = {path};
    const bp_status status = bp_dataset_read_by(dataset, &toy_readers, paths, 1, &options, error);
    free(path);
    return status;
}

Test(data_formats, a_new_format_is_read_as_its_row_says)
{
    bp_dataset *dataset;
    char place[512];
    cr_assert_eq(read_as_toy("TOY\3abcdef", 10, (bp_read_options){0}, &dataset, NULL), BP_OK);
    cr_assert_eq(dataset->table->reader, &toy_format);
    cr_assert_eq(dataset->count, 2);
    cr_assert_eq(bp_column_number(dataset->table, 1, 1), 'e');
    bp_cell_place(dataset->table, 1, 2, place, sizeof place);
    cr_assert_str_eq(place + strlen(scratch_folder()->path), "/d.toy: toy 2");
    bp_model *model;
    const bp_model_options options = bp_model_options_default();
    cr_assert_eq(bp_model_create(&model, dataset, &options, NULL), BP_OK);
    cr_assert_eq(bp_model_get_info(model).widths[0], 2);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(data_formats, what_a_new_format_does_not_have_is_refused)
{
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(read_as_toy("TOY\3abcde", 9, (bp_read_options){0}, &dataset, &error),
                 BP_ERROR_INPUT);
    cr_assert_null(dataset);
    cr_assert_str_eq(error.message + strlen(scratch_folder()->path),
                     "/d.toy: the file ends within row 2");
    cr_assert_eq(read_as_toy("TOY\1ab", 6, (bp_read_options){.labels = "l"}, &dataset, NULL),
                 BP_ERROR_ARGUMENT);
    cr_assert_eq(read_as_toy("TOY\1ab", 6, (bp_read_options){.id = "1"}, &dataset, &error),
                 BP_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message + strlen(scratch_folder()->path),
                     "/d.toy: only files of these formats may have an id column: csv; this one is "
                     "read as idx");
}

static void expect_apart(const struct bp_readers *readers, const char *first, const char *second,
                         const char *message)
{
    char *paths[] = {put("first", first, strlen(first)),
                     put("second.data", second, strlen(second))};
    const bp_read_options options = bp_read_options_default();
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(
        bp_dataset_read_by(&dataset, readers, (const char *const *)paths, 2, &options, &error),
        BP_ERROR_INPUT);
    cr_assert_null(dataset);
    cr_expect_not_null(strstr(error.message, message), "%s", error.message);
    free(paths[0]);
    free(paths[1]);
}

Test(data_formats, files_of_two_formats_are_not_read_as_one)
{
    expect_apart(
        &toy_readers, "TOY\1ab", "1,2\n3,4\n",
        "/second.data: files that are read as one have one format; this one is read as csv, and ");
    expect_apart(&toy_readers, "1,2\n3,4\n", "TOY\1ab", "/first as csv");
    expect_apart(
        &bp_all_readers, "1,2\n3,4\n", "2 2 1\n1 2\n1\n1 2\n2\n",
        "/second.data: only files of these formats are read as one: csv; this one is read as fann");
}

Test(data_formats, what_a_new_format_does_not_recognize_is_for_the_others)
{
    bp_dataset *dataset;
    cr_assert_eq(read_as_toy("1,2\n3,4\n", 8, (bp_read_options){0}, &dataset, NULL), BP_OK);
    cr_assert_eq(dataset->table->reader, &bp_csv_format);
    bp_dataset_free(dataset);
}
