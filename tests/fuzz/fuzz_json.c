/*
 * Texts of JSON: the verdict and the tree are those of jansson's own reader, but where depth or
 * memory is bounded, or a NUL stands, which that reader may overlook; and what is written is read
 * as the same.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/json/json_read.h"
#include "base/json/json_write.h"
#include "fuzz/fuzz.h"

/* What the reader alone refuses. */
static bool is_bounded(const char *message)
{
    return strstr(message, "deep") || strstr(message, "memory") || strstr(message, "more than");
}

static bool has_nul(const uint8_t *data, size_t size)
{
    return size > 0 && memchr(data, '\0', size);
}

static void read_again(const json_t *tree)
{
    const struct bp_json_limits limits = {.what = "a text"};
    size_t length;
    json_t *again;
    char *text = bp_json_write(tree, JSON_COMPACT | JSON_ENCODE_ANY, &length);
    FUZZ_REQUIRE(text != NULL && strlen(text) == length);
    bp_error error = {BP_OK, ""};
    if (bp_json_read(&again, text, length, &limits, &error) == BP_OK) {
        FUZZ_REQUIRE(json_equal(tree, again));
        json_decref(again);
    } else
        FUZZ_REQUIRE(is_bounded(error.message));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bp_json_limits limits = {.what = "a text"};
    const char *text = (const char *)data;
    json_error_t why;
    json_t *tree = NULL;
    bp_error error = {BP_OK, ""};
    const bp_status status = bp_json_read(&tree, text, size, &limits, &error);
    json_t *expected = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
    FUZZ_REQUIRE((status == BP_OK) == (error.message[0] == '\0'));
    if (status == BP_OK) {
        FUZZ_REQUIRE(!has_nul(data, size));
        FUZZ_REQUIRE(tree && expected && json_equal(tree, expected));
        read_again(tree);
    } else
        FUZZ_REQUIRE(!tree && (!expected || is_bounded(error.message) || has_nul(data, size)));
    json_decref(tree);
    json_decref(expected);
    return 0;
}
