/* Datasets of blocks: the same cells whichever way they lie in memory, kept or copied. */
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>

#include "data/table/table.h"
#include "data/table/table_digest.h"

#define ROWS         3
#define COLUMNS      2
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* What every layout of numbers holds. */
static const float expected[ROWS * COLUMNS] = {1, 2, 3, 4, 5, 6};

static bp_column_block make_block(bp_cell_type type, const void *data, size_t columns)
{
    bp_column_block block = bp_column_block_default();
    block.type = type;
    block.data = data;
    block.columns = columns;
    return block;
}

static bp_column_block stride(bp_column_block block, ptrdiff_t row, ptrdiff_t column)
{
    block.row_stride = row;
    block.column_stride = column;
    return block;
}

static bp_dataset *create(const bp_column_block *block, size_t count, size_t rows, bool keep)
{
    bp_dataset *dataset;
    bp_error error;
    bp_blocks blocks = bp_blocks_default();
    blocks.rows = rows;
    blocks.block = block;
    blocks.count = count;
    blocks.keep = keep;
    cr_assert_eq(bp_dataset_from_blocks(&dataset, &blocks, &error), BP_OK, "%s", error.message);
    return dataset;
}

static void expect_cells(const char *what, bp_column_block block)
{
    for (int keep = 0; keep < 2; keep++) {
        bp_dataset *dataset = create(&block, 1, ROWS, keep);
        const struct bp_table *table = dataset->table;
        for (size_t k = 0; k < COUNT(expected); k++) {
            const size_t at = k / COLUMNS * bp_table_stride(table) + k % COLUMNS;
            const float cell = table->values ? table->values[at] : (float)table->bytes[at];
            cr_expect_eq(cell, expected[k], "%s, keep %d: cell %zu is %g", what, keep, k,
                         (double)cell);
        }
        bp_dataset_free(dataset);
    }
}

Test(data_blocks, cells_are_the_same_in_every_layout)
{
    static const float c_order[] = {1, 2, 3, 4, 5, 6}, fortran[] = {1, 3, 5, 2, 4, 6};
    static const float slice[] = {1, 2, 0, 3, 4, 0, 5, 6}, backwards[] = {6, 5, 4, 3, 2, 1};
    static const double doubles[] = {1, 2, 3, 4, 5, 6};
    static const int64_t integers[] = {1, 3, 5, 2, 4, 6};
    static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6}, down[] = {1, 3, 5, 2, 4, 6};
    unsigned char odd[ROWS * 11 + 1];
    const ptrdiff_t size = sizeof(float);
    for (size_t x = 0; x < ROWS; x++) /* records of 11 bytes, on odd addresses */
        memcpy(odd + 1 + 11 * x, c_order + 2 * x, 2 * sizeof(float));
    expect_cells("C order", make_block(BP_CELL_FLOAT, c_order, 2));
    expect_cells("C order said", stride(make_block(BP_CELL_FLOAT, c_order, 2), 2 * size, size));
    expect_cells("Fortran", stride(make_block(BP_CELL_FLOAT, fortran, 2), size, 3 * size));
    expect_cells("slice", stride(make_block(BP_CELL_FLOAT, slice, 2), 3 * size, size));
    expect_cells("backwards",
                 stride(make_block(BP_CELL_FLOAT, backwards + 5, 2), -2 * size, -size));
    expect_cells("records", stride(make_block(BP_CELL_FLOAT, odd + 1, 2), 11, size));
    expect_cells("doubles", make_block(BP_CELL_DOUBLE, doubles, 2));
    expect_cells("integers", stride(make_block(BP_CELL_INTEGER, integers, 2), 8, 24));
    expect_cells("bytes", make_block(BP_CELL_BYTE, bytes, 2));
    expect_cells("bytes in Fortran order", stride(make_block(BP_CELL_BYTE, down, 2), 1, 3));
}

/* More than a tile in both directions. */
Test(data_blocks, large_blocks_are_turned_around)
{
    enum { TALL = 131, WIDE = 67 };
    static double fortran[WIDE][TALL];
    for (size_t c = 0; c < WIDE; c++)
        for (size_t r = 0; r < TALL; r++)
            fortran[c][r] = (double)(r * WIDE + c);
    const bp_column_block block =
        stride(make_block(BP_CELL_DOUBLE, fortran, WIDE), sizeof(double), TALL * sizeof(double));
    bp_dataset *dataset = create(&block, 1, TALL, true);
    for (size_t k = 0; k < TALL * WIDE; k++)
        cr_assert_eq(dataset->table->values[k], (float)k);
    bp_dataset_free(dataset);
}

Test(data_blocks, what_lies_in_rows_is_kept_where_it_is)
{
    float slice[] = {1, 2, 0, 3, 4, 0, 5, 6};
    const bp_column_block block = stride(make_block(BP_CELL_FLOAT, slice, 2), 12, 4);
    bp_dataset *kept = create(&block, 1, ROWS, true), *copied = create(&block, 1, ROWS, false);
    cr_expect_eq(kept->table->values, slice);
    cr_expect_eq(bp_dataset_get_info(kept).kept, sizeof expected);
    cr_expect_eq(bp_dataset_get_info(copied).kept, 0);
    cr_expect_eq(bp_dataset_get_info(copied).memory,
                 bp_dataset_get_info(kept).memory + sizeof expected);
    slice[0] = 9;
    cr_expect_eq(copied->table->values[0], 1.0F);
    bp_dataset_free(kept);
    bp_dataset_free(copied);
}

Test(data_blocks, a_digest_does_not_depend_on_what_lies_between_rows)
{
    static const float slice[] = {1, 2, 7, 3, 4, 8, 5, 6};
    const bp_column_block block = stride(make_block(BP_CELL_FLOAT, slice, 2), 12, 4);
    char digest[2][BP_DIGEST_SIZE];
    for (int keep = 0; keep < 2; keep++) {
        bp_dataset *dataset = create(&block, 1, ROWS, keep);
        bp_dataset_digest(dataset, digest[keep]);
        bp_dataset_free(dataset);
    }
    cr_expect_str_eq(digest[0], digest[1]);
}

Test(data_blocks, windows_that_overlap_are_kept)
{
    static const float series[] = {1, 2, 3, 4};
    const bp_column_block block = stride(make_block(BP_CELL_FLOAT, series, 2), 4, 4);
    bp_dataset *dataset = create(&block, 1, ROWS, true);
    cr_expect_eq(dataset->table->values, series);
    bp_column_info info;
    cr_assert_eq(bp_dataset_describe(dataset, 1, &info, NULL), BP_OK);
    cr_expect_eq(info.min, 2.0);
    cr_expect_eq(info.max, 4.0);
    cr_expect_eq(info.mean, 3.0);
    bp_dataset_free(dataset);
}

static void expect_copy(const char *what, bp_column_block block)
{
    bp_dataset *dataset = create(&block, 1, ROWS, true);
    cr_expect_eq(bp_dataset_get_info(dataset).kept, 0, "%s", what);
    bp_dataset_free(dataset);
}

Test(data_blocks, what_cannot_be_kept_is_copied)
{
    static const float cells[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const double doubles[6] = {1, 2, 3, 4, 5, 6};
    const unsigned char *odd = (const unsigned char *)cells + 1;
    expect_copy("doubles", make_block(BP_CELL_DOUBLE, doubles, 2));
    expect_copy("Fortran order", stride(make_block(BP_CELL_FLOAT, cells, 2), 4, 12));
    expect_copy("backwards", stride(make_block(BP_CELL_FLOAT, cells + 4, 2), -8, 4));
    expect_copy("rows on odd addresses", stride(make_block(BP_CELL_FLOAT, cells, 2), 9, 4));
    expect_copy("odd addresses", make_block(BP_CELL_FLOAT, odd, 1));
    const bp_column_block two[] = {make_block(BP_CELL_FLOAT, cells, 1),
                                   make_block(BP_CELL_FLOAT, cells + 3, 1)};
    bp_dataset *dataset = create(two, 2, ROWS, true);
    cr_expect_eq(bp_dataset_get_info(dataset).kept, 0);
    bp_dataset_free(dataset);
}

Test(data_blocks, blocks_stand_by_their_roles_with_their_names)
{
    static const float y[] = {7, 8, 9}, weights[] = {1, 2, 0}, a[] = {1, 3, 5}, b[] = {2, 4, 6};
    static const char *const first[] = {"a"}, *const second[] = {"b"};
    bp_column_block block[] = {make_block(BP_CELL_FLOAT, y, 1), make_block(BP_CELL_FLOAT, a, 1),
                               make_block(BP_CELL_FLOAT, weights, 1),
                               make_block(BP_CELL_FLOAT, b, 1)};
    block[0].role = BP_ROLE_TARGET;
    block[1].names = first;
    block[2].role = BP_ROLE_WEIGHT;
    block[3].names = second;
    bp_dataset *dataset = create(block, COUNT(block), ROWS, false);
    static const char *const names[] = {"a", "b", "weight", "y1"};
    static const bp_column_role roles[] = {BP_ROLE_INPUT, BP_ROLE_INPUT, BP_ROLE_WEIGHT,
                                           BP_ROLE_TARGET};
    cr_assert_eq(dataset->table->columns, 4);
    for (size_t k = 0; k < 4; k++) {
        bp_column_info info;
        cr_assert_eq(bp_dataset_describe(dataset, k, &info, NULL), BP_OK);
        cr_expect_str_eq(info.name, names[k]);
        cr_expect_eq(info.role, roles[k]);
        cr_expect_eq(info.max, k < 2 ? 5.0 + (double)k : k == 2 ? 2.0 : 9.0);
    }
    cr_expect(bp_dataset_get_info(dataset).has_header);
    bp_dataset_free(dataset);
}

Test(data_blocks, columns_without_names_are_numbered_through_the_blocks_of_a_role)
{
    static const float cells[111];
    static const char *const named[] = {"a"};
    static const int32_t codes[1];
    bp_column_block block[] = {
        make_block(BP_CELL_FLOAT, cells, 8), make_block(BP_CELL_FLOAT, cells, 1),
        make_block(BP_CELL_FLOAT, cells, 102), make_block(BP_CELL_CODE, codes, 1)};
    block[1].names = named;
    block[3].role = BP_ROLE_TARGET;
    block[3].category_count = 2;
    bp_dataset *dataset = create(block, COUNT(block), 1, false);
    static const struct {
        size_t column;
        const char *name;
    } cases[] = {{0, "x1"},    {7, "x8"},     {8, "a"},      {9, "x10"},
                 {99, "x100"}, {110, "x111"}, {111, "class"}};
    for (size_t k = 0; k < COUNT(cases); k++)
        cr_expect_str_eq(dataset->table->column[cases[k].column].name, cases[k].name);
    bp_dataset_free(dataset);
}

Test(data_blocks, doubles_and_integers_near_one_another_have_an_origin)
{
    static const double seconds[] = {1.7e9, 1.7e9 + 1, NAN, 1.7e9 + 2};
    static const int64_t nanoseconds[] = {1700000000000000001, 1700000000000000003,
                                          1700000000000000001, 1700000000000000255};
    bp_column_block block[] = {make_block(BP_CELL_DOUBLE, seconds, 1),
                               make_block(BP_CELL_INTEGER, nanoseconds, 1)};
    block[0].missing = true;
    bp_dataset *dataset = create(block, 2, 4, true);
    const struct bp_table *table = dataset->table;
    cr_expect_eq(table->column[0].origin, 1.7e9);
    cr_expect_eq(table->column[0].missing, 1);
    cr_expect_eq(table->values[2], 1.0F);
    cr_expect(isnan(table->values[4]));
    cr_expect_eq(table->values[6], 2.0F);
    cr_expect_neq(table->column[1].origin, 0.0);
    bp_dataset_free(dataset);
}

Test(data_blocks, integers_beyond_floats_stay_apart_as_classes)
{
    static const float x[] = {1, 2, 3};
    static const int64_t y[] = {16777216, 16777217, 9007199254740993};
    static const double d[] = {16777216, 16777217, 5};
    for (int wide = 0; wide < 2; wide++) {
        bp_column_block block[] = {
            make_block(BP_CELL_FLOAT, x, 1),
            make_block(wide ? BP_CELL_DOUBLE : BP_CELL_INTEGER, wide ? (const void *)d : y, 1)};
        block[1].role = BP_ROLE_TARGET;
        bp_dataset *dataset = create(block, 2, ROWS, false);
        const int64_t *integers = dataset->table->column[1].integers;
        cr_assert_not_null(integers);
        for (size_t k = 0; k < ROWS; k++)
            cr_expect_eq(integers[k], wide ? (int64_t)d[k] : y[k]);
        bp_dataset_free(dataset);
    }
}

static void expect_categories(const bp_column_block *block, const uint32_t *codes,
                              const char *const *names, size_t count)
{
    bp_dataset *dataset = create(block, 1, 4, false);
    const struct bp_column *column = &dataset->table->column[0];
    cr_expect_eq(column->categories, count);
    for (size_t k = 0; k < column->categories; k++)
        cr_expect_str_eq(column->category[k], names[k]);
    for (size_t x = 0; x < 4; x++)
        cr_expect_eq(dataset->table->values[x], (float)codes[x], "row %zu", x);
    bp_dataset_free(dataset);
}

Test(data_blocks, texts_are_categories_in_the_order_of_first_appearance)
{
    static const char *const texts[] = {"red", "blue", NULL, "red"}, *const empty[] = {"", "b", "",
                                                                                       "b"};
    bp_column_block block = make_block(BP_CELL_TEXT, texts, 1);
    block.missing = true;
    expect_categories(&block, (const uint32_t[]){0, 1, 2, 0},
                      (const char *const[]){"red", "blue", ""}, 3);
    block.data = empty;
    expect_categories(&block, (const uint32_t[]){0, 1, 0, 1}, (const char *const[]){"", "b"}, 2);
}

Test(data_blocks, codes_of_texts_appear_as_texts_would)
{
    static const int32_t codes[] = {2, 0, -1, 2};
    static const char *const names[] = {"a", "b", "c"};
    bp_column_block block = make_block(BP_CELL_CODE, codes, 1);
    block.categories = names;
    block.category_count = 3;
    block.missing = true;
    expect_categories(&block, (const uint32_t[]){0, 1, 2, 0}, (const char *const[]){"c", "a", ""},
                      3);
    block.all_categories = true;
    expect_categories(&block, (const uint32_t[]){0, 1, 2, 0},
                      (const char *const[]){"c", "a", "", "b"}, 4);
    static const char *const texts[] = {"c", "a", "", "c"};
    block.type = BP_CELL_TEXT;
    block.data = texts;
    block.all_categories = false;
    expect_categories(&block, (const uint32_t[]){0, 1, 2, 0}, (const char *const[]){"c", "a", ""},
                      3);
}

Test(data_blocks, codes_of_integers_are_in_the_order_of_their_values)
{
    static const int32_t codes[] = {2, 0, 1, 2};
    static const char *const names[] = {"10", "9", "-1"};
    bp_column_block block = make_block(BP_CELL_CODE, codes, 1);
    block.category_count = 3;
    expect_categories(&block, (const uint32_t[]){2, 0, 1, 2}, (const char *const[]){"0", "1", "2"},
                      3);
    block.categories = names;
    expect_categories(&block, (const uint32_t[]){0, 2, 1, 0},
                      (const char *const[]){"-1", "9", "10"}, 3);
}

Test(data_blocks, classes_are_kept_apart_from_inputs)
{
    static const uint8_t x[] = {1, 2, 3};
    static const char *const texts[] = {"no", "yes", "no"};
    bp_column_block block[] = {make_block(BP_CELL_TEXT, texts, 1), make_block(BP_CELL_BYTE, x, 1)};
    block[0].role = BP_ROLE_TARGET;
    bp_dataset *dataset = create(block, 2, ROWS, true);
    const struct bp_table *table = dataset->table;
    cr_expect_eq(table->bytes, x);
    cr_expect_eq(bp_dataset_get_info(dataset).kept, ROWS);
    cr_expect_arr_eq(table->labels, ((uint32_t[]){0, 1, 0}), ROWS * sizeof(uint32_t));
    cr_expect_str_eq(table->column[1].name, "class");
    cr_expect_str_eq(table->column[1].category[1], "yes");
    bp_dataset_free(dataset);
}
