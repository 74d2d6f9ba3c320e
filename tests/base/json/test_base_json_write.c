/* Values as JSON texts. */
#include <criterion/criterion.h>

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/json/json_read.h"
#include "base/json/json_write.h"

static const char text[] = "{\"b\":[1,-2,0.10000000000000001,1e300],\"a\":{\"\":\"\\n\\\"\"},"
                           "\"c\":[true,false,null,[],{}]}";

static json_t *make(const char *from)
{
    json_t *json = json_loads(from, JSON_DECODE_ANY, NULL);
    cr_assert_not_null(json);
    return json;
}

Test(base_json_write, texts_are_those_of_jansson)
{
    static const size_t flags[] = {JSON_COMPACT,
                                   JSON_INDENT(2),
                                   JSON_COMPACT | JSON_SORT_KEYS,
                                   0,
                                   JSON_INDENT(2) | JSON_REAL_PRECISION(15),
                                   JSON_COMPACT | JSON_REAL_PRECISION(9)};
    json_t *json = make(text);
    for (size_t k = 0; k < sizeof flags / sizeof flags[0]; k++) {
        size_t length = 0;
        char *written = bp_json_write(json, flags[k], &length);
        char *expected = json_dumps(json, flags[k]);
        cr_assert_not_null(written);
        cr_expect_str_eq(written, expected);
        cr_expect_eq(length, strlen(expected));
        free(expected);
        free(written);
    }
    json_decref(json);
}

Test(base_json_write, any_value_is_written)
{
    static const char *const texts[] = {"null", "-7", "\"a\"", "[]", "0.5"};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        json_t *json = make(texts[k]);
        char *written = bp_json_write(json, JSON_COMPACT, NULL);
        cr_expect_str_eq(written, texts[k]);
        free(written);
        json_decref(json);
    }
    cr_expect_null(bp_json_write(NULL, 0, NULL));
}

Test(base_json_write, digits_are_as_few_as_keep_all_values)
{
    static const struct {
        const char *text;
        size_t digits;
    } cases[] = {{"{}", 15},
                 {"[0.1,1e300,-0.0]", 15},
                 {"[0.1,0.30000000000000004]", 17},
                 {"{\"a\":[{\"b\":2.718281828459045}]}", 16},
                 {"{\"a\":0.1,\"b\":5e-324}", 15},
                 {"[1.7976931348623157e308]", 17},
                 {"1234567890123456789", 15}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        json_t *json = make(cases[k].text);
        const size_t digits = bp_json_digits(json);
        cr_expect_eq(digits, cases[k].digits, "%s: %zu", cases[k].text, digits);
        char *written = bp_json_write(json, JSON_REAL_PRECISION(digits), NULL);
        json_t *again = make(written);
        cr_expect(json_equal(json, again), "%s", written);
        json_decref(again);
        free(written);
        json_decref(json);
    }
}
