/* Models in memory: the bytes of their files, and bytes that lie. Lies that a file can tell, too,
 * are in test_net_hostile.c and test_model_format.c. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "batchprop/batchprop.h"
#include "support/scratch.h"

static bp_dataset *dataset;

static void set_up(void)
{
    cr_assert_eq(bp_dataset_read(&dataset, DATASETS "/iris.csv", NULL, NULL), BP_OK);
}

static void tear_down(void)
{
    bp_dataset_free(dataset);
    scratch_remove();
}

TestSuite(model_bytes, .init = set_up, .fini = tear_down);

static bp_model *make_model(size_t width, uint64_t seed)
{
    bp_model_options options = bp_model_options_default();
    options.hidden[0] = width;
    options.seed = seed;
    bp_model *model;
    cr_assert_eq(bp_model_create(&model, dataset, &options, NULL), BP_OK);
    return model;
}

/* Three networks, with factors of classes. */
static bp_model *make_several(void)
{
    static const double weights[3] = {1, 0.3, 5}, factors[3] = {1, 0.7, 1.5};
    bp_model *const members[3] = {make_model(3, 1), make_model(17, 2), make_model(5, 3)};
    bp_model *model;
    cr_assert_eq(bp_model_combine(&model, members, weights, 3, NULL), BP_OK);
    cr_assert_eq(bp_model_set_factors(model, factors, NULL), BP_OK);
    return model;
}

struct bytes {
    void *bytes;
    size_t size;
};

static struct bytes put(const bp_model *model)
{
    struct bytes bytes;
    bp_error error;
    cr_assert_eq(bp_model_save_memory(model, &bytes.bytes, &bytes.size, &error), BP_OK, "%s",
                 error.message);
    return bytes;
}

static void expect_bytes_of_file(const bp_model *model)
{
    char *path = scratch_file("m.safetensors");
    const struct bytes bytes = put(model);
    size_t size;
    cr_assert_eq(bp_model_save(model, path, NULL), BP_OK);
    char *file = file_get(path, &size);
    cr_expect_eq(bytes.size, size);
    cr_expect_arr_eq(bytes.bytes, file, size);
    free(file);
    bp_memory_free(bytes.bytes);
}

Test(model_bytes, memory_holds_the_bytes_of_the_file)
{
    bp_model *one = make_model(7, 1), *several = make_several();
    expect_bytes_of_file(one);
    expect_bytes_of_file(several);
    bp_model_free(several);
    bp_model_free(one);
}

/* More than the first room of an output, several times over. */
Test(model_bytes, a_large_model_is_in_memory_too)
{
    bp_model *model = make_model(4099, 1);
    expect_bytes_of_file(model);
    bp_model_free(model);
}

/* Every property is in the bytes, as the test above says. */
static void expect_same(const bp_model *model, const bp_model *other)
{
    const struct bytes a = put(model), b = put(other);
    cr_expect_eq(a.size, b.size);
    cr_expect_arr_eq(a.bytes, b.bytes, a.size);
    bp_memory_free(a.bytes);
    bp_memory_free(b.bytes);
}

Test(model_bytes, a_model_from_memory_is_the_same)
{
    bp_model *model = make_several(), *loaded;
    struct bytes bytes = put(model);
    bp_error error;
    cr_assert_eq(bp_model_load_memory(&loaded, bytes.bytes, bytes.size, &error), BP_OK, "%s",
                 error.message);
    memset(bytes.bytes, 0, bytes.size); /* nothing of them is kept */
    expect_same(loaded, model);
    bp_memory_free(bytes.bytes);
    bp_model_free(loaded);
    bp_model_free(model);
}

/* Frees the model; its file has all that there is of it. */
static void expect_copy(bp_model *model)
{
    bp_model *copy;
    cr_assert_eq(bp_model_copy(&copy, model, NULL), BP_OK);
    expect_same(copy, model);
    cr_expect_eq(bp_model_members(copy), 3);
    cr_expect_neq(bp_model_get_member(copy, 1), bp_model_get_member(model, 1));
    const struct bytes before = put(model);
    bp_model_free(model);
    const struct bytes bytes = put(copy); /* after the other one is gone */
    cr_assert_eq(bytes.size, before.size);
    cr_expect_arr_eq(bytes.bytes, before.bytes, bytes.size);
    bp_memory_free(before.bytes);
    bp_memory_free(bytes.bytes);
    bp_model_free(copy);
}

Test(model_bytes, a_copy_of_several_networks_is_the_same_and_its_own)
{
    expect_copy(make_several());
}

Test(model_bytes, a_copy_of_an_ensemble_knows_how_it_was_trained)
{
    bp_train_options train = bp_train_options_default();
    bp_member_kind kind = bp_member_kind_default();
    bp_ensemble_options options = bp_ensemble_options_default();
    bp_ensemble *ensemble;
    bp_model *model;
    train.epochs = 1;
    kind.train = &train;
    options.members = 3;
    options.threads = 1;
    cr_assert_eq(bp_ensemble_train(&ensemble, dataset, NULL, &kind, 1, &options, NULL), BP_OK);
    cr_assert_eq(bp_ensemble_take_model(ensemble, &model, NULL), BP_OK);
    bp_ensemble_free(ensemble);
    expect_copy(model);
}

/* Every damaged form has a sentence that says it was memory; none is a model. */
static void expect_refused(const void *bytes, size_t size, size_t at)
{
    bp_error error = {BP_OK, ""};
    bp_model *model = (bp_model *)&error; /* to be set to NULL */
    cr_assert_eq(bp_model_load_memory(&model, bytes, size, &error), BP_ERROR_INPUT, "%zu: %s", at,
                 error.message);
    cr_assert_null(model);
    cr_assert_eq(strncmp(error.message, "memory: ", 8), 0, "%s", error.message);
}

Test(model_bytes, bytes_that_are_cut_off_or_too_many_are_refused)
{
    bp_model *model = make_several();
    const struct bytes bytes = put(model);
    for (size_t size = 0; size < bytes.size; size++) {
        /* In memory that ends there, where reading further is seen. */
        char *cut = malloc(size ? size : 1);
        cr_assert_not_null(cut);
        memcpy(cut, bytes.bytes, size);
        expect_refused(cut, size, size);
        free(cut);
    }
    char *more = calloc(1, bytes.size + 1);
    cr_assert_not_null(more);
    memcpy(more, bytes.bytes, bytes.size);
    expect_refused(more, bytes.size + 1, bytes.size + 1);
    free(more);
    bp_memory_free(bytes.bytes);
    bp_model_free(model);
}

/* A flipped bit of a parameter differs from the digest; one of the header may leave a model, such
 * as one of another seed, or an error. */
Test(model_bytes, bytes_that_were_changed_are_refused_or_a_model)
{
    bp_model *model = make_model(3, 1);
    struct bytes bytes = put(model);
    unsigned char *byte = bytes.bytes;
    const size_t parameters = bp_model_get_info(model).parameters * sizeof(float);
    for (size_t at = 0; at < bytes.size; at++) {
        const unsigned char good = byte[at];
        byte[at] = (unsigned char)(good ^ 1u << at % 8);
        if (at >= bytes.size - parameters) {
            expect_refused(bytes.bytes, bytes.size, at);
        } else {
            bp_model *loaded;
            bp_error error = {BP_OK, ""};
            const bp_status status = bp_model_load_memory(&loaded, bytes.bytes, bytes.size, &error);
            cr_assert(status == BP_OK || status == BP_ERROR_INPUT, "%zu: %s", at, error.message);
            bp_model_free(loaded);
        }
        byte[at] = good;
    }
    bp_memory_free(bytes.bytes);
    bp_model_free(model);
}
