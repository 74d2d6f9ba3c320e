/* A matrix of few classes, whose columns have the numbers of the rows; a list for many. */
#include "cli/inspect/confusion_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/text_table.h"

/* `count` samples of class `truth` were given to class `answer`. */
struct confusion {
    uint64_t count;
    size_t truth, answer;
};

static const char *get_name(const bp_evaluation *evaluation, size_t index)
{
    bp_class_metrics class = {.name = ""};
    bp_evaluation_get_class(evaluation, index, &class, NULL);
    return class.name;
}

static int print_matrix(const bp_evaluation *evaluation, size_t classes, uint64_t *counts)
{
    char alignment[CLASSES_SHOWN + 3] = "rl";
    memset(alignment + 2, 'r', classes);
    struct text_table *table = text_table_create(alignment);
    if (!table)
        return message_no_memory();
    text_table_add(table, "%s", "");
    text_table_add(table, "%s", "truth");
    for (size_t c = 0; c < classes; c++)
        text_table_add(table, "%zu", c + 1);
    for (size_t truth = 0; truth < classes; truth++) {
        bp_evaluation_get_confusion(evaluation, truth, counts, NULL);
        text_table_add(table, "%zu", truth + 1);
        text_table_add(table, "%s", get_name(evaluation, truth));
        for (size_t c = 0; c < classes; c++)
            text_table_add(table, "%" PRIu64, counts[c]);
    }
    printf("\nConfusion matrix (samples; rows: truth, columns: what the model says)\n\n");
    const bool printed = text_table_print(table);
    text_table_free(table);
    return printed ? EXIT_DONE : message_no_memory();
}

/* Puts a confusion in its place among the most frequent ones; of equals the first stays first. */
static void insert(struct confusion *most, size_t *shown, struct confusion confusion)
{
    size_t at = *shown;
    while (at > 0 && most[at - 1].count < confusion.count)
        at--;
    if (at == CLASSES_SHOWN)
        return;
    *shown += *shown < CLASSES_SHOWN;
    memmove(most + at + 1, most + at, (*shown - at - 1) * sizeof *most);
    most[at] = confusion;
}

static int print_list(const bp_evaluation *evaluation, const struct confusion *most, size_t shown,
                      size_t pairs)
{
    struct text_table *table = text_table_create("llrr");
    if (!table)
        return message_no_memory();
    const char *const titles[] = {"truth", "model says", "samples", "share of the class"};
    for (size_t k = 0; k < sizeof titles / sizeof titles[0]; k++)
        text_table_add(table, "%s", titles[k]);
    for (size_t k = 0; k < shown; k++) {
        char count[NUMBER_TEXT_SIZE];
        bp_class_metrics truth = {.samples = 1};
        bp_evaluation_get_class(evaluation, most[k].truth, &truth, NULL);
        text_table_add(table, "%s", truth.name);
        text_table_add(table, "%s", get_name(evaluation, most[k].answer));
        text_table_add(table, "%s", number_group((double)most[k].count, count));
        text_table_add(table, "%.1f %%", 100.0 * (double)most[k].count / (double)truth.samples);
    }
    printf("\nMost frequent confusions (%zu of %zu pairs of classes; --json has the matrix)\n\n",
           shown, pairs);
    const bool printed = text_table_print(table);
    text_table_free(table);
    return printed ? EXIT_DONE : message_no_memory();
}

static int print_most(const bp_evaluation *evaluation, size_t classes, uint64_t *counts)
{
    struct confusion most[CLASSES_SHOWN];
    size_t shown = 0, pairs = 0;
    bp_class_metrics class;
    for (size_t truth = 0; bp_evaluation_get_class(evaluation, truth, &class, NULL) == BP_OK;
         truth++) {
        if (class.samples == 0)
            continue;
        bp_evaluation_get_confusion(evaluation, truth, counts, NULL);
        for (size_t c = 0; c < classes; c++) {
            if (c == truth || counts[c] == 0)
                continue;
            insert(most, &shown, (struct confusion){counts[c], truth, c});
            pairs++;
        }
    }
    if (pairs > 0)
        return print_list(evaluation, most, shown, pairs);
    printf("\nNo class was taken for another\n");
    return EXIT_DONE;
}

int confusion_text_print(const bp_evaluation *evaluation)
{
    const size_t classes = bp_evaluation_classes(evaluation);
    uint64_t *counts = calloc(classes, sizeof *counts);
    if (!counts)
        return message_no_memory();
    const int code = classes <= CLASSES_SHOWN ? print_matrix(evaluation, classes, counts)
                                              : print_most(evaluation, classes, counts);
    free(counts);
    return code;
}
