/* Confusion matrices: rows are the classes of the samples, columns what the network made of them. */
#include <math.h>
#include <stdbool.h>

#include "cli/html/html_sections.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"
#include "cli/terminal/numbers.h"

/* Classes of a table that is still one; of more, the commonest confusions are listed. */
#define TABLE_MAX 32

#define LISTED_MAX 30
#define NAME_LIMIT 24

struct confusion {
    const json_t *classes;
    const json_t *counts;
    size_t size;
};

static double get_count(const struct confusion *confusion, size_t truth, size_t guess)
{
    const json_t *row = json_array_get(confusion->counts, truth);
    const double count = json_number_value(json_array_get(row, guess));
    return count > 0 ? count : 0;
}

static void put_class(FILE *out, const struct confusion *confusion, size_t index)
{
    const char *name = json_string_value(json_array_get(confusion->classes, index));
    fputs("<bdi>", out);
    html_put_short(out, name ? name : "?", NAME_LIMIT);
    fputs("</bdi>", out);
}

/* Whether the log of a run has a square matrix with names. */
static bool find_confusion(const struct run_record *run, struct confusion *confusion)
{
    const json_t *object = json_object_get(run->end, "confusion");
    confusion->classes = json_object_get(object, "classes");
    confusion->counts = json_object_get(object, "counts");
    confusion->size = json_array_size(confusion->classes);
    if (confusion->size == 0 || json_array_size(confusion->counts) != confusion->size)
        return false;
    for (size_t k = 0; k < confusion->size; k++) {
        if (json_array_size(json_array_get(confusion->counts, k)) != confusion->size)
            return false;
    }
    return true;
}

static double sum_row(const struct confusion *confusion, size_t truth)
{
    double sum = 0;
    for (size_t guess = 0; guess < confusion->size; guess++)
        sum += get_count(confusion, truth, guess);
    return sum;
}

/* A cell is the stronger coloured the greater its share of the row is: blue for the right class, red
 * for another. The square root shows small shares. */
static void put_cell(FILE *out, const struct confusion *confusion, size_t truth, size_t guess,
                     double sum)
{
    const double count = get_count(confusion, truth, guess);
    const double share = sum > 0 ? count / sum : 0;
    char text[NUMBER_TEXT_SIZE];
    fprintf(out, "<td class=\"cell%s%s\"", count > 0 ? "" : " zero",
            truth == guess ? " right" : "");
    if (count > 0) {
        fprintf(out, " style=\"background:rgba(%s,%.2f)\"",
                truth == guess ? "47,126,216" : "216,69,90", 0.1 + 0.5 * sqrt(share));
    }
    fprintf(out, ">%s</td>", number_group(count, text));
}

static void put_table(FILE *out, const struct html_report *report, size_t run,
                      const struct confusion *confusion)
{
    char text[NUMBER_TEXT_SIZE];
    fputs("<table class=\"confusion\">\n<caption>", out);
    html_run_name_put(out, report, run);
    fputs("</caption>\n<thead><tr><td></td>", out);
    for (size_t guess = 0; guess < confusion->size; guess++) {
        fputs("<th scope=\"col\">", out);
        put_class(out, confusion, guess);
        fputs("</th>", out);
    }
    fputs("<th scope=\"col\">samples</th><th scope=\"col\">found</th></tr></thead>\n<tbody>\n",
          out);
    for (size_t truth = 0; truth < confusion->size; truth++) {
        const double sum = sum_row(confusion, truth);
        fputs("<tr><th scope=\"row\">", out);
        put_class(out, confusion, truth);
        fputs("</th>", out);
        for (size_t guess = 0; guess < confusion->size; guess++)
            put_cell(out, confusion, truth, guess, sum);
        fprintf(out, "<td>%s</td><td>", number_group(sum, text));
        if (sum > 0)
            fprintf(out, "%.1f&nbsp;%%", get_count(confusion, truth, truth) / sum * 100);
        fputs("</td></tr>\n", out);
    }
    fputs("</tbody>", out);
}

struct mistake {
    size_t truth, guess;
    double count;
};

/* The greatest counts beside the diagonal, in descending order. Returns how many. */
static size_t find_mistakes(const struct confusion *confusion, struct mistake *found)
{
    size_t count = 0;
    for (size_t truth = 0; truth < confusion->size; truth++) {
        for (size_t guess = 0; guess < confusion->size; guess++) {
            const struct mistake one = {truth, guess, get_count(confusion, truth, guess)};
            if (truth == guess || one.count <= 0)
                continue;
            size_t place = count;
            while (place > 0 && found[place - 1].count < one.count)
                place--;
            if (place == LISTED_MAX)
                continue;
            count += count < LISTED_MAX;
            for (size_t k = count - 1; k > place; k--)
                found[k] = found[k - 1];
            found[place] = one;
        }
    }
    return count;
}

static void put_list(FILE *out, const struct html_report *report, size_t run,
                     const struct confusion *confusion)
{
    struct mistake found[LISTED_MAX];
    const size_t count = find_mistakes(confusion, found);
    char text[NUMBER_TEXT_SIZE];
    fputs("<table><caption>", out);
    html_run_name_put(out, report, run);
    fprintf(out,
            ": the commonest confusions among %zu classes</caption>\n<thead><tr>"
            "<th scope=\"col\">class</th><th scope=\"col\">taken for</th>"
            "<th scope=\"col\" class=\"n\">samples</th></tr></thead>\n<tbody>\n",
            confusion->size);
    for (size_t k = 0; k < count; k++) {
        fputs("<tr><td>", out);
        put_class(out, confusion, found[k].truth);
        fputs("</td><td>", out);
        put_class(out, confusion, found[k].guess);
        fprintf(out, "</td><td class=\"n\">%s</td></tr>\n", number_group(found[k].count, text));
    }
    fputs("</tbody>", out);
}

void html_confusion_put(FILE *out, const struct html_report *report)
{
    struct confusion confusion;
    bool begun = false;
    for (size_t run = 0; run < report->count; run++) {
        if (!find_confusion(&report->runs[run], &confusion))
            continue;
        fputs(begun ? ""
                    : "<section>\n<h2>Confusion</h2>\n"
                      "<p class=\"note\">Samples of the validation set, with the weights at "
                      "the end of the run. Rows: their class. Columns: what the network "
                      "takes them for.</p>\n<div class=\"beside\">\n",
              out);
        begun = true;
        fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Confusion\">\n",
              out);
        if (confusion.size <= TABLE_MAX)
            put_table(out, report, run, &confusion);
        else
            put_list(out, report, run, &confusion);
        fputs("</table></div>\n", out);
    }
    if (begun)
        fputs("</div>\n</section>\n", out);
}
