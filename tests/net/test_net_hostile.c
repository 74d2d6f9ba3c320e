/* Model files with a header made by hand: each lie has its own sentence. */
#include <criterion/criterion.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "net/safetensors.h"
#include "support/hostile.h"
#include "support/scratch.h"

#define ENTRY(shape, offsets) "{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":" offsets "}"

static char *path;

static void set_up(void)
{
    path = scratch_file("m.safetensors");
}

TestSuite(net_hostile, .init = set_up, .fini = scratch_remove);

static void put_file(uint64_t claimed, const char *header, size_t length, size_t data_size)
{
    hostile_put(path, claimed, header, length, data_size);
}

static void check_refused(const char *reason)
{
    hostile_expect_refused(path, BP_ERROR_INPUT, reason);
}

static void check_header(const char *header, size_t data_size, const char *reason)
{
    put_file(strlen(header), header, strlen(header), data_size);
    check_refused(reason);
}

static void check_accepted(const char *header, size_t data_size, size_t count)
{
    put_file(strlen(header), header, strlen(header), data_size);
    struct bp_safetensors *file;
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_safetensors_read(&file, &(struct bp_input){.path = path}, &error), BP_OK, "%s",
                 error.message);
    cr_assert_eq(file->count, count);
    bp_safetensors_free(file);
}

Test(net_hostile, a_plain_header_is_accepted)
{
    check_accepted("{\"a\":" ENTRY("[2]", "[0,8]") "}", 8, 1);
    check_accepted("  {\"a\":" ENTRY("[2]", "[0,8]") "}  \n", 8, 1);
    check_accepted("{}", 0, 0);
}

Test(net_hostile, tensors_may_be_named_in_any_order_and_be_empty)
{
    check_accepted("{\"b\":" ENTRY("[1]", "[8,12]") ",\"a\":" ENTRY("[2,1]", "[0,8]") "}", 12, 2);
    check_accepted("{\"a\":" ENTRY("[0]", "[0,0]") ",\"b\":" ENTRY("[0,7]", "[0,0]") "}", 0, 2);
}

Test(net_hostile, a_text_file_is_called_no_safetensors_file)
{
    file_put_text(path, "sepal_length,sepal_width\n5.1,3.5\n");
    check_refused("is not a safetensors file");
}

Test(net_hostile, a_header_length_beyond_the_limit_is_refused)
{
    put_file(100000001, "{}", 2, 0);
    check_refused("give no length of a header, which is 100000000 at most");
    put_file(UINT64_MAX, "{}", 2, 0);
    check_refused("give no length of a header, which is 100000000 at most");
    put_file(UINT64_MAX - 7, "{}", 2, 0);
    check_refused("give no length of a header, which is 100000000 at most");
}

Test(net_hostile, a_header_length_beyond_the_file_is_refused)
{
    put_file(3, "{}", 2, 0);
    check_refused("3 bytes, but 2 follow");
    put_file(100000000, "{}", 2, 0);
    check_refused("100000000 bytes, but 2 follow");
}

Test(net_hostile, what_is_not_json_is_refused)
{
    check_header("", 0, "not JSON");
    check_header("{", 0, "not JSON");
    check_header("{\"a\"", 0, "not JSON");
    check_header("{} {}", 0, "not JSON");
    check_header("{\"a\":\"\xff\"}", 0, "not JSON");
    check_header("{\"a\":\"\\u0000\"}", 0, "not JSON");
    check_header("{\"a\":99999999999999999999}", 0, "not JSON");
    check_header("{\"a\":1e999}", 0, "not JSON");
    put_file(3, "{}\0", 3, 0);
    check_refused("not JSON");
}

Test(net_hostile, json_of_another_kind_is_refused)
{
    check_header("[]", 0, "not a JSON object");
    check_header("{\"a\":1}", 0, "tensor \"a\" is not described by");
    check_header("{\"a\":[]}", 0, "tensor \"a\" is not described by");
}

Test(net_hostile, a_key_twice_is_refused)
{
    check_header("{\"a\":" ENTRY("[1]", "[0,4]") ",\"a\":" ENTRY("[1]", "[0,4]") "}", 4, "twice");
    check_header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}",
                 4, "twice");
    check_header("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", 0, "twice");
}

Test(net_hostile, a_missing_or_an_unknown_key_is_refused)
{
    check_header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "is not described by");
    check_header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"x\":[0,4]}}", 4, "data_offsets");
    check_header("{\"a\":{\"dtype\":\"F32\",\"x\":[1],\"data_offsets\":[0,4]}}", 4, "shape");
    check_header("{\"a\":{\"x\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "dtype");
    check_header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}", 4,
                 "is not described by");
}

Test(net_hostile, another_type_of_number_is_refused)
{
    check_header("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8,
                 "is of type \"F64\"; only F32 is read");
    check_header("{\"a\":{\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "dtype");
}

Test(net_hostile, a_rank_other_than_one_and_two_is_refused)
{
    check_header("{\"a\":" ENTRY("[]", "[0,4]") "}", 4, "rank 0");
    check_header("{\"a\":" ENTRY("[1,1,1]", "[0,4]") "}", 4, "rank 3");
    check_header("{\"a\":" ENTRY("4", "[0,4]") "}", 4, "shape");
}

Test(net_hostile, a_shape_of_other_things_than_sizes_is_refused)
{
    check_header("{\"a\":" ENTRY("[-1]", "[0,4]") "}", 4, "integers from 0");
    check_header("{\"a\":" ENTRY("[1.0]", "[0,4]") "}", 4, "integers from 0");
    check_header("{\"a\":" ENTRY("[\"1\"]", "[0,4]") "}", 4, "integers from 0");
    check_header("{\"a\":" ENTRY("[true]", "[0,4]") "}", 4, "integers from 0");
}

Test(net_hostile, a_shape_whose_product_overflows_is_refused)
{
    /* Modulo 2^64 these would have 0, 4 and 4 bytes. */
    check_header("{\"a\":" ENTRY("[4294967296,4294967296]", "[0,0]") "}", 0, "overflows");
    check_header("{\"a\":" ENTRY("[4611686018427387905]", "[0,4]") "}", 4, "overflows");
    check_header("{\"a\":" ENTRY("[3689348814741910323,5]", "[0,4]") "}", 4, "overflows");
}

Test(net_hostile, a_range_that_the_shape_does_not_fill_is_refused)
{
    check_header("{\"a\":" ENTRY("[3]", "[0,8]") "}", 8, "needs 12 bytes by its shape but has 8");
    check_header("{\"a\":" ENTRY("[1,1]", "[0,8]") "}", 8, "needs 4 bytes by its shape but has 8");
    check_header("{\"a\":" ENTRY("[9223372036854775807,0]", "[0,8]") "}", 8, "needs 0 bytes");
}

Test(net_hostile, a_range_of_other_things_than_two_sizes_is_refused)
{
    check_header("{\"a\":" ENTRY("[1]", "[0]") "}", 4, "two ascending integers");
    check_header("{\"a\":" ENTRY("[1]", "[0,4,8]") "}", 4, "two ascending integers");
    check_header("{\"a\":" ENTRY("[1]", "[4,0]") "}", 4, "two ascending integers");
    check_header("{\"a\":" ENTRY("[1]", "[-4,0]") "}", 4, "two ascending integers");
    check_header("{\"a\":" ENTRY("[1]", "{}") "}", 4, "two ascending integers");
}

Test(net_hostile, a_range_after_the_end_of_the_file_is_refused)
{
    check_header("{\"a\":" ENTRY("[1]", "[0,4]") "}", 3, "truncated or damaged");
    check_header("{\"a\":" ENTRY("[1099511627776]", "[0,4398046511104]") "}", 4,
                 "truncated or damaged");
}

Test(net_hostile, ranges_with_a_hole_are_refused)
{
    check_header("{\"a\":" ENTRY("[1]", "[4,8]") "}", 8, "4 bytes before tensor \"a\"");
    check_header("{\"a\":" ENTRY("[1]", "[0,4]") ",\"b\":" ENTRY("[1]", "[8,12]") "}", 12,
                 "4 bytes before tensor \"b\"");
}

Test(net_hostile, ranges_that_overlap_are_refused)
{
    check_header("{\"a\":" ENTRY("[2]", "[0,8]") ",\"b\":" ENTRY("[2]", "[4,12]") "}", 12,
                 "\"a\" and \"b\" overlap");
    check_header("{\"a\":" ENTRY("[2]", "[0,8]") ",\"b\":" ENTRY("[2]", "[0,8]") "}", 8, "overlap");
    check_header("{\"a\":" ENTRY("[2]", "[0,8]") ",\"b\":" ENTRY("[0]", "[4,4]") "}", 8, "overlap");
}

Test(net_hostile, bytes_after_the_last_tensor_are_refused)
{
    check_header("{\"a\":" ENTRY("[1]", "[0,4]") "}", 9, "5 bytes follow the last tensor");
    check_header("{}", 4, "4 bytes follow the last tensor");
}

Test(net_hostile, a_name_that_is_too_long_is_refused)
{
    char header[256];
    const char *name = "0123456789012345678901234567890123456789012345678901234567890123"
                       "0123456789012345678901234567890123456789012345678901234567890123";
    snprintf(header, sizeof header, "{\"%s\":" ENTRY("[1]", "[0,4]") "}", name);
    check_header(header, 4, "too long");
    snprintf(header, sizeof header, "{\"%s\":" ENTRY("[1]", "[0,4]") "}", name + 1);
    check_accepted(header, 4, 1);
}

Test(net_hostile, metadata_of_other_things_than_text_is_refused)
{
    check_header("{\"__metadata__\":[]}", 0, "not a JSON object");
    check_header("{\"__metadata__\":{\"batchprop\":1}}", 0, "is not text");
    check_header("{\"__metadata__\":{\"batchprop\":{}}}", 0, "is not text");
}

/* `count` times `piece`. */
static char *repeat(const char *piece, size_t count)
{
    size_t length = strlen(piece);
    char *text = malloc(length * count + 1);
    cr_assert_not_null(text);
    for (size_t k = 0; k < count; k++)
        memcpy(text + k * length, piece, length);
    text[length * count] = '\0';
    return text;
}

Test(net_hostile, deep_nesting_does_not_reach_the_stack)
{
    char *lists = repeat("[", 1000000), *objects = repeat("{\"a\":", 1000000);
    check_header(lists, 0, "nested deeper than 3 levels");
    check_header(objects, 0, "nested deeper than 3 levels");
    free(lists);
    free(objects);
}

Test(net_hostile, brackets_in_a_name_are_not_nesting)
{
    check_accepted("{\"[[[[{{{{,\\\"[[[[\":" ENTRY("[1]", "[0,4]") "}", 4, 1);
}

Test(net_hostile, a_header_of_a_million_values_does_not_take_their_memory)
{
    struct rusage before, after;
    char *values = repeat(",1", 10000000);
    char *header = malloc(strlen(values) + 32);
    cr_assert_not_null(header);
    sprintf(header, "{\"a\":[1%s]}", values);
    put_file(strlen(header), header, strlen(header), 0);
    cr_assert_eq(getrusage(RUSAGE_SELF, &before), 0);
    check_refused("more than 65536 values");
    cr_assert_eq(getrusage(RUSAGE_SELF, &after), 0);
    /* In KiB on Linux: the header once more, and room for what else runs. */
    cr_assert_lt(after.ru_maxrss - before.ru_maxrss, 4 * 20000);
    free(values);
    free(header);
}
