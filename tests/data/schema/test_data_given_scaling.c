/* Scaling that the user gives, and targets that stay as they are. */

#include <criterion/criterion.h>

#include "support/schemas.h"
#include "support/tables.h"

static bp_dataset *make_table(void)
{
    return table_csv("age,weight,color,y\n1,10,red,2\n3,20,blue,6\n", true);
}

static struct bp_schema *fit(const char *scaling)
{
    struct bp_schema_options options = schema_options();
    options.scale = BP_SCALE_STANDARD;
    options.scaling = scaling;
    options.task = BP_TASK_REGRESS;
    bp_dataset *dataset = make_table();
    struct bp_schema *schema = schema_fit(dataset, &options);
    bp_dataset_free(dataset);
    return schema;
}

static void expect_scaling(const struct bp_schema *schema, size_t column, float shift, float scale)
{
    cr_expect_eq(schema->column[column].shift, shift, "%g", (double)schema->column[column].shift);
    cr_expect_eq(schema->column[column].scale, scale, "%g", (double)schema->column[column].scale);
}

Test(data_given_scaling, named_columns_are_scaled_as_given_and_others_by_the_rows)
{
    struct bp_schema *schema = fit("age=-4:0.25,y=1:-2");
    expect_scaling(schema, 0, -4, 0.25F);
    expect_scaling(schema, 1, 15, 0.2F);
    expect_scaling(schema, 3, 1, -2);
    bp_schema_free(schema);
}

Test(data_given_scaling, columns_are_given_by_number_and_in_quotes_too)
{
    struct bp_schema *schema = fit(" 2 =5:3, \"y\" =0:1e2");
    expect_scaling(schema, 0, 2, 1);
    expect_scaling(schema, 1, 5, 3);
    expect_scaling(schema, 3, 0, 100);
    bp_schema_free(schema);
}

static void expect_error(const char *scaling, const char *message)
{
    struct bp_schema_options options = schema_options();
    options.scaling = scaling;
    options.task = BP_TASK_REGRESS;
    schema_fit_fails(make_table(), &options, BP_ERROR_ARGUMENT, message);
}

#define FORM                                                                                       \
    " is not of the form NAME=SHIFT:SCALE,...; a name with a comma, an equals sign or a quote "    \
    "stands in double quotes"

Test(data_given_scaling, what_is_wrong_with_a_list_is_said)
{
    expect_error("", "scaling: \"\"" FORM);
    expect_error("age", "scaling: \"age\"" FORM);
    expect_error("age=0:1,", "scaling: \"\"" FORM);
    expect_error("\"age=0:1", "scaling: \"\"age=0:1\"" FORM);
    expect_error("age=1", "scaling: \"1\" of column \"age\" is not of the form SHIFT:SCALE");
    expect_error("age=1:", "scaling: \"1:\" of column \"age\" is not of the form SHIFT:SCALE");
    expect_error("age=:1", "scaling: \":1\" of column \"age\" is not of the form SHIFT:SCALE");
    expect_error("age=a:1", "scaling: \"a:1\" of column \"age\" is not of the form SHIFT:SCALE");
    expect_error("age=1:2:3",
                 "scaling: \"1:2:3\" of column \"age\" is not of the form SHIFT:SCALE");
    expect_error("age=1e999:2",
                 "scaling: \"1e999:2\" of column \"age\" is not of the form SHIFT:SCALE");
    expect_error("age=0:1,age=0:1", "scaling: column \"age\" is named twice");
    expect_error("age=0:0", "scaling: column \"age\" cannot be multiplied by 0: it may not be 0, "
                            "nor beyond single precision");
    expect_error("age=0:1e-39", "scaling: column \"age\" cannot be multiplied by 1e-39: it may "
                                "not be 0, nor beyond single precision");
    expect_error("age=0:1e39", "scaling: column \"age\" cannot be multiplied by 1e+39: it may not "
                               "be 0, nor beyond single precision");
}

Test(data_given_scaling, columns_that_cannot_be_scaled_are_said)
{
    expect_error("color=0:1", "scaling: column \"color\" holds categories, not numbers");
    expect_error("aeg=0:1", "test.csv: scaling: there is no column \"aeg\"; did you mean \"age\"?");
    struct bp_schema_options options = schema_options();
    options.scaling = "weight=0:1";
    options.weight = "weight";
    schema_fit_fails(make_table(), &options, BP_ERROR_ARGUMENT,
                     "scaling: column \"weight\" is neither an input nor a target");
    options = schema_options();
    options.scaling = "y=0:1";
    options.task = BP_TASK_CLASSIFY;
    schema_fit_fails(make_table(), &options, BP_ERROR_ARGUMENT,
                     "scaling: column \"y\" holds classes, not numbers");
    options = schema_options();
    options.scaling = "y=0:1";
    options.counts = true;
    schema_fit_fails(make_table(), &options, BP_ERROR_ARGUMENT,
                     "scaling: column \"y\" is a target of the Poisson loss, which is not scaled");
}

Test(data_given_scaling, numbers_stay_finite)
{
    struct bp_schema_options options = schema_options();
    options.scaling = "age=0:3e38";
    options.task = BP_TASK_REGRESS;
    schema_fit_fails(make_table(), &options, BP_ERROR_INPUT,
                     "test.csv: column \"age\" reaches from 1 to 3, too far to be scaled in single "
                     "precision: use a smaller unit");
}

Test(data_given_scaling, a_shift_far_from_0_goes_off_with_the_origin)
{
    double times[] = {1.7e9, 1.7e9 + 1, 1.7e9 + 2};
    static const float y[] = {1, 2, 3};
    bp_arrays arrays = bp_arrays_default();
    arrays.count = 3;
    arrays.inputs = 1;
    arrays.outputs = 1;
    arrays.wide_input = times;
    arrays.targets = y;
    bp_dataset *dataset;
    cr_assert_eq(bp_dataset_from_arrays(&dataset, &arrays, NULL), BP_OK);
    struct bp_schema_options options = schema_options();
    options.scaling = "x1=1700000001:0.5";
    struct bp_schema *schema = schema_fit(dataset, &options);
    cr_expect_eq(schema->column[0].origin, 1.7e9);
    expect_scaling(schema, 0, 1, 0.5F);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_given_scaling, raw_targets_stay_as_they_are)
{
    struct bp_schema_options options = schema_options();
    options.raw = true;
    options.task = BP_TASK_REGRESS;
    bp_dataset *dataset = make_table();
    struct bp_schema *schema = schema_fit(dataset, &options);
    expect_scaling(schema, 3, 0, 1);
    bp_schema_free(schema);
    options.scaling = "y=2:0.25";
    schema = schema_fit(dataset, &options);
    expect_scaling(schema, 3, 2, 0.25F);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}

Test(data_given_scaling, shares_lie_from_0_to_1)
{
    struct bp_schema_options options = schema_options();
    options.shares = options.raw = true;
    options.task = BP_TASK_REGRESS;
    schema_fit_fails(make_table(), &options, BP_ERROR_INPUT,
                     "test.csv: column \"y\" has 2, a neuron value of 2: binary cross-entropy is "
                     "for values from 0 to 1");
    options.scaling = "y=2:0.5";
    schema_fit_fails(make_table(), &options, BP_ERROR_INPUT,
                     "test.csv: column \"y\" has 6, a neuron value of 2: binary cross-entropy is "
                     "for values from 0 to 1");
    options.scaling = "y=6:-0.25";
    bp_dataset *dataset = make_table();
    struct bp_schema *schema = schema_fit(dataset, &options);
    expect_scaling(schema, 3, 6, -0.25F);
    bp_schema_free(schema);
    bp_dataset_free(dataset);
}
