/* What is wrong with blocks is said with row and column, and before memory is read that is not
 * there. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "batchprop/batchprop.h"

#define ADVICE                                                                                     \
    "; if inputs may be missing, say so (bp_column_block.missing) and what the model does with "   \
    "them"

static const float floats[] = {1, 2, 3, 4, 5, 6};

/* Inputs and targets that suit each other, for a test to spoil. */
static bp_column_block block[2];
static bp_blocks blocks;

static void set_up(void)
{
    block[0] = block[1] = bp_column_block_default();
    block[0].data = floats;
    block[0].columns = 2;
    block[1].data = floats;
    block[1].role = BP_ROLE_TARGET;
    blocks = bp_blocks_default();
    blocks.rows = 3;
    blocks.block = block;
    blocks.count = 2;
}

TestSuite(data_blocks_errors, .init = set_up);

static void expect_error(const char *message)
{
    bp_dataset *dataset = (bp_dataset *)&blocks;
    bp_error error;
    cr_expect_eq(bp_dataset_from_blocks(&dataset, &blocks, &error), BP_ERROR_ARGUMENT, "%s",
                 message);
    cr_expect_null(dataset);
    cr_expect_str_eq(error.message, message);
}

Test(data_blocks_errors, cells_that_are_not_finite)
{
    float cells[] = {1, 2, 3, NAN, INFINITY, 6};
    block[0].data = cells;
    expect_error("memory: row 2, column \"x2\": nan is not a finite number" ADVICE);
    block[0].missing = true;
    expect_error("memory: row 3, column \"x1\": inf is not a finite number");
    block[0].missing = false;
    block[0].row_stride = 4; /* columns 1 2 3 and NAN inf 6 */
    block[0].column_stride = 12;
    expect_error("memory: row 1, column \"x2\": nan is not a finite number" ADVICE);
    blocks.keep = true;
    block[0].row_stride = block[0].column_stride = 0;
    expect_error("memory: row 2, column \"x2\": nan is not a finite number" ADVICE);
}

Test(data_blocks_errors, doubles_beyond_floats)
{
    static const double cells[] = {1, 2, 3, 4, -1e39, 6};
    static const char *const names[] = {"height", "width"};
    block[0].type = BP_CELL_DOUBLE;
    block[0].data = cells;
    block[0].names = names;
    expect_error("memory: row 3, column \"height\": -1e+39 is too large for single precision");
}

Test(data_blocks_errors, targets_and_weights_that_are_missing)
{
    static const float cells[] = {1, NAN, 3};
    block[1].data = cells;
    expect_error("memory: row 2, column \"y1\": nan is not a finite number");
    block[1].role = BP_ROLE_WEIGHT;
    expect_error("memory: row 2, column \"weight\": nan is not a finite number");
    block[1].missing = true;
    expect_error("block 2 holds weights: only inputs may have missing cells");
}

Test(data_blocks_errors, weights_below_0)
{
    static const float narrow[] = {1, -0.5F, -3};
    static const double wide[] = {0, 1, -1e-300}, far[] = {3e9, 3e9 + 1, 3e9 + 2};
    static const char *const names[] = {"count"};
    bp_dataset *dataset;
    block[1].role = BP_ROLE_WEIGHT;
    block[1].data = narrow;
    expect_error("memory: row 2, column \"weight\": -0.5 is no weight of a row: give a number from "
                 "0 on");
    block[1].names = names;
    block[1].type = BP_CELL_DOUBLE;
    block[1].data = wide;
    expect_error("memory: row 3, column \"count\": -1e-300 is no weight of a row: give a number "
                 "from 0 on");
    block[1].data = far;
    cr_assert_eq(bp_dataset_from_blocks(&dataset, &blocks, NULL), BP_OK);
    bp_dataset_free(dataset);
}

Test(data_blocks_errors, codes_that_are_no_category)
{
    static const int32_t codes[] = {0, 3, -1};
    block[0].type = BP_CELL_CODE;
    block[0].data = codes;
    block[0].columns = 1;
    block[0].category_count = 3;
    expect_error("memory: row 2, column \"x1\": the code 3 is none of the 3 categories, from 0");
    block[0].category_count = 4;
    expect_error(
        "memory: row 3, column \"x1\": the code -1 is none of the 4 categories, from 0" ADVICE);
}

Test(data_blocks_errors, texts_that_are_no_category)
{
    const char *texts[] = {"a", NULL, "c"};
    static const char *const names[] = {"a", "b"};
    block[0].type = BP_CELL_TEXT;
    block[0].data = texts;
    block[0].columns = 1;
    expect_error("memory: row 2, column \"x1\": the category is missing" ADVICE);
    texts[1] = "\xff";
    expect_error("memory: row 2, column \"x1\": \"?\" is not UTF-8 text");
    texts[1] = "b";
    block[0].categories = names;
    block[0].category_count = 2;
    expect_error("memory: row 3, column \"x1\": \"c\" is none of the 2 categories");
}

Test(data_blocks_errors, categories_of_the_caller)
{
    static const int32_t codes[] = {0, 0, 0};
    static const char *const twice[] = {"a", "a"}, *const empty[] = {"a", ""};
    static const char *const wrong[] = {"a", "\xc3"}, *const missing[] = {NULL, "b"};
    block[0].type = BP_CELL_CODE;
    block[0].data = codes;
    block[0].columns = 1;
    expect_error("block 1: 0 categories: there must be 1 to 65536");
    block[0].category_count = 65537;
    expect_error("block 1: 65537 categories: there must be 1 to 65536");
    block[0].category_count = 2;
    block[0].categories = twice;
    expect_error("block 1: the category \"a\" is there twice");
    block[0].categories = empty;
    expect_error("block 1: category 2 (from 1) is empty");
    block[0].categories = wrong;
    expect_error("block 1: the category \"?\" is not UTF-8 text");
    block[0].categories = missing;
    expect_error("block 1: category 1 (from 1) is NULL");
    block[0].type = BP_CELL_FLOAT;
    block[0].categories = twice;
    expect_error("block 1 holds numbers: only codes and texts have categories");
}

Test(data_blocks_errors, names_of_columns)
{
    static const char *const twice[] = {"a", "a"}, *const empty[] = {"", "b"};
    static const char *const names[] = {"a", "y"}, *const target[] = {"a"};
    block[0].names = twice;
    expect_error("block 1: the name \"a\" is there twice");
    block[0].names = empty;
    expect_error("block 1: name 1 (from 1) is empty");
    block[0].names = names;
    block[1].names = target;
    expect_error("memory: two columns are called \"a\"");
}

Test(data_blocks_errors, counts_that_cannot_be)
{
    blocks.rows = 0;
    expect_error("0 samples: there must be 1 to 4294967295");
    blocks.rows = (size_t)UINT32_MAX + 1;
    expect_error("4294967296 samples: there must be 1 to 4294967295");
    blocks.rows = 3;
    blocks.count = 0;
    expect_error("samples need at least one input");
    blocks.count = 2;
    block[0].columns = 0;
    expect_error("block 1 has 0 columns: there must be 1");
    block[0].columns = SIZE_MAX / 2;
    expect_error("block 1: 9223372036854775807 columns do not fit into memory");
}

Test(data_blocks_errors, strides_that_overflow)
{
    block[0].row_stride = PTRDIFF_MAX / 2;
    block[0].column_stride = 4;
    expect_error("block 1: 3 rows of 2 columns with strides of 4611686018427387903 and 4 bytes do "
                 "not fit into memory");
    block[0].row_stride = PTRDIFF_MIN;
    expect_error("block 1: 3 rows of 2 columns with strides of -9223372036854775808 and 4 bytes do "
                 "not fit into memory");
    block[0].row_stride = 4;
    block[0].column_stride = PTRDIFF_MAX - 8;
    expect_error("block 1: 3 rows of 2 columns with strides of 4 and 9223372036854775799 bytes do "
                 "not fit into memory");
}

Test(data_blocks_errors, types_and_roles_that_are_none)
{
    block[0].type = (bp_cell_type)6;
    expect_error("block 1 has cells of type 6, which is none");
    block[0].type = BP_CELL_FLOAT;
    block[0].role = BP_ROLE_ID;
    expect_error("block 1 has role 4: it holds inputs, targets or weights");
    block[0].role = BP_ROLE_INPUT;
    block[0].data = NULL;
    expect_error("block 1 has no data: `data` may not be NULL");
}

Test(data_blocks_errors, roles_that_do_not_go_together)
{
    static const int32_t codes[] = {0, 0, 0, 0, 0, 0};
    block[1].role = BP_ROLE_WEIGHT;
    block[1].columns = 2;
    expect_error("2 columns of weights: a row has one weight at most");
    block[1].columns = 1;
    block[1].type = BP_CELL_CODE;
    block[1].data = codes;
    block[1].category_count = 1;
    expect_error("weights are numbers, not categories");
    block[1].role = BP_ROLE_TARGET;
    block[1].columns = 2;
    expect_error("2 columns of targets: classes are one column, numbers any number of them");
    block[0].role = BP_ROLE_TARGET;
    blocks.count = 1;
    expect_error("samples need at least one input");
}

Test(data_blocks_errors, structs_of_two_versions)
{
    block[1].size = sizeof block[1] - 8;
    expect_error("block 2 has size 72 and the first one 80: all structs of an array have the same "
                 "size");
    blocks.block = NULL;
    expect_error("the argument `blocks->block` may not be NULL");
}

Test(data_blocks_errors, more_texts_than_categories_may_be)
{
    enum { MANY = 65537 };
    static char text[MANY][8];
    static const char *cells[MANY];
    for (size_t k = 0; k < MANY; k++) {
        snprintf(text[k], sizeof text[k], "t%zu", k);
        cells[k] = text[k];
    }
    block[0].type = BP_CELL_TEXT;
    block[0].data = cells;
    block[0].columns = 1;
    blocks.rows = MANY;
    blocks.count = 1;
    expect_error("memory: column \"x1\" has more than 65536 categories");
}
