/* Lists in options: what their text means, and the text of given items. */
#include <stdlib.h>

#include <criterion/criterion.h>

#include "data/text/list.h"

static void expect_items(const char *text, size_t count, const char *const *items)
{
    struct bp_list list;
    bp_error error = {.message = ""};
    cr_assert_eq(bp_list_parse(&list, text, "columns", &error), BP_OK, "%s", error.message);
    cr_assert_eq(list.count, count, "%s: %zu items", text, list.count);
    for (size_t k = 0; k < count; k++)
        cr_assert_str_eq(list.item[k], items[k]);
    bp_list_release(&list);
}

#define EXPECT_ITEMS(text, ...)                                                                    \
    do {                                                                                           \
        const char *const items[] = {__VA_ARGS__};                                                 \
        expect_items(text, sizeof items / sizeof items[0], items);                                 \
    } while (0)

Test(data_list, items_are_separated_by_commas_and_blanks_around_them_are_dropped)
{
    EXPECT_ITEMS("a", "a");
    EXPECT_ITEMS("a,b", "a", "b");
    EXPECT_ITEMS(" a b ,\tc ", "a b", "c");
    EXPECT_ITEMS("", "");
    EXPECT_ITEMS("a,", "a", "");
    EXPECT_ITEMS(",,", "", "", "");
}

Test(data_list, quotes_keep_commas_quotes_and_blanks)
{
    EXPECT_ITEMS("\"a,b\",c", "a,b", "c");
    EXPECT_ITEMS("\" a \" , \"say \"\"b\"\"\"", " a ", "say \"b\"");
    EXPECT_ITEMS("\"\"", "");
    EXPECT_ITEMS("a\"b", "a\"b");
}

Test(data_list, a_quote_that_does_not_end_an_item_is_an_error)
{
    static const char *const texts[] = {"\"a", "\"a\"b", "x,\"a\" b,c", "\"a\"\""};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        struct bp_list list;
        bp_error error;
        cr_assert_eq(bp_list_parse(&list, texts[k], "columns", &error), BP_ERROR_ARGUMENT);
        cr_assert_null(list.item);
    }
    struct bp_list list;
    bp_error error;
    bp_list_parse(&list, "\"a", "columns", &error);
    cr_assert_str_eq(error.message,
                     "columns: a quote in the list \"\"a\" does not end where an item does");
}

Test(data_list, a_joined_list_is_read_back)
{
    const char *const items[] = {"a", "a,b", " x", "say \"b\"", "", "\"", "plain text", "\t"};
    char *text = bp_list_join(items, sizeof items / sizeof items[0]);

    cr_assert_str_eq(text, "a,\"a,b\",\" x\",\"say \"\"b\"\"\",\"\",\"\"\"\",plain text,\"\t\"");
    expect_items(text, sizeof items / sizeof items[0], items);
    free(text);
}
