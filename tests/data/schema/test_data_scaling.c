/* Scaling of inputs and targets: formulas, constant columns, and the ends of single precision. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "data/table/table.h"
#include "support/reading.h"
#include "support/schemas.h"
#include "support/tables.h"

static struct bp_schema *fit_numbers(size_t rows, const float *values, bp_scale scale)
{
    struct bp_schema_options options = schema_options();
    options.scale = scale;
    bp_dataset *dataset = table_numbers(BP_FORMAT_FANN, rows, 1, 1, values);
    struct bp_schema *schema = schema_fit(dataset, &options);
    bp_dataset_free(dataset);
    return schema;
}

Test(data_scaling, standard_is_mean_and_population_deviation)
{
    static const float values[] = {2, 0, 4, 1, 4, 2, 4, 3, 5, 4, 5, 5, 7, 6, 9, 7};
    struct bp_schema *schema = fit_numbers(8, values, BP_SCALE_STANDARD);
    cr_assert_eq(schema->column[0].shift, 5.0f);
    cr_assert_eq(schema->column[0].scale, 0.5f);
    bp_schema_free(schema);
}

Test(data_scaling, minmax_is_the_range)
{
    static const float values[] = {-2, 0, 6, 1, 0, 2};
    struct bp_schema *schema = fit_numbers(3, values, BP_SCALE_MINMAX);
    cr_assert_eq(schema->column[0].shift, -2.0f);
    cr_assert_eq(schema->column[0].scale, 0.125f);
    bp_schema_free(schema);
}

Test(data_scaling, none_leaves_numbers_alone)
{
    static const float values[] = {-2, 0, 6, 1, 0, 2};
    struct bp_schema *schema = fit_numbers(3, values, BP_SCALE_NONE);
    cr_assert_eq(schema->column[0].shift, 0.0f);
    cr_assert_eq(schema->column[0].scale, 1.0f);
    bp_schema_free(schema);
}

Test(data_scaling, a_constant_column_becomes_zero)
{
    static const float values[] = {0.1f, 0, 0.1f, 1, 0.1f, 2};
    static const bp_scale scales[] = {BP_SCALE_STANDARD, BP_SCALE_MINMAX};
    for (size_t k = 0; k < 2; k++) {
        struct bp_schema *schema = fit_numbers(3, values, scales[k]);
        cr_assert_eq(schema->column[0].shift, 0.1f);
        cr_assert_eq(schema->column[0].scale, 1.0f);
        bp_schema_free(schema);
    }
}

Test(data_scaling, deviations_too_small_for_a_finite_factor_count_as_none)
{
    static const float values[] = {0, 0, FLT_TRUE_MIN, 1, 0, 2};
    static const bp_scale scales[] = {BP_SCALE_STANDARD, BP_SCALE_MINMAX};
    for (size_t k = 0; k < 2; k++) {
        struct bp_schema *schema = fit_numbers(3, values, scales[k]);
        cr_assert_eq(schema->column[0].shift, 0.0f);
        cr_assert_eq(schema->column[0].scale, 1.0f);
        bp_schema_free(schema);
    }
}

Test(data_scaling, a_range_beyond_single_precision_is_an_error)
{
    struct bp_schema_options options = schema_options();
    options.scale = BP_SCALE_MINMAX;
    static const float values[] = {-3e38f, 0, 3e38f, 1};
    schema_fit_fails(table_numbers(BP_FORMAT_FANN, 2, 1, 1, values), &options, BP_ERROR_INPUT,
                     "test.data: column \"x1\" reaches from -3e+38 to 3e+38, too far to be scaled "
                     "in single precision: use a smaller unit");
}

Test(data_scaling, the_largest_numbers_standardize_where_their_distance_fits)
{
    static const float values[] = {-3e38f, 0, 3e38f, 1};
    struct bp_schema *schema = fit_numbers(2, values, BP_SCALE_STANDARD);
    const struct bp_schema_column *column = &schema->column[0];
    cr_assert(isfinite((3e38f - column->shift) * column->scale));
    cr_assert(column->scale > 0);
    bp_schema_free(schema);
}

Test(data_scaling, an_image_is_scaled_as_one_group)
{
    struct bp_schema_options options = schema_options();
    options.scale = BP_SCALE_STANDARD;
    bp_dataset *dataset =
        table_images(2, 4, (const uint8_t[]){2, 4, 4, 4, 5, 5, 7, 9}, (const uint32_t[]){0, 1}, 2);
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->column[0].shift, 5.0f);
    cr_assert_eq(schema->column[0].scale, 0.5f);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_scaling, the_rows_that_are_not_shown_have_no_part_in_it)
{
    struct bp_schema_options options = schema_options();
    options.scale = BP_SCALE_MINMAX;
    bp_dataset *dataset = table_numbers(BP_FORMAT_FANN, 3, 1, 1, (float[]){1, 0, 99, 1, 3, 2});
    table_show(dataset, 2, (const uint32_t[]){0, 2});
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->column[0].shift, 1.0f);
    cr_assert_eq(schema->column[0].scale, 0.5f);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_scaling, categories_are_not_scaled)
{
    struct bp_schema_options options = schema_options();
    options.scale = BP_SCALE_STANDARD;
    bp_dataset *dataset = table_csv("a,c\nx,1\ny,2\n", true);
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->column[0].shift, 0.0f);
    cr_assert_eq(schema->column[0].scale, 1.0f);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_scaling, targets_of_bounded_neurons_reach_from_low_to_high)
{
    struct bp_schema_options options = schema_options();
    options.low = 0.25f;
    options.high = 0.75f;
    bp_dataset *dataset = table_csv("a,c\n1,-1.5\n2,6.5\n3,0.5\n", true);
    struct bp_schema *schema = schema_fit(dataset, &options);
    const struct bp_schema_column *column = &schema->column[1];
    cr_assert_eq(schema->task, BP_TASK_REGRESS);
    cr_assert_eq((-1.5f - column->shift) * column->scale, 0.25f);
    cr_assert_eq((6.5f - column->shift) * column->scale, 0.75f);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_scaling, targets_of_unbounded_neurons_are_standardized)
{
    struct bp_schema_options options = schema_options();
    options.bounded = false;
    bp_dataset *dataset = table_csv("a,c\n1,0.5\n2,2.5\n", true);
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->column[1].shift, 1.5f);
    cr_assert_eq(schema->column[1].scale, 1.0f);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_scaling, one_constant_target_among_several_stays_in_the_middle)
{
    const struct bp_schema_options options = schema_options();
    bp_dataset *dataset = table_numbers(BP_FORMAT_FANN, 2, 1, 2, (float[]){1, 0, 7, 2, 1, 7});
    struct bp_schema *schema = schema_fit(dataset, &options);
    const struct bp_schema_column *constant = &schema->column[2];
    cr_assert_eq((7.0f - constant->shift) * constant->scale, 0.5f);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

/* The number that neuron `value` stands for. */
static double number_of(const struct bp_schema_column *column, double value)
{
    return value / (double)column->scale + (double)column->shift;
}

Test(data_scaling, a_constant_target_is_what_every_output_stands_for)
{
    static const char *const numbers[] = {"0.5", "-1e30", "3.4e38", "1.2e-40", "5000", "0"};
    for (int bounded = 0; bounded < 2; bounded++) {
        for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++) {
            char text[64];
            const double target = (double)strtof(numbers[k], NULL);
            snprintf(text, sizeof text, "a,c\n1,%s\n2,%s\n", numbers[k], numbers[k]);
            bp_dataset *dataset = table_csv(text, true);
            struct bp_schema_options options = schema_options();
            options.bounded = bounded;
            options.task = BP_TASK_REGRESS;
            struct bp_schema *schema = schema_fit(dataset, &options);
            const struct bp_schema_column *column = &schema->column[1];
            const double room = fabs(target) > 1e-30 ? fabs(target) / 16384 : 1.0 / 1024;
            cr_assert_eq(((float)target - column->shift) * column->scale, bounded ? 0.5f : 0.0f);
            cr_assert_leq(fabs(number_of(column, 0.0) - target), room, "%s", numbers[k]);
            cr_assert_leq(fabs(number_of(column, 1.0) - target), room, "%s", numbers[k]);
            bp_schema_free(schema);
            bp_dataset_free(dataset);
        }
    }
}

Test(data_scaling, targets_from_0_to_1_of_a_loss_for_shares_stay_as_they_are)
{
    struct bp_schema_options options = schema_options();
    options.shares = true;
    bp_dataset *dataset =
        table_numbers(BP_FORMAT_FANN, 2, 1, 4, (float[]){1, 0, 0.25f, 1, 3, 2, 1, 0.5f, 1, 5});
    struct bp_schema *schema = schema_fit(dataset, &options);
    for (size_t k = 1; k <= 3; k++) {
        cr_assert_eq(schema->column[k].shift, 0.0f);
        cr_assert_eq(schema->column[k].scale, 1.0f);
    }
    cr_assert_eq(schema->column[4].shift, 3.0f);
    cr_assert_eq(schema->column[4].scale, 0.5f);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_scaling, targets_that_pass_0_or_1_are_no_shares)
{
    struct bp_schema_options options = schema_options();
    options.shares = true;
    bp_dataset *dataset =
        table_numbers(BP_FORMAT_FANN, 2, 1, 2, (float[]){1, 0, -0.5f, 2, 1.5f, 1});
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(schema->column[1].scale, 1 / 1.5f);
    cr_assert_eq(schema->column[2].shift, -0.5f);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

/* 16777219 is 16777220 - 1: of such a column the table holds what is left after its origin. */
Test(data_scaling, large_counts_are_counts)
{
    struct bp_schema_options options = schema_options();
    options.counts = true;
    bp_dataset *dataset =
        expect_dataset(read_text("d.csv", "a,y\n1,16777219\n2,16777221\n3,16777225\n", NULL));
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_assert_eq(dataset->table->column[1].origin, 16777220);
    cr_assert_eq(schema->column[1].origin, 0);
    cr_assert_eq(schema->column[1].scale, 1);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}
