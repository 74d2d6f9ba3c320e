/* Texts and numbers of scripts. Whether a script predicts is tried in a browser. */
#include <criterion/criterion.h>

#include <string.h>

#include "batchprop/batchprop.h"
#include "export/base64.h"
#include "export/javascript_text.h"

/* The caller releases it. */
static struct bp_export_text quote(const char *word)
{
    struct bp_export_text text = {0};
    bp_javascript_put_quoted(&text, word);
    bp_export_put_bytes(&text, "", 1);
    cr_assert(!text.failed);
    return text;
}

Test(export_javascript, quotes_any_text_in_ascii_that_does_not_end_a_script)
{
    static const char *const pairs[][2] = {
        {"", "\"\""},
        {"a b'c", "\"a b'c\""},
        {"\"\\", "\"\\\"\\\\\""},
        {"\n\t\x7f", "\"\\u000a\\u0009\\u007f\""},
        {"</script><!--", "\"\\u003c/script>\\u003c!--\""},
        {"\xc3\xa9", "\"\\u00e9\""},
        {"\xe2\x80\xa8", "\"\\u2028\""},
        {"\xf0\x9f\x98\x80", "\"\\ud83d\\ude00\""},
        {"a\xff\xc3z", "\"a\\ufffd\\ufffdz\""},
    };
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
        struct bp_export_text text = quote(pairs[k][0]);
        cr_expect_str_eq(text.bytes, pairs[k][1]);
        bp_export_release(&text);
    }
}

Test(export_javascript, writes_numbers_as_base64_of_their_bytes_low_ones_first)
{
    static const float numbers[] = {1.0f, -2.5f, 0.0f};
    static const char *const wanted[] = {"", "AACAPw==", "AACAPwAAIMA=", "AACAPwAAIMAAAAAA"};
    for (size_t count = 0; count < sizeof wanted / sizeof wanted[0]; count++) {
        struct bp_export_text text = {0};
        bp_export_put_base64(&text, numbers, count);
        bp_export_put_bytes(&text, "", 1);
        cr_expect_str_eq(text.bytes, wanted[count]);
        bp_export_release(&text);
    }
}

Test(export_javascript, refuses_a_name_that_is_a_word_of_the_language)
{
    bp_export_options options = bp_export_options_default();
    bp_dataset *dataset;
    bp_model *model;
    bp_error error;
    void *bytes;
    size_t size;
    cr_assert_eq(bp_dataset_read(&dataset, DATASETS "/xor.csv", NULL, NULL), BP_OK);
    cr_assert_eq(bp_model_create(&model, dataset, NULL, NULL), BP_OK);
    options.format = BP_EXPORT_JAVASCRIPT;
    static const char *const names[] = {"class", "Math", "module", "top", "NaN"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        options.name = names[k];
        cr_expect_eq(bp_model_export_save_memory(model, &options, &bytes, &size, &error),
                     BP_ERROR_ARGUMENT, "%s", names[k]);
        cr_expect(strstr(error.message, " is a word of JavaScript"), "%s", error.message);
        cr_expect_null(bytes);
    }
    options.name = "classes";
    cr_assert_eq(bp_model_export_save_memory(model, &options, &bytes, &size, &error), BP_OK, "%s",
                 error.message);
    cr_expect_gt(size, 1000);
    bp_memory_free(bytes);
    bp_model_free(model);
    bp_dataset_free(dataset);
}
