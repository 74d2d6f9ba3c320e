/* Confusion matrices: rows are the classes of the samples, columns what the network made of them.
 */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "cli/fields/confusions.h"
#include "cli/html/html_sections.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"
#include "cli/terminal/numbers.h"

/* Classes of a table; of more, the most frequent confusions are listed. */
#define TABLE_MAX 32

#define LISTED_MAX 30
#define NAME_LIMIT 24

struct matrix {
    const json_t *classes;
    const json_t *counts;
    size_t size;
};

static double get_count(const struct matrix *matrix, size_t truth, size_t answer)
{
    const json_t *row = json_array_get(matrix->counts, truth);
    const double count = json_number_value(json_array_get(row, answer));
    return count > 0 ? count : 0;
}

static void put_class(FILE *out, const struct matrix *matrix, size_t index)
{
    const char *name = json_string_value(json_array_get(matrix->classes, index));
    fputs("<bdi>", out);
    html_put_short(out, name ? name : "?", NAME_LIMIT);
    fputs("</bdi>", out);
}

/* Whether the log of a run has a square matrix with names. */
static bool find_confusion(const struct run_record *run, struct matrix *matrix)
{
    const json_t *object = json_object_get(run->end, "confusion");
    matrix->classes = json_object_get(object, "classes");
    matrix->counts = json_object_get(object, "counts");
    matrix->size = json_array_size(matrix->classes);
    if (matrix->size == 0 || json_array_size(matrix->counts) != matrix->size)
        return false;
    for (size_t k = 0; k < matrix->size; k++) {
        if (json_array_size(json_array_get(matrix->counts, k)) != matrix->size)
            return false;
    }
    return true;
}

static double sum_row(const struct matrix *matrix, size_t truth)
{
    double sum = 0;
    for (size_t answer = 0; answer < matrix->size; answer++)
        sum += get_count(matrix, truth, answer);
    return sum;
}

/* A cell has a stronger colour the larger its share of the row is: blue for the right class, red
 * for another. The square root shows small shares. */
static void put_cell(FILE *out, const struct matrix *matrix, size_t truth, size_t answer,
                     double sum)
{
    const double count = get_count(matrix, truth, answer);
    const double share = sum > 0 ? count / sum : 0;
    char text[NUMBER_TEXT_SIZE];
    fprintf(out, "<td class=\"cell%s%s\"", count > 0 ? "" : " zero",
            truth == answer ? " right" : "");
    if (count > 0) {
        fprintf(out, " style=\"background:rgba(%s,%.2f)\"",
                truth == answer ? "47,126,216" : "216,69,90", 0.1 + 0.5 * sqrt(share));
    }
    fprintf(out, ">%s</td>", number_group(count, text));
}

static void put_table(FILE *out, const struct html_report *report, size_t run,
                      const struct matrix *matrix)
{
    char text[NUMBER_TEXT_SIZE];
    fputs("<table class=\"confusion\">\n<caption>", out);
    html_run_name_put(out, report, run);
    fputs("</caption>\n<thead><tr><td></td>", out);
    for (size_t answer = 0; answer < matrix->size; answer++) {
        fputs("<th scope=\"col\">", out);
        put_class(out, matrix, answer);
        fputs("</th>", out);
    }
    fputs("<th scope=\"col\">samples</th><th scope=\"col\">found</th></tr></thead>\n<tbody>\n",
          out);
    for (size_t truth = 0; truth < matrix->size; truth++) {
        const double sum = sum_row(matrix, truth);
        fputs("<tr><th scope=\"row\">", out);
        put_class(out, matrix, truth);
        fputs("</th>", out);
        for (size_t answer = 0; answer < matrix->size; answer++)
            put_cell(out, matrix, truth, answer, sum);
        fprintf(out, "<td>%s</td><td>", number_group(sum, text));
        if (sum > 0)
            fprintf(out, "%.1f&nbsp;%%", get_count(matrix, truth, truth) / sum * 100);
        fputs("</td></tr>\n", out);
    }
    fputs("</tbody>", out);
}

static size_t find_confusions(const struct matrix *matrix, struct confusion *found)
{
    size_t shown = 0;
    for (size_t truth = 0; truth < matrix->size; truth++) {
        for (size_t answer = 0; answer < matrix->size; answer++) {
            const struct confusion one = {get_count(matrix, truth, answer), truth, answer};
            if (truth != answer && one.count > 0)
                confusions_insert(found, &shown, LISTED_MAX, one);
        }
    }
    return shown;
}

static void put_list(FILE *out, const struct html_report *report, size_t run,
                     const struct matrix *matrix)
{
    struct confusion found[LISTED_MAX];
    const size_t count = find_confusions(matrix, found);
    char text[NUMBER_TEXT_SIZE];
    fputs("<table><caption>", out);
    html_run_name_put(out, report, run);
    fprintf(out,
            ": the most frequent confusions among %zu classes</caption>\n<thead><tr>"
            "<th scope=\"col\">class</th><th scope=\"col\">taken for</th>"
            "<th scope=\"col\" class=\"n\">samples</th></tr></thead>\n<tbody>\n",
            matrix->size);
    for (size_t k = 0; k < count; k++) {
        fputs("<tr><td>", out);
        put_class(out, matrix, found[k].truth);
        fputs("</td><td>", out);
        put_class(out, matrix, found[k].answer);
        fprintf(out, "</td><td class=\"n\">%s</td></tr>\n", number_group(found[k].count, text));
    }
    fputs("</tbody>", out);
}

static void put_matrices(FILE *out, const struct html_report *report)
{
    struct matrix matrix;
    bool begun = false;
    for (size_t run = 0; run < report->count; run++) {
        if (!find_confusion(&report->runs[run], &matrix))
            continue;
        fputs(begun ? ""
                    : "<p class=\"note\">Samples of the validation set, with the weights at "
                      "the end of the run. Rows: their class. Columns: what the network "
                      "takes them for.</p>\n<div class=\"beside\">\n",
              out);
        begun = true;
        fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Confusion\">\n",
              out);
        if (matrix.size <= TABLE_MAX)
            put_table(out, report, run, &matrix);
        else
            put_list(out, report, run, &matrix);
        fputs("</table></div>\n", out);
    }
    if (begun)
        fputs("</div>\n", out);
}

/* Whether a run would have a matrix, had it not trained on the validation set in the end. */
static bool is_refitted(const struct run_record *run)
{
    const char *task = run_record_text(run->start, "task");
    return html_is_refitted(run) && task &&
           strcmp(task, bp_choice_name(BP_CHOICE_TASK, BP_TASK_CLASSIFY)) == 0;
}

void html_confusion_put(FILE *out, const struct html_report *report)
{
    struct matrix matrix;
    bool any = false;
    for (size_t run = 0; run < report->count; run++)
        any = any || find_confusion(&report->runs[run], &matrix) || is_refitted(&report->runs[run]);
    if (!any)
        return;
    fputs("<section>\n<h2>Confusion</h2>\n", out);
    put_matrices(out, report);
    for (size_t run = 0; run < report->count; run++) {
        if (!is_refitted(&report->runs[run]))
            continue;
        fputs("<p>", out);
        html_run_name_put(out, report, run);
        fputs(": no matrix after a refit, which trains on the validation set too: of rows that a "
              "network knows it shows too few confusions. <code>batchprop eval</code> prints one "
              "for rows that it does not know.</p>\n",
              out);
    }
    fputs("</section>\n", out);
}
