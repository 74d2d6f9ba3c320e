/* Fitting schemas in tests. */
#include "support/schemas.h"

#include <criterion/criterion.h>

#include "support/tables.h"

struct bp_schema_options schema_options(void)
{
    return (struct bp_schema_options){
        .task = BP_TASK_AUTO, .scale = BP_SCALE_NONE, .bounded = true, .low = 0.0f, .high = 1.0f};
}

struct bp_schema *schema_fit(const bp_dataset *dataset, const struct bp_schema_options *options)
{
    bp_error error = {.message = ""};
    struct bp_schema *schema = NULL;
    cr_assert_eq(bp_schema_fit(&schema, dataset, options, &error), BP_OK, "%s", error.message);
    cr_assert_not_null(schema);
    return schema;
}

struct bp_schema *schema_fit_csv(const char *text)
{
    const struct bp_schema_options options = schema_options();
    bp_dataset *dataset = table_csv(text, true);
    struct bp_schema *schema = schema_fit(dataset, &options);
    bp_dataset_free(dataset);
    return schema;
}

void schema_fit_fails(bp_dataset *dataset, const struct bp_schema_options *options,
                      bp_status status, const char *message)
{
    bp_error error = {.message = ""};
    struct bp_schema *schema = (struct bp_schema *)1;
    cr_assert_eq(bp_schema_fit(&schema, dataset, options, &error), status);
    cr_assert_null(schema);
    cr_assert_eq(error.status, status);
    cr_assert_str_eq(error.message, message);
    bp_dataset_free(dataset);
}
