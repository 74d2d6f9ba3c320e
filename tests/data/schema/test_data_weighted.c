/* Statistics of rows with weights, and rows of weight 0. */
#include <math.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support/schemas.h"
#include "support/tables.h"

static struct bp_schema *fit(const char *text, bp_scale scale, bp_missing missing)
{
    struct bp_schema_options options = schema_options();
    options.weight = "w";
    options.scale = scale;
    options.missing = missing;
    options.bounded = false;
    bp_dataset *dataset = table_csv(text, true);
    struct bp_schema *schema = schema_fit(dataset, &options);
    bp_dataset_free(dataset);
    return schema;
}

/* As if the second row stood there three times: 1, 5, 5, 5. */
Test(data_weighted, mean_and_deviation_are_weighted)
{
    struct bp_schema *schema =
        fit("w,a,c\n1,1,0.5\n3,5,2.5\n0,-900,1e9\n", BP_SCALE_STANDARD, BP_MISSING_ERROR);
    cr_assert_eq(schema->column[0].shift, 4.0f);
    cr_assert_eq(schema->column[0].scale, (float)(1 / sqrt(3.0)));
    cr_assert_eq(schema->column[1].shift, 2.0f);
    cr_assert_eq(schema->column[1].scale, (float)(1 / sqrt(0.75)));
    bp_schema_free(schema);
}

Test(data_weighted, the_range_is_that_of_the_rows_that_count)
{
    struct bp_schema *schema =
        fit("w,a,c\n1,1,0.5\n0.25,5,2.5\n0,-900,3\n", BP_SCALE_MINMAX, BP_MISSING_ERROR);
    cr_assert_eq(schema->column[0].shift, 1.0f);
    cr_assert_eq(schema->column[0].scale, 0.25f);
    bp_schema_free(schema);
}

/* Of the numbers 1, 2 and 8 the weights below and above the median are equal as far as can be. */
Test(data_weighted, the_median_is_weighted)
{
    static const struct {
        const char *text;
        float median;
    } cases[] = {{"w,a,c\n1,8,0.5\n1,1,1\n1,2,1\n", 2},
                 {"w,a,c\n5,8,0.5\n1,1,1\n1,2,1\n", 8},
                 {"w,a,c\n2,8,0.5\n1,1,1\n1,2,1\n", 5},
                 {"w,a,c\n0,8,0.5\n1,1,1\n1,2,1\n", 1.5f},
                 {"w,a,c\n1,8,0.5\n2.5,1,1\n1,2,1\n", 1}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct bp_schema *schema = fit(cases[k].text, BP_SCALE_NONE, BP_MISSING_MEDIAN);
        cr_expect_eq(schema->column[0].fill, cases[k].median, "%s: %g", cases[k].text,
                     (double)schema->column[0].fill);
        bp_schema_free(schema);
    }
}

Test(data_weighted, categories_and_classes_of_rows_that_do_not_count_are_not_known)
{
    struct bp_schema *schema =
        fit("w,a,c\n1,red,x\n0,green,y\n2,blue,z\n", BP_SCALE_NONE, BP_MISSING_ERROR);
    cr_assert_eq(schema->column[0].neurons, 2);
    cr_assert_str_eq(schema->column[0].category[0], "blue");
    cr_assert_eq(schema->column[1].neurons, 2);
    cr_assert_str_eq(schema->column[1].category[1], "z");
    bp_schema_free(schema);
}

Test(data_weighted, cells_may_be_missing_in_rows_that_do_not_count)
{
    struct bp_schema *schema =
        fit("w,a,c\n1,1,0.5\n0,,\n3,5,2.5\n", BP_SCALE_STANDARD, BP_MISSING_ERROR);
    cr_assert_eq(schema->column[0].shift, 4.0f);
    bp_schema_free(schema);
}

Test(data_weighted, the_rows_that_count_can_be_shown_alone)
{
    bp_dataset *dataset = table_csv("w,a,c\n1,1,0.5\n0,7,-1\n3,5,2.5\n", true), *shown;
    bp_column_info column;
    bp_error error;
    cr_assert_eq(bp_dataset_weighted(&shown, dataset, "w", &error), BP_OK, "%s", error.message);
    cr_assert_eq(bp_dataset_get_info(shown).rows, 2);
    cr_assert_eq(bp_dataset_describe(shown, 1, &column, NULL), BP_OK);
    cr_assert_eq(column.max, 5);
    bp_dataset_free(shown);
    cr_assert_eq(bp_dataset_weighted(&shown, dataset, NULL, NULL), BP_OK);
    cr_assert_eq(bp_dataset_get_info(shown).rows, 3);
    bp_dataset_free(shown);
    cr_assert_eq(bp_dataset_weighted(&shown, dataset, "v", &error), BP_ERROR_ARGUMENT);
    cr_assert_null(shown);
    cr_assert_eq(bp_dataset_weighted(&shown, dataset, "c", &error), BP_ERROR_INPUT, "%s",
                 error.message);
    cr_assert_null(shown);
    bp_dataset_free(dataset);
}
