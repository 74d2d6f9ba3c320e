/* An evaluation for people. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/inspect/confusion_text.h"
#include "cli/inspect/eval_report.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"
#include "cli/terminal/text_table.h"

static void print_figure(const char *name, const char *format, ...) FORMAT_LIKE_PRINTF(2, 3);

static void print_figure(const char *name, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    printf("%-19s", name);
    vprintf(format, values);
    va_end(values);
    putchar('\n');
}

/* Whether rows count anything but 1. */
static bool has_weights(const bp_metrics *metrics)
{
    return metrics->weight != (double)metrics->samples;
}

static size_t count_right(const bp_evaluation *evaluation, uint64_t *counts)
{
    size_t right = 0;
    for (size_t c = 0; c < bp_evaluation_classes(evaluation); c++) {
        bp_evaluation_get_confusion(evaluation, c, counts, NULL);
        right += (size_t)counts[c];
    }
    return right;
}

static int print_class_figures(const bp_evaluation *evaluation, const bp_metrics *metrics)
{
    const size_t classes = bp_evaluation_classes(evaluation);
    uint64_t *counts = calloc(classes, sizeof *counts);
    if (!counts)
        return message_no_memory();
    char right[NUMBER_TEXT_SIZE], samples[NUMBER_TEXT_SIZE], of[64] = "mean of the classes";
    number_group((double)count_right(evaluation, counts), right);
    number_group((double)metrics->samples, samples);
    free(counts);
    bp_class_metrics second = {.name = ""};
    if (classes == 2 && bp_evaluation_get_class(evaluation, 1, &second, NULL) == BP_OK)
        snprintf(of, sizeof of, "of class %.40s", second.name);
    if (has_weights(metrics)) /* which make it no share of the samples */
        print_figure("accuracy", "%.2f %%", 100 * metrics->accuracy);
    else
        print_figure("accuracy", "%.2f %% (%s of %s)", 100 * metrics->accuracy, right, samples);
    print_figure("balanced accuracy", "%.2f %%", 100 * metrics->balanced_accuracy);
    print_figure("precision", "%.4f (%s)", metrics->precision, of);
    print_figure("recall", "%.4f", metrics->recall);
    print_figure("f1", "%.4f", metrics->f1);
    print_figure("log loss", "%.6g", metrics->log_loss);
    return EXIT_DONE;
}

/* A class in a table. */
struct row {
    bp_class_metrics class;
    size_t index;
};

static int compare_f1(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->class.f1 != y->class.f1)
        return x->class.f1 < y->class.f1 ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static int print_rows(const struct row *row, size_t count, bool weighted)
{
    struct text_table *table = text_table_create(weighted ? "lrrrrr" : "lrrrr");
    if (!table)
        return message_no_memory();
    const char *const titles[] = {"class", "samples", "weight", "precision", "recall", "f1"};
    for (size_t k = 0; k < sizeof titles / sizeof titles[0]; k++) {
        if (k != 2 || weighted)
            text_table_add(table, "%s", titles[k]);
    }
    for (size_t k = 0; k < count; k++) {
        const bp_class_metrics *class = &row[k].class;
        char samples[NUMBER_TEXT_SIZE];
        text_table_add(table, "%s", class->name);
        text_table_add(table, "%s", number_group((double)class->samples, samples));
        if (weighted)
            text_table_add(table, "%.6g", class->weight);
        text_table_add(table, "%.4f", class->precision);
        text_table_add(table, "%.4f", class->recall);
        text_table_add(table, "%.4f", class->f1);
    }
    putchar('\n');
    const bool printed = text_table_print(table);
    text_table_free(table);
    return printed ? EXIT_DONE : message_no_memory();
}

/* All classes; of many, those that occur and have the least F1. */
static int print_classes(const bp_evaluation *evaluation, bool weighted)
{
    const size_t classes = bp_evaluation_classes(evaluation);
    struct row *row = calloc(classes, sizeof *row);
    if (!row)
        return message_no_memory();
    size_t count = 0;
    for (size_t c = 0; c < classes; c++) {
        row[count].index = c;
        bp_evaluation_get_class(evaluation, c, &row[count].class, NULL);
        count += classes <= CLASSES_SHOWN || row[count].class.samples > 0;
    }
    if (classes > CLASSES_SHOWN) {
        qsort(row, count, sizeof *row, compare_f1);
        count = count < CLASSES_SHOWN ? count : CLASSES_SHOWN;
        printf("\nThe classes with the least f1 (%zu of %zu; --json has all)\n", count, classes);
    }
    const int code = print_rows(row, count, weighted);
    free(row);
    return code;
}

static void print_target_figures(const bp_metrics *metrics)
{
    print_figure("rmse", "%.6g", metrics->rmse);
    print_figure("mae", "%.6g", metrics->mae);
    if (isfinite(metrics->r2))
        print_figure("r2", "%.6g", metrics->r2);
    else
        print_figure("r2", "not defined: %s", "a target is constant");
}

static int print_targets(const bp_evaluation *evaluation)
{
    if (bp_evaluation_targets(evaluation) < 2)
        return EXIT_DONE;
    struct text_table *table = text_table_create("lrrr");
    if (!table)
        return message_no_memory();
    const char *const titles[] = {"target", "rmse", "mae", "r2"};
    for (size_t k = 0; k < sizeof titles / sizeof titles[0]; k++)
        text_table_add(table, "%s", titles[k]);
    bp_target_metrics target;
    for (size_t j = 0; bp_evaluation_get_target(evaluation, j, &target, NULL) == BP_OK; j++) {
        text_table_add(table, "%s", target.name);
        text_table_add(table, "%.6g", target.rmse);
        text_table_add(table, "%.6g", target.mae);
        if (isfinite(target.r2))
            text_table_add(table, "%.6g", target.r2);
        else
            text_table_add(table, "%s", "constant");
    }
    putchar('\n');
    const bool printed = text_table_print(table);
    text_table_free(table);
    return printed ? EXIT_DONE : message_no_memory();
}

int eval_report_print_text(const bp_evaluation *evaluation)
{
    const bp_metrics metrics = bp_evaluation_get_metrics(evaluation);
    char samples[NUMBER_TEXT_SIZE];
    print_figure("samples", "%s", number_group((double)metrics.samples, samples));
    if (has_weights(&metrics))
        print_figure("weight", "%.10g", metrics.weight);
    print_figure("loss", "%.6g", metrics.loss);
    if (bp_evaluation_classes(evaluation) == 0) {
        print_target_figures(&metrics);
        return print_targets(evaluation);
    }
    int code = print_class_figures(evaluation, &metrics);
    if (code == EXIT_DONE)
        code = print_classes(evaluation, has_weights(&metrics));
    return code == EXIT_DONE ? confusion_text_print(evaluation) : code;
}
