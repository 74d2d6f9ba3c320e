/* The order of layers by their names, by their shapes, and as it is given. */
#include <criterion/criterion.h>

#include <string.h>

#include "import/layer_order.h"

static int compare(const char *a, const char *b, bool by_number)
{
    bool found;
    const int difference = bp_layer_names_compare(a, b, &found);
    cr_expect_eq(found, by_number, "%s and %s", a, b);
    return difference;
}

Test(import_order, numbers_in_names_count_by_their_value)
{
    cr_expect_lt(compare("net.2", "net.10", true), 0);
    cr_expect_gt(compare("fc10", "fc9", true), 0);
    cr_expect_lt(compare("blocks.0.fc2", "blocks.1.fc1", true), 0);
    cr_expect_lt(compare("99999999999999999999998", "99999999999999999999999", true), 0);
    cr_expect_lt(compare("a", "b", false), 0);
    cr_expect_lt(compare("fc", "fc1", false), 0);
    cr_expect_eq(compare("fc01", "fc1", false), 0);
    cr_expect_lt(compare("fc1.a", "fc01.b", false), 0);
}

/* Layers as "NAME IN OUT;...". */
static size_t read_items(const char *text, struct bp_order_item *item)
{
    size_t count = 0;
    int used = 0;
    for (; sscanf(text, "%31s %zu %zu;%n", item[count].name, &item[count].in, &item[count].out,
                  &used) == 3;
         text += used)
        count++;
    return count;
}

static void expect_order(const char *items, const char *layers, const char *order, bool by_shapes)
{
    static struct bp_order_item item[BP_LAYERS_MAX];
    size_t found[BP_LAYERS_MAX];
    bool shapes;
    char text[256] = "";
    bp_error error = {BP_OK, ""};
    const size_t count = read_items(items, item);
    cr_assert_eq(bp_layer_order_find(item, count, layers, found, &shapes, "f", &error), BP_OK, "%s",
                 error.message);
    for (size_t k = 0; k < count; k++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", k ? "," : "",
                 item[found[k]].name);
    cr_expect_str_eq(text, order);
    cr_expect_eq(shapes, by_shapes, "%s", items);
}

static void expect_none(const char *items, const char *layers, bp_status status, const char *reason)
{
    static struct bp_order_item item[BP_LAYERS_MAX];
    size_t found[BP_LAYERS_MAX];
    bool shapes;
    bp_error error = {BP_OK, ""};
    const size_t count = read_items(items, item);
    cr_expect_eq(bp_layer_order_find(item, count, layers, found, &shapes, "f", &error), status);
    cr_expect(strstr(error.message, reason), "%s", error.message);
}

Test(import_order, numbered_layers_are_in_the_order_of_their_numbers)
{
    expect_order("net.10 5 3;net.0 4 5;net.2 5 5;", NULL, "net.0,net.2,net.10", false);
    expect_order("b.1.fc1 4 4;b.0.fc2 4 4;b.0.fc1 4 4;", NULL, "b.0.fc1,b.0.fc2,b.1.fc1", false);
    expect_order("x 1 1;", NULL, "x", false);
}

/* Numbers keep their order; words have none. */
Test(import_order, shapes_order_what_names_do_not)
{
    expect_order("fc_out 5 3;fc_hidden 6 5;fc_in 4 6;", NULL, "fc_in,fc_hidden,fc_out", true);
    expect_order("head 8 3;fc1 4 8;fc2 8 8;fc10 8 8;", NULL, "fc1,fc2,fc10,head", true);
}

Test(import_order, an_order_that_is_not_the_only_one_is_asked_for)
{
    expect_none("b 4 4;a 4 4;", NULL, BP_ERROR_ARGUMENT,
                "f: the layers may follow each other as b,a or as a,b, and their names do not say");
    expect_order("b 4 4;a 4 4;", "a,b", "a,b", false);
}

Test(import_order, layers_that_fit_in_no_order_are_refused)
{
    expect_none("a 4 5;b 6 7;", NULL, BP_ERROR_INPUT, "f: there is no order of the layers");
    expect_none("l.1 4 5;l.2 6 7;", NULL, BP_ERROR_INPUT,
                "layer \"l.2\" (7 x 6) reads 6 numbers, and layer \"l.1\" (5 x 4) before it gives "
                "5");
    /* The other way round they would fit, but their numbers say otherwise. */
    expect_none("l.1 5 3;l.2 4 5;", NULL, BP_ERROR_INPUT, "layer \"l.2\"");
}

Test(import_order, a_list_names_every_layer_once)
{
    expect_none("a 4 4;b 4 4;", "a", BP_ERROR_ARGUMENT, "layers: layer \"b\" of f is left out");
    expect_none("a 4 4;b 4 4;", "a,c", BP_ERROR_ARGUMENT, "layers: \"c\" is not the name");
    expect_none("a 4 4;b 4 4;", "a,a", BP_ERROR_ARGUMENT, "or is there twice");
    expect_none("a 4 5;b 6 7;", "a,b", BP_ERROR_INPUT, "layer \"b\" (7 x 6) reads 6 numbers");
    expect_none("a 4 4;b 4 4;", "\"a,b", BP_ERROR_ARGUMENT, "layers: a quote in the list");
}

/* Trails over two middles: a search of all orders would never end. */
Test(import_order, a_search_of_too_many_orders_is_given_up)
{
    static struct bp_order_item item[BP_LAYERS_MAX];
    size_t found[BP_LAYERS_MAX];
    bool shapes;
    bp_error error;
    const size_t count = 40;
    for (size_t k = 0; k < count; k++) {
        snprintf(item[k].name, sizeof item[k].name, "%c%c", (char)('a' + k % 26),
                 (char)('a' + k / 26));
        item[k].in = k % 2 ? 2 : 1;
        item[k].out = k % 2 ? 1 : 2;
    }
    item[0].out = 3; /* from 1 to 3, and nothing leads on from there: one end */
    item[2].out = 4; /* and another one */
    cr_expect_eq(bp_layer_order_find(item, count, NULL, found, &shapes, "f", &error),
                 BP_ERROR_ARGUMENT);
    cr_expect(strstr(error.message, "too many orders"), "%s", error.message);
}
