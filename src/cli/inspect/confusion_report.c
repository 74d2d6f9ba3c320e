/* A matrix of few classes, whose columns have the numbers of the rows; for people a list of many.
 */
#include "cli/inspect/confusion_report.h"

#include <stdlib.h>

#include "cli/fields/confusions.h"

/* A matrix of more classes is too large to read. */
#define MATRIX_CLASSES_MAX 1000

static bp_class_metrics get_class(const bp_evaluation *evaluation, size_t index)
{
    bp_class_metrics class = {.name = ""};
    bp_evaluation_get_class(evaluation, index, &class, NULL);
    return class;
}

static void put_matrix(struct fields *out, const bp_evaluation *evaluation, size_t classes,
                       uint64_t *counts)
{
    fields_table(out, "confusion",
                 "\nConfusion matrix (samples; rows: truth, columns: what the model says)\n\n");
    for (size_t truth = 0; truth < classes; truth++) {
        bp_evaluation_get_confusion(evaluation, truth, counts, NULL);
        fields_array_row(out);
        fields_whole(out, NULL, "", truth + 1);
        fields_text(out, NULL, "truth", get_class(evaluation, truth).name);
        for (size_t c = 0; c < classes; c++) {
            char title[24];
            snprintf(title, sizeof title, "%zu", c + 1);
            fields_whole(out, "", title, counts[c]);
        }
    }
    fields_close(out);
}

static void put_list(struct fields *out, const bp_evaluation *evaluation,
                     const struct confusion *most, size_t shown)
{
    fields_table(out, NULL, "");
    for (size_t k = 0; k < shown; k++) {
        const bp_class_metrics truth = get_class(evaluation, most[k].truth);
        fields_row(out);
        fields_text(out, NULL, "truth", truth.name);
        fields_text(out, NULL, "model says", get_class(evaluation, most[k].answer).name);
        fields_rate(out, NULL, "samples", most[k].count);
        fields_percent(out, NULL, "share of the class", 1, most[k].count / (double)truth.samples);
    }
    fields_close(out);
}

static void put_most_frequent(struct fields *out, const bp_evaluation *evaluation, size_t classes,
                              uint64_t *counts)
{
    struct confusion most[CLASSES_SHOWN];
    size_t shown = 0, pairs = 0;
    for (size_t truth = 0; truth < classes; truth++) {
        bp_evaluation_get_confusion(evaluation, truth, counts, NULL);
        for (size_t c = 0; c < classes; c++) {
            if (c == truth || counts[c] == 0)
                continue;
            confusions_insert(most, &shown, CLASSES_SHOWN,
                              (struct confusion){(double)counts[c], truth, c});
            pairs++;
        }
    }
    if (pairs == 0)
        fields_say(out, "\nNo class was taken for another\n");
    else
        fields_say(out,
                   "\nMost frequent confusions (%zu of %zu pairs of classes; --json has the "
                   "matrix)\n\n",
                   shown, pairs);
    put_list(out, evaluation, most, shown);
}

void confusion_report_put(struct fields *out, const bp_evaluation *evaluation)
{
    const size_t classes = bp_evaluation_classes(evaluation);
    uint64_t *counts = calloc(classes, sizeof *counts);
    if (!counts)
        out->output.failed = true;
    else if (out->json && classes > MATRIX_CLASSES_MAX)
        fields_null(out, "confusion");
    else if (out->json || classes <= CLASSES_SHOWN)
        put_matrix(out, evaluation, classes, counts);
    else
        put_most_frequent(out, evaluation, classes, counts);
    free(counts);
}
