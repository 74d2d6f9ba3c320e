/* One node is chosen among all, and one change for it. */
#include "fuzz/mutate_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define MANY         300

uint32_t mutate_draw(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    if (*state == 0)
        *state = 1;
    return *state;
}

static uint32_t below(uint32_t *state, size_t count)
{
    return count ? mutate_draw(state) % (uint32_t)count : 0;
}

/* ---- values ---- */

static json_t *draw_integer(uint32_t *state)
{
    static const json_int_t edges[] = {0,          1,          -1,         2,          3,
                                       255,        65535,      65536,      65537,      2147483647,
                                       2147483648, 4294967295, 4294967296, 4294967297, INT64_MAX,
                                       INT64_MIN,  1000000,    1 << 24};
    return json_integer(edges[below(state, COUNT(edges))]);
}

static json_t *draw_real(uint32_t *state)
{
    static const double edges[] = {0.0,    -0.0,   0.5,   1.0,    -1.0,  1e308,
                                   -1e308, 5e-324, 1e-45, 3.5e38, 1e-10, 4294967296.5};
    return json_real(edges[below(state, COUNT(edges))]);
}

static json_t *draw_text(uint32_t *state)
{
    static const char *const texts[] = {"",
                                        "a",
                                        "0",
                                        "-1",
                                        "nan",
                                        "inf",
                                        "1e999",
                                        "3f800000",
                                        "input",
                                        "target",
                                        "number",
                                        "category",
                                        "logistic",
                                        "softmax",
                                        "relu",
                                        "mse",
                                        "cross-entropy",
                                        "F32",
                                        "I64",
                                        "\x1b[31m",
                                        "</script>",
                                        "<script>",
                                        "=1+1",
                                        "\xc3\xa9",
                                        "a,b",
                                        "\"",
                                        "layers.0.weight",
                                        "members.1.layers.0.bias",
                                        "auto",
                                        "none"};
    if (below(state, 16) == 0) {
        char *text = malloc(MANY * 10 + 1);
        memset(text, 'x', MANY * 10);
        text[MANY * 10] = '\0';
        json_t *json = json_string(text);
        free(text);
        return json;
    }
    return json_string(texts[below(state, COUNT(texts))]);
}

static json_t *draw_deep(uint32_t *state)
{
    json_t *deep = json_array();
    for (uint32_t k = below(state, MANY); k > 0; k--) {
        json_t *outer = json_array();
        json_array_append_new(outer, deep);
        deep = outer;
    }
    return deep;
}

static json_t *draw_value(uint32_t *state)
{
    switch (below(state, 9)) {
    case 0:
    case 1:
        return draw_integer(state);
    case 2:
        return draw_real(state);
    case 3:
    case 4:
        return draw_text(state);
    case 5:
        return json_boolean(below(state, 2));
    case 6:
        return below(state, 2) ? json_null() : draw_deep(state);
    case 7:
        return json_array();
    default:
        return json_object();
    }
}

/* ---- the tree ---- */

static size_t count_nodes(json_t *node)
{
    size_t count = 1, k;
    const char *key;
    json_t *child;
    json_object_foreach(node, key, child) count += count_nodes(child);
    json_array_foreach(node, k, child) count += count_nodes(child);
    return count;
}

/* Node `at` in the order of count_nodes(); counts it down. */
static json_t *find_node(json_t *node, size_t *at)
{
    json_t *child, *found = NULL;
    const char *key;
    size_t k;
    if ((*at)-- == 0)
        return node;
    json_object_foreach(node, key, child)
    {
        if (!found)
            found = find_node(child, at);
    }
    json_array_foreach(node, k, child)
    {
        if (!found)
            found = find_node(child, at);
    }
    return found;
}

static json_t *draw_node(json_t *root, uint32_t *state)
{
    size_t at = below(state, count_nodes(root));
    return find_node(root, &at);
}

static const char *draw_key(json_t *object, uint32_t *state)
{
    size_t at = below(state, json_object_size(object));
    void *iterator = json_object_iter(object);
    while (at-- > 0 && iterator)
        iterator = json_object_iter_next(object, iterator);
    return iterator ? json_object_iter_key(iterator) : NULL;
}

/* Another value in place of `old`: near it, a part of the tree, or any. */
static json_t *replace(json_t *root, json_t *old, uint32_t *state)
{
    const uint32_t way = below(state, 8);
    if (json_is_string(old) && way < 5) {
        json_t *inside = json_loads(json_string_value(old), 0, NULL);
        if (inside) {
            inside = mutate_json(inside, state);
            char *text = json_dumps(inside, JSON_COMPACT | JSON_ENCODE_ANY);
            json_t *json = text ? json_string(text) : NULL;
            free(text);
            json_decref(inside);
            return json ? json : json_null();
        }
    }
    if (json_is_integer(old) && way < 4)
        return json_integer((json_int_t)((uint64_t)json_integer_value(old) + below(state, 5) - 2));
    if (way == 7)
        return json_deep_copy(draw_node(root, state));
    return draw_value(state);
}

static void change_object(json_t *root, json_t *object, uint32_t *state)
{
    const char *key = draw_key(object, state);
    json_t *value = key ? json_object_get(object, key) : NULL;
    char other[64] = "key";
    switch (key ? below(state, 8) : 3) {
    case 0:
        json_object_del(object, key);
        break;
    case 1: /* renamed */
        snprintf(other, sizeof other, "%.40s%c", key, 'a' + (char)below(state, 26));
        json_object_set(object, other, value);
        json_object_del(object, key);
        break;
    case 2: /* doubled under another name */
        snprintf(other, sizeof other, "%.40s2", key);
        json_object_set_new(object, other, json_deep_copy(value));
        break;
    case 3:
        for (uint32_t k = below(state, 8) ? 1 : MANY; k > 0; k--) {
            snprintf(other, sizeof other, "k%u", (unsigned)k);
            json_object_set_new(object, other, draw_value(state));
        }
        break;
    default:
        json_object_set_new(object, key, replace(root, value, state));
    }
}

static void change_array(json_t *root, json_t *array, uint32_t *state)
{
    const size_t size = json_array_size(array), at = below(state, size);
    json_t *item = json_array_get(array, at);
    switch (item ? below(state, 8) : 0) {
    case 0:
        json_array_append_new(array, draw_value(state));
        break;
    case 1:
        json_array_remove(array, at);
        break;
    case 2:
        json_array_insert_new(array, at, json_deep_copy(item));
        break;
    case 3:
        for (uint32_t k = below(state, 8) ? 1 : MANY; k > 0; k--)
            json_array_append_new(array, json_deep_copy(item));
        break;
    case 4:
        json_array_append(array, item);
        json_array_remove(array, at);
        break;
    default:
        json_array_set_new(array, at, replace(root, item, state));
    }
}

json_t *mutate_json(json_t *root, uint32_t *state)
{
    for (int tries = 0; tries < 20; tries++) {
        json_t *node = draw_node(root, state);
        if (json_is_object(node)) {
            change_object(root, node, state);
            return root;
        }
        if (json_is_array(node)) {
            change_array(root, node, state);
            return root;
        }
    }
    json_decref(root);
    return draw_value(state);
}
