/* How much worse a model is where one of its columns has the values of other rows. */
#include <math.h>
#include <stdlib.h>

#include "cli/html/html_model.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"
#include "cli/terminal/messages.h"
#include "cli/terminal/numbers.h"

/* Columns that the table shows: the most important ones. */
#define SHOWN 50

/* Products of one run over all columns above which a sample of the rows is taken: half a minute or
 * so of one core. */
#define MAX_PRODUCTS 1e12

static int compare(const void *left, const void *right)
{
    const bp_importance *a = left, *b = right;
    return (a->mean < b->mean) - (a->mean > b->mean);
}

static double find_largest(const bp_importance *list, size_t count)
{
    double largest = 0.0;
    for (size_t k = 0; k < count; k++)
        largest = fmax(largest, fabs(list[k].mean) + list[k].std);
    return largest > 0.0 ? largest : 1.0;
}

/* A bar from 0 to the mean, and a line of one standard deviation to both sides. */
static void put_bar(FILE *out, const bp_importance *one, double largest)
{
    const double length = 200.0 * fmax(one->mean, 0.0) / largest;
    const double low = 200.0 * fmax(one->mean - one->std, 0.0) / largest;
    const double high = 200.0 * fmax(one->mean + one->std, 0.0) / largest;
    fprintf(out,
            "<td><svg class=\"bar\" viewBox=\"0 0 204 16\" aria-hidden=\"true\">"
            "<rect x=\"0\" y=\"3\" width=\"%.1f\" height=\"10\" rx=\"2\"/>"
            "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"8\" y2=\"8\"/></svg></td>",
            length, low, high);
}

static void put_table(FILE *out, bp_importance *list, size_t count)
{
    const double largest = find_largest(list, count);
    qsort(list, count, sizeof *list, compare);
    fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Importance\">\n"
          "<table><thead><tr><th scope=\"col\">column</th><th scope=\"col\">worse by</th>"
          "<th scope=\"col\" class=\"n\">mean</th><th scope=\"col\" class=\"n\">std</th></tr>"
          "</thead>\n<tbody>\n",
          out);
    for (size_t k = 0; k < count && k < SHOWN; k++) {
        fputs("<tr><th scope=\"row\"><bdi>", out);
        html_put_short(out, list[k].name, 48);
        fputs("</bdi></th>", out);
        put_bar(out, &list[k], largest);
        fprintf(out, "<td class=\"n\">%.4g</td><td class=\"n\">%.2g</td></tr>\n", list[k].mean,
                list[k].std);
    }
    fputs("</tbody></table></div>\n", out);
    if (count > SHOWN)
        fprintf(out, "<p class=\"note\">The %d of %zu columns that count most.</p>\n", SHOWN,
                count);
}

static void put_section(FILE *out, bp_importance *list, size_t count, size_t rows, size_t all)
{
    const bp_importance_options how = bp_importance_options_default();
    char text[NUMBER_TEXT_SIZE], whole[NUMBER_TEXT_SIZE];
    fprintf(out,
            "<section>\n<h2>What the columns are worth</h2>\n"
            "<p>How much worse %s is where the values of one column are those of other rows, in "
            "random order: mean and standard deviation over %zu orders. With the values in "
            "place it is ",
            bp_choice_name(BP_CHOICE_METRIC, (int)list[0].metric), how.repeats);
    html_metric_put(out, list[0].metric, list[0].measured);
    fprintf(out,
            " on %s%s%s rows. Of two columns that say the same, each may seem to count "
            "little.</p>\n",
            number_group((double)rows, text), rows < all ? " of " : "",
            rows < all ? number_group((double)all, whole) : "");
    put_table(out, list, count);
    fputs("</section>\n", out);
}

/* The rows that are looked at: all, or so many as there is time for. */
static bp_status choose_rows(const struct html_model *page, size_t columns, bp_dataset **part,
                             bp_error *error)
{
    const bp_importance_options how = bp_importance_options_default();
    const size_t rows = bp_dataset_get_info(page->data).rows;
    const double products = (double)bp_model_get_info(page->model).parameters * (double)rows *
                            (double)(columns * how.repeats);
    bp_dataset *rest = NULL;
    *part = NULL;
    if (products <= MAX_PRODUCTS || rows < 200)
        return BP_OK;
    const double fraction = fmax(MAX_PRODUCTS / products, 100.0 / (double)rows);
    const bp_status status = bp_dataset_split(page->data, fraction, 1, &rest, part, error);
    bp_dataset_free(rest);
    return status;
}

int html_importance_put(FILE *out, const struct html_model *page)
{
    const size_t columns = bp_model_get_info(page->model).input_columns;
    const size_t rows = bp_dataset_get_info(page->data).rows;
    bp_importance *list = calloc(columns, sizeof *list);
    bp_dataset *part = NULL;
    bp_error error;
    if (!list)
        return message_no_memory();
    bp_status status = choose_rows(page, columns, &part, &error);
    const bp_dataset *data = part ? part : page->data;
    if (!status)
        status = bp_permutation_importance(page->model, data, page->options, NULL, list, &error);
    if (!status)
        put_section(out, list, columns, bp_dataset_get_info(data).rows, rows);
    bp_dataset_free(part);
    free(list);
    return status ? message_error(&error) : EXIT_DONE;
}
