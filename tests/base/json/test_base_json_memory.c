/* Reading and writing JSON where memory runs out: jansson takes it from the counted functions. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "base/json/json_read.h"
#include "base/json/json_write.h"
#include "support/counted_memory.h"

static const char text[] =
    "{\"a\":[1,2,3,4,5,6,7,8,9,10,1.5,-2.25e-3,\"x\",\"\\u00e9\\n with a text that is long\"],"
    "\"a key that is longer than those before it and needs more room than they did, which "
    "was little enough\":{\"b\":{\"c\":null},\"d\":true,\"e\":1,\"f\":2,\"g\":3,\"h\":4,\"i\":5,"
    "\"j\":6,\"k\":7,\"l\":[]}}";

static const struct bp_json_limits usual = {.what = "a text of a test"};

static size_t held; /* blocks */

static void *take(size_t size)
{
    void *memory = malloc(size);
    held += memory != NULL;
    return memory;
}

static void give(void *memory)
{
    held -= memory != NULL;
    free(memory);
}

static json_t *make(void)
{
    json_t *json;
    json_set_alloc_funcs(take, give);
    cr_assert_eq(bp_json_read(&json, text, strlen(text), &usual, NULL), BP_OK);
    return json;
}

Test(base_json_memory, reading_says_of_each_allocation_that_it_failed)
{
    json_t *whole = make();
    const size_t kept = held;
    size_t failures = 0;
    for (bool good = false; !good; failures++) {
        json_t *json = json_null();
        bp_error error = {BP_OK, ""};
        counted_fail(failures + 1);
        const bp_status status = bp_json_read(&json, text, strlen(text), &usual, &error);
        counted_fail(0);
        good = status == BP_OK;
        cr_assert_eq(status, good ? BP_OK : BP_ERROR_MEMORY, "%zu: %s", failures, error.message);
        cr_assert(good ? json_equal(json, whole) : json == NULL, "%zu", failures);
        cr_assert(good || strstr(error.message, "a text of a test"), "%s", error.message);
        json_decref(json);
        cr_assert_eq(held, kept, "%zu", failures);
    }
    cr_assert(failures > 50, "%zu", failures);
    json_decref(whole);
    cr_assert_eq(held, 0);
}

Test(base_json_memory, a_text_that_is_written_is_whole)
{
    json_t *json = make();
    static const size_t flags[] = {JSON_COMPACT, JSON_INDENT(2) | JSON_SORT_KEYS};
    for (size_t k = 0; k < 2; k++) {
        char *whole = bp_json_write(json, flags[k], NULL), *written = NULL;
        cr_assert_not_null(whole);
        const size_t kept = held;
        size_t failures = 0;
        for (; !written; failures++) {
            counted_fail(failures + 1);
            written = bp_json_write(json, flags[k], NULL);
            counted_fail(0);
            cr_assert_eq(held, kept, "%zu", failures);
        }
        cr_assert_str_eq(written, whole);
        cr_assert(failures > 8, "%zu", failures);
        free(written);
        free(whole);
    }
    json_decref(json);
}
