/* All options of all runs. */
#include "cli/html/html_sections.h"
#include "cli/html/html_text.h"
#include "cli/html/html_values.h"
#include "cli/html/options_diff.h"
#include "cli/terminal/messages.h"

static void put_row(FILE *out, const struct html_report *report, const char *name)
{
    const bool differs = options_diff_differs(report, name);
    fputs(differs ? "<tr class=\"differs\"><th scope=\"row\">" : "<tr><th scope=\"row\">", out);
    html_put_short(out, name, 60);
    fputs("</th>", out);
    for (size_t run = 0; run < report->count; run++) {
        fputs("<td class=\"long\">", out);
        options_diff_put(out, report, run, name);
        fputs("</td>", out);
    }
    if (report->count > 1)
        fputs(differs ? "<td>differs</td>" : "<td></td>", out);
    fputs("</tr>\n", out);
}

int html_options_put(FILE *out, const struct html_report *report)
{
    json_t *names = options_diff_names(report), *value;
    const char *name;
    if (!names)
        return message_no_memory();
    if (json_object_size(names) > 0) {
        fputs("<section id=\"options\">\n<h2>Options</h2>\n"
              "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Options\">\n"
              "<table><caption>Every option of the command line and the configuration, with the "
              "value that was used.</caption>\n<thead><tr><th scope=\"col\">option</th>",
              out);
        for (size_t run = 0; run < report->count; run++) {
            fputs("<th scope=\"col\">", out);
            html_run_name_put(out, report, run);
            fputs("</th>", out);
        }
        fputs(report->count > 1 ? "<th scope=\"col\">same?</th></tr></thead>\n<tbody>\n"
                                : "</tr></thead>\n<tbody>\n",
              out);
        json_object_foreach(names, name, value) put_row(out, report, name);
        fputs("</tbody></table></div>\n</section>\n", out);
    }
    json_decref(names);
    return EXIT_DONE;
}
