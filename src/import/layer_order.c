/* What the names leave open is searched: depth first, within so many steps. */
#include "import/layer_order.h"

#include <stdio.h>
#include <string.h>

#include "data/text/list.h"

#define STEPS_MAX 100000
#define LIST_SIZE 256

/* A search of orders in which each layer reads what the one before it gives. */
struct search {
    const struct bp_order_item *item;
    size_t count;
    size_t path[BP_LAYERS_MAX]; /* the layers so far */
    bool used[BP_LAYERS_MAX];
    size_t found[2][BP_LAYERS_MAX]; /* the first two orders */
    size_t solutions;               /* up to 2 */
    size_t steps;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits without the zeros before them. */
static const char *cut_zeros(const char *digits)
{
    while (*digits == '0' && is_digit(digits[1]))
        digits++;
    return digits;
}

static size_t count_digits(const char *text)
{
    size_t count = 0;
    while (is_digit(text[count]))
        count++;
    return count;
}

int bp_layer_names_compare(const char *a, const char *b, bool *by_number)
{
    *by_number = false;
    while (*a && *b) {
        if (!is_digit(*a) || !is_digit(*b)) {
            if (*a != *b)
                break;
            a++;
            b++;
            continue;
        }
        const char *left = cut_zeros(a), *right = cut_zeros(b);
        const size_t digits = count_digits(left), others = count_digits(right);
        const int difference =
            digits != others ? (digits < others ? -1 : 1) : strncmp(left, right, digits);
        *by_number = difference != 0;
        if (difference)
            return difference;
        a = left + digits;
        b = right + others;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

/* Whether item `a` must come before item `b`. */
static bool must_precede(const struct bp_order_item *item, size_t a, size_t b)
{
    bool by_number;
    const int difference = bp_layer_names_compare(item[a].name, item[b].name, &by_number);
    return by_number && difference < 0;
}

/* By name. */
static void sort(const struct bp_order_item *item, size_t count, size_t order[BP_LAYERS_MAX])
{
    bool by_number;
    for (size_t k = 0; k < count; k++) {
        size_t to = k;
        while (to > 0 &&
               bp_layer_names_compare(item[k].name, item[order[to - 1]].name, &by_number) < 0)
            to--;
        memmove(order + to + 1, order + to, (k - to) * sizeof *order);
        order[to] = k;
    }
}

/* Whether the names alone say the order, which is then that of `order`. */
static bool are_numbered(const struct bp_order_item *item, size_t count, const size_t *order)
{
    for (size_t k = 1; k < count; k++)
        if (!must_precede(item, order[k - 1], order[k]))
            return false;
    return true;
}

static bp_status check_chain(const struct bp_order_item *item, size_t count, const size_t *order,
                             const char *path, bp_error *error)
{
    for (size_t k = 1; k < count; k++) {
        const struct bp_order_item *before = &item[order[k - 1]], *after = &item[order[k]];
        if (before->out != after->in)
            return bp_fail(error, BP_ERROR_INPUT,
                           "%s: layer \"%s\" (%zu x %zu) reads %zu numbers, and layer \"%s\" (%zu "
                           "x %zu) before it gives %zu: only layers that follow each other are "
                           "read",
                           path, after->name, after->out, after->in, after->in, before->name,
                           before->out, before->in, before->out);
    }
    return BP_OK;
}

/* Whether an item may be the next one. */
static bool may_follow(const struct search *search, size_t depth, size_t next)
{
    const struct bp_order_item *item = search->item;
    if (search->used[next] || (depth > 0 && item[search->path[depth - 1]].out != item[next].in))
        return false;
    for (size_t k = 0; k < search->count; k++)
        if (k != next && !search->used[k] && must_precede(item, k, next))
            return false;
    return true;
}

/* Goes on after the first `depth` layers, of which there are at most BP_LAYERS_MAX. */
static void search_on(struct search *search, size_t depth)
{
    if (depth == search->count) {
        memcpy(search->found[search->solutions++], search->path, sizeof search->path);
        return;
    }
    for (size_t k = 0; k < search->count && search->solutions < 2; k++) {
        if (search->steps++ > STEPS_MAX)
            return;
        if (!may_follow(search, depth, k))
            continue;
        search->used[k] = true;
        search->path[depth] = k;
        search_on(search, depth + 1);
        search->used[k] = false;
    }
}

/* "fc1,fc2,out", cut to fit. */
static const char *write_order(const struct search *search, size_t k, char text[LIST_SIZE])
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t l = 0; l < search->count && length < LIST_SIZE; l++)
        length += (size_t)snprintf(text + length, LIST_SIZE - length, "%s%s", l ? "," : "",
                                   search->item[search->found[k][l]].name);
    return text;
}

/* What to do where the order cannot be known. */
#define ADVICE "give their names from the inputs to the outputs (layers)"

static bp_status find_by_shapes(const struct bp_order_item *item, size_t count,
                                size_t order[BP_LAYERS_MAX], const char *path, bp_error *error)
{
    struct search search = {.item = item, .count = count};
    char first[LIST_SIZE], second[LIST_SIZE];
    search_on(&search, 0);
    if (search.solutions == 1 && search.steps <= STEPS_MAX) {
        memcpy(order, search.found[0], count * sizeof *order);
        return BP_OK;
    }
    if (search.solutions == 2)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: the layers may follow each other as %s or as %s, and their names do "
                       "not say: " ADVICE,
                       path, write_order(&search, 0, first), write_order(&search, 1, second));
    if (search.steps > STEPS_MAX)
        return bp_fail(error, BP_ERROR_ARGUMENT,
                       "%s: there are too many orders in which %zu layers may follow each "
                       "other: " ADVICE,
                       path, count);
    return bp_fail(error, BP_ERROR_INPUT,
                   "%s: there is no order of the layers, such as \"%s\" (%zu x %zu) and \"%s\" "
                   "(%zu x %zu), in which each reads as many numbers as the one before it gives: "
                   "only layers that follow each other are read",
                   path, item[0].name, item[0].out, item[0].in, item[1].name, item[1].out,
                   item[1].in);
}

/* The item of that name that is not used yet, or `count`. */
static size_t find_name(const struct bp_order_item *item, size_t count, const bool *used,
                        const char *name)
{
    size_t k = 0;
    while (k < count && (used[k] || strcmp(item[k].name, name) != 0))
        k++;
    return k;
}

static bp_status take_list(const struct bp_order_item *item, size_t count,
                           const struct bp_list *list, size_t order[BP_LAYERS_MAX],
                           const char *path, bp_error *error)
{
    bool used[BP_LAYERS_MAX] = {false};
    for (size_t k = 0; k < list->count; k++) {
        const size_t found = find_name(item, count, used, list->item[k]);
        if (found == count)
            return bp_fail(error, BP_ERROR_ARGUMENT,
                           "layers: \"%.100s\" is not the name of a layer of %s, or is there twice",
                           list->item[k], path);
        used[found] = true;
        order[k] = found;
    }
    if (list->count == count)
        return check_chain(item, count, order, path, error);
    size_t left = 0;
    while (used[left])
        left++;
    return bp_fail(error, BP_ERROR_ARGUMENT, "layers: layer \"%s\" of %s is left out",
                   item[left].name, path);
}

bp_status bp_layer_order_find(const struct bp_order_item *item, size_t count, const char *layers,
                              size_t order[BP_LAYERS_MAX], bool *by_shapes, const char *path,
                              bp_error *error)
{
    *by_shapes = false;
    if (layers) {
        struct bp_list list;
        bp_status status = bp_list_parse(&list, layers, "layers", error);
        if (!status)
            status = take_list(item, count, &list, order, path, error);
        bp_list_release(&list);
        return status;
    }
    sort(item, count, order);
    if (are_numbered(item, count, order))
        return check_chain(item, count, order, path, error);
    *by_shapes = true;
    return find_by_shapes(item, count, order, path, error);
}
