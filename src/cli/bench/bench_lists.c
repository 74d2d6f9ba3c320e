/* Lists are split here: an option keeps the text as it was given. */
#include "cli/bench/bench_lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number_text.h"
#include "base/suggestion.h"
#include "cli/terminal/messages.h"

/* The next of the items that `separator` separates; moves `list` on and returns false at its end.
 * Items that do not fit into `item` come out cut, as no number that is allowed does. */
static bool next_item(const char **list, char separator, char *item, size_t size)
{
    if (!*list)
        return false;
    const char *end = strchr(*list, separator);
    const size_t length = end ? (size_t)(end - *list) : strlen(*list);
    snprintf(item, size, "%.*s", (int)(length < size ? length : size - 1), *list);
    *list = end ? end + 1 : NULL;
    return true;
}

int bench_lists_layers(const char *text, bp_bench_options *shape)
{
    char item[24];
    const char *rest = text;
    size_t widths = 0;
    bool valid = true;
    while (valid && next_item(&rest, '-', item, sizeof item)) {
        uint64_t width = 0;
        valid = widths <= BP_LAYERS_MAX && bp_whole_parse(item, 1, BP_WIDTH_MAX, &width);
        if (valid)
            shape->widths[widths++] = (size_t)width;
    }
    if (!valid || widths < 2)
        return message_usage("bench",
                             "--layers: \"%s\" is not a list of 2 to %d widths such as 784-128-10: "
                             "inputs, hidden neurons, outputs (each from 1 to %d)",
                             text, BP_LAYERS_MAX + 1, BP_WIDTH_MAX);
    shape->layers = widths - 1;
    return EXIT_DONE;
}

static int compare(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

static void sort_threads(struct bench_threads *threads)
{
    size_t kept = 0;
    qsort(threads->count, threads->counts, sizeof *threads->count, compare);
    for (size_t k = 0; k < threads->counts; k++) {
        if (kept == 0 || threads->count[k] != threads->count[kept - 1])
            threads->count[kept++] = threads->count[k];
    }
    threads->counts = kept;
}

int bench_lists_threads(const char *option, const char *text, bool automatic,
                        struct bench_threads *threads)
{
    char item[24];
    const char *rest = text;
    bool valid = true;
    threads->counts = 0;
    threads->automatic = false;
    while (valid && next_item(&rest, ',', item, sizeof item)) {
        uint64_t count = 0;
        if (automatic && strcmp(item, "auto") == 0) {
            threads->automatic = true;
            continue;
        }
        valid = threads->counts < BENCH_COUNTS_MAX &&
                bp_whole_parse(item, 1, BENCH_THREADS_MAX, &count);
        if (valid)
            threads->count[threads->counts++] = (size_t)count;
    }
    if (!valid)
        return message_usage("bench",
                             "%s: \"%s\" is not a list of at most %d numbers such as 1,2,%s "
                             "(each from 1 to %d)",
                             option, text, BENCH_COUNTS_MAX, automatic ? "auto" : "4",
                             BENCH_THREADS_MAX);
    sort_threads(threads);
    return EXIT_DONE;
}

int bench_lists_scaling(const char *text, unsigned *scaling)
{
    static const char *const names[] = {"strong", "weak", "both"};
    static const unsigned values[] = {BENCH_STRONG, BENCH_WEAK, BENCH_STRONG | BENCH_WEAK};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        if (strcmp(text, names[k]) == 0) {
            *scaling = values[k];
            return EXIT_DONE;
        }
    }
    char suggestion[BP_SUGGESTION_SIZE];
    bp_suggestion_write("", bp_nearest_name(text, names, sizeof names / sizeof names[0]),
                        suggestion);
    return message_usage("bench", "--scaling: \"%s\" is none of strong, weak, both%s", text,
                         suggestion);
}

/* Microseconds from program to program that others have measured: TCP through the kernel and a card
 * of 10 Gbit/s at least 10 (Larsen, Sarangam, Huggahalli, "Architectural Breakdown of End-to-End
 * Latency in a TCP/IP Network", 2007), MPI over it 25, RDMA (InfiniBand, Omni-Path) 0.9 to 1.5 by
 * osu_latency, here 2 with switches on the way. 15 for cards of 25 Gbit/s is a guess between the
 * first two. `bench` over ranks measures what a network has; docs/clusters.md has sources. */
static const struct bench_links usual_links = {4, {{10, 25}, {25, 15}, {100, 2}, {400, 2}}};

int bench_lists_network(const char *text, struct bench_links *links)
{
    char *end = NULL;
    if (!text) {
        *links = usual_links;
        return EXIT_DONE;
    }
    struct bench_link link = {.microseconds = 2};
    link.gigabits = strtod(text, &end);
    bool valid = end != text;
    if (valid && *end == ',') {
        const char *rest = end + 1;
        link.microseconds = strtod(rest, &end);
        valid = end != rest;
    }
    if (!valid || *end || !(link.gigabits > 0 && link.gigabits <= 1e6) ||
        !(link.microseconds >= 0 && link.microseconds <= 1e6))
        return message_usage(
            "bench",
            "--network: \"%s\" is not a number of Gbit/s, with the microseconds of "
            "a message after a comma if not 2, such as 10,25",
            text);
    *links = (struct bench_links){1, {link}};
    return EXIT_DONE;
}
