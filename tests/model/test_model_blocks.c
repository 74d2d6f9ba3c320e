/* Training on blocks and predicting them: the same bits as with a CSV file of the same cells, in
 * every layout. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/reading.h"

#define ROWS 90

/* The table: two numbers, a category, a weight of 0, 1 or 2, and a class. */
static float number[ROWS][2];
static const char *color[ROWS], *kind[ROWS];
static float weight[ROWS];

static const char *const colors[] = {"red", "blue", "green", "10"};
static const char *const kinds[] = {"yes", "no", "perhaps"};

static const char *const names[] = {"width", "height"}, *const color_name[] = {"color"};
static const char *const weight_name[] = {"w"}, *const kind_name[] = {"kind"};

static void set_up(void)
{
    for (size_t x = 0; x < ROWS; x++) {
        number[x][0] = (float)(x * 7 % 31) / 4;
        number[x][1] = (float)(x * x % 53) - 20;
        color[x] = colors[x * 5 % 4];
        kind[x] = kinds[(x * 7 % 31 > 15) + (x % 4 == 3)];
        weight[x] = (float)(x % 5 % 3);
    }
}

TestSuite(model_blocks, .init = set_up);

static bp_column_block make_block(bp_cell_type type, const void *data, const char *const *name)
{
    bp_column_block block = bp_column_block_default();
    block.type = type;
    block.data = data;
    block.names = name;
    return block;
}

/* The numbers, colors, weights and kinds. */
struct table {
    bp_column_block block[4];
    bp_blocks blocks;
};

static void make_table(struct table *table)
{
    table->block[0] = make_block(BP_CELL_FLOAT, number, names);
    table->block[0].columns = 2;
    table->block[1] = make_block(BP_CELL_TEXT, color, color_name);
    table->block[2] = make_block(BP_CELL_FLOAT, weight, weight_name);
    table->block[2].role = BP_ROLE_WEIGHT;
    table->block[3] = make_block(BP_CELL_TEXT, kind, kind_name);
    table->block[3].role = BP_ROLE_TARGET;
    table->blocks = bp_blocks_default();
    table->blocks.rows = ROWS;
    table->blocks.block = table->block;
    table->blocks.count = 4;
}

static bp_dataset *create(const bp_blocks *blocks)
{
    bp_dataset *dataset;
    bp_error error;
    cr_assert_eq(bp_dataset_from_blocks(&dataset, blocks, &error), BP_OK, "%s", error.message);
    return dataset;
}

static bp_dataset *create_table(void)
{
    struct table table;
    make_table(&table);
    return create(&table.blocks);
}

static bp_dataset *read_csv(void)
{
    char text[ROWS * 64] = "width,height,color,w,kind\n";
    for (size_t x = 0; x < ROWS; x++)
        sprintf(text + strlen(text), "%.9g,%.9g,%s,%.9g,%s\n", (double)number[x][0],
                (double)number[x][1], color[x], (double)weight[x], kind[x]);
    bp_read_options options = bp_read_options_default();
    options.categorical = "color";
    return expect_dataset(read_text("table.csv", text, &options));
}

/* Trains on four fifths of the rows, with the others for validation, and frees the dataset. */
static void train(bp_dataset *dataset, const char *named_weight, char digest[BP_DIGEST_SIZE])
{
    bp_dataset *rest, *valid;
    bp_model *model;
    bp_trainer *trainer;
    bp_train_result result;
    bp_error error;
    bp_holdout holdout = bp_holdout_default();
    bp_model_options shape = bp_model_options_default();
    bp_train_options options = bp_train_options_default();
    bp_preset_apply(BP_PRESET_MODERN, &shape, &options, NULL);
    holdout.folds = 5;
    holdout.weight = shape.weight = named_weight;
    shape.hidden[0] = 7;
    options.epochs = 5;
    options.batch_size = 16;
    options.threads = 1;
    cr_assert_eq(bp_dataset_hold_out(dataset, &holdout, &rest, &valid, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_model_create(&model, rest, &shape, &error), BP_OK, "%s", error.message);
    cr_assert_eq(bp_trainer_create(&trainer, model, rest, valid, &options, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(bp_trainer_run(trainer, NULL, NULL, &result, &error), BP_OK, "%s", error.message);
    strcpy(digest, result.weights_digest);
    bp_trainer_free(trainer);
    bp_model_free(model);
    bp_dataset_free(rest);
    bp_dataset_free(valid);
    bp_dataset_free(dataset);
}

static void expect_digest(bp_dataset *dataset, const char *what)
{
    char expected[BP_DIGEST_SIZE], digest[BP_DIGEST_SIZE];
    train(read_csv(), "w", expected);
    train(dataset, NULL, digest);
    cr_expect_str_eq(digest, expected, "%s", what);
}

Test(model_blocks, blocks_train_to_the_bits_of_a_file)
{
    expect_digest(create_table(), "texts and floats");
}

Test(model_blocks, the_column_of_weights_may_be_named_too)
{
    char expected[BP_DIGEST_SIZE], digest[BP_DIGEST_SIZE];
    train(read_csv(), "w", expected);
    train(create_table(), "w", digest);
    cr_expect_str_eq(digest, expected);
}

Test(model_blocks, weights_change_what_is_trained)
{
    char expected[BP_DIGEST_SIZE], digest[BP_DIGEST_SIZE];
    struct table table;
    train(read_csv(), "w", expected);
    for (size_t x = 0; x < ROWS; x++)
        weight[x] = 1;
    make_table(&table);
    train(create(&table.blocks), NULL, digest);
    cr_expect_str_neq(digest, expected);
}

Test(model_blocks, layouts_and_codes_train_to_the_same_bits)
{
    static double fortran[2][ROWS];
    static int32_t codes[2][ROWS];
    struct table table;
    make_table(&table);
    for (size_t x = 0; x < ROWS; x++) {
        fortran[0][x] = (double)number[x][0];
        fortran[1][ROWS - 1 - x] = (double)number[x][1];
        for (int32_t k = 0; k < 4; k++)
            codes[0][x] = strcmp(color[x], colors[k]) == 0 ? k : codes[0][x];
        for (int32_t k = 0; k < 3; k++)
            codes[1][x] = strcmp(kind[x], kinds[k]) == 0 ? k : codes[1][x];
    }
    bp_column_block block[5];
    block[0] = make_block(BP_CELL_DOUBLE, fortran[0], names);
    block[1] = make_block(BP_CELL_DOUBLE, &fortran[1][ROWS - 1], names + 1);
    block[1].row_stride = -(ptrdiff_t)sizeof(double);
    block[2] = make_block(BP_CELL_CODE, codes[0], color_name);
    block[2].categories = colors;
    block[2].category_count = 4;
    block[3] = table.block[2];
    block[4] = make_block(BP_CELL_CODE, codes[1], kind_name);
    block[4].role = BP_ROLE_TARGET;
    block[4].categories = kinds;
    block[4].category_count = 3;
    table.blocks.block = block;
    table.blocks.count = 5;
    expect_digest(create(&table.blocks), "columns of doubles, one from the end, and codes");
}

Test(model_blocks, bytes_train_as_floats_with_weights_too)
{
    static uint8_t bytes[ROWS][3];
    static float floats[ROWS][3];
    char digest[2][BP_DIGEST_SIZE];
    for (size_t k = 0; k < 3 * ROWS; k++)
        bytes[k / 3][k % 3] = (uint8_t)(k * k % 251);
    for (size_t k = 0; k < 3 * ROWS; k++)
        floats[k / 3][k % 3] = (float)bytes[k / 3][k % 3];
    for (int wide = 0; wide < 2; wide++) {
        struct table table;
        make_table(&table);
        table.block[1] = table.block[2];
        table.block[2] = table.block[3];
        table.blocks.count = 3;
        table.blocks.keep = true;
        table.block[0] =
            wide ? make_block(BP_CELL_FLOAT, floats, NULL) : make_block(BP_CELL_BYTE, bytes, NULL);
        table.block[0].columns = 3;
        bp_dataset *dataset = create(&table.blocks);
        cr_expect(bp_dataset_get_info(dataset).kept > 0);
        train(dataset, NULL, digest[wide]);
    }
    cr_expect_str_eq(digest[0], digest[1]);
}

/* ---- prediction -------------------------------------------------------------------------- */

static bp_model *make_model(bp_missing missing)
{
    bp_dataset *dataset = create_table();
    bp_model *model;
    bp_error error;
    bp_model_options shape = bp_model_options_default();
    shape.hidden[0] = 9;
    shape.output_activation = BP_ACTIVATION_AUTO;
    shape.missing = missing;
    cr_assert_eq(bp_model_create(&model, dataset, &shape, &error), BP_OK, "%s", error.message);
    bp_dataset_free(dataset);
    return model;
}

static void predict(const bp_model *model, const bp_blocks *blocks, float *outputs, size_t threads)
{
    bp_predictions predictions = bp_predictions_default();
    bp_run_options options = bp_run_options_default();
    bp_error error;
    predictions.outputs = outputs;
    options.threads = threads;
    cr_assert_eq(bp_predict_blocks(model, blocks, &options, &predictions, &error), BP_OK, "%s",
                 error.message);
}

Test(model_blocks, predictions_are_those_of_a_dataset)
{
    struct table table;
    float expected[3 * ROWS], outputs[3 * ROWS];
    bp_model *model = make_model(BP_MISSING_ERROR);
    bp_dataset *dataset = create_table();
    make_table(&table);
    cr_assert_eq(bp_predict(model, dataset, NULL, expected, NULL), BP_OK);
    for (size_t threads = 1; threads <= 5; threads++) {
        memset(outputs, 0, sizeof outputs);
        predict(model, &table.blocks, outputs, threads);
        cr_expect_arr_eq(outputs, expected, sizeof outputs, "%zu threads", threads);
    }
    bp_dataset_free(dataset);
    bp_model_free(model);
}

Test(model_blocks, all_kinds_of_predictions_agree)
{
    struct table table;
    float expected[3 * ROWS], outputs[3 * ROWS];
    double wide[3 * ROWS], spread[3 * ROWS];
    uint32_t classes[ROWS];
    bp_model *model = make_model(BP_MISSING_ERROR);
    make_table(&table);
    predict(model, &table.blocks, expected, 1);
    bp_predictions predictions = bp_predictions_default();
    predictions.outputs = outputs;
    predictions.wide_outputs = wide;
    predictions.spread = spread;
    predictions.classes = classes;
    cr_assert_eq(bp_predict_blocks(model, &table.blocks, NULL, &predictions, NULL), BP_OK);
    cr_expect_arr_eq(outputs, expected, sizeof outputs);
    for (size_t x = 0; x < ROWS; x++) {
        cr_expect_eq(classes[x], bp_model_decide(model, expected + 3 * x));
        for (size_t k = 3 * x; k < 3 * x + 3; k++) {
            cr_expect_eq(wide[k], (double)expected[k]);
            cr_expect_eq(spread[k], 0.0);
        }
    }
    bp_model_free(model);
}

Test(model_blocks, columns_are_found_by_name_or_by_order)
{
    struct table table;
    float expected[3 * ROWS], outputs[3 * ROWS];
    bp_model *model = make_model(BP_MISSING_ERROR);
    make_table(&table);
    predict(model, &table.blocks, expected, 1);
    bp_column_block swapped[3] = {table.block[1], table.block[0], table.block[0]};
    swapped[1].columns = swapped[2].columns = 1;
    swapped[1].names = names + 1;
    swapped[1].data = &number[0][1];
    for (size_t k = 1; k < 3; k++) {
        swapped[k].row_stride = sizeof number[0];
        swapped[k].column_stride = sizeof number[0][0];
    }
    table.blocks.block = swapped;
    table.blocks.count = 3;
    predict(model, &table.blocks, outputs, 1);
    cr_expect_arr_eq(outputs, expected, sizeof outputs);
    table.block[0].names = table.block[1].names = NULL;
    table.blocks.block = table.block;
    memset(outputs, 0, sizeof outputs);
    predict(model, &table.blocks, outputs, 1);
    cr_expect_arr_eq(outputs, expected, sizeof outputs);
    bp_model_free(model);
}

static double evaluate(const bp_model *model, const struct table *table)
{
    bp_metrics metrics;
    bp_error error;
    bp_dataset *dataset = create(&table->blocks);
    cr_assert_eq(bp_evaluate(model, dataset, NULL, &metrics, &error), BP_OK, "%s", error.message);
    bp_dataset_free(dataset);
    return metrics.loss;
}

Test(model_blocks, targets_are_found_by_name_or_by_order)
{
    struct table table;
    bp_model *model = make_model(BP_MISSING_ERROR);
    make_table(&table);
    const double expected = evaluate(model, &table);
    table.block[3].names = NULL; /* beside named inputs */
    cr_expect_eq(evaluate(model, &table), expected);
    for (size_t k = 0; k < 3; k++) /* all by order, whatever the target is called */
        table.block[k].names = NULL;
    cr_expect_eq(evaluate(model, &table), expected);
    table.block[3].names = color_name;
    cr_expect_eq(evaluate(model, &table), expected);
    table.block[2].data = number; /* other weights, another loss */
    table.block[2].row_stride = table.block[2].column_stride = sizeof number[0];
    cr_expect_neq(evaluate(model, &table), expected);
    bp_model_free(model);
}

/* A model of iris finds the columns of the file. */
Test(model_blocks, models_of_files_take_blocks)
{
    bp_dataset *iris;
    bp_model *model;
    float outputs[3], expected[150 * 3];
    static const float row[] = {5.1f, 3.5f, 1.4f, 0.2f};
    cr_assert_eq(bp_dataset_read(&iris, DATASETS "/iris.csv", NULL, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&model, iris, NULL, NULL), BP_OK);
    cr_assert_eq(bp_predict(model, iris, NULL, expected, NULL), BP_OK);
    bp_column_block block = make_block(BP_CELL_FLOAT, row, NULL);
    block.columns = 4;
    bp_blocks blocks = bp_blocks_default();
    blocks.rows = 1;
    blocks.block = &block;
    blocks.count = 1;
    predict(model, &blocks, outputs, 0);
    cr_expect_arr_eq(outputs, expected, sizeof outputs);
    bp_dataset *one = create(&blocks);
    memset(outputs, 0, sizeof outputs);
    cr_assert_eq(bp_predict(model, one, NULL, outputs, NULL), BP_OK);
    cr_expect_arr_eq(outputs, expected, sizeof outputs);
    bp_dataset_free(one);
    bp_model_free(model);
    bp_dataset_free(iris);
}

static void expect_error(const bp_model *model, const struct table *table, bp_unknown unknown,
                         const char *message)
{
    static float outputs[3 * ROWS];
    bp_predictions predictions = bp_predictions_default();
    bp_run_options options = bp_run_options_default();
    bp_error error;
    predictions.outputs = outputs;
    options.unknown = unknown;
    for (options.threads = 1; options.threads <= 3; options.threads++) {
        cr_expect_eq(bp_predict_blocks(model, &table->blocks, &options, &predictions, &error),
                     BP_ERROR_INPUT, "%s", message);
        cr_expect_str_eq(error.message, message);
    }
}

Test(model_blocks, cells_that_cannot_be_predicted_are_named)
{
    struct table table;
    bp_model *model = make_model(BP_MISSING_ERROR);
    make_table(&table);
    number[80][0] = number[70][1] = INFINITY;
    expect_error(model, &table, BP_UNKNOWN_AUTO,
                 "memory: row 71, column \"height\": inf is not a finite number");
    number[60][0] = NAN;
    expect_error(model, &table, BP_UNKNOWN_AUTO,
                 "memory: row 61, column \"width\": the cell is not a number, and the model was "
                 "made without a rule for missing cells (bp_model_options.missing)");
    color[50] = NULL;
    expect_error(model, &table, BP_UNKNOWN_AUTO,
                 "memory: row 51, column \"color\": the cell is missing, and no cell of column "
                 "\"color\" was in the training data");
    color[40] = "pink";
    expect_error(model, &table, BP_UNKNOWN_ERROR,
                 "memory: row 41, column \"color\": \"pink\" is not a category of column \"color\" "
                 "in the training data (10, blue, green, red)");
    table.block[1].names = NULL;
    number[30][1] = 3e38F;
    expect_error(model, &table, BP_UNKNOWN_IGNORE,
                 "memory: row 61, column \"width\": the cell is not a number, and the model was "
                 "made without a rule for missing cells (bp_model_options.missing)");
    bp_model_free(model);
}

Test(model_blocks, missing_cells_are_dealt_with_as_in_a_dataset)
{
    for (bp_missing missing = BP_MISSING_MEAN; missing <= BP_MISSING_INDICATOR; missing++) {
        struct table table;
        float expected[3 * ROWS], outputs[3 * ROWS];
        number[7][1] = number[9][0] = NAN;
        color[4] = NULL; /* of weight 1 */
        make_table(&table);
        table.block[0].missing = table.block[1].missing = true;
        bp_dataset *dataset = create(&table.blocks);
        bp_model_options shape = bp_model_options_default();
        bp_model *model;
        shape.missing = missing;
        cr_assert_eq(bp_model_create(&model, dataset, &shape, NULL), BP_OK);
        cr_assert_eq(bp_predict(model, dataset, NULL, expected, NULL), BP_OK);
        table.block[0].missing = table.block[1].missing = false;
        predict(model, &table.blocks, outputs, 2);
        cr_expect_arr_eq(outputs, expected, sizeof outputs, "%s",
                         bp_choice_name(BP_CHOICE_MISSING, (int)missing));
        bp_model_free(model);
        bp_dataset_free(dataset);
    }
}

Test(model_blocks, unknown_categories_are_dealt_with_as_in_a_dataset)
{
    struct table table;
    float expected[3 * ROWS], outputs[3 * ROWS];
    bp_model *model = make_model(BP_MISSING_ERROR);
    color[5] = "pink";
    make_table(&table);
    bp_dataset *dataset = create(&table.blocks);
    bp_predictions predictions = bp_predictions_default();
    bp_run_options options = bp_run_options_default();
    predictions.outputs = outputs;
    for (options.unknown = BP_UNKNOWN_IGNORE; options.unknown <= BP_UNKNOWN_MOST_FREQUENT;
         options.unknown++) {
        cr_assert_eq(bp_predict(model, dataset, &options, expected, NULL), BP_OK);
        cr_assert_eq(bp_predict_blocks(model, &table.blocks, &options, &predictions, NULL), BP_OK);
        cr_expect_arr_eq(outputs, expected, sizeof outputs);
    }
    bp_dataset_free(dataset);
    bp_model_free(model);
}

Test(model_blocks, codes_that_a_model_does_not_know_are_errors)
{
    struct table table;
    static int32_t codes[ROWS];
    static const char *const others[] = {"blue", "violet"};
    bp_model *model = make_model(BP_MISSING_ERROR);
    float outputs[3 * ROWS];
    make_table(&table);
    table.block[1] = make_block(BP_CELL_CODE, codes, color_name);
    table.block[1].categories = others;
    table.block[1].category_count = 2;
    predict(model, &table.blocks, outputs, 1);
    codes[3] = 2;
    expect_error(model, &table, BP_UNKNOWN_AUTO,
                 "memory: row 4, column \"color\": the code 2 is none of the 2 categories");
    codes[2] = 1;
    expect_error(model, &table, BP_UNKNOWN_AUTO,
                 "memory: row 3, column \"color\": \"violet\" is not a category of column "
                 "\"color\" in the training data (10, blue, green, red)");
    bp_model_free(model);
}

Test(model_blocks, numbers_stand_for_categories_that_are_numbers)
{
    enum { COUNT = 6 };
    static const char *const texts[COUNT] = {"1", "2", "3", "1", "2", "3"};
    static const int64_t integers[COUNT] = {1, 2, 3, 1, 2, 3};
    static const float floats[COUNT] = {1, 2, 3, 1, 2, 3}, y[COUNT] = {1, 4, 9, 1, 4, 9};
    float expected[COUNT], outputs[COUNT];
    bp_column_block block[] = {make_block(BP_CELL_TEXT, texts, NULL),
                               make_block(BP_CELL_FLOAT, y, NULL)};
    block[1].role = BP_ROLE_TARGET;
    bp_blocks blocks = bp_blocks_default();
    blocks.rows = COUNT;
    blocks.block = block;
    blocks.count = 2;
    bp_dataset *dataset = create(&blocks);
    bp_model *model;
    cr_assert_eq(bp_model_create(&model, dataset, NULL, NULL), BP_OK);
    cr_assert_eq(bp_predict(model, dataset, NULL, expected, NULL), BP_OK);
    block[0].type = BP_CELL_INTEGER;
    block[0].data = integers;
    predict(model, &blocks, outputs, 1);
    cr_expect_arr_eq(outputs, expected, sizeof outputs);
    block[0].type = BP_CELL_FLOAT;
    block[0].data = floats;
    memset(outputs, 0, sizeof outputs);
    predict(model, &blocks, outputs, 1);
    cr_expect_arr_eq(outputs, expected, sizeof outputs);
    bp_model_free(model);
    bp_dataset_free(dataset);
}

Test(model_blocks, columns_that_do_not_suit_a_model_are_errors)
{
    struct table table;
    static const char *const other[] = {"widht", "height"};
    bp_model *model = make_model(BP_MISSING_ERROR);
    make_table(&table);
    table.block[0].names = other;
    expect_error(model, &table, BP_UNKNOWN_AUTO,
                 "memory: column \"width\" is missing, input of the model: is it called "
                 "\"widht\"?");
    table.block[0].names = NULL;
    table.block[0].columns = 1;
    expect_error(model, &table, BP_UNKNOWN_AUTO,
                 "memory: a sample has 2 inputs, the model needs 3");
    make_table(&table);
    table.block[0] = table.block[1];
    table.block[1].names = names;
    table.block[0].names = names + 1;
    table.block[2].role = BP_ROLE_INPUT;
    table.block[2].names = color_name;
    expect_error(model, &table, BP_UNKNOWN_AUTO,
                 "memory: column \"width\" holds categories, and numbers in the training data");
    bp_model_free(model);
}

Test(model_blocks, what_is_asked_for_has_to_be_there)
{
    struct table table;
    bp_error error;
    uint32_t classes[ROWS];
    bp_predictions predictions = bp_predictions_default();
    bp_model *model = make_model(BP_MISSING_ERROR);
    make_table(&table);
    cr_expect_eq(bp_predict_blocks(model, &table.blocks, NULL, &predictions, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "bp_predictions asks for nothing");
    bp_model_free(model);
    table.block[3] = table.block[2];
    table.block[3].role = BP_ROLE_TARGET;
    table.block[3].names = kind_name;
    bp_dataset *dataset = create(&table.blocks);
    cr_assert_eq(bp_model_create(&model, dataset, NULL, NULL), BP_OK);
    predictions.classes = classes;
    cr_expect_eq(bp_predict_blocks(model, &table.blocks, NULL, &predictions, &error),
                 BP_ERROR_ARGUMENT);
    cr_expect_str_eq(error.message, "the model predicts numbers, not classes");
    bp_model_free(model);
    bp_dataset_free(dataset);
}

/* As models know the origin: the doubles of a second row alone are near nothing. */
Test(model_blocks, doubles_far_from_0_keep_what_makes_them_different)
{
    enum { COUNT = 40 };
    double times[COUNT], outputs[COUNT], expected[COUNT];
    float y[COUNT];
    for (size_t x = 0; x < COUNT; x++) {
        times[x] = 1.7e9 + (double)x / 8;
        y[x] = (float)(x % 7);
    }
    bp_column_block block[] = {make_block(BP_CELL_DOUBLE, times, NULL),
                               make_block(BP_CELL_FLOAT, y, NULL)};
    block[1].role = BP_ROLE_TARGET;
    bp_blocks blocks = bp_blocks_default();
    blocks.rows = COUNT;
    blocks.block = block;
    blocks.count = 2;
    bp_dataset *dataset = create(&blocks);
    bp_model *model;
    cr_assert_eq(bp_model_create(&model, dataset, NULL, NULL), BP_OK);
    cr_assert_eq(bp_predict_wide(model, dataset, NULL, expected, NULL), BP_OK);
    bp_predictions predictions = bp_predictions_default();
    predictions.wide_outputs = outputs;
    cr_assert_eq(bp_predict_blocks(model, &blocks, NULL, &predictions, NULL), BP_OK);
    cr_expect_arr_eq(outputs, expected, sizeof outputs);
    blocks.rows = 1;
    block[0].data = times + 11;
    cr_assert_eq(bp_predict_blocks(model, &blocks, NULL, &predictions, NULL), BP_OK);
    cr_expect_eq(outputs[0], expected[11]);
    cr_expect_neq(expected[11], expected[12]);
    bp_model_free(model);
    bp_dataset_free(dataset);
}
