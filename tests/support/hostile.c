/* What the library says of files that lie. */
#include "support/hostile.h"

#include <string.h>

#include <criterion/criterion.h>

#include "net/safetensors.h"

static void expect_reason(const char *path, const bp_error *error, bp_status status,
                          const char *reason)
{
    cr_assert_eq(error->status, status);
    cr_assert_eq(strncmp(error->message, path, strlen(path)), 0, "%s", error->message);
    cr_assert_not_null(strstr(error->message, reason), "%s", error->message);
}

void hostile_expect_refused(const char *path, bp_status status, const char *reason)
{
    struct bp_safetensors *file = (struct bp_safetensors *)&status; /* to be set to NULL */
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_safetensors_read(&file, &(struct bp_input){.path = path}, &error), status, "%s",
                 error.message);
    cr_assert_null(file);
    expect_reason(path, &error, status, reason);
}

void hostile_expect_no_model(const char *path, const char *reason)
{
    bp_error error = {BP_OK, ""};
    bp_model *model = (bp_model *)&error; /* to be set to NULL */
    cr_assert_eq(bp_model_load(&model, path, &error), BP_ERROR_INPUT, "%s", error.message);
    cr_assert_null(model);
    expect_reason(path, &error, BP_ERROR_INPUT, reason);
}
