/* Where there is no memory, whichever call it is that gets none, a model is neither saved nor read,
 * and the error says so. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/files/file.h"
#include "batchprop/batchprop.h"
#include "support/counted_memory.h"
#include "support/hostile.h"
#include "support/scratch.h"

/* More calls than any of these functions makes. */
#define CALLS_MAX 20000

static bp_model *model; /* two networks */
static char *path, *link_path;
static void *bytes; /* of the model */
static size_t size;

static void set_up(void)
{
    bp_dataset *dataset;
    bp_member_kind kind = bp_member_kind_default();
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_ensemble *ensemble;
    bp_train_options train = bp_train_options_default();
    json_set_alloc_funcs(malloc, free); /* which are counted, unlike those of its own */
    train.epochs = 1;
    kind.train = &train;
    options.members = 2;
    options.threads = 1;
    cr_assert_eq(bp_dataset_read(&dataset, DATASETS "/iris.csv", NULL, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, &kind, 1, &options, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_take_model(ensemble, &model, NULL), BP_OK);
    bp_ensemble_free(ensemble);
    bp_dataset_free(dataset);
    path = scratch_file("m.safetensors");
    link_path = scratch_file("link");
    cr_assert_eq(symlink("m.safetensors", link_path), 0);
}

static void tear_down(void)
{
    counted_fail(0);
    bp_memory_free(bytes);
    bp_model_free(model);
    scratch_remove();
}

TestSuite(model_memory, .init = set_up, .fini = tear_down);

static bp_status save(bp_error *error)
{
    return bp_model_save(model, path, error);
}

/* Through a link, whose end has to be found. */
static bp_status save_through(bp_error *error)
{
    return bp_model_save(model, link_path, error);
}

static bp_status check(bp_error *error)
{
    return bp_file_check(link_path, true, error);
}

static bp_status load(bp_error *error)
{
    bp_model *loaded;
    const bp_status status = bp_model_load(&loaded, path, error);
    cr_assert_eq(loaded != NULL, status == BP_OK);
    bp_model_free(loaded);
    return status;
}

static bp_status save_memory(bp_error *error)
{
    void *saved;
    size_t saved_size;
    const bp_status status = bp_model_save_memory(model, &saved, &saved_size, error);
    cr_assert_eq(saved != NULL, status == BP_OK);
    bp_memory_free(saved);
    return status;
}

static bp_status load_memory(bp_error *error)
{
    bp_model *loaded;
    const bp_status status = bp_model_load_memory(&loaded, bytes, size, error);
    cr_assert_eq(loaded != NULL, status == BP_OK);
    bp_model_free(loaded);
    return status;
}

static bp_status copy(bp_error *error)
{
    bp_model *copied;
    const bp_status status = bp_model_copy(&copied, model, error);
    cr_assert_eq(copied != NULL, status == BP_OK);
    bp_model_free(copied);
    return status;
}

/* Lets one call after the other fail, until the function needs no more of them. */
static void let_fail(bp_status function(bp_error *error), bool is_there)
{
    size_t failed = 0;
    for (size_t number = 1; number < CALLS_MAX; number++) {
        bp_error error;
        const size_t before = counted_allocations();
        errno = 0;
        counted_fail(number);
        const bp_status status = function(&error);
        const size_t calls = counted_allocations() - before;
        counted_fail(0);
        if (calls < number) {
            cr_assert_eq(status, BP_OK, "%s", error.message);
            break;
        }
        cr_assert_eq(status, BP_ERROR_MEMORY, "call %zu: %s", number, error.message);
        cr_assert_not_null(strstr(error.message, "memory"), "call %zu: %s", number, error.message);
        cr_assert_eq(access(path, R_OK) == 0, is_there, "call %zu", number);
        failed++;
    }
    cr_expect_gt(failed, 0);
}

Test(model_memory, a_model_is_not_saved)
{
    let_fail(save, false);
}

Test(model_memory, a_model_is_not_saved_through_a_link)
{
    let_fail(save_through, false);
}

Test(model_memory, a_name_is_not_checked)
{
    let_fail(check, false);
}

Test(model_memory, a_model_is_not_loaded)
{
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    let_fail(load, true);
}

Test(model_memory, a_model_is_not_put_into_memory)
{
    let_fail(save_memory, false);
}

Test(model_memory, a_model_is_not_taken_from_memory)
{
    cr_assert_eq(bp_model_save_memory(model, &bytes, &size, NULL), BP_OK);
    let_fail(load_memory, false);
}

Test(model_memory, a_model_is_not_copied)
{
    let_fail(copy, false);
}

/* Not for the places of columns that it does not have. */
Test(model_memory, a_number_in_a_file_takes_no_memory)
{
    bp_model *loaded;
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    hostile_edit(path, "\\\"file_columns\\\":5", "\\\"file_columns\\\":4294967295");
    counted_forget_size();
    cr_assert_eq(bp_model_load(&loaded, path, &error), BP_OK, "%s", error.message);
    cr_expect_lt(counted_largest(), 1 << 20, "%zu", counted_largest());
    bp_model_free(loaded);
}
