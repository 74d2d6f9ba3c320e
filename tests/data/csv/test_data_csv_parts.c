/*
 * However a CSV file is cut up and by how many threads it is read, the table and the messages are
 * those of libcsv reading it from the first byte to the last.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/random.h"
#include "data/csv/csv.h"
#include "data/csv/csv_cut.h"
#include "data/csv/csv_reader.h"
#include "support/reading.h"
#include "support/scratch.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* What reading came to. */
struct outcome {
    bp_status status;
    struct bp_table *table;
    bp_error error;
};

/* Of all readings; a test may set others. */
static bp_read_options options = {.size = sizeof(bp_read_options), .header = BP_HEADER_NO};

/* The reader alone, and all at once: `text` is what `file` holds. */
static struct outcome read_whole(const char *file, const char *text, size_t size)
{
    struct outcome outcome = {.table = bp_table_create(file, &bp_csv_format, 0)};
    struct bp_source *source;
    struct bp_csv_dialect dialect;
    struct bp_csv_reader reader;
    cr_assert_eq(bp_source_open(&source, file, &outcome.error), BP_OK);
    outcome.status = bp_csv_dialect_choose(&dialect, source, &options, &outcome.error);
    bp_source_close(source);
    if (outcome.status == BP_OK) {
        cr_assert_eq(
            bp_csv_reader_begin(&reader, outcome.table, &options, &dialect, &outcome.error), BP_OK);
        outcome.status = bp_csv_reader_feed(&reader, text, text + size);
        if (outcome.status == BP_OK)
            outcome.status = bp_csv_reader_finish(&reader);
        bp_csv_reader_release(&reader);
    }
    bp_csv_dialect_release(&dialect);
    return outcome;
}

static struct outcome read_by(const char *file, size_t threads, size_t parts, size_t part_size)
{
    struct outcome outcome = {.table = bp_table_create(file, &bp_csv_format, 0)};
    struct bp_source *source;
    const struct bp_csv_plan plan = {.threads = threads, .parts = parts, .part_size = part_size};
    cr_assert_eq(bp_source_open(&source, file, &outcome.error), BP_OK);
    outcome.status = bp_csv_read_by(outcome.table, source, &options, &plan, &outcome.error);
    bp_source_close(source);
    return outcome;
}

static void expect_same_table(const struct bp_table *a, const struct bp_table *b)
{
    cr_assert_eq(a->rows, b->rows);
    cr_assert_eq(a->columns, b->columns);
    cr_assert_arr_eq(a->values, b->values, a->rows * a->columns * sizeof *a->values);
    cr_assert_eq(a->lines == NULL, b->lines == NULL);
    for (size_t r = 0; r < a->rows; r++)
        cr_assert_eq(bp_table_line(a, r), bp_table_line(b, r));
    for (size_t c = 0; c < a->columns; c++)
        cr_assert_eq(a->column[c].missing, b->column[c].missing);
    for (size_t c = 0; c < a->columns; c++) {
        cr_assert_eq(a->column[c].kind, b->column[c].kind);
        cr_assert_eq(a->column[c].categories, b->column[c].categories);
        for (size_t k = 0; k < a->column[c].categories; k++)
            cr_assert_str_eq(a->column[c].category[k], b->column[c].category[k]);
    }
}

/* Frees `actual`. */
static void expect_same(const struct outcome *expected, struct outcome actual)
{
    cr_assert_eq(actual.status, expected->status, "%d \"%s\" instead of %d \"%s\"", actual.status,
                 actual.error.message, expected->status, expected->error.message);
    cr_assert_str_eq(actual.error.message, expected->error.message);
    if (expected->status == BP_OK)
        expect_same_table(expected->table, actual.table);
    bp_table_free(actual.table);
}

/* One file for a test: making a folder for each text would take most of the time. */
static char *path;

static void set_up(void)
{
    path = scratch_file("d.csv");
}

TestSuite(data_csv_parts, .init = set_up, .fini = scratch_remove);

static struct outcome expect_whole(const char *text, size_t size)
{
    file_put(path, text, size);
    return read_whole(path, text, size);
}

struct part_sizes {
    size_t first, last, step;
};

/* Every number of parts up to 4 and every size of a part. */
static void try_parts(const char *text, size_t size, size_t threads, struct part_sizes sizes)
{
    struct outcome expected = expect_whole(text, size);
    for (size_t parts = 1; parts <= 4; parts++)
        for (size_t part = sizes.first; part <= sizes.last; part += sizes.step)
            expect_same(&expected, read_by(path, threads, parts, part));
    bp_table_free(expected.table);
}

#define CUTS 5

/* A few numbers of parts and sizes, drawn at random. */
static void try_random_parts(const char *text, size_t size, uint64_t stream, uint64_t file)
{
    struct outcome expected = expect_whole(text, size);
    for (uint64_t k = 0; k < CUTS; k++) {
        const size_t parts = 1 + bp_random_below(7, stream, 2 * (CUTS * file + k), 4);
        const size_t most = k % 2 ? 8 : size + 1;
        const size_t part = 1 + bp_random_below(7, stream, 2 * (CUTS * file + k) + 1, most);
        expect_same(&expected, read_by(path, 1, parts, part));
    }
    bp_table_free(expected.table);
}

static const char *const good_texts[] = {
    "1,a\n2,b\n3,a\n4,c\n5,b\n",
    "1,a\r\n2,b\r\n3,a\r\n\r\n",
    "1,a\r2,b\r3,a",
    "1,a\n2,b\r3,c\n4,d\r\n5,a",
    "1,a\n2,\"b\nb\"\n3,\"\"\"b\nb\"\"\"\n4,\"a\"\n\"5\",b\n6,\"b,b\"\n",
    "1,\"a\r\n\r\nb\"\n2,\"a\n\"\n3,\"\n\n\n\"\n4,\"a\n\"\n5,\"a\r\n\r\nb\"\n",
    " 1 , a b \n\t2,a b\t\n 3 ,\" a b\" \n 4, \" a b\"\n5,a b",
    "1\n2\n3\n4\n5\n6\n7\n8\n9\n\n\n\n",
    "-1.5e3,+2.,.5\n1E2,16777217,00000000000000000000001\n3,4e-50,5\n6,-0,7\n",
    "1,a\n2,b\n3,\n4,d\n,e\n",
    "1,a\n2,b\n3,\"\"\n4,\" \"\n",
    ",,,\n,1,,\n,,a,\n1,2,b,\n,,,\n\"\",3,\"\",\n2, ,b,\t\n",
    "1,x,\"y\",z\n2,z,\"x\",y\n3,y,\"z\",x\n4,nan x,\"1 x\",\xC3\xA9\n5,x,\"y\",z\n",
};

static const char *const bad_texts[] = {
    "1,a\n2,b\n3,c\n4,5\n6,d\nx,y\n",
    "1,a\n2,b\n\n3,c\n4,d\n",
    "1,a\n2,b\n \t\r\n3,c\n4,d\n",
    "1,a\n2,b\n3\n4,d\nx,e\n",
    "1,a\n2,b\n3,c,d\n4,d\nx,e\n",
    "1,a\n2,b\n3,\"c\n4,d\n5,e\n",
    "1,a\n2,b\n3,c\"c\n4,\"d\n5,e\"\nx,\"f\"\n",
    "1,a\n2,\"b\"b\n3,\"c\n4,d\"\nx,e\n",
    "1,a\n2,\"b\" \"\n3,\"c\n4,d\"\nx,e\n",
    "1,a\n2,b\nnan,a\n4,\xFF\n1e99,e\n",
    "1,a\n2,b\n3,c\xC3\n4,d\n1e99,e\n",
    "1,a\n2,\"x\n\ny\"\n3,c\n\"x\ny\",d\n1e99,e\n",
    "1,a\n2,b\n1e,a\n",
    "1,a\n2,b\n1e99,a\n",
    "1,a\n2,b\n1 2,a\n",
    "?,a\nNA,b\n?,NA\n3,a\nNA,NA\nn/a,c\n",
    "?,NA\nNA,1\n?,NA\n?,2\nNA,n/a\n",
    "?,NA\nnan,1\n?,nan\n-,2\n.,n/a\nx,3\n",
};

Test(data_csv_parts, good_files_become_the_same_tables)
{
    for (size_t k = 0; k < LENGTH(good_texts); k++) {
        size_t size = strlen(good_texts[k]);
        try_parts(good_texts[k], size, 1, (struct part_sizes){1, size + 2, 1});
    }
}

Test(data_csv_parts, bad_files_fail_with_the_same_messages)
{
    for (size_t k = 0; k < LENGTH(bad_texts); k++) {
        size_t size = strlen(bad_texts[k]);
        try_parts(bad_texts[k], size, 1, (struct part_sizes){1, size + 2, 1});
    }
}

Test(data_csv_parts, a_byte_0_is_found_where_it_stands)
{
    static const char text[] = "1,a\n2,b\n3,a\0a\n4,d\nx,e\n", in_quotes[] = "1,a\n2,\"a\n\0\n\"\n";
    try_parts(text, sizeof text - 1, 1, (struct part_sizes){1, sizeof text, 1});
    try_parts(in_quotes, sizeof in_quotes - 1, 1, (struct part_sizes){1, sizeof in_quotes, 1});
}

Test(data_csv_parts, several_threads_change_nothing)
{
    for (size_t threads = 2; threads <= 3; threads++) {
        for (size_t k = 0; k < LENGTH(good_texts); k++)
            try_parts(good_texts[k], strlen(good_texts[k]), threads, (struct part_sizes){1, 19, 6});
        for (size_t k = 0; k < LENGTH(bad_texts); k++)
            try_parts(bad_texts[k], strlen(bad_texts[k]), threads, (struct part_sizes){1, 19, 6});
    }
}

#define FILES 200

/* Pieces of files put together at random, after a first row, with another sign in the place
 * of commas. */
static void try_random_files(uint64_t stream, char separator)
{
    static const char *const pieces[] = {"1,a,2\n",
                                         "2,b,3\n",
                                         "3,\"a\",1e2\r\n",
                                         "4,\"a\nb\",5\n",
                                         "5,\"\"\"\",6\n",
                                         "7,a,8\r",
                                         "1",
                                         ",",
                                         "\n",
                                         "\"",
                                         "a",
                                         "\r\n",
                                         " ",
                                         "8,\"c,c\",9\n",
                                         "9,a ,\"0\"\n",
                                         "\"1\" , a,-2\n",
                                         "nan",
                                         "1,d,2\n",
                                         ",,\n",
                                         "NA,NA,\"NA\"\n",
                                         "-9,-9,-9.0\n",
                                         "3,\"\",NA\n",
                                         "\t",
                                         ";"};
    static const size_t weights = 4; /* whole rows, the first six, are drawn more often */
    for (uint64_t k = 0; k < FILES; k++) {
        char text[512];
        strcpy(text, k % 2 ? "0,a,0\n" : ",,\n");
        size_t count = bp_random_below(5, stream, 100 * k, 24);
        for (size_t p = 1; p <= count; p++) {
            size_t drawn = bp_random_below(5, stream, 100 * k + p, LENGTH(pieces) + 6 * weights);
            strcat(text, pieces[drawn < LENGTH(pieces) ? drawn : drawn % 6]);
        }
        const size_t size = strlen(text);
        for (size_t c = 0; c < size; c++)
            text[c] = text[c] == ',' ? separator : text[c];
        try_random_parts(text, size, stream, k);
    }
}

Test(data_csv_parts, random_files_become_the_same_tables_or_fail_with_the_same_messages)
{
    try_random_files(1, ',');
}

Test(data_csv_parts, the_same_with_texts_and_numbers_that_stand_for_missing_cells)
{
    options.missing_values = "NA,-9,nan";
    try_random_files(2, ',');
}

Test(data_csv_parts, the_same_with_other_separators)
{
    options.missing_values = "NA";
    options.separator = '\t';
    try_random_files(3, '\t');
    options.separator = ';';
    options.decimal = ',';
    try_random_files(4, ';');
}

Test(data_csv_parts, the_same_with_columns_that_are_ignored_or_categorical)
{
    options.ignore = "2";
    try_random_files(5, ',');
    options.ignore = "1,3";
    options.categorical = "2";
    try_random_files(6, ',');
}

Test(data_csv_parts, a_cell_that_is_too_long_is_found_where_it_stands)
{
    static const struct {
        const char *begin;
        char fill;
        const char *end;
    } files[] = {
        {"1,2\n3,\"", '4', "\"\n5,6\nx,7\n"}, {"1,2\n3,4", ' ', ",\n5,6\n"},
        {"1,x\n3,x", ' ', "\n5,6\n"},         {"1,2\n3,\"4\"", ' ', "\n5,\"6\n"},
        {"1,2\n3,", '0', "1\n5,6\n"},         {"1,2\n3,4", '4', "\"5\n"},
        {"1,x\n3,\"x", 'x', "\n5,6\n"},
    };
    char *text = malloc(100000);
    for (size_t k = 0; k < LENGTH(files); k++) {
        size_t length = strlen(files[k].begin);
        memcpy(text, files[k].begin, length);
        memset(text + length, files[k].fill, 90000);
        strcpy(text + length + 90000, files[k].end);
        struct outcome outcome = expect_whole(text, strlen(text));
        cr_assert_str_eq(outcome.error.message + strlen(scratch_folder()->path),
                         "/d.csv:2:2: the cell is longer than 65536 bytes; is a quote missing?");
        bp_table_free(outcome.table);
        try_parts(text, strlen(text), 1, (struct part_sizes){9999, 99999, 30011});
    }
    free(text);
}

Test(data_csv_parts, texts_are_numbered_in_the_order_of_the_file)
{
    const size_t rows = 20000;
    char *text = malloc(rows * 32);
    size_t size = 0;
    for (size_t r = 0; r < rows; r++)
        size += (size_t)sprintf(text + size, "%zu,n%u,\"q%u\"\n", r,
                                (unsigned)bp_random_below(6, 1, r, 1 + r / 4),
                                (unsigned)bp_random_below(6, 2, r, 50));
    try_parts(text, size, 1, (struct part_sizes){4000, 120000, 50000});
    try_parts(text, size, 3, (struct part_sizes){4000, 120000, 50000});
    free(text);
}

Test(data_csv_parts, too_many_texts_are_an_error_in_the_same_row)
{
    const size_t rows = BP_CATEGORIES_MAX + 10;
    char *text = malloc(rows * 16);
    size_t size = 0;
    for (size_t r = 0; r < rows; r++)
        size += (size_t)sprintf(text + size, "1,id%zu\n", r % (rows - 9));
    struct outcome expected = expect_whole(text, size);
    cr_assert_eq(expected.status, BP_ERROR_INPUT);
    expect_same(&expected, read_by(path, 1, 1, 100000));
    expect_same(&expected, read_by(path, 2, 3, 150000));
    bp_table_free(expected.table);
    free(text);
}

Test(data_csv_parts, the_public_call_gives_one_table_for_any_number_of_threads)
{
    const size_t rows = 90000; /* more than the block of three threads */
    char *text = malloc(rows * 40);
    size_t size = 0;
    for (size_t r = 0; r < rows; r++)
        size += (size_t)sprintf(text + size,
                                r % 1000 == 7 ? "%zu,\"n\n%zu\",%zu.5\n" : "%zu,n%zu,%zu.5\n", r,
                                r % 99, r);
    size_t packed_size;
    unsigned char *packed = pack_gzip(text, size, &packed_size);
    struct outcome expected = expect_whole(text, size);
    cr_assert_eq(expected.status, BP_OK);
    for (size_t threads = 0; threads <= 3; threads++) {
        bp_read_options few = {
            .size = sizeof(bp_read_options), .threads = threads, .header = BP_HEADER_NO};
        bp_dataset *dataset = expect_dataset(read_bytes("d.csv", text, size, &few));
        expect_same_table(expected.table, dataset->table);
        bp_dataset_free(dataset);
        if (threads != 2)
            continue;
        dataset = expect_dataset(read_bytes("d.csv.gz", packed, packed_size, &few));
        expect_same_table(expected.table, dataset->table);
        bp_dataset_free(dataset);
    }
    bp_table_free(expected.table);
    free(packed);
    free(text);
}

/* One thread reads a block of 512 KiB first, which the first row of numbers exceeds. */
Test(data_csv_parts, numbers_far_from_0_are_the_same_for_any_number_of_threads_in_long_rows)
{
    const size_t columns = 60000, rows = 3;
    char *text = malloc(columns * rows * 16);
    size_t size = 0;
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < columns; c++)
            size += (size_t)sprintf(text + size, "16000%05zu.%zu%c", c, r + 1,
                                    c + 1 < columns ? ',' : '\n');
    bp_read_options read = {.size = sizeof read, .threads = 1, .header = BP_HEADER_NO};
    bp_dataset *one = expect_dataset(read_bytes("d.csv", text, size, &read));
    read.threads = 2;
    bp_dataset *two = expect_dataset(read_bytes("d.csv", text, size, &read));
    cr_assert_neq(one->table->column[columns - 1].origin, 0);
    for (size_t c = 0; c < columns; c++)
        cr_assert_eq(one->table->column[c].origin, two->table->column[c].origin, "column %zu", c);
    expect_same_table(two->table, one->table);
    bp_dataset_free(one);
    bp_dataset_free(two);
    free(text);
}

/* However the blocks lie, runs of blanks are what single tabs would be. */
Test(data_csv_parts, runs_of_blanks_are_single_separators_wherever_blocks_end)
{
    static const char blanks[] =
        " a  b\tc \n1   2 \t \"x  y\"  \n\t 3 4 \"q\"\"\t\"\r\n  5 6 z  \n \n",
                      tabs[] = "a\tb\tc\n1\t2\t\"x  y\"\n3\t4\t\"q\"\"\t\"\r\n5\t6\tz\n";
    options.header = BP_HEADER_YES;
    options.separator = '\t';
    struct outcome expected = expect_whole(tabs, sizeof tabs - 1);
    cr_assert_eq(expected.status, BP_OK);
    file_put(path, blanks, sizeof blanks - 1);
    options.separator = ' ';
    for (size_t threads = 1; threads <= 2; threads++)
        for (size_t parts = 1; parts <= 3; parts++)
            for (size_t part = 1; part < sizeof blanks + 2; part++)
                expect_same(&expected, read_by(path, threads, parts, part));
    bp_table_free(expected.table);
}

Test(data_csv_parts, a_text_is_cut_only_after_ends_of_rows)
{
    static const char text[] = "1,a\n2,\"b\n\n\"\n\n3,\"\"\"\n\"\n4,d\n5,\"e\n";
    const char *end = text + sizeof text - 1;
    for (size_t parts = 1; parts < sizeof text + 2; parts++) {
        const char *cut[sizeof text + 2];
        bp_csv_cut(text, end, cut, parts);
        cr_assert_eq(cut[0], text);
        cr_assert_eq(cut[parts], end - 5, "%zu parts", parts);
        for (size_t k = 1; k <= parts; k++) {
            cr_assert_geq(cut[k], cut[k - 1]);
            size_t quotes = 0;
            for (const char *c = text; c < cut[k]; c++)
                quotes += *c == '"';
            cr_assert(cut[k] == text || (cut[k][-1] == '\n' && quotes % 2 == 0));
        }
    }
}
