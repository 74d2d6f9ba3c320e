/* JSON texts as values, against jansson's own reader, and what each wrong text is told. */
#include <criterion/criterion.h>

#include <float.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json/json_read.h"
#include "support/noise.h"

static const struct bp_json_limits usual = {.what = "a text of a test"};

static json_t *read_text(const char *text)
{
    json_t *json;
    bp_error error = {BP_OK, ""};
    cr_assert_eq(bp_json_read(&json, text, strlen(text), &usual, &error), BP_OK, "%s: %s", text,
                 error.message);
    return json;
}

static void expect_refused_within(const struct bp_json_limits *limits, const char *text,
                                  size_t length, const char *reason)
{
    bp_error error = {BP_OK, ""};
    json_t *json = json_null();
    cr_expect_eq(bp_json_read(&json, text, length, limits, &error), BP_ERROR_INPUT, "%.100s", text);
    cr_expect_null(json);
    cr_expect_not_null(strstr(error.message, reason), "%.100s: %s", text, error.message);
}

static void expect_refused(const char *text, const char *reason)
{
    expect_refused_within(&usual, text, strlen(text), reason);
}

Test(base_json_read, every_kind_of_value_is_that_of_jansson)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        " [ ] ",
        "\t{\r\n\"a\" : 1 , \"b\":[true,false,null]}\n",
        "[0,-0,1,-1,9223372036854775807,-9223372036854775808]",
        "[0.0,-0.0,1.5,-2.25e3,1E+2,1e-2,0e0,5e-324,1.7976931348623157e308,1e-400]",
        "[0.1,0.2,0.30000000000000004,123456789012345678.0,1e22,1e23,8.5e-22,3e-23]",
        "[\"\",\"a\",\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"]",
        "[\"\x7f\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"]",
        "{\"\":{\"\":{\"\\u0061\":\"\\u0062c\"}},\"a\":[[],[[]],{}]}",
        "\"a text\"",
        "-12",
        "1.25",
        "null",
    };
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        json_t *json = read_text(texts[k]);
        json_t *expected = json_loads(texts[k], JSON_DECODE_ANY, NULL);
        cr_expect_not_null(expected);
        cr_expect(json_equal(json, expected), "%s", texts[k]);
        json_decref(expected);
        json_decref(json);
    }
}

Test(base_json_read, the_order_of_keys_is_kept)
{
    json_t *json = read_text("{\"z\":1,\"a\":2,\"m\":3}");
    char *text = json_dumps(json, JSON_COMPACT);
    cr_assert_str_eq(text, "{\"z\":1,\"a\":2,\"m\":3}");
    free(text);
    json_decref(json);
}

Test(base_json_read, what_is_no_json_is_refused_with_its_place)
{
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"", "a value is missing (column 1)"},
        {" \n ", "a value is missing (line 2, column 2)"},
        {"[1,\n2,\n]", "no value of JSON (line 3, column 1)"},
        {"[1,", "a value is missing (column 4)"},
        {"[1 2]", "a comma or the bracket that closes a list is missing (column 4)"},
        {"[1}", "the bracket"},
        {"{\"a\":1", "the brace"},
        {"{\"a\":1]", "the brace"},
        {"{\"a\":1,}", "a key is missing, a text in quotes (column 8)"},
        {"{a:1}", "a key is missing"},
        {"{1:1}", "a key is missing"},
        {"{\"a\" 1}", "a colon is missing after a key (column 6)"},
        {"{\"a\":}", "no value of JSON (column 6)"},
        {"[] x", "more follows the value (column 4)"},
        {"{}{}", "more follows the value (column 3)"},
        {"nul", "no value of JSON"},
        {"nulls", "more follows"},
        {"True", "no value of JSON"},
        {"NaN", "no value of JSON"},
        {"'a'", "no value of JSON"},
        {"\xef\xbb\xbf{}", "no value of JSON"},
        {"[1]\xff", "more follows"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        expect_refused(cases[k].text, cases[k].reason);
}

Test(base_json_read, a_wrong_text_is_refused_with_its_place)
{
    expect_refused("[\"a", "a text does not end (column 4)");
    expect_refused("[\"a\nb\"]", "a control character in a text");
    expect_refused("[\"\\x\"]", "no escape of JSON (column 3)");
    expect_refused("[\"\\", "no escape of JSON");
    expect_refused("[\"\\u12g4\"]", "four hexadecimal digits");
    expect_refused("[\"\\u12", "four hexadecimal digits");
    expect_refused("[\"\\u0000\"]", "a NUL in a text");
    expect_refused("{\"\\u0000\":1}", "a NUL in a text");
    expect_refused("[\"\\ud800\"]", "half a character");
    expect_refused("[\"\\ud800\\u0041\"]", "half a character");
    expect_refused("[\"\\udc00\\ud800\"]", "half a character");
    expect_refused("[\"\xc3\xa9\xff\"]", "a byte that is no UTF-8 (column 4)");
    expect_refused("[\"\xc0\x80\"]", "no UTF-8");
    expect_refused("[\"\xed\xa0\x80\"]", "no UTF-8");
    expect_refused("[\"\xf4\x90\x80\x80\"]", "no UTF-8");
    expect_refused("[\"\xe2\x82", "no UTF-8");
}

Test(base_json_read, a_wrong_number_is_refused_with_its_place)
{
    expect_refused("[-]", "a number without digits");
    expect_refused("[01]", "begins with 0 (column 2)");
    expect_refused("[-00]", "begins with 0");
    expect_refused("[1.]", "no digit after the point");
    expect_refused("[.5]", "no value of JSON");
    expect_refused("[+1]", "no value of JSON");
    expect_refused("[1e]", "no digit in the exponent");
    expect_refused("[1e+]", "no digit in the exponent");
    expect_refused("[1.5.5]", "a comma or the bracket");
    expect_refused("[0x10]", "a comma or the bracket");
    expect_refused("[9223372036854775808]", "beyond 64 bits (column 2)");
    expect_refused("[-9223372036854775809]", "beyond 64 bits");
    expect_refused("[99999999999999999999999]", "beyond 64 bits");
    expect_refused("[1e309]", "beyond binary64");
    expect_refused("[-1.8e308]", "beyond binary64");
}

Test(base_json_read, a_nul_ends_no_text)
{
    expect_refused_within(&usual, "[1]\0", 4, "more follows the value (column 4)");
    expect_refused_within(&usual, "[1\0]", 4, "a comma or the bracket");
    expect_refused_within(&usual, "[\"a\0\"]", 6, "a control character in a text");
    expect_refused_within(&usual, "\0[]", 3, "no value of JSON (column 1)");
}

Test(base_json_read, nothing_after_the_length_is_read)
{
    expect_refused_within(&usual, "[12]", 3, "a comma or the bracket");
    expect_refused_within(&usual, "\"ab\"", 3, "a text does not end");
    expect_refused_within(&usual, "true", 3, "no value of JSON");
    expect_refused_within(&usual, "[\"\\u0041\"]", 6, "four hexadecimal digits");
}

Test(base_json_read, a_key_that_is_there_twice_is_refused)
{
    expect_refused("{\"a\":1,\"a\":1}", "a key is there twice (column 8)");
    expect_refused("{\"a\":1,\"\\u0061\":{}}", "a key is there twice");
    expect_refused("{\"a\":[],\"b\":1,\"a\":[]}", "a key is there twice");
    json_decref(read_text("{\"a\":{\"a\":1},\"b\":{\"a\":1}}"));
}

Test(base_json_read, a_long_number_is_rounded_once)
{
    /* 1 + 2^-53 is halfway between two neighbours, and the even one is 1; a digit far after it
     * decides otherwise. */
    static const char half[] = "1.00000000000000011102230246251565404236316680908203125";
    char text[4096];
    for (int zeros = 0; zeros < 1800; zeros += 449) {
        snprintf(text, sizeof text, "[%s%0*d,%s%0*d]", half, zeros + 1, 0, half, zeros + 1, 1);
        json_t *json = read_text(text);
        cr_expect_eq(json_real_value(json_array_get(json, 0)), 1.0, "%d", zeros);
        cr_expect_eq(json_real_value(json_array_get(json, 1)), 1.0 + DBL_EPSILON, "%d", zeros);
        json_decref(json);
    }
}

Test(base_json_read, an_exponent_makes_up_for_many_digits)
{
    char text[4096];
    snprintf(text, sizeof text, "[0.%0*de2001,1%0*d.0e-2001,1e-99999999999999999999]", 2001, 1,
             2001, 0);
    json_t *json = read_text(text);
    cr_expect_eq(json_real_value(json_array_get(json, 0)), 1.0);
    cr_expect_eq(json_real_value(json_array_get(json, 1)), 1.0);
    cr_expect_eq(json_real_value(json_array_get(json, 2)), 0.0);
    json_decref(json);
    expect_refused("[1e99999999999999999999]", "beyond binary64");
}

Test(base_json_read, depth_is_limited)
{
    char text[2 * BP_JSON_DEPTH_MAX + 3];
    for (size_t depth = BP_JSON_DEPTH_MAX; depth <= BP_JSON_DEPTH_MAX + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = '\0';
        if (depth <= BP_JSON_DEPTH_MAX)
            json_decref(read_text(text));
        else
            expect_refused(text, "nested deeper than 64 levels (column 65)");
    }
    const struct bp_json_limits two = {.what = "a text", .depth = 2};
    expect_refused_within(&two, "[{\"a\":[]}]", 10, "nested deeper than 2 levels (column 7)");
}

Test(base_json_read, values_are_limited)
{
    const struct bp_json_limits three = {.what = "a text", .values = 3};
    json_t *json;
    cr_assert_eq(bp_json_read(&json, "[1,2]", 5, &three, NULL), BP_OK);
    json_decref(json);
    expect_refused_within(&three, "[1,2,3]", 7, "more than 3 values (column 6)");
}

static size_t taken, peak;

static void *count_taken(size_t size)
{
    size_t *block = malloc(sizeof(max_align_t) + size);
    cr_assert_not_null(block);
    *block = size;
    taken += size;
    peak = taken > peak ? taken : peak;
    return (char *)block + sizeof(max_align_t);
}

static void count_given(void *memory)
{
    if (!memory)
        return;
    size_t *block = (size_t *)(void *)((char *)memory - sizeof(max_align_t));
    taken -= *block;
    free(block);
}

/* A list of what stands in `piece`, as often as it fits. */
static char *repeat(const char *piece, size_t length)
{
    char *text = malloc(length + 1);
    cr_assert_not_null(text);
    size_t used = 0;
    text[used++] = '[';
    while (used + strlen(piece) + 1 < length) {
        memcpy(text + used, piece, strlen(piece));
        used += strlen(piece);
        text[used++] = ',';
    }
    text[used - 1] = ']';
    text[used] = '\0';
    return text;
}

Test(base_json_read, memory_is_in_proportion_to_the_text)
{
    static const char *const pieces[] = {"{}", "[]",   "[[[[]]]]", "{\"a\":{}}",
                                         "1",  "\"\"", "[1,2]"};
    const size_t length = (size_t)1 << 20;
    for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
        char *text = repeat(pieces[k], length);
        taken = peak = 0;
        json_set_alloc_funcs(count_taken, count_given);
        json_t *json;
        bp_error error = {BP_OK, ""};
        const bool good = bp_json_read(&json, text, strlen(text), &usual, &error) == BP_OK;
        json_decref(json);
        json_set_alloc_funcs(malloc, free);
        cr_expect_eq(taken, 0);
        cr_expect_lt(peak, 32 * length, "%s: %zu", pieces[k], peak);
        const bool is_plain = strpbrk(pieces[k], "{[") == NULL;
        cr_expect_eq(good, is_plain, "%s: %s", pieces[k], error.message);
        cr_expect(good || strstr(error.message, "more memory than a text of its length"), "%s",
                  error.message);
        free(text);
    }
}

/* As many values as models, checkpoints and logs have to their length, and more. */
Test(base_json_read, no_list_of_what_files_hold_is_refused)
{
    static const char *const pieces[] = {
        "0",
        "1.5",
        "true",
        "\"a\"",
        "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}",
        ("{\"name\":\"a\",\"role\":\"input\",\"kind\":\"number\",\"position\":0,\"neurons\":1,"
         "\"shift\":0.0,\"scale\":1.0,\"fill\":0.0,\"indicator\":false}"),
        ("{\"event\":\"epoch\",\"epoch\":1,\"metrics\":{\"loss\":0.5},\"phases\":null}")};
    for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
        char *text = repeat(pieces[k], (size_t)1 << 20);
        json_decref(read_text(text));
        free(text);
    }
}

Test(base_json_read, the_point_of_the_locale_does_not_matter)
{
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
        return; /* none with another point is installed */
    json_t *json = read_text("[1.5,2.345678901234567890123e-7]");
    setlocale(LC_NUMERIC, "C");
    cr_expect_eq(json_real_value(json_array_get(json, 0)), 1.5);
    cr_expect_eq(json_real_value(json_array_get(json, 1)), 2.345678901234567890123e-7);
    json_decref(json);
}

/* Texts that are damaged in a few bytes: the verdict and the values are those of jansson, which
 * takes NULs for nothing after a number, however. */
Test(base_json_read, damaged_texts_are_read_as_jansson_reads_them)
{
    static const char seed[] =
        "{\"a\":[1,-2.5e-3,\"x\\u00e9\\n\xc3\xa9\",true,null,{}],\"b\":"
        "{\"c\":12345678901234567,\"d\":[0.1,1e5]},\"e\":\"\\ud83d\\ude00\"}";
    static const char bytes[] = "{}[],:\"\\/u0123459eE+-. \n\tabtruefalsn\x80\xc3\xa9\xff";
    struct noise noise = {.state = 20261130};
    char text[sizeof seed + 8];
    size_t good = 0;
    for (size_t round = 0; round < 40000; round++) {
        size_t length = sizeof seed - 1;
        memcpy(text, seed, length);
        for (uint64_t changes = 1 + noise_bits(&noise) % 3; changes > 0; changes--) {
            const size_t at = noise_bits(&noise) % length;
            const uint64_t kind = noise_bits(&noise) % 3;
            const char byte = bytes[noise_bits(&noise) % (sizeof bytes - 1)];
            if (kind == 0) {
                memmove(text + at, text + at + 1, length - at - 1);
                length--;
            } else if (kind == 1) {
                memmove(text + at + 1, text + at, length - at);
                length++;
                text[at] = byte;
            } else {
                text[at] = byte;
            }
        }
        json_t *json,
            *expected = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
        bp_error error = {BP_OK, ""};
        const bp_status status = bp_json_read(&json, text, length, &usual, &error);
        cr_assert_eq(status == BP_OK, expected != NULL, "%s: %.*s", error.message, (int)length,
                     text);
        cr_assert(!expected || json_equal(json, expected), "%.*s", (int)length, text);
        good += expected != NULL;
        json_decref(expected);
        json_decref(json);
    }
    cr_assert(good > 1000 && good < 39000, "%zu", good);
}
